// Base 64 by the vectors of RFC 4648, and beside Foundation's.

import Foundation
import Testing

@testable import LeadCore

@Suite("Base 64")
struct Base64Tests {
    @Test("is RFC 4648's, with padding or without")
    func vectors() {
        let vectors = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
            "foobar": "Zm9vYmFy",
        ]
        for (plain, coded) in vectors {
            #expect(Base64.string(plain.utf8) == coded)
            #expect(Base64.forURL(plain.utf8) == coded.replacing("=", with: ""))
        }
        #expect(Base64.string([0xFB, 0xFF, 0xFE]) == "+//+")
        #expect(Base64.forURL([0xFB, 0xFF, 0xFE]) == "-__-")
    }

    @Test("any bytes come out as Foundation writes them")
    func reference() {
        var random = SystemRandomNumberGenerator()
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            #expect(Base64.string(bytes) == Data(bytes).base64EncodedString())
        }
    }
}
