// Problems of sources and of what their names mean; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofSources = read(
        #"""
        # a source of a mapping that there is none of
        - operators: [dana]
        + operators: [dana]
        + sources: { web: { mapping: salesfroce } }
        = 4:28: error: there is no mapping 'salesfroce'
        ; did you mean 'salesforce'?

        # a mapping of a preset's name, and one without a usable name
        - operators: [dana]
        + operators: [dana]
        + mappings: { salesforce: { preset: salesforce }, "A b": {} }
        = 4:13: error: 'salesforce' is a preset's name
        ; choose another, and name the preset within it
        = 4:49: error: a mapping's name is not usable
        ; use lower-case letters, digits, '-' and '_', at most 64

        # two sources of one folder, and one of the spool's
        - operators: [dana]
        + operators: [dana]
        + sources: { a: { directory: /srv/a }, b: { directory: /srv/a }, c: { directory: /var/spool/leadbell } }
        = 4:54: error: 'directory' is the folder of another source
        ; each source needs its own
        = 4:80: error: 'directory' is the folder of another source
        ; each source needs its own

        # a rule that says not where its value is from, and one that says it twice
        - operators: [dana]
        + operators: [dana]
        + mappings: { m: { fields: { name: { with: x }, email: { from: a, constant: b } } } }
        = 4:34: error: a field's rule says not where its value is from
        ; use from, join, split or constant
        = 4:36: error: unknown key 'with' in a field's rule
        ; use from, join, split, constant, translate or otherwise
        = 4:75: error: 'constant' stands beside another way to the same value
        ; use one of them

        # a part that is none
        - operators: [dana]
        + operators: [dana]
        + mappings: { m: { fields: { name: { split: a, part: middle } } } }
        = 4:52: error: 'part' must be a number from 1, first, last or rest

        # a split without a part
        - operators: [dana]
        + operators: [dana]
        + mappings: { m: { fields: { name: { split: a } } } }
        = 4:34: error: missing key 'part' in a field's rule
        ; use a number, first, last or rest

        # translations of nothing
        - operators: [dana]
        + operators: [dana]
        + mappings: { m: { fields: { name: { from: a, translate: {} } } } }
        = 4:56: error: 'translate' translates nothing
        ; write it as in { hot: high, cold: low }

        # a token in plain text, one that is too short, and a hash that is none
        - operators: [dana]
        + operators: [dana]
        + sources: { web: { http: { tokens: [hunter2, env:SHORT, "sha256:12"] } } }
        = 4:36: error: an entry of 'tokens' must be a reference to a secret, not the secret itself
        ; write env:NAME, file:PATH or credential:NAME
        = 4:45: error: an entry of 'tokens' is a token of fewer than 20 characters
        ; make one with: leadbell token
        = 4:56: error: an entry of 'tokens' is no SHA-256 of a token
        ; make one with: leadbell token

        # a way in for programs without a token
        - operators: [dana]
        + operators: [dana]
        + sources: { web: { http: { rate: 0 } } }
        = 4:25: error: missing key 'tokens' in 'http'
        ; make one with: leadbell token
        = 4:33: error: 'rate' must be 1 to 1000000

        # a form that leads to no page, and asks for what it has no field for
        - operators: [dana]
        + operators: [dana]
        + sources: { web: { form: { fields: [name], required: [email], thanks: /thanks } } }
        = 4:54: error: there is no field of the form 'email'
        ; use name
        = 4:70: error: 'thanks' must be an absolute http or https URL
        ; write it as in https://www.example.com/thanks

        # a page that may post a form, where its site's origin is wanted
        - operators: [dana]
        + operators: [dana]
        + sources: { web: { form: { origins: ["https://www.example.com/contact", www.example.com] } } }
        = 4:37: error: an entry of 'origins' must be the origin of a web site
        ; write it as in https://www.example.com, without a path
        = 4:72: error: an entry of 'origins' must be the origin of a web site
        ; write it as in https://www.example.com, without a path

        # a webhook of Facebook's without what shows that it is Facebook's
        - operators: [dana]
        + operators: [dana]
        + sources: { ads: { facebook: { verify_tokn: env:A } } }
        = 4:29: error: missing key 'app_secret' in 'facebook'
        ; a reference to the app's secret, from its basic settings
        = 4:31: error: unknown key 'verify_tokn' in 'facebook'
        ; did you mean 'verify_token'?

        # a webhook of Facebook's with its secrets in plain text
        - operators: [dana]
        + operators: [dana]
        + sources: { ads: { facebook: { verify_token: hunter2, app_secret: hunter3 } } }
        = 4:45: error: 'verify_token' must be a reference to a secret, not the secret itself
        ; write env:NAME, file:PATH or credential:NAME
        = 4:66: error: 'app_secret' must be a reference to a secret, not the secret itself
        ; write env:NAME, file:PATH or credential:NAME

        # a webhook of Facebook's whose mapping knows other names
        - operators: [dana]
        + operators: [dana]
        + sources: { ads: { mapping: salesforce, facebook: { verify_token: env:LINK_KEY, app_secret: env:LINK_KEY } } }
        = 4:50: error: 'facebook' needs a mapping that knows Facebook's names
        ; remove the source's mapping, or name facebook-lead-ads as its preset

        # mappings that take the lead's id away, or drop what its answers are asked for by
        - operators: [dana]
        + operators: [dana]
        + mappings: { a: { preset: facebook-lead-ads, fields: { id: form_id } }, b: { preset: facebook-lead-ads, ignore: [leadgen_id] }, c: { preset: facebook-lead-ads, rest: drop } }
        + sources: { a: { mapping: a, facebook: &f { verify_token: env:LINK_KEY, app_secret: env:LINK_KEY } }, b: { mapping: b, facebook: *f }, c: { mapping: c, facebook: *f } }
        = 5:39: error: 'facebook' needs the id that Facebook gives each lead
        ; let the mapping leave id and leadgen_id alone
        = 5:39: error: 'facebook' needs the id that Facebook gives each lead
        ; let the mapping leave id and leadgen_id alone
        = 5:39: error: 'facebook' needs leadgen_id, which the mapping drops
        ; add 'leadgen_id: leadgen_id' to the mapping's fields

        # leads of Facebook's whose answers nobody asks for
        - operators: [dana]
        + operators: [dana]
        + sources: { ads: { facebook: { verify_token: env:LINK_KEY, app_secret: env:LINK_KEY } } }
        + enrichment: { chain: [{ kind: http, url: "https://crm.example/{web_domain}" }] }
        = 4:29: warning: 'facebook' brings the ids of leads alone, and no enricher asks for their answers
        ; add one of kind http with {leadgen_id} in its url, as the README has it

        # leads of Facebook's whose answers are asked for without a token
        - operators: [dana]
        + operators: [dana]
        + sources: { ads: { facebook: { verify_token: env:LINK_KEY, app_secret: env:LINK_KEY } } }
        + enrichment: { chain: [{ kind: http, name: graph, url: "https://graph.facebook.com/{leadgen_id}" }] }
        = 4:29: warning: 'facebook' has its leads' answers asked for without a token
        ; give 'graph' one: 'query: { access_token: credential:NAME }'

        # sources without any
        - operators: [dana]
        + operators: [dana]
        + sources: {}
        = 4:10: error: 'sources' is empty
        ; name one or remove the key
        """#)
}
