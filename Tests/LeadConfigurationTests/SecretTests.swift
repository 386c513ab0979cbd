// References to secrets: where they are looked up, what is taken off, what is refused.

import Foundation
import LeadConfiguration
import LeadCore
import Testing

@Suite struct SecretTests {
    /// The link key that `reference` gives, by a token that it signs; or the problems.
    private func token(_ reference: String, _ secrets: SecretSource) -> (token: String?, problems: [String]) {
        let text = Samples.edited("secret: env:LINK_KEY", "secret: \(reference)")
        let outcome = Samples.load(text, secrets: secrets)
        let problems = Samples.lines(outcome)
        guard case .success(let loaded) = outcome else { return (nil, problems) }
        return (loaded.configuration.linkKeys.token(for: Self.link), problems)
    }

    private static let link = Link(
        caseID: "c", person: "dana", purpose: .decide, expires: Timestamp(milliseconds: 1_000_000))

    private static func expected(_ bytes: [UInt8]) -> String? { LinkKeys([("k1", bytes)])?.token(for: link) }

    private static let key = "0123456789abcdef0123456789abcdefXYZ"

    private static func file(_ text: String, isOpenToOthers: Bool = false) -> FileReading {
        .read(bytes: Array(text.utf8), isOpenToOthers: isOpenToOthers)
    }

    @Test("a credential is the file of that name in the credentials' folder, without its last newline")
    func credential() {
        let secrets = Samples.secrets(files: ["/credentials/link-key": Self.file(Self.key + "\n")])
        let found = token("credential:link-key", secrets)
        #expect(found.token == Self.expected(Array(Self.key.utf8)))
        #expect(found.problems == [])
    }

    @Test("a credential may have the prefix that the unit's folder gives it")
    func credentialOfTheFolder() {
        let secrets = Samples.secrets(files: ["/credentials/leadbell_link-key": Self.file(Self.key + "\r\n")])
        #expect(token("credential:link-key", secrets).token == Self.expected(Array(Self.key.utf8)))
    }

    @Test("without a credentials' folder the problem says who sets it")
    func noCredentials() {
        let found = token("credential:link-key", Samples.secrets(credentials: nil))
        #expect(
            found.problems == [
                "leadbell.yaml:2:42: error: the secret credential:link-key can't be read: "
                    + "there is no $CREDENTIALS_DIRECTORY; systemd sets it for the service; "
                    + "elsewhere use env: or file:"
            ])
    }

    @Test("a name that would leave the credentials' folder is no reference")
    func escapingCredential() {
        let found = token("credential:../../etc/shadow", Samples.secrets())
        #expect(found.problems.count == 1)
        #expect(found.problems.first?.contains("must be a reference to a secret") == true)
    }

    @Test("a file that others may read gives a warning and its secret all the same")
    func openFile() {
        let secrets = Samples.secrets(files: ["/keys/link": Self.file(Self.key, isOpenToOthers: true)])
        let found = token("file:/keys/link", secrets)
        #expect(found.token == Self.expected(Array(Self.key.utf8)))
        #expect(
            found.problems == [
                "leadbell.yaml:2:42: warning: the secret file:/keys/link is open to other users; "
                    + "run chmod 600 on the file"
            ])
    }

    @Test("on disk the mode decides whether a file is open to others, and a folder is no file")
    func fromDisk() throws {
        try Samples.withFolder { folder in
            let path = folder.appending(path: "key").path
            try Data("text".utf8).write(to: URL(filePath: path))
            for (mode, isOpen) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                guard case .read(let bytes, let isOpenToOthers) = FileReading.fromDisk(path) else {
                    Issue.record("the file was not read")
                    continue
                }
                #expect(bytes == Array("text".utf8))
                #expect(isOpenToOthers == isOpen, "mode \(String(mode, radix: 8))")
            }
            #expect(Self.refusal(folder.path) == "it is not a regular file")
            let large = folder.appending(path: "large")
            try Data(count: 1_048_577).write(to: large)
            #expect(Self.refusal(large.path) == "it is larger than 1MiB")
        }
    }

    private static func refusal(_ path: String) -> String? {
        if case .unreadable(let reason) = FileReading.fromDisk(path) { reason } else { nil }
    }

    @Test("a relative file is looked up in the configuration's folder")
    func relativeFile() {
        let secrets = Samples.secrets(files: ["/etc/leadbell/link": Self.file(Self.key)])
        let text = Samples.edited("secret: env:LINK_KEY", "secret: file:link")
        let outcome = ConfigurationLoader.load(
            text: text, path: "/etc/leadbell/leadbell.yaml", kinds: Samples.kinds, secrets: secrets, now: Samples.now)
        #expect(Samples.lines(outcome) == [])
    }

    @Test("a secret that isn't UTF-8 is refused")
    func notUTF8() {
        let secrets = Samples.secrets(files: ["/k": .read(bytes: [0xFF, 0xFE], isOpenToOthers: false)])
        #expect(
            token("file:/k", secrets).problems == ["leadbell.yaml:2:42: error: the secret file:/k is not UTF-8 text"])
    }

    @Test("a link key is read as hex, else as base64, else as its own bytes")
    func keyForms() {
        let bytes = Array(UInt8(200)..<232)
        let hex = bytes.map { String($0, radix: 16) }.joined()
        let base64 = Data(bytes).base64EncodedString()
        let urlSafe = base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let plain = "this is a sentence of forty characters.."
        let short = String(repeating: "ab", count: 16)
        let forms = [
            (hex, bytes), (hex.uppercased(), bytes), (base64, bytes), (urlSafe, bytes), (plain, Array(plain.utf8)),
            (short, Array(short.utf8)),
        ]
        for (text, expected) in forms {
            let secrets = Samples.secrets(files: ["/k": Self.file(text)])
            #expect(token("file:/k", secrets).token == Self.expected(expected), "\(text.count) characters")
        }
    }

    @Test("the first key signs and all verify")
    func rotation() throws {
        let secrets = Samples.secrets(files: ["/new": Self.file(String(repeating: "n", count: 40))])
        let text = Samples.edited(
            "[{ id: k1, secret: env:LINK_KEY }]",
            "[{ id: k2, secret: file:/new }, { id: k1, secret: env:LINK_KEY }]")
        let old = try Samples.load(Samples.good).get().configuration.linkKeys
        let new = try Samples.load(text, secrets: secrets).get().configuration.linkKeys
        let now = Timestamp(milliseconds: 0)
        #expect(new.token(for: Self.link).hasPrefix("k2."))
        #expect(new.read(old.token(for: Self.link), now: now) == .valid(Self.link))
        #expect(old.read(new.token(for: Self.link), now: now) == .foreign)
    }

    @Test("printing or dumping a configuration shows no secret")
    func printing() throws {
        let loaded = try Samples.load(Samples.good).get()
        var dumped = ""
        dump(loaded.configuration.rulebook, to: &dumped)
        dump(loaded.configuration.channels.map(\.options), to: &dumped)
        #expect(!"\(loaded.configuration)".contains("canary"))
        #expect(!dumped.contains("canary"))
    }
}
