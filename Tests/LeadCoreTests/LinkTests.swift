// Links and nonces: what was signed is read, and nothing else.

import LeadCore
import LeadTestKit
import Testing

@Suite("Link")
struct LinkTests {
    private let now = Sample.start
    private let keys = Sample.keys
    private let link = Link(
        caseID: "0123456789abcdef", person: "dana", purpose: .decide, expires: Sample.start + .seconds(60))

    @Test("a token reads back as its link")
    func roundTrip() {
        #expect(keys.read(keys.token(for: link), now: now) == .valid(link))
        for purpose in LinkPurpose.allCases {
            let other = Link(caseID: "x", person: "a-b_c", purpose: purpose, expires: now + .seconds(1))
            #expect(keys.read(keys.token(for: other), now: now) == .valid(other))
            let carried = Link(
                caseID: "x", person: "a-b_c", purpose: purpose, expires: now + .seconds(1),
                entrance: Entrance(channel: "teams_2", sequence: 17))
            #expect(keys.token(for: carried).contains(".17.teams_2."))
            #expect(keys.read(keys.token(for: carried), now: now) == .valid(carried))
        }
    }

    @Test("a token names its message, and none other in its place; one without a message is read as ever")
    func entrance() {
        let carried = Link(
            caseID: link.caseID, person: "dana", purpose: .decide, expires: link.expires,
            entrance: Entrance(channel: "mail", sequence: 3))
        let parts = keys.token(for: carried).split(separator: ".").map(String.init)
        #expect(parts.count == 8)
        for (index, other) in [(5, "4"), (5, "03"), (5, "+3"), (5, "x"), (6, "teams"), (6, "")] {
            var changed = parts
            changed[index] = other
            #expect(keys.read(changed.joined(separator: "."), now: now) == .foreign)
        }
        #expect(keys.read((parts[..<5] + parts[7...]).joined(separator: "."), now: now) == .foreign)
        #expect(keys.read((parts[..<6] + parts[7...]).joined(separator: "."), now: now) == .foreign)
        #expect(keys.read(nonce: keys.nonce(for: carried, issued: now), for: link, now: now) == .foreign)
        let bare = "k1.0123456789abcdef.dana.d.\(String(link.expires.milliseconds / 1000, radix: 36))."
        #expect(keys.token(for: link).hasPrefix(bare) && keys.token(for: link).split(separator: ".").count == 6)
        guard case .valid(let read) = keys.read(keys.token(for: link), now: now) else {
            Issue.record("the bare token isn't read")
            return
        }
        #expect(read.entrance == nil)
    }

    @Test("a token has only characters that a URL's path takes as they are")
    func characters() {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
        #expect(keys.token(for: link).allSatisfy(allowed.contains))
        #expect(keys.nonce(for: link, issued: now).allSatisfy(allowed.contains))
    }

    @Test("no token with one bit changed is read")
    func bits() {
        let token = Array(keys.token(for: link).utf8)
        for index in token.indices {
            for bit in 0..<8 {
                var changed = token
                changed[index] ^= 1 << UInt8(bit)
                let text = String(decoding: changed, as: UTF8.self)
                if keys.read(text, now: now) != .foreign { Issue.record("byte \(index) bit \(bit)") }
            }
        }
    }

    @Test("no token that is cut, extended or spelt otherwise is read")
    func spellings() {
        let token = keys.token(for: link)
        for length in 0..<token.count { #expect(keys.read(String(token.prefix(length)), now: now) == .foreign) }
        for text in [
            token + "=", token + ".", token + " ", " " + token, "." + token, token + "A", token.uppercased(),
            token + "\n", token + "\u{0}", token.replacing(".", with: ".."), token.replacing(".d.", with: ".d.0"),
            token.replacing(".d.", with: ".d.+"), token.replacing(".d.", with: ".d.-"),
            String(repeating: "k1.", count: 400), String(repeating: ".", count: 5), "", "k1.a.b.d.1.x",
        ] {
            #expect(keys.read(text, now: now) == .foreign, "\(text)")
        }
    }

    @Test("a token is for its case, person, purpose and time alone")
    func others() {
        let parts = keys.token(for: link).split(separator: ".").map(String.init)
        for (index, other) in [(1, "0123456789abcdeg"), (2, "lee"), (3, "f"), (4, "zzzzzz"), (0, "k2")] {
            var changed = parts
            changed[index] = other
            #expect(keys.read(changed.joined(separator: "."), now: now) == .foreign)
        }
        let swapped = Link(caseID: "dana", person: "0123456789abcdef", purpose: .decide, expires: link.expires)
        #expect(keys.token(for: swapped) != keys.token(for: link))
    }

    @Test("it works until its second and not from then on, and stays genuine")
    func expiry() {
        let token = keys.token(for: link)
        #expect(keys.read(token, now: link.expires - .milliseconds(1)) == .valid(link))
        #expect(keys.read(token, now: link.expires) == .expired(link))
        #expect(keys.read(token, now: link.expires + .seconds(1)) == .expired(link))
        let odd = Link(caseID: "c", person: "p", purpose: .follow, expires: now + .milliseconds(1999))
        #expect(odd.expires == now + .seconds(1))
    }

    @Test("the first key signs, all verify, and a removed key's links are foreign")
    func rotation() throws {
        let old = (id: "k1", secret: [UInt8](repeating: 1, count: 32))
        let new = (id: "k2", secret: [UInt8](repeating: 2, count: 32))
        let before = try #require(LinkKeys([old]))
        let during = try #require(LinkKeys([new, old]))
        let after = try #require(LinkKeys([new]))
        let token = before.token(for: link)
        #expect(during.read(token, now: now) == .valid(link))
        #expect(after.read(token, now: now) == .foreign)
        #expect(during.token(for: link) == after.token(for: link))
        #expect(before.read(during.token(for: link), now: now) == .foreign)
        let nonce = before.nonce(for: link, issued: now)
        #expect(during.read(nonce: nonce, for: link, now: now) == .valid(age: .zero))
        #expect(after.read(nonce: nonce, for: link, now: now) == .foreign)
        let impostor = try #require(LinkKeys([(id: "k1", secret: [UInt8](repeating: 3, count: 32))]))
        #expect(impostor.read(token, now: now) == .foreign)
    }

    @Test("keys that can't sign safely are refused")
    func keysRefused() {
        let good = [UInt8](repeating: 1, count: 32)
        #expect(LinkKeys([]) == nil)
        #expect(LinkKeys([(id: "k", secret: [UInt8](repeating: 1, count: 31))]) == nil)
        #expect(LinkKeys([(id: "k", secret: good), (id: "l", secret: [])]) == nil)
        #expect(LinkKeys([(id: "", secret: good)]) == nil)
        #expect(LinkKeys([(id: "a.b", secret: good)]) == nil)
        #expect(LinkKeys([(id: "k", secret: good)]) != nil)
    }

    @Test("a nonce tells its age, for twelve hours either way")
    func nonce() {
        let nonce = keys.nonce(for: link, issued: now)
        let life = LinkKeys.nonceLifetime
        func read(_ instant: Timestamp) -> NonceReading { keys.read(nonce: nonce, for: link, now: instant) }
        #expect(read(now) == .valid(age: .zero))
        #expect(read(now + .milliseconds(1500)) == .valid(age: .milliseconds(1500)))
        #expect(read(now - .seconds(5)) == .valid(age: .seconds(-5)))
        #expect(read(now + life - .milliseconds(1)) == .valid(age: life - .milliseconds(1)))
        #expect(read(now + life) == .expired)
        #expect(read(now - life) == .expired)
        #expect(read(now + .seconds(1_000_000_000)) == .expired)
    }

    @Test("a nonce is for its link alone, and no bit of it may change")
    func nonceForeign() {
        let nonce = keys.nonce(for: link, issued: now)
        for other in [
            Link(caseID: "x", person: "dana", purpose: .decide, expires: link.expires),
            Link(caseID: link.caseID, person: "lee", purpose: .decide, expires: link.expires),
            Link(caseID: link.caseID, person: "dana", purpose: .follow, expires: link.expires),
            Link(caseID: link.caseID, person: "dana", purpose: .decide, expires: link.expires + .seconds(1)),
        ] {
            #expect(keys.read(nonce: nonce, for: other, now: now) == .foreign)
        }
        let bytes = Array(nonce.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                let reading = keys.read(nonce: String(decoding: changed, as: UTF8.self), for: link, now: now)
                if reading != .foreign { Issue.record("byte \(index) bit \(bit)") }
            }
        }
        for text in [
            "", ".", "0." + nonce, nonce.uppercased(), "0" + nonce, String(repeating: "1", count: 200), "-1.x",
        ] {
            #expect(keys.read(nonce: text, for: link, now: now) == .foreign)
        }
        #expect(keys.read(nonce: keys.token(for: link), for: link, now: now) == .foreign)
    }
}
