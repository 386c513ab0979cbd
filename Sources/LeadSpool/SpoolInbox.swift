// Posts as files: what a program or a form posts is read as the spool will read it, and written into its source's incoming/
// before anyone is told that it is taken. So there is one way in and one place where a lead becomes durable. Posts that come
// together are one file, so that they share its syncs.

import LeadCore

/// Puts posts into the spools of their sources.
public final class SpoolInbox: LeadInbox {
    private struct Door {
        let rules: ReadingRules
        /// A file holds posts of one kind.
        let lines: PostBox
        let forms: PostBox
        let entries: PostBox
        let most: Int
    }
    private let doors: [String: Door]
    private let pressure = PostPressure()

    /// True while so many posts wait to be durable that whoever works leads off should leave the machine to them.
    public var isPressed: Bool { pressure.isHigh }

    /// An inbox for the sources with these settings.
    public init(_ settings: [SpoolSettings], clock: any TimeSource) {
        let pressure = pressure
        doors = Dictionary(
            settings.map { settings in
                let most = settings.maximumFileBytes
                let box = { (ending: String) in
                    PostBox(
                        SpoolDirectory(settings.directory), ending: ending, most: most, clock: clock,
                        pressure: pressure)
                }
                let door = Door(
                    rules: settings.rules, lines: box("ndjson"), forms: box("form"), entries: box("entry"), most: most)
                return (settings.source ?? "", door)
            }, uniquingKeysWith: { first, _ in first })
    }

    public func take(_ post: LeadPost) async -> PostOutcome {
        guard let door = doors[post.source] else { return .unavailable("there is no source \(post.source)") }
        let bytes = Self.lines(of: post)
        guard bytes.count < door.most else { return .tooLarge }
        let (format, box) =
            switch post.format {
            case .json, .lines: (RecordFormat.lines, door.lines)
            case .form: (.form, door.forms)
            case .entry: (.entry, door.entries)
            }
        let content = format.read(bytes, door.rules)
        guard content.rejected.isEmpty, !content.records.isEmpty else {
            return .faulty(content.rejected.map(\.fault))
        }
        guard box === door.lines || content.records.count == 1 else { return .faulty([.severalForms]) }
        do throws(SpoolFailure) {
            try await box.put(bytes, records: content.records.count)
        } catch {
            return .unavailable(error.description)
        }
        return .taken(content.records.map(\.key))
    }

    /// The post as lines of a file, with the request's key among the fields.
    private static func lines(of post: LeadPost) -> [UInt8] {
        // A mark that begins a post would stand in the middle of a file.
        let body = RecordText.unmarked(post.body)
        switch post.format {
        case .json:
            // Line ends stand between the parts of a JSON text, where a space says the same; within its texts they
            // are faults, and stay such.
            return named(RecordText.unwrapped(body)[...], post.request)
        case .lines:
            guard let request = post.request else { return Array(body) }
            let lines = body.split(separator: 0x0A).enumerated().map { index, line in
                named(line, "\(request)#\(index + 1)")
            }
            return Array(lines.joined(separator: [0x0A]))
        case .form, .entry:
            var body = body
            while let last = body.last, last <= 0x20 { body.removeLast() }
            guard let request = post.request else { return Array(body) }
            let escaped = request.utf8.flatMap { Array("%".utf8) + Array(Hex.string([$0]).utf8) }
            return Array(body) + (body.isEmpty ? [] : Array("&%40request=".utf8) + escaped)
        }
    }

    /// A JSON object with the request's key as its first member.
    private static func named(_ object: ArraySlice<UInt8>, _ request: String?) -> [UInt8] {
        guard let request, let brace = object.firstIndex(where: { $0 > 0x20 }), object[brace] == UInt8(ascii: "{"),
            let next = object[(brace + 1)...].first(where: { $0 > 0x20 }), next != UInt8(ascii: "}")
        else { return Array(object) }
        let member = "\"\(FormPosts.requestField)\":\"\(Hex.string(Array(request.utf8)))\","
        return Array(object[...brace]) + Array(member.utf8) + Array(object[(brace + 1)...])
    }
}

extension IntakeFault {
    /// The encoding knows no line ends; in a file they part posts.
    fileprivate static let severalForms = IntakeFault(
        what: "a form of several lines",
        remedy: "Post each lead by itself, and encode a line end within a value as %0D%0A.")
}
