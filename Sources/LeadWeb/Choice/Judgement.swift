// Whether a POST is acted upon: the nonce, the pace and the sender decide. Pure; the routes carry out what comes out.

import LeadCore

/// What is to be done with a form that came through a valid link.
enum Judgement: Equatable {
    /// Ask the case.
    case act(Choice)
    /// Ask the person once more, because a robot may have pressed the button.
    case confirm(Choice)
    /// Show the page again with `sentence` on it.
    case again(sentence: String, isForbidden: Bool)

    /// A person needs longer than this to read a page and press a button.
    static let leastAge: Duration = .seconds(1)

    /// Judges `form`, which came through `link` from a program that calls itself `userAgent`.
    init(of form: ChoiceForm, through link: Link, view: CaseView, keys: LinkKeys, userAgent: String?, now: Timestamp) {
        let choice: Choice
        do throws(ChoiceFlaw) {
            choice = try Choice(form, through: link, view: view)
        } catch {
            self = .again(sentence: error.sentence, isForbidden: error == .notThroughThisLink)
            return
        }
        let isConfirmation = !form.confirmed.isEmpty
        let nonceLink = isConfirmation ? link.confirming(choice) : link
        switch keys.read(nonce: form.nonce, for: nonceLink, now: now) {
        case .foreign, .expired:
            self = .again(sentence: Self.staleSentence, isForbidden: true)
        case .valid(let age):
            let isHasty = age < Self.leastAge
            let isRobot = !isConfirmation && Robots.include(userAgent)
            self = isHasty || isRobot ? .confirm(choice) : .act(choice)
        }
    }

    private static let staleSentence =
        "This page had been open for too long, so nothing was changed. Please choose again."
}

extension Link {
    /// What a nonce of the page that asks once more is bound to: this link and this very choice, so that the nonce of
    /// the lead's own page can't stand in for it.
    func confirming(_ choice: Choice) -> Link {
        let form = choice.form
        let bound = [caseID.text, form.action, form.rep, form.from, form.to, form.reason].joined(separator: "/")
        return Link(caseID: CaseID(bound), person: person, purpose: purpose, expires: expires, entrance: entrance)
    }
}
