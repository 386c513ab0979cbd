// Whether a mail's own colours can be read where programs turn the ground dark and leave colours as they are.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("A mail's colours") struct MailColourTests {
    private static let white = "#ffffff"
    /// What mail programs make of white: #121212 to #1f1f1f, as a rule; the darker ones are the kinder.
    private static let nearBlack = "#121212"

    /// No colour has more than this on both: the square root of what they have on each other.
    private static let most = 4.33

    /// The style declarations of mails of every kind, each once.
    private static func declarations() throws -> Set<String> {
        var found: Set<String> = []
        for kind in Golden.kinds {
            let wording = Wording(try Fixture.briefing(kind), within: .mail)
            var body = MailBody()
            MailHTML.write(wording, to: &body)
            for style in body.lines.joined().components(separatedBy: "style=\"").dropFirst() {
                found.formUnion(style.prefix { $0 != "\"" }.split(separator: ";").map(String.init))
            }
        }
        return found
    }

    /// The colours that such declarations set, in order.
    private static func colours(_ property: String) throws -> [String] {
        try declarations().filter { $0.hasPrefix("\(property):") }.compactMap { declaration in
            declaration.firstIndex(of: "#").map { String(declaration[$0...].prefix(7)) }
        }.sorted()
    }

    @Test("words in a colour of ours can be read on white and on near-black")
    func words() throws {
        #expect(Contrast.ratio(Self.white, Self.nearBlack).squareRoot() < Self.most)
        // White stands on the button alone.
        let colours = try Self.colours("color").filter { $0 != Self.white }
        #expect(colours == ["#3b82d6", "#767676"])
        for colour in colours {
            for ground in [Self.white, Self.nearBlack] {
                #expect(Contrast.ratio(colour, ground) >= 3.9, "\(colour) on \(ground)")
            }
        }
        for button in try Self.colours("background-color") { #expect(Contrast.ratio(Self.white, button) >= 4.5) }
    }

    @Test("lines beside words are seen on white and on near-black")
    func lines() throws {
        let colours = try Self.colours("border-left")
        #expect(Set(colours).isSuperset(of: ["#9a9a9a", "#1f5fbf", "#c53030"]))
        for colour in colours {
            for ground in [Self.white, Self.nearBlack] {
                #expect(Contrast.ratio(colour, ground) >= 2.8, "\(colour) on \(ground)")
            }
        }
    }

    @Test("contrast is what the guidelines say")
    func contrast() {
        #expect(abs(Contrast.ratio("#000000", "#ffffff") - 21) < 0.01)
        #expect(abs(Contrast.ratio("#767676", "#ffffff") - 4.54) < 0.01)
        #expect(Contrast.ratio("#777777", "#777777") == 1 && Contrast.ratio("grey", "#000000") == 1)
    }
}
