import LeadCore
import Testing

@testable import LeadWeb

@Suite("Rates")
struct RatesTests {
    private let rates = Rates { _ in
        [
            TokenBucket(RateLimit(2, per: .seconds(2)), burst: 2),
            TokenBucket(RateLimit(2, per: .seconds(600)), burst: 2),
        ]
    }

    @Test("of several limits that are used up the one that opens last says how long to wait")
    func opening() {
        for _ in 0..<2 { #expect(rates.take(1, of: "crm", now: Fixture.start) == nil) }
        #expect(rates.take(1, of: "crm", now: Fixture.start) == 300)
        #expect(rates.take(1, of: "ads", now: Fixture.start) == nil, "each name has room of its own")
    }

    @Test("what one limit refuses uses none of the others, and what is put back is there again")
    func refused() {
        for _ in 0..<2 { #expect(rates.take(1, of: "crm", now: Fixture.start) == nil) }
        let later = Fixture.start + .seconds(2)
        for _ in 0..<5 { #expect(rates.take(1, of: "crm", now: later) == 298) }
        rates.putBack(1, of: "crm")
        #expect(rates.take(1, of: "crm", now: later) == nil)
        #expect(rates.take(1, of: "crm", now: later) == 298)
    }
}
