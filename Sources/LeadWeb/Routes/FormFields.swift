// A form as it comes from a browser, or from anybody: untrusted text by name, within bounds.

import Hummingbird
import LeadCore

/// The fields of a form; one that isn't there is empty.
struct FormFields: Sendable, Equatable {
    private var fields: [String: String] = [:]

    /// Reads `application/x-www-form-urlencoded` text; nil when it isn't that. Of a repeated field the first counts.
    ///
    /// Hummingbird's decoder isn't used: it builds nested values from brackets in names, as deep as a stranger likes.
    init?(urlEncoded body: String) {
        for pair in body.split(separator: "&", maxSplits: 64) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormEncoding.text(parts[0]),
                let value = parts.count > 1 ? FormEncoding.text(parts[1]) : ""
            else { return nil }
            if fields[name] == nil { fields[name] = value }
        }
    }

    /// A form without fields.
    init() {}

    /// The same with each text as `plain(_:)` gives it.
    var plain: FormFields {
        var plain = self
        plain.fields = fields.mapValues(Self.plain(text:))
        return plain
    }

    /// The field called `name`, as it came.
    subscript(name: String) -> String { fields[name] ?? "" }

    /// The field called `name` with line ends as one character, and without control characters that could disturb a terminal
    /// or a mail.
    func plain(_ name: String) -> String { Self.plain(text: self[name]) }

    /// `text` without what could disturb, as above.
    static func plain(text: String) -> String {
        let lines = text.unicodeScalars.split(separator: "\r", omittingEmptySubsequences: false)
        var kept = String.UnicodeScalarView()
        for (index, part) in lines.enumerated() {
            if index > 0, part.first != "\n" { kept.append("\n") }
            kept.append(
                contentsOf: part.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control })
        }
        return String(kept)
    }
}

/// A form, or the status by which a request that has none is refused.
enum FormReading {
    case form(FormFields)
    case refused(HTTPResponse.Status)
}

extension Request {
    /// Reads the form of at most `limit` bytes that came with the request.
    func form(atMost limit: Int) async -> FormReading {
        let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type == "application/x-www-form-urlencoded" else { return .refused(.unsupportedMediaType) }
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            return .refused(.contentTooLarge)
        }
        var bytes = ByteBuffer()
        do {
            for try await part in body {
                guard bytes.readableBytes + part.readableBytes <= limit else { return .refused(.contentTooLarge) }
                bytes.writeImmutableBuffer(part)
            }
        } catch {
            // The connection broke off; nobody reads this answer.
            return .refused(.badRequest)
        }
        return FormFields(urlEncoded: String(buffer: bytes)).map { .form($0) } ?? .refused(.badRequest)
    }

    /// The header called `name`, in lower case; several are joined, so that a second one can't hide behind the first.
    func header(_ name: String) -> String? {
        let values = headers.filter { $0.name.canonicalName == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Whether a POST comes from one of our pages.
    func postOrigin(_ site: Site) -> PostOrigin {
        PostOrigin(
            origin: header("origin"), fetchSite: header("sec-fetch-site"), host: head.authority, siteURL: site.url)
    }
}

extension Response {
    /// The rest of a body that was not read to its end must not be waited for.
    var closing: Response {
        var response = self
        response.headers[.connection] = "close"
        return response
    }
}
