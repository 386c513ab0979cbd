// `sources.NAME.facebook`: the webhook of Facebook's lead ads, and whether what belongs to it is there: a mapping that knows the
// leads by their ids, and an enricher that asks for their answers.

import LeadCore

extension SectionReader {
    func readFacebook(_ item: Item) -> SourceSettings.Facebook? {
        guard let map = item.mapping("'facebook'") else { return nil }
        defer { map.finish() }
        let token = map.required("verify_token", "a reference to a text of your own, which the app's webhook has too")
        let secret = map.required("app_secret", "a reference to the app's secret, from its basic settings")
        // Each says what is wrong with it.
        let secrets = [token, secret].map { $0?.secret(from: self.secrets, folder: folder) }
        guard let token = secrets[0], let secret = secrets[1] else { return nil }
        return SourceSettings.Facebook(verifyToken: token, appSecret: secret)
    }

    /// Only with its own id does a lead that is told twice stay one.
    func checkFacebook(_ mapping: FieldMapping, _ item: Item) {
        guard mapping.preset == FieldMapping.facebookPreset else {
            return item.error(
                "needs a mapping that knows Facebook's names",
                "remove the source's mapping, or name \(FieldMapping.facebookPreset) as its preset")
        }
        let ids = ["id", "leadgen_id"]
        let takesID = mapping.rules.contains {
            $0.field == .id && ($0.names.isEmpty || !$0.names.allSatisfy(ids.contains))
        }
        if takesID || mapping.ignored.contains(where: ids.contains) {
            item.error("needs the id that Facebook gives each lead", "let the mapping leave id and leadgen_id alone")
        } else if !mapping.keepsRest, !mapping.rules.contains(where: { $0.field.text == "leadgen_id" }) {
            item.error(
                "needs leadgen_id, which the mapping drops", "add 'leadgen_id: leadgen_id' to the mapping's fields")
        }
    }

    /// Warns of sources whose leads would stay ids.
    func checkFacebook(_ sources: [SourceDraft], _ enrichers: [Configuration.Enricher]) {
        // What could not be read may be what is missing.
        guard !findings.hasErrors, !secrets.isBlind else { return }
        let asking = enrichers.filter { enricher in
            let asked = [enricher.options.text("url"), enricher.options.text("body")].compactMap(\.self)
            return asked.contains { $0.contains("{leadgen_id}") || $0.contains("{id}") }
        }
        for item in sources.compactMap(\.facebook) {
            if asking.isEmpty {
                item.warn(
                    "brings the ids of leads alone, and no enricher asks for their answers",
                    "add one of kind http with {leadgen_id} in its url, as the README has it")
            } else if asking.allSatisfy(\.isAnonymous) {
                item.warn(
                    "has its leads' answers asked for without a token",
                    "give '\(asking[0].name)' one: 'query: { access_token: credential:NAME }'")
            }
        }
    }
}

extension Configuration.Enricher {
    /// True when it asks without any secret.
    fileprivate var isAnonymous: Bool {
        options.secret("bearer") == nil && options.secrets("query").isEmpty && options.secrets("headers").isEmpty
    }
}
