// `make install` into a folder, and what systemd makes of the files that it puts there.

import Foundation
import LeadTestKit
import Testing

@Suite("Installing", .timeLimit(.minutes(2)))
struct InstallTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private let folder = TemporaryDirectory()

    /// Installs the program under test, and builds nothing.
    private func install() throws {
        let made = try ProgramRun(
            "/usr/bin/make",
            ["-o", "release", "install", "DESTDIR=\(folder.path)", "program=\(LeadbellProgram.url.path)"], in: Self.root
        )
        #expect(made.status == 0, "\(made.output)")
    }

    private func mode(_ path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + path)
        return attributes[.posixPermissions] as? Int
    }

    @Test("everything is in its place with its mode, and what the administrator has changed stays")
    func places() throws {
        try install()
        let expected = [
            "/usr/bin/leadbell": 0o755, "/usr/lib/systemd/system/leadbell.service": 0o644,
            "/usr/lib/sysusers.d/leadbell.conf": 0o644, "/usr/lib/tmpfiles.d/leadbell.conf": 0o644,
            "/usr/share/leadbell/demo.yaml": 0o644, "/usr/share/leadbell/firms.csv": 0o644,
            "/usr/share/leadbell/postal-codes.txt": 0o644, "/usr/share/leadbell/leadbell.yaml": 0o644,
            "/usr/share/leadbell/openapi.json": 0o644, "/usr/share/leadbell/webhook.schema.json": 0o644,
            "/etc/leadbell/leadbell.yaml": 0o640, "/etc/leadbell/firms.csv": 0o644,
            "/etc/leadbell/postal-codes.txt": 0o644, "/etc/leadbell/credentials": 0o700,
        ]
        for (path, wanted) in expected { #expect(try mode(path) == wanted, "\(path)") }
        let found = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        let files = found.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: folder.file(path), isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        #expect(Set(files.map { "/" + $0 }) == Set(expected.keys.filter { !$0.hasSuffix("credentials") }))
        let configuration = folder.file("etc/leadbell/leadbell.yaml")
        try "mine".write(toFile: configuration, atomically: true, encoding: .utf8)
        try install()
        #expect(try String(contentsOfFile: configuration, encoding: .utf8) == "mine")
    }

    private static let sysusers = "/usr/bin/systemd-sysusers"
    private static let tmpfiles = "/usr/bin/systemd-tmpfiles"
    private static var hasSystemd: Bool {
        [sysusers, tmpfiles].allSatisfy(FileManager.default.isExecutableFile)
    }

    @Test(
        "systemd makes the daemon's user, the group of producers and the spool of the shipped files",
        .enabled(if: hasSystemd, "systemd is not installed"))
    func accounts() throws {
        try install()
        let root = "--root=\(folder.path)"
        // Making accounts and giving folders to them takes root; what the files say is read all the same.
        let isRoot = geteuid() == 0
        let made = try ProgramRun(Self.sysusers, [root] + (isRoot ? [] : ["--dry-run"]))
        #expect(made.status == 0, "\(made.output)")
        for account in ["'leadbell'", "'leadbell-submit'"] { #expect(made.output.contains(account), "\(made.output)") }
        guard isRoot else { return }
        let groups = try String(contentsOfFile: folder.file("etc/group"), encoding: .utf8)
        #expect(groups.contains(/leadbell-submit:x:\d+:leadbell\n/), "\(groups)")
        let created = try ProgramRun(Self.tmpfiles, ["--create", root])
        #expect(created.status == 0, "\(created.output)")
        for (path, wanted) in [("", 0o750), ("/incoming", 0o2770), ("/failed", 0o700)] {
            #expect(try mode("/var/spool/leadbell" + path) == wanted, "\(path)")
        }
        var status = stat()
        #expect(stat(folder.file("var/spool/leadbell/incoming"), &status) == 0)
        #expect(groups.contains("leadbell-submit:x:\(status.st_gid):"))
        let users = try String(contentsOfFile: folder.file("etc/passwd"), encoding: .utf8)
        #expect(users.contains("leadbell:x:\(status.st_uid):"))
    }
}
