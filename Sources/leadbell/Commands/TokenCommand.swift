// `leadbell token`: makes a token for a source's programs, and the hash of it for the configuration.

import ArgumentParser
import Crypto
import Foundation

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a token with which programs post leads, and its hash for the configuration.",
        discussion: """
            Give the token to the program, which sends it as Authorization: Bearer TOKEN, and write the hash under \
            sources.NAME.http.tokens. The token itself is kept nowhere.
            """)

    @OptionGroup var output: FormatOptions

    private struct Pair: Encodable {
        let token: String
        let hash: String
    }

    func run() throws {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        let token = "lb_" + bytes.map { String(format: "%02x", $0) }.joined()
        let hash = SHA256.hash(data: Array(token.utf8)).map { String(format: "%02x", $0) }.joined()
        switch output.format {
        case .text:
            Terminal.line("token  \(token)")
            Terminal.line("hash   sha256:\(hash)")
        case .json: Terminal.line(try JSONLine.text(Pair(token: token, hash: "sha256:\(hash)")))
        }
    }
}
