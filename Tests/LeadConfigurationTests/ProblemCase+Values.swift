// Problems of keys, scalars, places and secrets; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofValues = read(
        #"""
        # an unknown key is named with the one that was meant
        - policy: standard }
        -   - {
        + polcy: standard }
        +   - {
        = 12:63: error: unknown key 'polcy' in a route
        ; did you mean 'policy'?

        # an unknown key at the top is named
        - operators:
        + operatrs:
        = 3:1: error: unknown key 'operatrs' in the configuration
        ; did you mean 'operators'?

        # an account in Teams is a principal name or an object's ID
        - id: dana, name: Dana, manager: true,
        + id: dana, name: Dana, teams_id: "<at>Dana</at>", manager: true,
        = 8:39: error: 'teams_id' is no account in Microsoft Teams
        ; write their user principal name, such as dana@example.com, or their object ID in Entra

        # an unknown key without a near one comes with those that exist
        - name: Example,
        + name: Example, colour: red,
        = 1:24: error: unknown key 'colour' in 'site'
        ; use name, url or record_url

        # an unknown key that may be a secret is not repeated
        - name: Example,
        + name: Example, ? 'canary=8?x' : 1,
        = 1:26: error: unknown key in 'site'
        ; use name, url or record_url

        # a missing key is reported where its mapping begins
        - name: Example,
        +
        = 1:7: error: missing key 'name' in 'site'

        # a missing section is reported at the beginning
        - site: { name: Example, url: https://leads.example.com }
        -
        +
        = 1:1: error: missing key 'site' in the configuration
        ; add a 'site' with 'name' and 'url'

        # a text where a mapping belongs
        - site: { name: Example, url: https://leads.example.com }
        + site: Example
        = 1:7: error: 'site' must be a mapping of keys to values

        # a list where a mapping belongs
        - rep: { skills: [stone], capacity: 8 }
        + rep: [stone]
        = 10:34: error: 'rep' must be true, or a mapping with skills and capacity, not a list

        # a mapping where a list belongs
        - routes:
        -   - { when: { product: [tile, slab] }, managers: [dana, lee], policy: standard }
        -   - { managers: [lee], policy: standard }
        + routes: { managers: [lee], policy: standard }
        = 11:9: error: 'routes' must be a list, not a mapping

        # a mapping where a text belongs
        - name: Example
        + name: { first: Example }
        = 1:15: error: 'name' must be a text, not a mapping

        # a key without a value
        - name: Example,
        + name: ,
        = 1:15: error: 'name' has no value
        ; give it one or remove the key

        # an empty text
        - name: Example
        + name: ''
        = 1:15: error: 'name' is empty
        ; write a text or remove the key

        # a key that is no word
        - name: Example
        + name: Example, [a, b]: c
        = 1:24: error: a key in 'site' must be a word

        # a key that is given twice
        - name: Example
        + name: Example, name: Other
        = 1:24: error: key 'name' is given twice in 'site'
        ; keep this one or the one in line 1

        # a section that is given twice
        - operators: [dana]
        + operators: [dana]
        + operators: [lee]
        = 4:1: error: key 'operators' is given twice in the configuration
        ; keep this one or the one in line 3

        # a section that is given three times
        - operators: [dana]
        + operators: [dana]
        + operators: [lee]
        + 'operators': []
        = 4:1: error: key 'operators' is given twice in the configuration
        ; keep this one or the one in line 3
        = 5:1: error: key 'operators' is given twice in the configuration
        ; keep this one or the one in line 3

        # a quoted key that is given twice
        - name: Example
        + "name": Example, 'name': Other
        = 1:26: error: key 'name' is given twice in 'site'
        ; keep this one or the one in line 1

        # a number that is none
        - capacity: 8
        + capacity: eight
        = 10:63: error: 'capacity' must be a whole number

        # a number out of its range
        - capacity: 8
        + capacity: 0
        = 10:63: error: 'capacity' must be 1 to 10000

        # a flag that is none
        - id: lee, name: Lee, manager: true
        + id: lee, name: Lee, manager: perhaps
        = 9:36: error: 'manager' must be true or false
        = 12:57: error: 'lee' is not a manager and can't choose
        ; give lee 'manager: true'
        = 13:18: error: 'lee' is not a manager and can't choose
        ; give lee 'manager: true'

        # a flag in YAML's older spelling
        - kind: teams }
        + kind: teams, plain_http: yes }
        = 6:36: error: 'plain_http' must be true or false
        ; write true

        # a duration without a unit
        - after: 15m
        + after: 15
        = 17:16: error: 'after' has no unit
        ; write 15s, 15m or 15h

        # a duration in words
        - after: 15m
        + after: soon
        = 17:16: error: 'after' is not a duration
        ; write numbers with units, as in 250ms, 45s, 15m, 1h30m or 7d

        # a duration of nothing where time must pass
        - operators:
        + choice: { claim: 0s }
        + operators:
        = 3:18: error: 'claim' must be more than nothing
        ; write a duration such as 15m

        # a size without a unit
        - operators:
        + spool: { max_file: 1048576 }
        + operators:
        = 3:20: error: 'max_file' has no unit
        ; write 1MiB

        # a size in another unit
        - operators:
        + spool: { max_file: 1MB }
        + operators:
        = 3:20: error: 'max_file' is not a size
        ; write a whole number with a unit, as in 512KiB or 1MiB

        # a size beyond the limits
        - operators:
        + spool: { max_file: 900MiB }
        + operators:
        = 3:20: error: 'max_file' must be 1KiB to 64MiB

        # a choice that is none
        - tls: required
        + tls: requird
        = 5:60: error: 'tls' must be required, opportunistic or none
        ; did you mean 'required'?

        # an option's range
        - kind: teams }
        + kind: teams, retries: 9 }
        = 6:33: error: 'retries' must be 0 to 5

        # an option's duration
        - tls: required
        + tls: required, timeout: 30
        = 5:79: error: 'timeout' has no unit
        ; write 30s, 30m or 30h

        # a URL that is not absolute
        - url: https://leads.example.com
        + url: leads.example.com
        = 1:29: error: 'url' must be an absolute http or https URL
        ; write it as in https://leads.example.com

        # a URL of another scheme
        - url: https://leads.example.com
        + url: ftp://leads.example.com
        = 1:29: error: 'url' must be an absolute http or https URL
        ; write it as in https://leads.example.com

        # a URL with a query
        - url: https://leads.example.com
        + url: 'https://leads.example.com/?a=b'
        = 1:29: error: 'url' must not have a query or a fragment
        ; end it before the '?' or '#'

        # a URL that is too long for messages with many links
        - url: https://leads.example.com
        + url: https://leads.example.com/ppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp
        = 1:29: error: 'url' has more than 120 characters, and messages with many links would not fit
        ; use a host and a path that are shorter

        # a URL with a password
        - url: https://leads.example.com
        + url: 'https://me:canary9@leads.example.com'
        = 1:29: error: 'url' must not hold a user or a password
        ; remove what stands before the '@'

        # plain http beyond this machine is a warning
        - url: https://leads
        + url: http://leads
        = 1:29: warning: 'url' sends links over plain http
        ; use https: only loopback addresses are safe without it

        # a record URL without a place for the id
        - url: https://leads.example.com
        + url: https://leads.example.com, record_url: https://crm.example.com/lead
        = 1:68: error: 'record_url' has no place for the lead's id
        ; write it as in https://crm.example.com/lead/{id}

        # an address to listen on without a host
        - operators:
        + server: { listen: ':8080' }
        + operators:
        = 3:19: error: 'listen' is not an address to listen on
        ; write it as in 127.0.0.1:8080 or unix:/run/leadbell/http.sock

        # a port out of range
        - operators:
        + server: { listen: 127.0.0.1:80800 }
        + operators:
        = 3:19: error: 'listen' is not an address to listen on
        ; write it as in 127.0.0.1:8080 or unix:/run/leadbell/http.sock

        # retries that grow shorter
        - operators:
        + delivery: { first_retry: 1m, longest_retry: 30s }
        + operators:
        = 3:45: error: 'longest_retry' (30 s) is shorter than 'first_retry' (1 min)
        ; make it at least as long

        # giving up before the longest pause
        - operators:
        + delivery: { give_up: 1m }
        + operators:
        = 3:22: error: 'give_up' (1 min) is shorter than 'longest_retry' (15 min)
        ; make it at least as long

        # a secret in plain text is refused and not repeated
        - tls: required
        + tls: required, password: canary10
        = 5:80: error: 'password' must be a reference to a secret, not the secret itself
        ; write env:NAME, file:PATH or credential:NAME

        # a variable that is not set
        - secret: env:LINK_KEY
        + secret: env:LINK_KAY
        = 2:42: error: the secret env:LINK_KAY is not set
        ; set the variable for the service, or check its name

        # a variable that is empty
        - secret: env:LINK_KEY
        + secret: env:EMPTY
        = 2:42: error: the secret env:EMPTY is empty

        # a secret of several lines
        - secret: env:LINK_KEY
        + secret: env:LINES
        = 2:42: error: the secret env:LINES holds more than one line or control characters
        ; keep nothing but the secret in it

        # a file that is not there
        - secret: env:LINK_KEY
        + secret: file:/nowhere/link-key
        = 2:42: error: the secret file:/nowhere/link-key can't be read: it does not exist

        # a credential that is not there
        - secret: env:LINK_KEY
        + secret: credential:link-key
        = 2:42: error: the secret credential:link-key can't be read: it does not exist
        ; put it into /etc/leadbell/credentials/link-key and restart the service

        # a link key that is too short
        - secret: env:LINK_KEY
        + secret: env:SHORT
        = 2:42: error: 'secret' has fewer than 32 bytes, read as hex, base64 or plain text
        ; make a key with: openssl rand -hex 32

        # a link key's id that does not fit into a link
        - id: k1
        + id: K-1
        = 2:30: error: 'id' is not usable in links
        ; use lower-case letters and digits alone

        # a link key's id that is too long
        - id: k1
        + id: k12345678901234567890123456789012
        = 2:30: error: 'id' is too long for links
        ; use at most 32 letters and digits

        # two link keys of one id
        - [{ id: k1, secret: env:LINK_KEY }]
        + [{ id: k1, secret: env:LINK_KEY }, { id: k1, secret: env:LINK_KEY }]
        = 2:64: error: 'id' is the id of an earlier key
        ; each key needs its own

        # no link key
        - [{ id: k1, secret: env:LINK_KEY }]
        + []
        = 2:23: error: 'link_keys' is empty
        ; add link_keys: [{ id: k1, secret: credential:link-key }]
        """#)
}
