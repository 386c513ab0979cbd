// How well colours are told apart, by the Web Content Accessibility Guidelines (2.2, 1.4.3).

import Foundation

/// The contrast of two colours.
public enum Contrast {
    /// From 1, the same, to 21, black and white; colours are written `#rrggbb`. 1 for what is no colour.
    public static func ratio(_ one: String, _ other: String) -> Double {
        guard let first = luminance(one), let second = luminance(other) else { return 1 }
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    private static func luminance(_ colour: String) -> Double? {
        guard colour.utf8.count == 7, colour.first == "#", let value = UInt32(colour.dropFirst(), radix: 16) else {
            return nil
        }
        let parts = [value >> 16, value >> 8, value].map { shifted -> Double in
            let part = Double(shifted & 255) / 255
            return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
