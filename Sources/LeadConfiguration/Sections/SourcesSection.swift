// `sources`: the ways in that have a name. Each has a folder of its own, so that a producer can write to its own alone, and
// its leads' ids are its own.

import Crypto
import Foundation
import LeadCore

/// A source as it was read.
struct SourceDraft {
    let settings: SourceSettings
    /// Where the file has its `facebook`.
    let facebook: Item?
}

extension SectionReader {
    func readSources(
        _ root: MappingReader, spool: Configuration.Spool, mappings: [String: FieldMapping]
    ) -> [SourceDraft] {
        guard let map = root.optional("sources")?.mapping("'sources'") else { return [] }
        var sources: [SourceDraft] = []
        var folders = [spool.directory]
        for (name, position, item) in map.all() {
            if !Item.isIdentifier(name) {
                findings.error(position, "a source's name is not usable", Item.identifierRule)
            }
            guard let map = item.mapping("a source") else { continue }
            defer { map.finish() }
            let folderItem = map.optional("directory")
            let folder = folderItem?.text("a path").map(self.folder.path) ?? "\(spool.directory)/sources/\(name)"
            if folders.contains(folder) {
                (folderItem ?? item).error("is the folder of another source", "each source needs its own")
            }
            folders.append(folder)
            let facebookItem = map.optional("facebook")
            let standard =
                facebookItem == nil ? FieldMapping.canonical : FieldMapping(preset: FieldMapping.facebookPreset)
            let mapping = readMappingName(map, mappings) ?? standard
            if let facebookItem { checkFacebook(mapping, facebookItem) }
            let settings = SourceSettings(
                name: name, directory: folder, mapping: mapping, label: map.optional("label")?.text() ?? name,
                http: map.optional("http").flatMap(readAccess), form: map.optional("form").flatMap(readForm),
                facebook: facebookItem.flatMap(readFacebook))
            sources.append(SourceDraft(settings: settings, facebook: facebookItem))
        }
        if sources.isEmpty, map.all().isEmpty {
            findings.error(map.position, "'sources' is empty", "name one or remove the key")
        }
        return sources
    }

    /// The mapping that `mapping` names; nil where there is none.
    private func readMappingName(_ map: MappingReader, _ mappings: [String: FieldMapping]) -> FieldMapping? {
        map.optional("mapping").flatMap { readMappingName($0, mappings) }
    }

    /// The preset, or one of `mappings`, that `item` names.
    func readMappingName(_ item: Item, _ mappings: [String: FieldMapping]) -> FieldMapping? {
        let names = kinds.mappings + mappings.keys.sorted()
        guard let name = item.reference(to: names, what: "mapping") else { return nil }
        return mappings[name] ?? FieldMapping(preset: name)
    }

    // MARK: Programs

    private func readAccess(_ item: Item) -> SourceSettings.HTTPAccess? {
        guard let map = item.mapping("'http'") else { return nil }
        defer { map.finish() }
        let advice = "make one with: leadbell token"
        let tokens = map.required("tokens", advice)
        let rate = map.optional("rate")?.integer(1...1_000_000) ?? 200
        let most = map.optional("max_body")?.size(1024...16_777_216) ?? 1_048_576
        guard let list = tokens else { return nil }
        if list.isEmptyList { list.error("is empty", advice) }
        let hashes = list.listOrSingle().compactMap { readToken($0, advice) }
        return SourceSettings.HTTPAccess(
            tokenHashes: hashes, rate: rate, maximumBodyBytes: most)
    }

    /// `sha256:` with the hash of a token, or a reference to the token itself.
    private func readToken(_ item: Item, _ advice: String) -> [UInt8]? {
        let prefix = "sha256:"
        if let word = item.word, word.hasPrefix(prefix) {
            guard let hash = Hex.bytes(String(word.dropFirst(prefix.count))), hash.count == 32 else {
                item.error("is no SHA-256 of a token", advice)
                return nil
            }
            return hash
        }
        guard let secret = item.secret(from: secrets, folder: folder) else { return nil }
        guard secret.revealed.utf8.count >= 20 else {
            item.error("is a token of fewer than 20 characters", advice)
            return nil
        }
        return Array(SHA256.hash(data: Array(secret.revealed.utf8)))
    }

    // MARK: Web forms

    private func readForm(_ item: Item) -> SourceSettings.WebForm? {
        guard let map = item.mapping("'form'") else { return nil }
        defer { map.finish() }
        let fieldsItem = map.optional("fields")
        if let fieldsItem, fieldsItem.isEmptyList { fieldsItem.error("is empty", "name what the form asks for") }
        let names = fieldsItem?.texts().compactMap { text, item -> FieldName? in
            guard Self.isFieldName(text) else {
                item.error("is not usable as a field", Item.identifierRule)
                return nil
            }
            return FieldName(text)
        }
        let fields = names ?? [.name, .email, .phone, .company, .description]
        let required = map.optional("required")?.texts().compactMap { text, item in
            item.reference(to: fields.map(\.text), what: "field of the form").map { FieldName($0) }
        }
        let thanks = map.optional("thanks").flatMap { item -> String? in
            guard let text = item.text("a URL") else { return nil }
            guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
                parts.host?.isEmpty == false, parts.user == nil
            else {
                item.error("must be an absolute http or https URL", "write it as in https://www.example.com/thanks")
                return nil
            }
            return text
        }
        return SourceSettings.WebForm(
            title: map.optional("title")?.text() ?? "How can we help?", fields: fields,
            required: required ?? [.name, .email].filter(fields.contains),
            minimumTime: map.optional("minimum_time")?.duration(mayBeZero: true) ?? .seconds(3),
            limits: map.optional("rate")?.rate() ?? [RateLimit(60, per: .seconds(60))], thanks: thanks,
            origins: map.optional("origins")?.texts().compactMap(readOrigin) ?? [])
    }

    /// The origin of a web site, as browsers send it.
    private func readOrigin(_ text: String, _ item: Item) -> String? {
        let scheme = URLComponents(string: text)?.scheme?.lowercased() ?? ""
        guard let parts = URLComponents(string: text), let usual = ["http": 80, "https": 443][scheme],
            let host = parts.host?.lowercased(), !host.isEmpty, parts.user == nil, ["", "/"].contains(parts.path),
            parts.query == nil, parts.fragment == nil
        else {
            item.error("must be the origin of a web site", "write it as in https://www.example.com, without a path")
            return nil
        }
        let port = parts.port.flatMap { $0 == usual ? nil : ":\($0)" } ?? ""
        return "\(scheme)://\(host)\(port)"
    }
}
