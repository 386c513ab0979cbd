// Problems of the conditions on which routes take leads; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofConditions = read(
        #"""
        # a route whose leads an earlier one takes
        - { managers: [lee], policy: standard }
        + { when: { product: tile, value: { at_least: 5 } }, managers: [lee], policy: standard }
        +   - { managers: [lee], policy: standard }
        = 13:5: warning: the route in line 12 takes every lead that this one would
        ; move this one before it

        # a route that no lead can take
        - { when: { product: [tile, slab] }, managers: [dana, lee], policy: standard }
        + { when: { product: tile, any: [{ product: slab }] }, managers: [dana, lee], policy: standard }
        = 12:5: warning: no lead can meet these conditions
        ; make it one route for each

        # a way of asking that does not exist
        - { managers: [lee], policy: standard }
        + { managers: [lee], ask: al, policy: standard }
        = 13:29: error: 'ask' must be first, all or in_turn
        ; did you mean 'all'?

        # a test that does not exist
        - product: [tile, slab]
        + product: { lik: tile* }
        = 12:26: error: unknown key 'lik' in a field's tests
        ; did you mean 'like'?

        # tests of nothing
        - product: [tile, slab]
        + product: {}
        = 12:24: error: 'product' tests nothing
        ; use not, like, known, at_least or below

        # no patterns
        - product: [tile, slab]
        + product: { like: [] }
        = 12:32: error: 'like' is empty, so no lead would meet it
        ; name at least one value

        # bounds that are none
        - product: [tile, slab]
        + value: { at_least: many, below: '1.000,5' }
        = 12:34: error: 'at_least' must be a number
        ; write it as 50000 or 2.5
        = 12:47: error: 'below' must be a number
        ; write it as 50000 or 2.5

        # bounds in the wrong order
        - product: [tile, slab]
        + value: { at_least: 10, below: 10 }
        = 12:45: error: 'below' is not more than 'at_least', so no lead would meet it
        ; exchange the two

        # a currency without an amount
        - product: [tile, slab]
        + value: { currency: USD }
        = 12:34: error: 'currency' has no amount beside it
        ; add at_least or below

        # any of nothing
        - product: [tile, slab]
        + any: []
        = 12:20: error: 'any' is empty, so no lead would meet it
        ; name at least one case

        # any of what is no list
        - product: [tile, slab]
        + any: { product: tile }
        = 12:20: error: 'any' must be a list, not a mapping

        # combinations of nothing
        - product: [tile, slab]
        + any: [{}, { not: {} }]
        = 12:21: error: a case of 'any' has no condition
        ; name a field
        = 12:32: error: 'not' has no condition
        ; name a field

        # not what is no condition
        - product: [tile, slab]
        + not: tile
        = 12:20: error: 'not' must be a mapping of keys to values

        # a slip within a combination is a warning
        - product: [tile, slab]
        + any: [{ not: { produkt: tile } }, { city: Gary }]
        = 12:30: warning: 'produkt' is not a field that leads usually have
        ; did you mean 'product'?
        """#)
}
