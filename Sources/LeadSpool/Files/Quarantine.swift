// Where bad files and bad records go, never to be lost: failed/NAME beside failed/NAME.reason.json. The reason is
// durable before anything moves; an original goes only when the bytes that matter are durable elsewhere. A crash in
// between leaves the file in incoming/, and the next run does the same again.

import Foundation
import Glibc
import LeadCore

/// Keeps what could not be taken.
///
/// An actor, because two at once could choose the same name in `failed/`, and because its syncs take long.
actor Quarantine {
    /// What became of a file.
    enum Outcome {
        case kept
        /// The bad records of all portions are kept; the first fault, and how many there were.
        case collected(IntakeFault, records: Int)
        /// The file is another one by now; it stays.
        case changed
        /// Nothing is there.
        case missing
        case failed(SystemFailure)
    }

    private struct Place {
        let name: FileName
        let reason: FileName
        let shown: String
    }

    private static let draft = FileName(shown: ".draft.tmp")
    private static let longestName = 200

    /// Keeps the file `name` with its reasons: the whole file when it has no good record, else the bad ones alone.
    func keep(
        _ file: IntakeFile, _ name: FileName, from incoming: Directory, in failed: Directory, now: Timestamp
    ) -> Outcome {
        do throws(SystemFailure) {
            guard let stamp = try incoming.stamp(of: name) else { return .missing }
            guard stamp.text == file.identity else { return .changed }
            let isWhole = file.records.isEmpty
            let bytes = isWhole ? nil : file.preamble + Self.lines(file.rejected)
            let place = try place(for: file.name, bytes, in: failed)
            try write(Self.reason(file.name, file.rejected.map(\.fault), place, now), as: place.reason, in: failed)
            if let bytes { try writeRecords(bytes, at: place, in: failed) }
            try failed.sync()
            guard try incoming.stamp(of: name)?.text == file.identity else { return .changed }
            if isWhole {
                try incoming.move(name, to: place.name, in: failed)
                try failed.sync()
            } else {
                try incoming.remove(name)
            }
            return .kept
        } catch {
            return .failed(error)
        }
    }

    // MARK: Portions

    /// The bad records of a file that is read in portions, as they come together.
    private struct Draft {
        let name: FileName
        let identity: String
        var length = 0
        var faults: [IntakeFault] = []
        var count = 0
        /// True when those of the last portion are there too.
        var isComplete = false
        /// Where they have been put, once they have.
        var place: Place?
    }
    private var drafts: [FileName: Draft] = [:]
    /// Drafts that are of no use any more and could not be removed yet.
    private var leftovers: [FileName] = []
    private var lastDraft = 0
    private static let draftSuffix = ".rows.tmp"

    /// Removes what a run that died was collecting: its file is still in incoming/, and read anew.
    static func clear(_ failed: Directory) throws(SystemFailure) {
        var stale: [FileName] = []
        try failed.names { name, _ in
            if name.shown.hasPrefix("."), name.shown.hasSuffix(draftSuffix) { stale.append(name) }
            return .goOn
        }
        for name in stale { try failed.remove(name) }
    }

    /// Adds the bad records of a portion to those of the ones before. They needn't be durable yet: until the last portion
    /// is, the file stays.
    func collect(_ file: IntakeFile, _ name: FileName, in failed: Directory) -> Outcome {
        guard !file.rejected.isEmpty else { return .kept }
        do throws(SystemFailure) {
            var draft = try draft(for: file, name, in: failed)
            let bytes = (draft.length == 0 ? file.preamble : []) + Self.lines(file.rejected)
            try failed.reopen(draft.name).write(bytes, at: draft.length)
            draft.length += bytes.count
            draft.count += file.rejected.count
            let room = max(0, FileContent.mostRejected - draft.faults.count)
            draft.faults += file.rejected.prefix(room).map(\.fault)
            if draft.faults.count == FileContent.mostRejected, let more = file.rejected.dropFirst(room).first {
                draft.faults.append(.further(from: more.fault.line))
            }
            drafts[name] = draft
            return .kept
        } catch {
            return .failed(error)
        }
    }

    private func draft(
        for file: IntakeFile, _ name: FileName, in failed: Directory
    ) throws(SystemFailure) -> Draft {
        if let draft = drafts[name], draft.identity == file.identity { return draft }
        discard(name, in: failed)
        lastDraft += 1
        guard let draftName = FileName(".\(lastDraft)\(Self.draftSuffix)".utf8) else {
            throw SystemFailure(action: "name a draft", code: EINVAL)
        }
        _ = try failed.create(draftName, replacing: true)
        let draft = Draft(name: draftName, identity: file.identity)
        drafts[name] = draft
        return draft
    }

    /// The file `name` in the state `identity` is gone before it was read to its end.
    func abandon(_ name: FileName, identity: String, in failed: Directory) {
        if drafts[name]?.identity == identity { discard(name, in: failed) }
    }

    private func discard(_ name: FileName, in failed: Directory) {
        guard let draft = drafts.removeValue(forKey: name), draft.place == nil else { return }
        // What can't be removed now is with the next one, or at the next start.
        leftovers.append(draft.name)
        leftovers = leftovers.filter { leftover in
            do throws(SystemFailure) {
                try failed.remove(leftover)
                return false
            } catch {
                return !error.isMissing
            }
        }
    }

    /// Keeps the bad records of all portions, of which `file` is the last, and removes the file; nil when none was bad. Of a
    /// file without any good record the file itself is kept.
    func close(
        _ file: IntakeFile, _ name: FileName, taken: Int, from incoming: Directory, in failed: Directory, now: Timestamp
    ) -> Outcome? {
        if drafts[name]?.identity != file.identity { discard(name, in: failed) }
        if drafts[name] == nil, file.rejected.isEmpty { return nil }
        if drafts[name]?.isComplete != true {
            if case .failed(let failure) = collect(file, name, in: failed) { return .failed(failure) }
            drafts[name]?.isComplete = true
        }
        guard var draft = drafts[name], let first = draft.faults.first else { return nil }
        do throws(SystemFailure) {
            guard let stamp = try incoming.stamp(of: name), stamp.text == file.identity else {
                discard(name, in: failed)
                return try incoming.stamp(of: name) == nil ? .missing : .changed
            }
            if draft.place == nil {
                let place = try place(for: file.name, nil, in: failed)
                try write(
                    Self.reason(file.name, draft.faults, count: draft.count, place, now), as: place.reason, in: failed)
                if taken > 0 {
                    try failed.reopen(draft.name).sync()
                    try failed.move(draft.name, to: place.name, in: failed)
                }
                try failed.sync()
                draft.place = place
                drafts[name] = draft
            }
            if taken > 0 {
                try incoming.remove(name)
            } else if let place = draft.place {
                try incoming.move(name, to: place.name, in: failed)
                try failed.sync()
                do throws(SystemFailure) { try failed.remove(draft.name) } catch  where error.isMissing {}
            }
            drafts[name] = nil
            return .collected(first, records: draft.count)
        } catch {
            return .failed(error)
        }
    }

    // MARK: Places

    /// The first free place for a file shown as `name`; one that holds these very `bytes` already is as good, so that
    /// an original that can't be removed doesn't fill the disk with copies.
    private func place(for name: String, _ bytes: [UInt8]?, in failed: Directory) throws(SystemFailure) -> Place {
        // A reason's name belongs to reasons.
        let base = Self.shortened(name) + (name.hasSuffix(".reason.json") ? ".file" : "")
        var number = 0
        while true {
            let shown = number == 0 ? base : "\(base).\(number)"
            if let name = FileName(shown.utf8), let reason = FileName("\(shown).reason.json".utf8) {
                let place = Place(name: name, reason: reason, shown: shown)
                guard let stamp = try failed.stamp(of: name) else { return place }
                if let bytes, stamp.type == S_IFREG, stamp.size == bytes.count {
                    if try failed.open(name).read(most: bytes.count) == bytes { return place }
                }
            }
            number += 1
        }
    }

    private static func shortened(_ name: String) -> String {
        var short = name
        while short.utf8.count > longestName { short.removeLast() }
        return short
    }

    /// Writes bad records; a reason without them would mislead.
    private func writeRecords(_ bytes: [UInt8], at place: Place, in failed: Directory) throws(SystemFailure) {
        do throws(SystemFailure) {
            try write(bytes, as: place.name, in: failed)
        } catch {
            if try failed.stamp(of: place.name) == nil { try failed.remove(place.reason) }
            throw error
        }
    }

    /// Writes a file so that it is there whole and durable, or not at all; the directory's sync is the caller's.
    private func write(_ bytes: [UInt8], as name: FileName, in failed: Directory) throws(SystemFailure) {
        guard let draft = Self.draft else { return }
        do throws(SystemFailure) {
            let file = try failed.create(draft, replacing: true)
            try file.write(bytes)
            try file.sync()
            try failed.move(draft, to: name, in: failed)
        } catch {
            // What was written of it would take up the space that is missing.
            do throws(SystemFailure) { try failed.remove(draft) } catch  where error.isMissing {}
            throw error
        }
    }

    private static func lines(_ rejected: [(bytes: [UInt8], fault: IntakeFault)]) -> [UInt8] {
        Array(rejected.map(\.bytes).joined(separator: [0x0A])) + [0x0A]
    }

    private static func reason(
        _ name: String, _ faults: [IntakeFault], count: Int? = nil, _ place: Place, _ now: Timestamp
    ) -> [UInt8] {
        let first = faults.first ?? IntakeFault(what: "nothing is known", remedy: "Look at the file.")
        let count = count ?? faults.count
        let what = count == 1 ? first.what : "\(count) records are bad; the first: \(first.what)"
        let reason = Reason(
            what: what, where: .init(file: name, line: first.line, column: first.column), remedy: first.remedy,
            at: CivilTime(now).rfc3339, kept: place.shown,
            records: faults.map {
                .init(what: $0.what, where: .init(file: nil, line: $0.line, column: $0.column), remedy: $0.remedy)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(reason)) + [0x0A]
        } catch {
            // Texts and numbers can always be encoded; a reason less must not keep a file from being kept.
            return Array("{\"what\": \"the reason could not be written down\"}\n".utf8)
        }
    }

    /// What stands in `NAME.reason.json`.
    private struct Reason: Encodable {
        struct Where: Encodable {
            let file: String?
            let line: Int?
            let column: Int?
        }
        struct Record: Encodable {
            let what: String
            let `where`: Where
            let remedy: String
        }
        let what: String
        let `where`: Where
        let remedy: String
        let at: String
        /// The name beside the reason.
        let kept: String
        /// One entry for each bad record.
        let records: [Record]
    }
}
