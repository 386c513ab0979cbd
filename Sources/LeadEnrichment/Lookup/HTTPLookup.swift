// The enricher `http`: asks any API that answers in JSON, and takes from the answer what the configuration names. Answers
// are kept for a while, also the one that nothing is known; leads that ask the same share one request. Whatever the API
// does (down, slow, 429, 10 MB, HTML) is a gap in the lead and no more.

import Curl
import LeadCore
import Synchronization

/// What enrichers need to ask outside.
public struct Outside: Sendable {
    /// Sends the requests; shut down by who made it.
    public let client: HTTPClient
    /// Keeps answers.
    public let answers: any AnswerStore
    /// Tells when.
    public let clock: any TimeSource
    /// Reads an answer, one JSON object, by a mapping.
    public let read: Reader
    /// Told what an operator is to know.
    public let report: @Sendable (OutsideNews) -> Void

    /// Gives the texts by field; nil when the bytes are no object that the mapping can read.
    public typealias Reader = @Sendable (_ object: [UInt8], _ mapping: FieldMapping) -> [FieldName: String]?

    /// The way outside.
    public init(
        client: HTTPClient, answers: any AnswerStore, clock: any TimeSource, read: @escaping Reader,
        report: @escaping @Sendable (OutsideNews) -> Void
    ) {
        self.read = read
        self.report = report
        self.client = client
        self.answers = answers
        self.clock = clock
    }
}

/// Asks an API about a lead.
public final class HTTPLookup: Enricher {
    public let name: String
    /// It waits for an answer.
    public let isImmediate = false
    public var retryFor: Duration { settings.persistence }
    public var complaint: String? { complaints.reason }

    private let settings: HTTPLookupSettings
    private let outside: Outside?
    private let turnstile: Turnstile?
    private let complaints: Complaints
    private let underWay = Mutex<[QuestionKey: Task<Answer, Never>]>([:])

    /// What came of a question.
    enum Answer: Sendable, Equatable {
        /// Texts by field, none when nothing is known, and when they were learnt; with what could not be used.
        case known([FieldName: String], at: Timestamp, flaw: String?)
        case failed(HTTPFlaw)
    }

    init(name: String, settings: HTTPLookupSettings, outside: Outside?) {
        self.name = name
        self.settings = settings
        self.outside = outside
        complaints = Complaints(of: name)
        turnstile = outside.map { Turnstile(settings.limits, clock: $0.clock) }
    }

    static let kind = EnricherKind(name: "http", options: HTTPLookupSettings.options) {
        name, values, outside throws(OptionFlaw) in
        HTTPLookup(name: name, settings: try HTTPLookupSettings(values), outside: outside)
    }

    /// False while the lead lacks one of the values that the question needs.
    public func canAsk(about lead: Lead) -> Bool { settings.asked.allSatisfy { lead[$0] != nil } }

    /// What the API knows by the lead's values; nothing when the lead lacks one of those that the question needs.
    public func enrich(_ lead: Lead) async -> Enrichment {
        guard let question = settings.question(about: lead) else { return Enrichment() }
        guard let outside, let turnstile else { return Enrichment(failure: "is not asked here") }
        let key = QuestionKey([name] + question.identity)
        switch await answer(to: question, key, outside, turnstile) {
        case .failed(let flaw):
            return Enrichment(failure: flaw.sentence, retryFor: flaw.prospect == .lasting ? .zero : retryFor)
        case .known(let values, let at, let flaw):
            let named = settings.fields.map(\.field)
            let mapped = values.keys.filter { !named.contains($0) }.sorted()
            let findings = (named + mapped).compactMap { field in
                values[field].map {
                    Enrichment.Finding(field, $0, basis: question.basis, confidence: settings.confidence, at: at)
                }
            }
            return Enrichment(findings: findings, failure: flaw)
        }
    }

    private func answer(
        to question: HTTPQuestion, _ key: QuestionKey, _ outside: Outside, _ turnstile: Turnstile
    ) async -> Answer {
        do throws(StoreFailure) {
            if let kept = try await outside.answers.answer(to: key), kept.until > outside.clock.now() {
                return .known(kept.values, at: kept.at, flaw: nil)
            }
        } catch {
            // A cache that fails is no reason not to ask.
            outside.report(.notKept(error))
        }
        // A task of its own: the lead that asked first may be given up while others wait for the same answer.
        let task = underWay.withLock { underWay in
            if let task = underWay[key] { return task }
            let task = Task { [self] in
                let answer = await ask(question, key, outside, turnstile)
                self.underWay.withLock { _ = $0.removeValue(forKey: key) }
                return answer
            }
            underWay[key] = task
            return task
        }
        return await task.value
    }

    private func ask(
        _ question: HTTPQuestion, _ key: QuestionKey, _ outside: Outside, _ turnstile: Turnstile
    ) async -> Answer {
        do throws(Turnstile.Refusal) {
            try await turnstile.enter()
        } catch {
            return .failed(HTTPFlaw(error.words, .passing))
        }
        let response = await outside.client.send(settings.request(question))
        let now = outside.clock.now()
        let verdict = settings.judge(response, outside.read)
        let hasOpened = turnstile.leave(verdict.ending)
        switch verdict.reading {
        case .failure(let flaw):
            let news = complaints.failed(
                flaw.sentence, leftAlone: hasOpened, refused: flaw.prospect == .credentials)
            if let news { outside.report(news) }
            return .failed(flaw)
        case .success(let reading):
            if let news = complaints.answered() { outside.report(news) }
            // What could not be read as it was meant may be mended the next minute.
            if reading.flaw == nil {
                let life = reading.values.isEmpty ? settings.missLife : settings.life
                do throws(StoreFailure) {
                    try await outside.answers.keep(
                        KeptAnswer(values: reading.values, at: now, until: now + life), to: key)
                } catch {
                    outside.report(.notKept(error))
                }
            }
            return .known(reading.values, at: now, flaw: reading.flaw)
        }
    }
}
