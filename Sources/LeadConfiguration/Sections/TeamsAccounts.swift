// Who somebody is in Microsoft Teams, by which a card mentions them.

import LeadCore

extension SectionReader {
    /// `teams_id` of a person; nil when none is given.
    func readTeamsID(_ map: MappingReader) -> String? {
        guard let item = map.optional("teams_id"), let text = item.text("an account in Microsoft Teams") else {
            return nil
        }
        guard Self.isPrincipalName(text) || Self.isObjectID(text) else {
            item.error(
                "is no account in Microsoft Teams",
                "write their user principal name, such as dana@example.com, or their object ID in Entra")
            return nil
        }
        return text
    }

    /// `name@domain`, in ASCII without what Markdown or JSON could take for its own.
    private static func isPrincipalName(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && text.utf8.count <= 113 && parts.allSatisfy { !$0.isEmpty }
            && parts[1].contains(".")
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || "0123456789@._-'+#".unicodeScalars.contains(scalar))
            }
    }

    /// `87d349ed-44d7-43e1-9a83-5f2406dee5bd`.
    private static func isObjectID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.joined().allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
