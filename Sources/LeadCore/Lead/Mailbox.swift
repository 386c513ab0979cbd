// Whose mailbox an address is, as far as the part before the `@` tells: a machine's, which no person has, or a job's, which
// several share. Pure.

/// The part of an address before the `@`.
package enum Mailbox {
    /// True for mailboxes that machines send from and nobody reads: `noreply`, `do-not-reply+7f3`, `wordpress`. Who uses
    /// one is not the person that a mail is about.
    package static func isMachine(_ local: some StringProtocol) -> Bool {
        let name = local.lowercased().prefix { $0 != "+" }.filter { !"-_.".contains($0) }
        return machineBeginnings.contains { name.hasPrefix($0) } || machines.contains(name)
    }

    private static let machineBeginnings = ["noreply", "donotreply", "nichtantworten", "keineantwort", "nepasrepondre"]
    private static let machines: Set<String> = [
        "mailerdaemon", "postmaster", "bounce", "bounces", "notification", "notifications", "notify", "automailer",
        "wordpress", "wwwdata", "apache", "nginx", "httpd", "nobody", "root", "daemon", "webform", "webforms",
    ]
}
