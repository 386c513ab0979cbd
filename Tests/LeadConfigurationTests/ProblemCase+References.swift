// Problems of channels, people, rules and enrichers; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofReferences = read(
        #"""
        # people whom nothing concerns
        - people:
        + people:
        +   - { id: kim, name: Kim }
        +   - { id: max, name: Max, manager: true, reach: { mail: max@example.com, chat: env:SLACK_BILLY } }
        = 8:5: warning: nothing refers to 'kim'
        ; make them a manager or a rep, or remove them
        = 9:5: warning: manager 'max' is named by no route and no policy
        ; name them there; as it is they are asked only in others' absence, as a lead's owner or by a manager

        # a fallback person without hours, where others have some
        - { id: lee, name: Lee,
        + { id: lee, name: Lee, hours: { mon-fri: 09:00-17:00 },
        = 10:5: warning: 'jane' gets leads by policy 'standard' and has no working hours
        ; add 'hours' or a 'calendar'; without them they count as always there

        # a channel kind that does not exist
        - kind: teams
        + kind: tems
        = 6:17: error: there is no channel kind 'tems'
        ; did you mean 'teams'?

        # a channel kind that is nowhere near
        - kind: teams
        + kind: pigeon
        = 6:17: error: there is no channel kind 'pigeon'
        ; use smtp, teams or slack

        # a channel without a kind
        - kind: teams
        + plain_http: true
        = 6:9: error: missing key 'kind' in a channel
        ; use smtp, teams or slack

        # an option that the kind needs
        - relay: smtp://mail.example.com,
        +
        = 5:9: error: missing key 'relay' in a channel
        ; the relay's URL

        # an option that the kind does not have
        - kind: teams }
        + kind: teams, relay: x }
        = 6:24: error: unknown key 'relay' in a channel
        ; use kind, plain_http, concurrency, retries, language or room

        # a channel's name that can't be used
        - chat: { kind: teams }
        + chat: { kind: teams }
        +   My Chat: { kind: teams }
        = 7:3: error: a channel's name is not usable
        ; use lower-case letters, digits, '-' and '_', at most 64

        # concurrency out of range
        - kind: teams }
        + kind: teams, concurrency: 0 }
        = 6:37: error: 'concurrency' must be 1 to 64

        # a rate that is none
        - kind: teams }
        + kind: slack, rate: [4/s, 60] }
        = 6:36: error: an entry of 'rate' is not a rate
        ; write it as 1/s, 60/30s or 1000/h, several as a list, or none

        # a list without a rate
        - kind: teams }
        + kind: slack, rate: [] }
        = 6:30: error: 'rate' is empty
        ; write none, or a rate such as 1/s

        # a rate without a time
        - kind: teams }
        + kind: slack, rate: 0/s }
        = 6:30: error: 'rate' is not a rate
        ; write it as 1/s, 60/30s or 1000/h, several as a list, or none

        # a choice that is none, among several
        - kind: teams }
        + kind: slack, events: [opened, clsed] }
        = 6:41: error: an entry of 'events' must be opened or closed
        ; did you mean 'closed'?

        # no choice at all
        - kind: teams }
        + kind: slack, events: [] }
        = 6:32: error: 'events' is empty
        ; name some, or remove the key for all

        # two people of one id
        - id: lee,
        + id: dana,
        = 9:11: error: the id 'dana' is taken by the person in line 8
        ; each person needs their own
        = 12:57: error: there is no person 'lee'
        ; use dana or jane
        = 13:18: error: there is no person 'lee'
        ; use dana or jane

        # an id that can't be used
        - id: jane,
        + id: Jane O,
        = 10:11: error: 'id' is not a usable name
        ; use lower-case letters, digits, '-' and '_', at most 64
        = 18:29: error: there is no person 'jane'
        ; use dana, lee or best

        # an id that means something else
        - - { id: jane, name
        + - { id: jane, name: J, reach: { mail: j@example.com } }
        +   - { id: manager, name
        = 11:11: error: the id 'manager' has a meaning of its own in policies
        ; choose another

        # an unknown channel
        - reach: { mail: jane@example.com }
        + reach: { male: jane@example.com }
        = 10:77: error: there is no channel 'male'
        ; use mail or chat

        # an address that the channel refuses is not repeated
        - mail: jane@example.com
        + mail: canary11.example.com
        = 10:83: error: 'mail' has no usable address
        ; an address has an @, this has none

        # an address from a variable that the channel refuses is not repeated
        - chat: env:LEE_URL
        + chat: env:BAD_URL
        = 9:80: error: 'chat' has no usable address
        ; the URL begins with https://, not as in 'this'

        # a webhook in plain text is a warning and not repeated
        - chat: env:LEE_URL
        + chat: https://canary12.example.com/hook
        = 9:80: warning: 'chat' shows a URL that others could use, in plain text
        ; a webhook's URL is a secret: write env:NAME, file:PATH or credential:NAME

        # a variable for an address that is not set
        - chat: env:LEE_URL
        + chat: env:LEE_URI
        = 9:80: error: the secret env:LEE_URI is not set
        ; set the variable for the service, or check its name

        # a time zone with a slip
        - name: Jane,
        + name: Jane, time_zone: America/Chicgo,
        = 10:40: error: 'time_zone' is no time zone of the IANA database
        ; did you mean 'America/Chicago'?

        # a time zone without its continent
        - name: Jane,
        + name: Jane, time_zone: Chicago,
        = 10:40: error: 'time_zone' is no time zone of the IANA database
        ; did you mean 'America/Chicago'?

        # a time zone's abbreviation
        - name: Jane,
        + name: Jane, time_zone: XYZ,
        = 10:40: error: 'time_zone' is no time zone of the IANA database
        ; write a name such as America/Chicago

        # a manager who can't be reached
        - manager: true, reach: { mail: lee@example.com, chat: env:LEE_URL } }
        + manager: true }
        = 9:5: error: manager 'lee' can't be reached
        ; add a 'reach' with at least one channel

        # a fallback person who can't be reached
        - , reach: { mail: jane@example.com } }
        +  }
        = 10:5: error: 'jane' gets leads by policy 'standard' and can't be reached
        ; add a 'reach' with at least one channel

        # a manager with mail alone is a warning
        - mail: lee@example.com, chat: env:LEE_URL
        + mail: lee@example.com
        = 9:5: warning: manager 'lee' is reached by mail alone
        ; add a chat channel: both mail and chat go out for every lead

        # a manager with chat alone is a warning
        - mail: lee@example.com, chat: env:LEE_URL
        + chat: env:LEE_URL
        = 9:5: warning: manager 'lee' is reached by chat alone
        ; add a mail channel: both mail and chat go out for every lead

        # nobody who can be given a lead
        - rep: { skills: [stone], capacity: 8 },
        +
        = 8:3: error: 'people' has nobody who can be given a lead
        ; give at least one person 'rep: true'

        # rep must be true or a mapping
        - rep: { skills: [stone], capacity: 8 }
        + rep: maybe
        = 10:34: error: 'rep' must be true, or a mapping with skills and capacity
        ; write rep: true

        # no operators is a warning
        - operators: [dana]
        -
        +
        = 1:1: warning: there are no operators
        ; add operators: [PERSON], who is told when nobody is reached

        # an operator who does not exist
        - operators: [dana]
        + operators: [dora]
        = 3:13: error: there is no person 'dora'
        ; use dana, lee or jane

        # an operator named twice
        - operators: [dana]
        + operators: [dana, dana]
        = 3:19: error: an entry of 'operators' names 'dana' twice
        ; once is enough

        # a manager who does not exist
        - managers: [dana, lee]
        + managers: [dana, leo]
        = 12:57: error: there is no person 'leo'
        ; did you mean 'lee'?

        # a route's manager who is none
        - managers: [dana, lee]
        + managers: [dana, jane]
        = 12:57: error: 'jane' is not a manager and can't choose
        ; give jane 'manager: true'

        # a route without managers
        - managers: [dana, lee]
        + managers: []
        = 12:50: error: 'managers' is empty
        ; name at least one manager

        # a policy that does not exist
        - managers: [dana, lee], policy: standard
        + managers: [dana, lee], policy: standart
        = 12:71: error: there is no policy 'standart'
        ; did you mean 'standard'?

        # a last route with a condition
        - - { managers: [lee]
        + - { when: { product: tile }, managers: [lee]
        = 13:5: error: the last route has a condition, so a lead may get no route
        ; add a route without 'when' after it

        # a route that hides the others
        - when: { product: [tile, slab] },
        +
        = 12:5: error: this route takes every lead, so those after it are never reached
        ; give it a 'when' or move it to the end

        # a condition that nothing meets
        - product: [tile, slab]
        + product: []
        = 12:24: error: 'product' is empty, so no lead would meet it
        ; name at least one value

        # a field with a slip is a warning
        - product: [tile, slab]
        + projct_type: [tile, slab]
        = 12:15: warning: 'projct_type' is not a field that leads usually have
        ; did you mean 'project_type'?

        # no routes
        - routes:
        -   - { when: { product: [tile, slab] }, managers: [dana, lee], policy: standard }
        -   - { managers: [lee], policy: standard }
        + routes: []
        = 11:9: error: 'routes' is empty
        ; add a list that ends with { managers: [...], policy: ... }

        # a policy that ends without an owner
        -     - { after: 60m, assign: jane }
        -
        +
        = 17:7: error: the policy ends without giving the lead an owner
        ; add a last step such as { after: 60m, assign: PERSON }

        # a policy without steps
        - standard:
        -     - { after: 0s, notify: manager }
        -     - { after: 15m, remind: manager }
        -     - { after: 60m, assign: jane }
        + standard: []
        = 15:13: error: a policy has no steps
        ; end it with { after: 60m, assign: PERSON }

        # a step after the assignment
        - remind: manager
        + assign: jane
        = 17:7: error: the lead has its owner here, so the steps after this one never happen
        ; make it the last step

        # a step that goes back in time
        - after: 60m
        + after: 10m
        = 18:7: error: this step comes earlier than the one before it
        ; times count from the lead's arrival; put the steps in order

        # a policy that asks nobody
        - notify: manager
        + remind: manager
        = 16:5: error: the policy asks nobody to choose
        ; begin with { after: 0s, notify: manager }

        # a step that does nothing
        - after: 15m, remind: manager
        + after: 15m
        = 17:7: error: a step does nothing
        ; add notify, remind, warn or assign

        # a step that does two things
        - after: 15m, remind: manager
        + after: 15m, remind: manager, notify: lee
        = 17:7: error: a step does more than one thing
        ; make it one step for each

        # a step without a time
        - after: 15m, remind
        + remind
        = 17:7: error: missing key 'after' in a step
        ; write after: 15m, or at: 80%

        # a fallback person who does not exist
        - assign: jane
        + assign: jan
        = 18:29: error: there is no person 'jan'
        ; did you mean 'jane'?

        # a role with a slip
        - remind: manager
        + remind: manger
        = 17:29: error: 'remind' names nobody
        ; did you mean 'manager'?

        # asking someone who may not choose
        - remind: manager
        + remind: jane
        = 17:29: error: 'jane' is not a manager and can't choose
        ; give jane 'manager: true'

        # a role among names
        - remind: manager
        + remind: [manager, lee]
        = 17:30: error: an entry of 'remind' is a role, which can't stand among names
        ; make it a step of its own

        # a policy that no route uses is a warning
        - policies:
        + policies:
        +   spare: [{ after: 0s, notify: manager }, { after: 1h, assign: jane }]
        = 15:3: warning: policy 'spare' is used by no route

        # an enricher that does not exist
        - operators:
        + enrichment: { chain: [{ kind: normalize }] }
        + operators:
        = 3:31: error: there is no enricher kind 'normalize'
        ; did you mean 'normalise'?

        # a file that can't be read
        - operators:
        + enrichment: { chain: [{ kind: firms, file: nowhere.csv }] }
        + operators:
        = 3:44: error: 'file' names a file that can't be read
        ; relative paths begin in the configuration's folder

        # an enricher's option that is missing
        - operators:
        + enrichment: { chain: [{ kind: firms }] }
        + operators:
        = 3:23: error: missing key 'file' in an enricher
        ; a CSV file
        """#)
}
