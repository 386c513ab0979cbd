// Producers under accounts of their own, as the README has it: the daemon runs as one user, the producer as another, and the
// source's folder lets it write by an entry for it, or by a group. Nobody else gets in.

import Foundation
import Glibc
import LeadTestKit
import Testing

@Suite("Producers under other accounts", .timeLimit(.minutes(2)))
struct ProducersTests {
    private let installation: Installation
    private let spool: String
    private let source: String

    init() throws {
        installation = try Installation()
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            extra: "sources: { website: { mapping: canonical } }")
        spool = installation.folder.file("spool")
        source = installation.folder.file("spool/sources/website")
    }

    @Test(
        "by an entry for the producer, and one by which the daemon may read what it writes",
        .enabled(if: Accounts.areThere, "other accounts take root, and a build that others may read"),
        .enabled(if: Accounts.haveLists, "there is no setfacl, or the file system keeps no access lists"))
    func list() async throws {
        _ = try await start().stop()
        try refuses(.producer)
        try run("setfacl", "-m", "u:\(Accounts.producer):x", spool, spool + "/sources", source)
        try run(
            "setfacl", "-m", "u:\(Accounts.producer):rwx", "-m", "d:u:\(Accounts.daemon):rwx", source + "/incoming")
        try await takes(mask: "077")
    }

    @Test(
        "by a group that both are in, and a umask that lets the group read",
        .enabled(if: Accounts.areThere, "other accounts take root, and a build that others may read"))
    func group() async throws {
        _ = try await start().stop()
        try refuses(.producer)
        try run("chgrp", "-R", "\(Accounts.group)", source)
        try run("chmod", "2770", source + "/incoming")
        try run("chmod", "o+x", spool, spool + "/sources")
        try await takes(mask: "027")
    }

    @Test(
        "a folder that the daemon may not use is told with what to do about it, and used again when it may",
        .enabled(if: Accounts.areThere, "other accounts take root, and a build that others may read"))
    func refused() async throws {
        let daemon = try await start()
        let incoming = source + "/incoming"
        // Not to be read, not to be written, not to be entered.
        for (number, mode) in [0o300, 0o500, 0o600, 0].enumerated() {
            #expect(chmod(incoming, mode_t(mode)) == 0)
            let told = try await installation.ready(isWell: false).replacing("\\/", with: "/")
            let reason = "\(incoming) can't be read and written: Permission denied; check its owner and mode"
            #expect(told.contains(reason) && told.contains("spool website"), "\(told)")
            #expect(chmod(incoming, 0o700) == 0)
            _ = try await installation.ready(isWell: true)
            let path = "\(incoming)/lead-\(number).json"
            try lead(number).write(toFile: path + ".tmp", atomically: false, encoding: .utf8)
            #expect(chown(path + ".tmp", Accounts.daemon, Accounts.daemon) == 0 && rename(path + ".tmp", path) == 0)
            try await lists(number + 1)
        }
        #expect(await daemon.stop().status == 0)
    }

    /// Returns when so many leads have been taken in.
    private func lists(_ count: Int) async throws {
        let deadline = Date().addingTimeInterval(30)
        while true {
            let list = try await installation.run("list", "--all", "--format", "json")
            if list.output.split(separator: "\n").count == count { return }
            try #require(Date() < deadline, "\(list.output) \(list.errors)")
        }
    }

    /// The daemon takes what the producer writes with `mask`, and of nobody else anything, after a further start too.
    private func takes(mask: String) async throws {
        for number in 1...2 {
            let daemon = try await start()
            #expect(try write("lead-\(number).json", lead(number), as: .producer, mask: mask) == 0)
            try refuses(.stranger)
            try await daemon.expectLog("lead taken in")
            let ended = await daemon.stop()
            #expect(ended.status == 0 && !ended.log.contains("Permission denied"), "\(ended.log)")
            let left = try FileManager.default.contentsOfDirectory(atPath: source + "/incoming")
            #expect(left.isEmpty, "\(left)")
        }
        let list = try await installation.run("list", "--all", "--format", "json")
        #expect(list.output.split(separator: "\n").count == 2, "\(list.output) \(list.errors)")
    }

    private func lead(_ number: Int) -> String {
        #"{"id":"\#(number)","name":"Person \#(number)","email":"p\#(number)@acme.example"}"#
    }

    /// Runs the daemon as its own user, to whom all but the sockets of the test belongs.
    private func start() async throws -> RunningDaemon {
        let folder = installation.folder.path
        #expect(chmod(folder, 0o711) == 0)
        for path in [folder, installation.config, spool, spool + "/incoming"] {
            #expect(chown(path, Accounts.daemon, Accounts.daemon) == 0)
        }
        // The socket for notifications is there only when the daemon is started.
        let script = """
            chown \(Accounts.daemon) "$NOTIFY_SOCKET" && exec setpriv --reuid=\(Accounts.daemon) --regid=\(Accounts.daemon) \
            --groups=\(Accounts.group) "$@"
            """
        return try await installation.daemon("--log-level", "info", wrapper: ["/bin/sh", "-c", script, "sh"])
    }

    private enum Account {
        case producer, stranger
    }

    /// Writes as producers do, hidden until it is whole; the exit code.
    private func write(_ name: String, _ text: String, as account: Account, mask: String = "022") throws -> Int32 {
        let (user, groups) =
            switch account {
            case .producer: (Accounts.producer, "--groups=\(Accounts.group)")
            case .stranger: (Accounts.stranger, "--clear-groups")
            }
        let script = #"umask $1; printf %s "$2" > "$3/.$4.tmp" && mv "$3/.$4.tmp" "$3/$4""#
        return try ProgramRun(
            "setpriv",
            [
                "--reuid=\(user)", "--regid=\(user)", groups, "sh", "-c", script, "sh", mask, text,
                source + "/incoming", name,
            ]
        ).status
    }

    private func refuses(_ account: Account) throws {
        #expect(try write("theirs.json", lead(9), as: account) != 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: source + "/incoming")
        #expect(!left.contains("theirs.json"))
    }

    private func run(_ program: String, _ arguments: String...) throws {
        let result = try ProgramRun(program, arguments)
        #expect(result.status == 0, "\(program): \(result.output)")
    }
}

/// Numbers that no account has.
private enum Accounts {
    static let daemon: uid_t = 64_001
    static let producer: uid_t = 64_002
    static let stranger: uid_t = 64_003
    static let group: gid_t = 64_010

    /// True when programs can be run as any of them, the one under test too.
    static let areThere: Bool = {
        guard geteuid() == 0 else { return false }
        let arguments = [
            "--reuid=\(daemon)", "--regid=\(daemon)", "--clear-groups", LeadbellProgram.url.path, "--help",
        ]
        return ProgramRun.succeeds("setpriv", arguments)
    }()

    /// True when an access list can be set where tests have their files.
    static let haveLists: Bool = {
        let folder = TemporaryDirectory()
        return ProgramRun.succeeds("setfacl", ["-m", "u:\(producer):x", folder.path])
    }()
}
