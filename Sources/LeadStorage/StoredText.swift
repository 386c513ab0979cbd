// Leads, actors and events as JSON texts, in the shapes that the types' own `Decodable` reads. Written by hand, because every
// accepted lead passes here and this is ten times as fast as the general encoder; read back by that `Decodable`, which the
// tests hold it to; leads, which are read most, by `LeadText`. Writing can't fail; reading fails with a
// `DecodingError` that stays inside this target.

import Foundation
import LeadCore

/// JSON texts in the database.
enum Stored {
    /// The detail of a message that was cancelled because its case has an owner or is closed.
    static let overtaken = "no longer needed: the case has moved on"

    static func text(_ lead: Lead) -> String { Self.text(capacity: 3_072) { $0.lead(lead) } }
    static func text(_ actor: Actor) -> String { Self.text { $0.actor(actor) } }
    static func text(_ event: CaseEvent) -> String { Self.text { $0.event(event) } }
    static func text(_ values: [FieldName: String]) -> String { Self.text { $0.texts(values) } }

    /// The value that `text` stands for.
    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    /// The lead that `text` stands for.
    static func lead(_ text: String) throws -> Lead { try LeadText.lead(text) ?? value(Lead.self, text) }

    /// The lead that `text` stands for; nil when it can't be read, where others shall not wait for it: whoever opens its case
    /// is told.
    static func readableLead(_ text: String) -> Lead? {
        do {
            return try lead(text)
        } catch {
            return nil
        }
    }

    private static func text(capacity: Int = 768, _ write: (inout JSONText) -> Void) -> String {
        var json = JSONText(capacity: capacity)
        write(&json)
        return json.text
    }
}

extension JSONText {
    mutating func texts(_ values: [FieldName: String]) {
        object { json in
            for (field, text) in values {
                json.key(named: field.text)
                json.string(text)
            }
        }
    }

    // MARK: Leads

    mutating func lead(_ lead: Lead) {
        object { json in
            json.key("values")
            json.object { json in
                for (field, value) in lead.values {
                    json.key(named: field.text)
                    json.value(value)
                }
            }
            if !lead.others.isEmpty {
                json.key("others")
                json.object { json in
                    for (field, values) in lead.others {
                        json.key(named: field.text)
                        json.array(values) { $0.value($1) }
                    }
                }
            }
            json.key("gaps")
            json.array(lead.gaps) { $0.gap($1) }
        }
    }

    private mutating func gap(_ gap: Lead.Gap) {
        object { json in
            json.member("enricher", gap.enricher)
            json.member("reason", gap.reason)
        }
    }

    /// As short as can be, since these are most of what is written of a lead.
    private mutating func value(_ value: Lead.Value) {
        let provenance = value.provenance
        guard provenance != .given else { return string(value.text) }
        object { json in
            json.member("text", value.text)
            json.member("origin", provenance.origin)
            json.member("basis", optional: provenance.basis)
            if let confidence = provenance.confidence { json.member("confidence", Int64(confidence)) }
            if let at = provenance.at { json.member("at", at.milliseconds) }
        }
    }

    // MARK: History

    mutating func actor(_ actor: Actor) {
        object { json in
            switch actor {
            case .person(let id): json.associated("person") { $0.member("id", id.text) }
            case .step(let index): json.associated("step") { $0.member("index", Int64(index)) }
            case .intake: json.associated("intake") { _ in }
            case .daemon: json.associated("daemon") { _ in }
            }
        }
    }

    mutating func event(_ event: CaseEvent) {
        object { json in
            switch event {
            case .opened(let opening):
                json.associated("opened") { json in
                    json.key("opening")
                    json.opening(opening)
                }
            case .notified(let step, let people): json.associated("notified") { $0.step(step, people) }
            case .reminded(let step, let people): json.associated("reminded") { $0.step(step, people) }
            case .warned(let step, let people): json.associated("warned") { $0.step(step, people) }
            case .passedOver(let step, let who):
                json.associated("passedOver") { json in
                    json.member("step", Int64(step))
                    json.key("who")
                    json.object { json in
                        json.member("person", who.person.text)
                        json.member("isAway", optional: who.isAway)
                        json.member("until", who.until.milliseconds)
                        json.member("to", who.to.text)
                    }
                }
            case .skipped(let step): json.associated("skipped") { $0.member("step", Int64(step)) }
            case .replanned(let opening, let next):
                json.associated("replanned") { json in
                    json.key("opening")
                    json.opening(opening)
                    json.member("nextStep", Int64(next))
                }
            case .claimed(let claim):
                json.associated("claimed") { json in
                    json.key("claim")
                    json.claim(claim)
                }
            case .claimExpired(let person): json.associated("claimExpired") { $0.member("by", person.text) }
            case .released(let person): json.associated("released") { $0.member("by", person.text) }
            case .assigned(let assignment): json.associated("assigned") { $0.member(assignment) }
            case .reassigned(let assignment, let former):
                json.associated("reassigned") { json in
                    json.member(assignment)
                    json.member("from", former.text)
                }
            case .passedOn(let other, let person, let comment):
                json.associated("passedOn") { json in
                    json.member("to", other.text)
                    json.member("by", person.text)
                    if let comment { json.member("comment", comment) }
                }
            case .postponed(let person, let milliseconds):
                json.associated("postponed") { json in
                    json.member("by", person.text)
                    json.member("milliseconds", milliseconds)
                }
            case .undone(let assignment, let person):
                json.associated("undone") { json in
                    json.member(assignment)
                    json.member("by", person.text)
                }
            case .rejected(let closing): json.associated("rejected") { $0.member(closing) }
            case .started(let person): json.associated("started") { $0.member("by", person.text) }
            case .closed(let closing): json.associated("closed") { $0.member(closing) }
            case .inquired(let inquiry):
                json.associated("inquired") { json in
                    json.key("inquiry")
                    json.inquiry(inquiry)
                }
            case .separated(let key):
                json.associated("separated") { json in
                    json.key("key")
                    json.object { $0.member("text", key.text) }
                }
            case .enriched(let enricher, let additions, let gaps):
                json.associated("enriched") { json in
                    json.member("by", enricher)
                    json.key("additions")
                    json.array(additions) { json, addition in
                        json.object { json in
                            json.member("field", addition.field.text)
                            json.key("value")
                            json.value(addition.value)
                            json.member("wins", optional: addition.wins)
                        }
                    }
                    if let gaps {
                        json.key("gaps")
                        json.array(gaps) { $0.gap($1) }
                    }
                }
            case .enricherRefused(let refusal):
                json.associated("enricherRefused") { json in
                    json.key("refusal")
                    json.object { json in
                        json.member("enricher", refusal.enricher)
                        json.member("reason", refusal.reason)
                    }
                }
            case .channelImpaired(let channel, let reason):
                json.associated("channelImpaired") { json in
                    json.member("channel", channel.text)
                    json.member("reason", reason)
                }
            case .linkRenewed(let person):
                json.associated("linkRenewed") { $0.member("person", person.text) }
            case .deliveryFailed(let delivery, let person, let channel, let reason):
                json.associated("deliveryFailed") { json in
                    json.member("delivery", delivery.text)
                    json.member("person", person.text)
                    json.member("channel", channel.text)
                    json.member("reason", reason)
                }
            case .unreached(let person): json.associated("unreached") { $0.member("person", person.text) }
            case .outOfReach(let person): json.associated("outOfReach") { $0.member("person", person.text) }
            }
        }
    }

    /// A case of an enumeration with its associated values, as Swift's synthesised coding has it.
    private mutating func associated(_ name: StaticString, _ values: (inout JSONText) -> Void) {
        key(name)
        object(values)
    }

    private mutating func inquiry(_ inquiry: Inquiry) {
        object { json in
            json.key("key")
            json.object { $0.member("text", inquiry.key.text) }
            json.key("lead")
            json.lead(inquiry.lead)
            json.key("resemblance")
            json.object { json in
                json.member("score", Int64(inquiry.resemblance.score))
                json.key("reasons")
                json.array(inquiry.resemblance.reasons) { $0.string($1) }
            }
            json.member("urgency", optional: inquiry.urgency)
        }
    }

    private mutating func step(_ step: Int, _ people: [PersonID]) {
        member("step", Int64(step))
        key("people")
        array(people) { $0.string($1.text) }
    }

    private mutating func opening(_ opening: Opening) {
        object { json in
            json.member("reason", opening.reason)
            json.member("policy", opening.policy)
            json.key("managers")
            json.array(opening.managers) { $0.string($1.text) }
            json.key("plan")
            json.array(opening.plan) { json, step in
                json.object { json in
                    json.member("at", step.at.milliseconds)
                    json.key("action")
                    json.action(step.action)
                    json.member("onlyUnclaimed", optional: step.onlyUnclaimed)
                }
            }
            if let begins = opening.begins { json.member("begins", begins.milliseconds) }
            json.member("turn", optional: opening.turn?.text)
            guard let closures = opening.closures else { return }
            json.key("closures")
            json.array(closures) { json, closure in
                json.object { json in
                    json.member("from", closure.from.milliseconds)
                    json.member("until", closure.until.milliseconds)
                    json.key("holidays")
                    json.array(closure.holidays) { $0.string($1) }
                }
            }
        }
    }

    private mutating func action(_ action: PlannedStep.Action) {
        object { json in
            switch action {
            case .notify(let people): json.associated("notify") { $0.unnamed(people) }
            case .remind(let people): json.associated("remind") { $0.unnamed(people) }
            case .warn(let people): json.associated("warn") { $0.unnamed(people) }
            case .assign(let person): json.associated("assign") { $0.member("_0", person.text) }
            case .assignBest(let person): json.associated("assignBest") { $0.member("_0", person.text) }
            }
        }
    }

    private mutating func unnamed(_ people: [PersonID]) {
        key("_0")
        array(people) { $0.string($1.text) }
    }

    private mutating func claim(_ claim: Claim) {
        object { json in
            json.member("by", claim.by.text)
            json.member("at", claim.at.milliseconds)
            json.member("until", claim.until.milliseconds)
        }
    }

    private mutating func member(_ assignment: Assignment) {
        key("assignment")
        object { json in
            json.member("rep", assignment.rep.text)
            json.key("by")
            json.actor(assignment.by)
            json.member("mode", assignment.mode.rawValue)
            json.member("at", assignment.at.milliseconds)
            json.member("note", optional: assignment.note)
            if let due = assignment.firstActionBy { json.member("firstActionBy", due.milliseconds) }
            if let seen = assignment.seen {
                json.key("seen")
                json.ranking(seen)
            }
        }
    }

    private mutating func ranking(_ seen: SeenRanking) {
        object { json in
            json.key("places")
            json.array(seen.places) { json, place in
                json.object { json in
                    json.member("person", place.person.text)
                    json.member("place", Int64(place.place))
                    json.member("score", place.score)
                }
            }
            json.member("count", Int64(seen.count))
            json.key("warnings")
            json.array(seen.warnings) { $0.string($1) }
        }
    }

    private mutating func member(_ closing: Closing) {
        key("closing")
        object { json in
            json.member("reason", closing.reason.rawValue)
            json.member("by", closing.by.text)
            json.member("at", closing.at.milliseconds)
            json.member("note", optional: closing.note)
        }
    }
}
