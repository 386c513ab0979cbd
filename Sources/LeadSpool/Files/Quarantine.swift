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
            let bytes = isWhole ? nil : Array(file.rejected.map(\.bytes).joined(separator: [0x0A])) + [0x0A]
            let place = try place(for: file.name, bytes, in: failed)
            try write(Self.reason(of: file, place, now), as: place.reason, in: failed)
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

    private static func reason(of file: IntakeFile, _ place: Place, _ now: Timestamp) -> [UInt8] {
        let faults = file.rejected.map(\.fault)
        let first = faults.first ?? IntakeFault(what: "nothing is known", remedy: "Look at the file.")
        let what = faults.count == 1 ? first.what : "\(faults.count) records are bad; the first: \(first.what)"
        let reason = Reason(
            what: what, where: .init(file: file.name, line: first.line, column: first.column), remedy: first.remedy,
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
