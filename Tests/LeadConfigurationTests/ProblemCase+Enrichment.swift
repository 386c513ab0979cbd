// Problems of the chain of enrichers, of options that hold several values, and of the order in which origins win.

extension ProblemCase {
    static let ofEnrichment = read(
        #"""
        # two enrichers with one name
        - operators:
        + enrichment: { chain: [{ kind: normalise }, { kind: normalise }] }
        + operators:
        = 3:44: error: there are two enrichers called 'normalise'
        ; give one of them a name of its own: 'name: normalise-2'

        # a name that another kind has
        - operators:
        + enrichment: { chain: [{ kind: normalise, name: words }, { kind: keywords, field: industry, name: words }] }
        + operators:
        = 3:98: error: there are two enrichers called 'words'
        ; give one of them a name of its own: 'name: words-2'

        # a name that stands for the lead itself
        - operators:
        + enrichment: { chain: [{ kind: normalise, name: given }] }
        + operators:
        = 3:48: error: 'name' can't be 'given'
        ; that stands for what the lead itself says

        # an order of somebody who isn't asked
        - operators:
        + enrichment: { order: [given, norms], chain: [{ kind: normalise }] }
        + operators:
        = 3:30: error: there is no enricher 'norms'
        ; use given or normalise

        # an order for one field, of somebody who isn't asked
        - operators:
        + enrichment: { fields: { industry: normalize }, chain: [{ kind: normalise }] }
        + operators:
        = 3:35: error: there is no enricher 'normalize'
        ; did you mean 'normalise'?

        # a mapping that there is none of
        - operators:
        + enrichment: { chain: [{ kind: http, url: x, mapping: facebok-lead-ads }] }
        + operators:
        = 3:54: error: there is no mapping 'facebok-lead-ads'
        ; did you mean 'facebook-lead-ads'?

        # words that are no list
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, words: museum }] }
        + operators:
        = 3:65: error: 'words' must be a mapping of keys to values

        # a weight that is none
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, words: { Museums: { museum: heavy } } }] }
        + operators:
        = 3:86: error: 'museum' must be a whole number

        # a weight of 0
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, words: { Museums: { museum: 0 } } }] }
        + operators:
        = 3:86: error: 'museum' must not be 0
        ; remove the word, or give it a weight from 1 to 100, or below 0 if it speaks against

        # a label without words
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, words: { Museums: [] } }] }
        + operators:
        = 3:76: error: 'Museums' is empty
        ; write at least one word or remove the key

        # no labels at all
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, words: {} }] }
        + operators:
        = 3:65: error: 'words' is empty
        ; write at least one entry or remove the key

        # a name without a text
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, names: { a: [b] } }] }
        + operators:
        = 3:70: error: 'a' must be a text, not a list

        # a secret in the place of a reference
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, headers: { X-Key: canary0canary0 } }] }
        + operators:
        = 3:76: error: 'X-Key' must be a reference to a secret, not the secret itself
        ; write env:NAME, file:PATH or credential:NAME

        # an empty list
        - operators:
        + enrichment: { chain: [{ kind: keywords, field: industry, of: [] }] }
        + operators:
        = 3:62: error: 'of' is empty
        ; write at least one text or remove the key

        # a threshold that would take everybody for one
        - operators:
        + duplicates: { threshold: 20 }
        + operators:
        = 3:13: warning: 'duplicates' finds nobody by a phone number without its country code
        ; add { kind: phones, country: US } to the enrichers, with your country
        = 3:26: error: 'threshold' must be 50 to 100

        # a slip among the keys of duplicates
        - operators:
        + duplicates: { treshold: 80 }
        + operators:
        = 3:13: warning: 'duplicates' finds nobody by a phone number without its country code
        ; add { kind: phones, country: US } to the enrichers, with your country
        = 3:15: error: unknown key 'treshold' in 'duplicates'
        ; did you mean 'threshold'?

        # an agency that is no domain
        - operators:
        + duplicates: { agencies: [agency.example, jo@agency.example] }
        + operators:
        = 3:13: warning: 'duplicates' finds nobody by a phone number without its country code
        ; add { kind: phones, country: US } to the enrichers, with your country
        = 3:42: error: an entry of 'agencies' is not a domain
        ; write what stands behind the @, as in agency.example

        # a window without a unit
        - operators:
        + duplicates: { window: 30 }
        + operators:
        = 3:13: warning: 'duplicates' finds nobody by a phone number without its country code
        ; add { kind: phones, country: US } to the enrichers, with your country
        = 3:23: error: 'window' has no unit
        ; write 30s, 30m or 30h

        # duplicates whose chain knows no numbers
        - operators:
        + duplicates: {}
        + enrichment: { chain: [{ kind: normalise }] }
        + operators:
        = 3:13: warning: 'duplicates' finds nobody by a phone number without its country code
        ; add { kind: phones, country: US } to the enrichers, with your country
        """#)
}
