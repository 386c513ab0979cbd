// An OAuth 2 access token in a file that somebody else renews: read anew for each mail, because it is good for an hour or
// so. Fails with a sentence that repeats nothing of it.

import Foundation
import LeadCore

/// A file with an access token.
struct AccessToken: Sendable {
    let path: String

    /// Why there is no token.
    struct Flaw: Error, Equatable {
        let sentence: String
    }

    /// More is no token.
    private static let mostBytes = 16_384

    /// The token as the file has it now.
    func read() throws(Flaw) -> Secret {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Flaw(sentence: "the file with the access token can't be read; check token_file")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty, token.utf8.count <= Self.mostBytes, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw Flaw(sentence: "the file of token_file holds no access token, which is one word") }
        return Secret(token)
    }
}
