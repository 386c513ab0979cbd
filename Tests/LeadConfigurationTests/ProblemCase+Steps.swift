// Problems of a policy's steps beyond their order; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofSteps = read(
        #"""
        # a repetition without its number
        - { after: 15m, remind: manager }
        + { after: 15m, every: 10m, remind: manager }
        = 17:28: error: 'every' has no number beside it
        ; add times: 3, which is how often in all

        # a number without its interval
        - { after: 15m, remind: manager }
        + { after: 15m, times: 3, remind: manager }
        = 17:28: error: 'times' has no interval beside it
        ; add every: 10m

        # repetitions that go on beyond the end
        - { after: 15m, remind: manager }
        + { after: 15m, every: 15m, times: 4, remind: manager }
        = 17:7: error: the repetitions go on when the lead has its owner
        ; repeat it less often, or give the last step more time

        # a policy that takes longer than its target
        -   standard:
        -     - { after: 0s, notify: manager }
        +   standard: { target: 45m, steps: [{ after: 0s, notify: manager }, { after: 60m, assign: jane }] }
        +   other:
        +     - { after: 0s, notify: manager }
        = 15:23: warning: the policy may take 1 h, which is longer than its target of 45 min
        ; let the last step come sooner
        = 16:3: warning: policy 'other' is used by no route

        # a playbook that no message holds
        -   standard:
        -     - { after: 0s, notify: manager }
        +   standard: { playbook: [a, b, c, d, e, f, g], steps: [{ after: 0s, notify: manager }, { after: 60m, assign: jane }] }
        +   other:
        +     - { after: 0s, notify: manager }
        = 15:25: error: 'playbook' has 7 steps
        ; at most 6 stand in a message; join some
        = 16:3: warning: policy 'other' is used by no route

        # a step of a playbook that is too long
        -   standard:
        -     - { after: 0s, notify: manager }
        +   standard: { playbook: [a, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx], steps: [{ after: 0s, notify: manager }, { after: 60m, assign: jane }] }
        +   other:
        +     - { after: 0s, notify: manager }
        = 15:29: error: an entry of 'playbook' has 201 characters
        ; shorten it to 200; a link may say more
        = 16:3: warning: policy 'other' is used by no route

        # a playbook without steps
        -   standard:
        -     - { after: 0s, notify: manager }
        +   standard: { playbook: [], steps: [{ after: 0s, notify: manager }, { after: 60m, assign: jane }] }
        +   other:
        +     - { after: 0s, notify: manager }
        = 15:25: error: 'playbook' has no steps
        ; write what the rep is to do, or remove the key
        = 16:3: warning: policy 'other' is used by no route

        # a share that is none
        - { after: 15m, remind: manager }
        + { at: 0.8, remind: manager }
        = 17:13: error: 'at' is not a share of the policy's time
        ; write it as 80%

        # two times
        - { after: 15m, remind: manager }
        + { after: 15m, at: 80%, remind: manager }
        = 17:16: error: 'after' is given beside 'at'
        ; one time is enough

        # a share of itself
        - { after: 60m, assign: jane }
        + { at: 80%, assign: jane }
        = 18:13: error: 'at' is a share of a time that the last step doesn't give
        ; give the last step a time such as after: 60m

        # a condition that does not exist
        - { after: 15m, remind: manager }
        + { after: 15m, if: claimed, remind: manager }
        = 17:25: error: 'if' is no condition of a step
        ; write if: unclaimed, or remove it

        # the best without anyone behind them
        - { after: 60m, assign: jane }
        + { after: 60m, assign: best }
        = 18:29: error: 'assign' doesn't say who gets the lead when nobody is on duty and has room
        ; give the policy a last_resort: PERSON, beside its steps

        # an id that means everyone who has been asked
        - { id: lee,
        + { id: asked,
        = 9:11: error: the id 'asked' has a meaning of its own in policies
        ; choose another
        = 12:57: error: there is no person 'lee'
        ; use dana, asked or jane
        = 13:18: error: there is no person 'lee'
        ; use dana, asked or jane
        """#)
}
