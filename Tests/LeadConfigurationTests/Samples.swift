// What the tests of this room read: a small good configuration, kinds that stand in for the program's, and secrets that
// must never show up in a problem.

import Foundation
import LeadConfiguration
import LeadCore

enum Samples {
    /// The folder of the repository.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Good without a warning. The cases of `ProblemTests` count its lines.
    static let good = """
        site: { name: Example, url: https://leads.example.com }
        secrets: { link_keys: [{ id: k1, secret: env:LINK_KEY }] }
        operators: [dana]
        channels:
          mail: { kind: smtp, relay: smtp://mail.example.com, tls: required, from: leads@example.com }
          chat: { kind: teams }
        people:
          - { id: dana, name: Dana, manager: true, reach: { mail: dana@example.com, chat: env:DANA_URL } }
          - { id: lee, name: Lee, manager: true, reach: { mail: lee@example.com, chat: env:LEE_URL } }
          - { id: jane, name: Jane, rep: { skills: [stone], capacity: 8 }, reach: { mail: jane@example.com } }
        routes:
          - { when: { product: [tile, slab] }, managers: [dana, lee], policy: standard }
          - { managers: [lee], policy: standard }
        policies:
          standard:
            - { after: 0s, notify: manager }
            - { after: 15m, remind: manager }
            - { after: 60m, assign: jane }

        """

    static let canaries = [
        "LINK_KEY": "canary0canary0canary0canary0canary0", "DANA_URL": "https://canary1.example/hook",
        "LEE_URL": "https://canary2.example/hook", "SHORT": "canary3", "EMPTY": "", "LINES": "canary4\ncanary5",
        "BAD_URL": "canary6", "SLACK_BILLY": "https://canary7.example/hook",
    ]

    static let kinds = Kinds(
        channels: [
            KindDescription(
                name: "smtp",
                options: [
                    OptionSpec("relay", .text, isRequired: true, help: "the relay's URL"),
                    OptionSpec("tls", .choice(["required", "opportunistic", "none"]), help: "whether TLS is used"),
                    OptionSpec("username", .text, help: "the login"),
                    OptionSpec("password", .secret, help: "its password"),
                    OptionSpec("from", .text, isRequired: true, help: "who the mails are from"),
                    OptionSpec("connections", .integer(1...16), help: "how many at a time"),
                    OptionSpec("timeout", .duration, help: "how long a transfer may take"),
                ],
                isShared: true, isMail: true, defaultConcurrency: 4,
                checkAddress: { $0.contains("@") ? nil : "An address has an @, \($0) has none." }),
            KindDescription(
                name: "teams",
                options: [
                    OptionSpec("plain_http", .flag, help: "whether http is allowed"),
                    OptionSpec("concurrency", .integer(1...64), help: "how many at once"),
                    OptionSpec("retries", .integer(0...5), help: "how often"),
                ],
                checkAddress: { $0.hasPrefix("https://") ? nil : "The URL begins with https://, not as in '\($0)'." }),
            KindDescription(
                name: "slack",
                options: [
                    OptionSpec("rate", .rate, help: "how many in a time"),
                    OptionSpec("events", .choices(["opened", "closed"]), help: "which"),
                ],
                defaultLimits: [RateLimit(1, per: .seconds(1))]),
        ],
        enrichers: [
            KindDescription(name: "normalise", options: []),
            KindDescription(name: "firms", options: [OptionSpec("file", .file, isRequired: true, help: "a CSV file")]),
            KindDescription(
                name: "keywords",
                options: [
                    OptionSpec("field", .text, isRequired: true, help: "the field"),
                    OptionSpec("of", .texts, help: "the fields that are read"),
                    OptionSpec("words", .wordLists, help: "the words"),
                    OptionSpec("names", .pairs, help: "names"), OptionSpec("headers", .secrets, help: "headers"),
                ]),
            KindDescription(name: "phones", options: [OptionSpec("country", .text, help: "whose numbers")]),
            KindDescription(
                name: "http",
                options: [
                    OptionSpec("url", .text, isRequired: true, help: "the URL"),
                    OptionSpec("query", .secrets, help: "the query"),
                    OptionSpec("mapping", .mapping, help: "the names"),
                ]),
        ], mappings: ["canonical", "salesforce", FieldMapping.facebookPreset])

    /// Secrets as the tests have them: variables, and files that exist nowhere but here.
    static func secrets(files: [String: FileReading] = [:], credentials: String? = "/credentials") -> SecretSource {
        SecretSource(environment: canaries, credentialsDirectory: credentials) { path in
            if let file = files[path] { return file }
            return path.hasPrefix("/credentials/") ? .unreadable(reason: "it does not exist") : .fromDisk(path)
        }
    }

    /// Wednesday, 25 November 2026, at noon.
    static let now = Timestamp(milliseconds: 1_795_608_000_000)

    /// `text` loaded as `leadbell.yaml`.
    static func load(_ text: String, secrets: SecretSource = secrets()) -> ConfigurationLoader.Outcome {
        ConfigurationLoader.load(text: text, path: "leadbell.yaml", kinds: kinds, secrets: secrets, now: now)
    }

    /// `good` with `old` replaced by `new`.
    static func edited(_ old: String, _ new: String) -> String { good.replacing(old, with: new) }

    /// The configuration that `text` gives; fails when it gives none.
    static func configuration(_ text: String, path: String = "/etc/leadbell/leadbell.yaml") throws -> Configuration {
        try ConfigurationLoader.load(text: text, path: path, kinds: kinds, secrets: secrets(), now: now)
            .get().configuration
    }

    /// What is wrong with `text`, without the file's name; warnings of a usable configuration as well.
    static func problems(_ text: String, secrets: SecretSource = secrets()) -> [String] {
        lines(load(text, secrets: secrets)).map { $0.replacing("leadbell.yaml:", with: "") }
    }

    /// A folder for `body` alone, gone afterwards.
    static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "leadbell-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let result = Result { try body(folder) }
        try FileManager.default.removeItem(at: folder)
        try result.get()
    }

    /// The problems of `outcome` as they are printed.
    static func lines(_ outcome: ConfigurationLoader.Outcome) -> [String] {
        switch outcome {
        case .success(let loaded): loaded.warnings.map(\.description)
        case .failure(let found): found.problems.map(\.description)
        }
    }
}
