// Whose mailbox an address is, as far as the part before the `@` tells: a machine's, which no person has, or a job's, which
// several share. Pure.

/// The part of an address before the `@`.
package enum Mailbox {
    /// True for mailboxes that machines send from and nobody reads: `noreply`, `do-not-reply+7f3`, `wordpress`. Who uses
    /// one is not the person that a mail is about.
    package static func isMachine(_ local: some StringProtocol) -> Bool {
        let own = local.lowercased().utf8.prefix { $0 != UInt8(ascii: "+") }
        let name = String(decoding: own.filter { !separators.contains($0) }, as: UTF8.self)
        return machineBeginnings.contains { name.utf8.starts(with: $0.utf8) } || machines.contains(name)
    }

    private static let separators = Array("-_.".utf8)
    private static let machineBeginnings = ["noreply", "donotreply", "nichtantworten", "keineantwort", "nepasrepondre"]
    private static let machines: Set<String> = [
        "mailerdaemon", "postmaster", "bounce", "bounces", "notification", "notifications", "notify", "automailer",
        "wordpress", "wwwdata", "apache", "nginx", "httpd", "nobody", "root", "daemon", "webform", "webforms",
    ]
}
