// Pages as files, to be looked at and compared.

import Foundation
import Testing

@testable import LeadWeb

/// Compares `html` with the file called `name`; the style sheet is left out, so that it may change freely.
func expectGolden(_ html: String, _ name: String) throws {
    let shown = html.replacing(Stylesheet.text, with: "…")
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden/\(name).html")
    if ProcessInfo.processInfo.environment["LEADBELL_UPDATE_GOLDEN"] == "1" {
        try Data(shown.utf8).write(to: file)
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(shown == golden, "The page \(name) differs from \(file.lastPathComponent)")
}
