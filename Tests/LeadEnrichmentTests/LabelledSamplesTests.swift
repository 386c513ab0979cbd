// How well leadbell does on samples of hard cases with the right answers: no change may make it worse unnoticed.

import LabelledSamples
import Testing

@Suite("The labelled samples")
struct LabelledSamplesTests {
    private let samples = LabelledSamples()

    @Test("nearly all that are one person's are found, and next to none that aren't are taken for one")
    func alike() throws {
        check(try samples.alike(), "alike", cases: 480, precision: 0.97, recall: 0.93)
    }

    @Test("nearly all phone numbers are read as they are meant, and next to nothing that is none as one")
    func phones() async throws {
        check(try await samples.phones(), "phones", cases: 140, precision: 0.97, recall: 0.95)
    }

    @Test("a list of words tells what most people are from what they write, and seldom says what they aren't")
    func industries() async throws {
        check(try await samples.industries(), "industries", cases: 120, precision: 0.9, recall: 0.8)
    }

    private func check(_ score: SampleScore, _ name: String, cases: Int, precision: Double, recall: Double) {
        for mistake in score.mistakes { print("\(name): \(mistake)") }
        print("\(name): precision \(score.precision), recall \(score.recall) of \(score.cases)")
        #expect(score.cases >= cases)
        #expect(score.precision >= precision)
        #expect(score.recall >= recall)
    }
}
