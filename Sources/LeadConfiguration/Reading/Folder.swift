// The folder of the configuration: relative paths in the file are relative to it, wherever the program was started.

/// The configuration's folder.
struct Folder {
    private let path: String

    /// The folder of the file at `path`.
    init(of path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        self.path = parts.dropLast().joined(separator: "/") + (parts.count > 1 ? "/" : "")
    }

    /// `text` itself when absolute, else below the folder.
    func path(_ text: String) -> String { text.hasPrefix("/") ? text : path + text }

    /// The folder of `path`, without a slash at its end.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
