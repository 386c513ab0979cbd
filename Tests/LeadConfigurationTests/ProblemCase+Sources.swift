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

        # sources without any
        - operators: [dana]
        + operators: [dana]
        + sources: {}
        = 4:10: error: 'sources' is empty
        ; name one or remove the key
        """#)
}
