// What is remarked on a team: small shares, full desks and large leads, once there are enough to speak of.

import LeadCore
import LeadTestKit
import Testing

@Suite("Facts of a team")
struct TeamFactsTests {
    private typealias Profile = Person.RepProfile

    private func facts(_ reps: [Candidate], settings: RankingSettings = RankingSettings()) -> [String] {
        RankingCast.rank([:], reps, settings: settings).facts
    }

    private func team(_ counts: [Int], weights: [Double] = [1, 1, 1, 1], large: [Int] = [0, 0, 0, 0]) -> [Candidate] {
        ["jane", "billy", "kim", "lou"].enumerated().map { index, id in
            RankingCast.rep(
                PersonID(id), Profile(weight: weights[index]),
                Workload(windowCount: counts[index], highValueCount: large[index]))
        }
    }

    @Test("less than half a fair share is told, with the share")
    func starvation() {
        #expect(facts(team([2, 13, 12, 13])) == ["Jane had 2 of 40 leads in 30 days; an even share is 10"])
        #expect(facts(team([5, 12, 11, 12])) == [])
        #expect(
            facts(team([4, 4, 12, 0], weights: [1, 1, 1, 2])) == [
                "Lou had 0 of 20 leads in 30 days; a share by weight is 8"
            ])
    }

    @Test("few leads are no sample, and a share below one lead is none")
    func samples() {
        #expect(facts(team([0, 3, 3, 3])) == [])
        #expect(facts(team([0, 3, 3, 4])) == ["Jane had 0 of 10 leads in 30 days; an even share is 2.5"])
        #expect(facts(team([0, 3, 3, 3]), settings: RankingSettings(minimumSample: 9)).count == 1)
        #expect(facts(team([0, 50, 50, 50], weights: [0.01, 1, 1, 1])) == [])
    }

    @Test("a load over the soft cap is told")
    func overload() {
        let reps = [
            RankingCast.rep("jane", Profile(capacity: 8), Workload(openCount: 9, openWeight: 9)),
            RankingCast.rep("billy", Profile(capacity: 8), Workload(openCount: 8, openWeight: 8)),
            RankingCast.rep("kim", Profile(capacity: 8), Workload(openCount: 1, openWeight: 8.25)),
            RankingCast.rep("lou", Profile(), Workload(openCount: 99, openWeight: 99)),
        ]
        #expect(
            facts(reps) == [
                "Jane has 9 open leads; the capacity is 8", "Kim has 1 open lead, weighing 8.3; the capacity is 8",
            ])
    }

    @Test("more than twice a fair share of the large leads is told")
    func largeLeads() {
        #expect(
            facts(team([5, 5, 5, 5], large: [9, 2, 1, 0])) == [
                "Jane had 9 of 12 leads worth 50,000 or more in 30 days; an even share is 3"
            ])
        #expect(facts(team([5, 5, 5, 5], large: [6, 3, 3, 0])) == [])
        #expect(facts(team([5, 5, 5, 5], large: [9, 0, 0, 0])) == [])
        #expect(facts(team([20, 5, 5, 5], weights: [4, 1, 1, 1], large: [9, 2, 1, 0])) == [])
    }
}
