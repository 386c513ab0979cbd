// A case's history in words, for pages and the command line alike.

import Foundation

/// Tells what happened to a case, with names, and with times in one reader's zone.
public struct HistoryWords: Sendable {
    private let rulebook: Rulebook
    private let timeZone: TimeZone

    /// Words for `reader`; for nobody in particular, in UTC, when nil.
    public init(rulebook: Rulebook, reader: PersonID? = nil) {
        self.rulebook = rulebook
        timeZone = reader.flatMap(rulebook.person)?.timeZone ?? .gmt
    }

    /// An instant in the reader's zone, without the zone's name.
    public func time(_ instant: Timestamp) -> String { CivilTime(instant, in: timeZone).words }

    /// The zone in which `time` is: "America/Chicago", or "UTC".
    public var zone: String { timeZone.identifier == "GMT" ? "UTC" : timeZone.identifier }

    /// The person's name.
    public func name(_ person: PersonID) -> String { rulebook.name(person) }

    /// One sentence, and the words that a person or a peer added to it, if any.
    public func words(_ event: CaseEvent) -> (sentence: String, remark: String?) {
        switch event {
        case .opened(let opening): ("The lead came in; \(opening.reason).", nil)
        case .notified(_, let people): ("\(names(people)) \(Self.was(people)) asked to choose.", nil)
        case .reminded(_, let people): ("\(names(people)) \(Self.was(people)) reminded.", nil)
        case .passedOver(_, let who):
            (words(who), nil)
        case .warned(_, let people):
            ("\(names(people)) \(Self.was(people)) warned that the time is nearly over.", nil)
        case .skipped:
            (
                "A step was skipped: a later one was due too, somebody was deciding, or it would have reached nobody.",
                nil
            )
        case .replanned(let opening, _):
            (
                "The rules have changed; by the policy \(opening.policy) the lead has its owner by "
                    + "\(opening.plan.last.map { time($0.at) } ?? "no time").", nil
            )
        case .claimed(let claim): ("\(name(claim.by)) said “mine to decide”, until \(time(claim.until)).", nil)
        case .claimExpired(let person): ("\(name(person)) had not decided by then; anyone may again.", nil)
        case .released(let person): ("\(name(person)) left the decision to anyone again.", nil)
        case .assigned(let assignment): (words(assignment), assignment.note)
        case .reassigned(let assignment, let from):
            (
                "\(giver(assignment)) took the lead from \(name(from)) to \(name(assignment.rep))"
                    + "\(despite(assignment)).", assignment.note
            )
        case .passedOn(let other, let person, let comment):
            ("\(name(person)) passed the choice on to \(name(other)).", comment)
        case .postponed(let person, let milliseconds):
            ("\(name(person)) asked for \(Duration.milliseconds(milliseconds).words) more.", nil)
        case .undone(let assignment, let person):
            ("\(name(person)) took the choice of \(name(assignment.rep)) back; nobody has the lead.", nil)
        case .rejected(let closing): ("\(name(closing.by)) rejected the lead: \(closing.reason.words).", closing.note)
        case .started(let person): ("\(name(person)) started.", nil)
        case .closed(let closing): ("\(name(closing.by)) closed the lead: \(closing.reason.words).", closing.note)
        case .linkRenewed(let person): ("\(name(person)) asked for a fresh link.", nil)
        case .inquired(let inquiry):
            (
                "The same person or firm asked again (\(inquiry.resemblance.words)), as \(inquiry.key.caseID).",
                inquiry.lead[.description]
            )
        case .separated(let key): ("The inquiry \(key.caseID) was split off; it is a lead of its own.", nil)
        case .enriched(let enricher, let additions, let gaps): (words(enricher, additions, gaps ?? []), nil)
        case .enricherRefused(let refusal):
            ("\(refusal.enricher) is refused by whoever it asks; the operators were told.", refusal.reason)
        case .channelImpaired(let channel, let reason):
            ("\(channel) goes on without a part of its own; the operators were told.", reason)
        case .deliveryFailed(_, let person, let channel, let reason):
            ("\(name(person)) was not reached by \(channel).", reason)
        case .unreached(let person):
            ("No channel reached \(name(person)), so what comes next came at once.", nil)
        case .outOfReach(let person):
            (
                "No channel took anything for \(name(person)) at that time, so others were asked at once if there were any.",
                nil
            )
        }
    }

    private func names(_ people: [PersonID]) -> String {
        let names = people.map(name)
        guard let last = names.last, names.count > 1 else { return names.first ?? "Nobody" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    private func words(_ who: PassedOver) -> String {
        let why = who.isAway ? "away" : "off duty"
        return "\(name(who.person)) is \(why) until \(time(who.until)); \(name(who.to)) is next."
    }

    private func words(_ assignment: Assignment) -> String {
        switch assignment.mode {
        case .chosen: "\(giver(assignment)) gave the lead to \(name(assignment.rep))\(despite(assignment))."
        case .fallback: "Nobody chose in time, so \(name(assignment.rep)) got the lead."
        case .unreached: "Nobody who was asked could be reached, so \(name(assignment.rep)) got the lead."
        case .automatic: "By rule, \(name(assignment.rep)) got the lead."
        }
    }

    /// What was known to speak against the choice.
    private func despite(_ assignment: Assignment) -> String {
        guard let warnings = assignment.seen?.warnings, !warnings.isEmpty else { return "" }
        return ", knowing: \(warnings.joined(separator: "; "))"
    }

    private func giver(_ assignment: Assignment) -> String {
        if case .person(let id) = assignment.by { name(id) } else { "A rule" }
    }

    private func words(_ enricher: String, _ additions: [LateAddition], _ gaps: [Lead.Gap]) -> String {
        if additions.isEmpty, let gap = gaps.first(where: { $0.enricher == enricher }) {
            return "\(enricher) was asked late and \(gap.reason)."
        }
        let own = additions.filter { $0.value.provenance.origin == enricher }
        let derived = additions.filter { $0.value.provenance.origin != enricher }
        let answer = own.isEmpty ? " and knew nothing more." : ": \(labels(own))."
        let rest = derived.isEmpty ? "" : " From the lead as it is now came: \(labels(derived))."
        return "\(enricher) answered late\(answer)\(rest)"
    }

    private func labels(_ additions: [LateAddition]) -> String {
        additions.map { $0.wins ? $0.field.label : "\($0.field.label) (another value)" }.joined(separator: ", ")
    }

    private static func was(_ people: [PersonID]) -> String { people.count > 1 ? "were" : "was" }
}
