// Problems of what makes a rep and of how reps are ranked; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofRanking = read(
        #"""
        # a key of a rep that does not exist
        - rep: { skills: [stone], capacity: 8 }
        + rep: { skils: [stone], capacity: 8 }
        = 10:36: error: unknown key 'skils' in 'rep'
        ; did you mean 'skills'?

        # a skill's level that is none
        - skills: [stone]
        + skills: [stone, { tile: 6 }, { slab: expert }]
        = 10:60: error: 'tile' must be 1 to 5
        = 10:73: error: 'slab' must be a whole number

        # a skill twice
        - skills: [stone]
        + skills: [stone, { Stone: 5 }]
        = 10:54: error: a skill is named twice
        ; once is enough

        # a skill that is a list
        - skills: [stone]
        + skills: [[stone]]
        = 10:45: error: an entry of 'skills' must be a text, not a list

        # a region that is no code
        - skills: [stone]
        + regions: [US-IL, Illinois, US-]
        = 10:53: error: an entry of 'regions' is no code of a country or a state
        ; write it as US or US-IL
        = 10:63: error: an entry of 'regions' is no code of a country or a state
        ; write it as US or US-IL

        # a seniority beyond the scale
        - skills: [stone]
        + seniority: 0
        = 10:47: error: 'seniority' must be 1 to 5

        # caps in the wrong order
        - capacity: 8
        + capacity: 8, hard_cap: 7, per_day: 3, per_week: 2
        = 10:76: error: 'hard_cap' is below 'capacity', which would never be reached
        ; make it at least 8
        = 10:101: error: 'per_week' is below 'per_day', which would never be reached
        ; make it at least 3

        # a weight of nothing
        - skills: [stone]
        + weight: 0
        = 10:44: error: 'weight' must be more than 0 and at most 1000

        # a factor that does not exist
        - operators:
        + ranking: { weights: { skils: 3 } }
        + operators:
        = 3:23: error: unknown key 'skils' in 'weights'
        ; did you mean 'skills'?

        # a factor that is nowhere near
        - operators:
        + ranking: { weights: { beauty: 3 } }
        + operators:
        = 3:23: error: unknown key 'beauty' in 'weights'
        ; use owner, skills, specialism, region, language, seniority, capacity, presence, fairness, rest or acquaintance

        # weights that are none
        - operators:
        + ranking: { weights: { skills: -1, rest: much } }
        + operators:
        = 3:31: error: 'skills' must be 0 to 1000
        ; 0 turns the factor off
        = 3:41: error: 'rest' must be a number
        ; write it as 50000 or 2.5

        # every factor off
        - operators:
        + ranking:
        +   weights:
        +     { owner: 0, skills: 0, specialism: 0, region: 0, language: 0, seniority: 0, capacity: 0, presence: 0, fairness: 0,
        +       rest: 0, acquaintance: 0 }
        + operators:
        = 5:5: error: 'weights' turns every factor off
        ; leave at least one on

        # a window without a unit
        - operators:
        + ranking: { window: 30 }
        + operators:
        = 3:20: error: 'window' has no unit
        ; write 30s, 30m or 30h

        # a measure of load that does not exist
        - operators:
        + ranking: { load: cont }
        + operators:
        = 3:18: error: there is no measure of load 'cont'
        ; did you mean 'count'?

        # values of seniority that don't rise, or are too few
        - operators:
        + ranking: { seniority_values: [10, 50, 50, 100] }
        + operators:
        = 3:30: error: 'seniority_values' must be four numbers, each more than the one before
        ; they are the values from which on a lead asks for a seniority of 2, 3, 4 and 5

        # a value of seniority that is none
        - operators:
        + ranking: { seniority_values: [10, 50, many] }
        + operators:
        = 3:39: error: a value of 'seniority_values' must be a number
        ; write it as 50000 or 2.5

        # a high value of nothing
        - operators:
        + ranking: { high_value: 0, minimum_sample: 0 }
        + operators:
        = 3:24: error: 'high_value' must be more than 0
        = 3:43: error: 'minimum_sample' must be 1 to 1000000

        # a rule that needs nothing
        - operators:
        + ranking: { rules: [{ when: { product: tile } }] }
        + operators:
        = 3:20: error: a rule needs nothing of a rep
        ; add a licence or a skill

        # a rule for every lead
        - operators:
        + ranking: { rules: [{ skill: stone }, { when: {}, skill: stone }] }
        + operators:
        = 3:20: error: missing key 'when' in a rule
        ; say which leads need it, as in when: { project_type: mortgage }
        = 3:46: error: 'when' has no condition
        ; name a field

        # a rule that needs two things
        - operators:
        + ranking: { rules: [{ when: { product: tile }, skill: stone, licence: il }] }
        + operators:
        = 3:54: error: 'skill' stands beside a licence
        ; make it a rule of its own

        # a rule whose key and conditions have slips
        - operators:
        + ranking: { rules: [{ when: { product: { lik: t* } }, skil: stone }] }
        + operators:
        = 3:41: error: unknown key 'lik' in a field's tests
        ; did you mean 'like'?
        = 3:54: error: unknown key 'skil' in a rule
        ; did you mean 'skill'?

        # a rule that no rep can meet is a warning
        - operators:
        + ranking: { rules: [{ when: { product: tile }, skill: stoen }, { when: { product: tile }, licence: il }] }
        + operators:
        = 3:54: warning: 'skill' names a skill that no rep has, so such a lead could be given to nobody
        ; did you mean 'stone'?
        = 3:99: warning: 'licence' names a licence that no rep has, so such a lead could be given to nobody
        ; give it to those who have it
        """#)
}
