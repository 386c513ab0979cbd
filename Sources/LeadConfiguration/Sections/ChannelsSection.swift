// `channels`, and the options of channels and enrichers, which their kinds declare.

import Foundation
import LeadCore

extension SectionReader {
    /// A channel as read.
    struct ChannelDraft {
        let settings: ChannelSettings
        let options: OptionValues
        /// Nil when the kind is unknown.
        let kind: KindDescription?
        /// Where the file says in which language messages are.
        let languageItem: Item?

        /// Whether people choose in messages themselves.
        var takesChoices: Bool { kind?.takesChoices(options) ?? false }
    }

    func readChannels(_ root: MappingReader) -> [ChannelDraft] {
        let example = "add a way out, as in mail: { kind: smtp, ... }"
        guard let item = root.required("channels", example), let map = item.mapping("'channels'") else { return [] }
        let entries = map.all()
        if entries.isEmpty { item.error("is empty", example) }
        return entries.map { key, position, item in
            if !Item.isIdentifier(key) {
                findings.error(position, "a channel's name is not usable", Item.identifierRule)
            }
            return readChannel(ChannelID(key), item)
        }
    }

    private func readChannel(_ id: ChannelID, _ item: Item) -> ChannelDraft {
        var kind: KindDescription?
        var values = OptionValues([:])
        var languageItem: Item?
        var isRoom = false
        if let map = item.mapping("a channel") {
            kind = readKind(map, "channel kind", among: kinds.channels)
            if let kind { values = readOptions(of: kind, map) }
            if kind?.takesEvents != true { languageItem = map.optional("language") }
            // Of others the addresses tell.
            if let kind, !kind.isMail, !kind.takesEvents, !kind.isEditable {
                isRoom = map.optional("room")?.flag() ?? false
            }
            map.finish(isUnderstood: kind != nil)
        }
        // Those who post speak of concurrency, those who keep a connection open of connections: for each of these a second
        // message is at hand when the first one is through.
        let concurrency = values.integer("concurrency") ?? values.integer("connections").map { 2 * $0 }
        let settings = ChannelSettings(
            id: id, kind: kind?.name ?? "", isShared: kind?.isShared ?? false, isMail: kind?.isMail ?? false,
            concurrency: concurrency ?? kind?.defaultConcurrency ?? 1,
            limits: values.rate("rate") ?? kind?.defaultLimits ?? [],
            changeLimits: values.rate("change_rate") ?? kind?.defaultChangeLimits ?? [],
            events: kind?.takesEvents == true
                ? values.choices("events").map { Set($0.compactMap(EventName.init)) } ?? Set(EventName.allCases) : nil,
            retry: kind.flatMap { $0.schedule.isEmpty ? nil : RetryPolicy(schedule: $0.schedule) },
            digestSize: kind?.digestSize ?? 25, isEditable: kind?.isEditable ?? false, isRoom: isRoom,
            language: languageItem.flatMap(\.word).flatMap { Language($0) })
        return ChannelDraft(settings: settings, options: values, kind: kind, languageItem: languageItem)
    }

    // MARK: Kinds and options

    func readKind(_ map: MappingReader, _ what: String, among kinds: [KindDescription]) -> KindDescription? {
        let names = kinds.map(\.name)
        let name = map.required("kind", "use \(Wording.alternatives(names))")?.reference(to: names, what: what)
        return kinds.first { $0.name == name }
    }

    /// The options of `kind`: each by its type, and when all are right, together.
    func readOptions(
        of kind: KindDescription, _ map: MappingReader, mappings: [String: FieldMapping] = [:]
    ) -> OptionValues {
        var values: [String: OptionValue] = [:]
        var given: [String: Item] = [:]
        var areAllRight = true
        for spec in kind.options {
            let item = spec.isRequired ? map.required(spec.name, Wording.clause(spec.help)) : map.optional(spec.name)
            given[spec.name] = item
            values[spec.name] = item.flatMap { readOption(spec.type, $0, mappings) }
            if values[spec.name] == nil, item != nil || spec.isRequired { areAllRight = false }
        }
        let options = OptionValues(values)
        if areAllRight, !secrets.isBlind, let flaw = kind.checkOptions(options) {
            let position = flaw.option.flatMap { given[$0]?.position } ?? map.position
            findings.error(position, Wording.clause(flaw.sentence))
        }
        return options
    }

    private func readOption(
        _ type: OptionType, _ item: Item, _ mappings: [String: FieldMapping]
    ) -> OptionValue? {
        switch type {
        case .text: return item.text().map { .text($0) }
        case .secret: return item.secret(from: secrets, folder: folder).map { .secret($0) }
        case .integer(let range): return item.integer(range).map { .integer($0) }
        case .duration: return item.duration().map { .duration($0) }
        case .flag: return item.flag().map { .flag($0) }
        case .rate: return item.rate().map { .rate($0) }
        case .choice(let choices):
            let demand = Wording.alternatives(choices)
            guard let text = item.text(demand) else { return nil }
            guard choices.contains(text) else {
                let nearest = Wording.nearest(to: text, among: choices)
                item.error("must be \(demand)", nearest.map { "did you mean '\($0)'?" })
                return nil
            }
            return .text(text)
        case .mapping: return readMappingName(item, mappings).map { .mapping($0) }
        case .choices(let choices):
            return readChoices(choices, item).map { .texts($0) }
        case .file:
            guard let path = item.text("a path").map(folder.path) else { return nil }
            guard FileManager.default.isReadableFile(atPath: path) else {
                item.error("names a file that can't be read", "relative paths begin in the configuration's folder")
                return nil
            }
            return .text(path)
        case .texts, .pairs, .secrets, .wordLists: return readCollection(type, item)
        }
    }

    private func readChoices(_ choices: [String], _ item: Item) -> [String]? {
        if item.isEmptyList { item.error("is empty", "name some, or remove the key for all") }
        let texts = item.texts()
        var chosen: [String] = []
        for (text, entry) in texts {
            guard choices.contains(text) else {
                entry.error(
                    "must be \(Wording.alternatives(choices))",
                    Wording.nearest(to: text, among: choices).map { "did you mean '\($0)'?" })
                continue
            }
            chosen.append(text)
        }
        return chosen.count == texts.count && !chosen.isEmpty ? chosen : nil
    }
}
