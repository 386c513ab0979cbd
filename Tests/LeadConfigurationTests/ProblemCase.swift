// The table of problems. One entry changes the good sample in one place and says, word for word and in order, what is
// then wrong with it:
//
//   # what the entry shows
//   - text of the sample
//   + what stands there instead
//   = line:column: severity: sentence
//   ; suggestion

import Testing

struct ProblemCase: Sendable, CustomTestStringConvertible {
    var title: String
    var old: [String] = []
    var new: [String] = []
    var problems: [String] = []

    var testDescription: String { title }

    /// The sample with the entry's change.
    var text: String { Samples.edited(old.joined(separator: "\n"), new.joined(separator: "\n")) }

    static let all =
        ofYAML + ofValues + ofReferences + ofCalendars + ofConditions + ofSteps + ofRanking + ofSources + ofEnrichment

    static func read(_ table: String) -> [ProblemCase] {
        var cases: [ProblemCase] = []
        for line in table.split(separator: "\n") {
            let rest = String(line.dropFirst(2))
            if line.first == "#" {
                cases.append(ProblemCase(title: rest))
                continue
            }
            guard var last = cases.popLast() else { continue }
            switch line.first {
            case "-": last.old.append(rest)
            case "+": last.new.append(rest)
            case "=": last.problems.append(rest)
            default: last.problems.append((last.problems.popLast() ?? "") + "; " + rest)
            }
            cases.append(last)
        }
        return cases
    }
}
