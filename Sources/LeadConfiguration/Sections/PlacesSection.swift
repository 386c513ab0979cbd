// `server`, `spool`, `store`, `control`: where the daemon listens and where its files are.

import LeadCore

extension SectionReader {
    // MARK: server

    func readServer(_ root: MappingReader) -> Listen {
        let standard = Listen.tcp(host: "127.0.0.1", port: 8080)
        guard let map = root.optional("server")?.mapping("'server'") else { return standard }
        defer { map.finish() }
        return map.optional("listen").flatMap(listen) ?? standard
    }

    private func listen(_ item: Item) -> Listen? {
        guard let text = item.text("an address") else { return nil }
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard !path.isEmpty else {
                item.error("names no socket", "write it as in unix:/run/leadbell/http.sock")
                return nil
            }
            return socketPath(folder.path(path), item.position, "'listen'").map { .unix(path: $0) }
        }
        guard let colon = text.lastIndex(of: ":"), let host = Self.host(text[..<colon]),
            let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
        else {
            item.error(
                "is not an address to listen on", "write it as in 127.0.0.1:8080 or unix:/run/leadbell/http.sock")
            return nil
        }
        return .tcp(host: host, port: port)
    }

    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]"), text.count > 2 { return String(text.dropFirst().dropLast()) }
        let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        return isName && !text.isEmpty ? String(text) : nil
    }

    /// A Unix socket's path has 108 bytes in the kernel's structure, one of them for the end.
    private func socketPath(_ path: String, _ position: Position, _ name: String) -> String? {
        guard path.utf8.count <= 107 else {
            findings.error(
                position, "the socket's path from \(name) is longer than 107 bytes", "choose a shorter one")
            return nil
        }
        return path
    }

    // MARK: spool

    func readSpool(_ root: MappingReader) -> Configuration.Spool {
        var spool = Configuration.Spool(
            directory: "/var/spool/leadbell", maximumFileBytes: 1_048_576, settle: .seconds(2), sweep: .seconds(30))
        guard let map = root.optional("spool")?.mapping("'spool'") else { return spool }
        defer { map.finish() }
        spool.directory = map.optional("directory")?.text("a path").map(folder.path) ?? spool.directory
        spool.maximumFileBytes = map.optional("max_file")?.size(1024...67_108_864) ?? spool.maximumFileBytes
        spool.maximumMailBytes = map.optional("max_mail")?.size(1024...1_073_741_824) ?? spool.maximumMailBytes
        spool.maximumRowsBytes = map.optional("max_rows")?.size(1024...68_719_476_736) ?? spool.maximumRowsBytes
        spool.settle = map.optional("settle")?.duration(mayBeZero: true) ?? spool.settle
        spool.sweep = map.optional("sweep")?.duration() ?? spool.sweep
        return spool
    }

    // MARK: store, control

    /// The SQLite file, and where it was named.
    struct Store {
        let path: String
        let position: Position
    }

    func readStore(_ root: MappingReader) -> Store {
        let standard = Store(path: "/var/lib/leadbell/leadbell.sqlite", position: root.position)
        guard let map = root.optional("store")?.mapping("'store'") else { return standard }
        defer { map.finish() }
        guard let item = map.optional("sqlite"), let path = item.text("a path") else { return standard }
        return Store(path: folder.path(path), position: item.position)
    }

    /// In `/run` for an installation, else beside the store: an instance that keeps its store elsewhere has no
    /// business in `/run`.
    func readControlSocket(_ root: MappingReader, store: Store) -> String {
        if let map = root.optional("control")?.mapping("'control'") {
            defer { map.finish() }
            if let item = map.optional("socket") {
                guard let text = item.text("a path") else { return "" }
                return socketPath(folder.path(text), item.position, "'socket'") ?? ""
            }
        }
        let parent = Folder.parent(of: store.path)
        guard parent != "/var/lib/leadbell" else { return "/run/leadbell/control.sock" }
        guard let path = socketPath("\(parent)/control.sock", store.position, "the store's folder") else { return "" }
        return path
    }
}
