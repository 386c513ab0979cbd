// Posts as files: what a program or a form posts is read as the spool will read it, and written into its source's incoming/
// before anyone is told that it is taken. So there is one way in and one place where a lead becomes durable. Posts that come
// together are one file, so that they share its syncs.

import LeadCore
import Synchronization

/// Puts posts into the spools of their sources.
public struct SpoolInbox: LeadInbox {
    private struct Door {
        let rules: ReadingRules
        let box: PostBox
        let most: Int
    }
    private let doors: [String: Door]

    /// An inbox for the sources with these settings.
    public init(_ settings: [SpoolSettings], clock: any TimeSource) {
        doors = Dictionary(
            settings.map { settings in
                let box = PostBox(SpoolDirectory(settings.directory), most: settings.maximumFileBytes, clock: clock)
                let door = Door(rules: settings.rules, box: box, most: settings.maximumFileBytes)
                return (settings.source ?? "", door)
            }, uniquingKeysWith: { first, _ in first })
    }

    public func take(_ post: LeadPost) async -> PostOutcome {
        guard let door = doors[post.source] else { return .unavailable("there is no source \(post.source)") }
        let kind: PostBox.Kind = post.format == .form ? .form : .lines
        let bytes = Self.lines(of: post)
        guard bytes.count < door.most else { return .tooLarge }
        let format: RecordFormat = kind == .form ? .form : .lines
        let content = format.read(bytes, door.rules)
        guard content.rejected.isEmpty, !content.records.isEmpty else {
            return .faulty(content.rejected.map(\.fault))
        }
        do throws(SpoolFailure) {
            try await door.box.put(bytes, records: content.records.count, kind)
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
        case .form:
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

/// Collects what is to be written into one incoming/, and writes all that has come while the last file was being written as
/// the next one.
actor PostBox {
    /// What a file holds.
    enum Kind: Sendable {
        case lines, form
    }

    private struct Entry: Sendable {
        let bytes: [UInt8]
        let records: Int
        let kind: Kind
        let done: CheckedContinuation<SpoolFailure?, Never>
    }

    private let place: SpoolDirectory
    private let most: Int
    private let clock: any TimeSource
    private var pending: [Entry] = []
    private var isWriting = false
    private var number = 0

    /// So many posts may wait; more are turned away, which bounds memory when the disk is slow.
    private static let mostWaiting = 10_000
    /// A file has no more leads than the spool reads at once.
    private static let mostRecords = 1000

    /// Removes what a run that died was writing: nobody had been told that it is taken. A draft that has its name already
    /// is the second name of the same file.
    static func clear(_ incoming: Directory) throws(SystemFailure) {
        var stale: [FileName] = []
        try incoming.names { name, isDirectory in
            if !isDirectory, isDraft(name.shown) { stale.append(name) }
            return .goOn
        }
        for name in stale { try incoming.remove(name) }
    }

    /// True for `.post-MILLISECONDS-NUMBER.ndjson.tmp` and the like, which no producer has reason to write.
    static func isDraft(_ name: String) -> Bool {
        guard name.hasPrefix(".post-"), let dot = name.dropFirst().firstIndex(of: ".") else { return false }
        let numbers = name[..<dot].dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        let end = name[dot...]
        return (2...3).contains(numbers.count) && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
            && (end == ".ndjson.tmp" || end == ".form.tmp")
    }

    init(_ place: SpoolDirectory, most: Int, clock: any TimeSource) {
        self.place = place
        self.most = most
        self.clock = clock
    }

    /// Returns when `bytes` are durable.
    func put(_ bytes: [UInt8], records: Int, _ kind: Kind) async throws(SpoolFailure) {
        guard pending.count < Self.mostWaiting else {
            throw SpoolFailure(.unavailable, "leads are posted faster than they can be written")
        }
        let failure = await withCheckedContinuation { done in
            pending.append(Entry(bytes: bytes, records: records, kind: kind, done: done))
            if !isWriting {
                isWriting = true
                Task { await writeAll() }
            }
        }
        if let failure { throw failure }
    }

    private func writeAll() async {
        while !pending.isEmpty {
            for kind in [Kind.lines, .form] {
                let batch = nextBatch(kind)
                guard !batch.isEmpty else { continue }
                number += 1
                let name = "post-\(clock.now().milliseconds)-\(number)\(kind == .form ? ".form" : ".ndjson")"
                let failure = await Self.write(batch.map(\.bytes), as: name, into: place)
                for entry in batch { entry.done.resume(returning: failure) }
            }
        }
        isWriting = false
    }

    /// As many as one file may hold, in the order in which they came.
    private func nextBatch(_ kind: Kind) -> [Entry] {
        var batch: [Entry] = []
        var bytes = 0
        var records = 0
        var rest: [Entry] = []
        for entry in pending {
            let fits = bytes + entry.bytes.count + 1 <= most && records + entry.records <= Self.mostRecords
            if entry.kind == kind, batch.isEmpty || fits, rest.allSatisfy({ $0.kind != kind }) {
                batch.append(entry)
                bytes += entry.bytes.count + 1
                records += entry.records
            } else {
                rest.append(entry)
            }
        }
        pending = rest
        return batch
    }

    /// Away from the actor, so that further posts can come in meanwhile.
    @concurrent
    private static func write(_ lines: [[UInt8]], as name: String, into place: SpoolDirectory) async -> SpoolFailure? {
        do throws(SpoolFailure) {
            _ = try place.submit(name: name, bytes: Array(lines.joined(separator: [0x0A])) + [0x0A])
            return nil
        } catch {
            return error
        }
    }
}
