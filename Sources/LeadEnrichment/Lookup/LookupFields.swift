// What a lookup may fill, and how what it was told becomes findings: shared by the enrichers that ask outside. A field
// that isn't theirs, a value of the wrong type: left out and noted.

import LeadCore

/// The options that say how sure an answer is.
enum ConfidenceOption {
    static let spec = OptionSpec(
        "confidence", .integer(1...100), help: "How sure its answers are, in percent; not said unless told.")

    static func read(_ values: OptionValues) -> Int? { values.integer("confidence") }
}

/// `timeout`: how long one question may take.
enum PatienceOption {
    static func spec(_ standard: String) -> OptionSpec {
        OptionSpec(
            "timeout", .duration,
            help:
                "How long one question may take, also beyond the budget, for the case to have it late; \(standard) unless told."
        )
    }

    static func read(_ values: OptionValues, _ standard: Duration) throws(OptionFlaw) -> Duration {
        guard let timeout = values.duration("timeout") else { return standard }
        guard timeout >= .milliseconds(50), timeout <= .seconds(120) else {
            throw OptionFlaw(option: "timeout", "Write a time between 50ms and 2m.")
        }
        return timeout
    }
}

/// What may be asked outside at once, and when it is left alone.
enum LimitOptions {
    static func specs(concurrency: Int) -> [OptionSpec] {
        [
            OptionSpec(
                "concurrency", .integer(1...64),
                help: "How many questions may be under way at once; \(concurrency) unless told."),
            OptionSpec(
                "rate", .text,
                help: "How many questions may begin in a time, as in 10/s, 600/m or 5000/h; not limited unless told."),
            OptionSpec(
                "failures", .integer(1...1000),
                help: "After so many failures in a row it is left alone for a while; 5 unless told."),
            OptionSpec("pause", .duration, help: "For how long, at first; doubles up to ten minutes; 30s unless told."),
        ]
    }

    static func read(_ values: OptionValues, concurrency: Int) throws(OptionFlaw) -> Turnstile.Limits {
        var limits = Turnstile.Limits(concurrency: values.integer("concurrency") ?? concurrency)
        if let text = values.text("rate") {
            guard let rate = RateLimit(text: text.filter { !$0.isWhitespace }) else {
                throw OptionFlaw(option: "rate", "Write a number and a time, as in 10/s, 600/m, 5000/h or 20000/d.")
            }
            limits.rate = rate
        }
        limits.failures = values.integer("failures") ?? limits.failures
        limits.pause = values.duration("pause") ?? limits.pause
        guard limits.pause <= .seconds(3600) else {
            throw OptionFlaw(option: "pause", "Write a time of at most one hour.")
        }
        return limits
    }
}
