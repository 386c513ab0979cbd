// Pages that show nothing of any lead: refusals, failures, and the answer to whoever asks for a fresh link.

import LeadCore

/// A headline and a few sentences.
struct PlainPage: WebPage, Equatable {
    static let template = "plain"

    let site: String
    let title: String
    let sentences: [String]
    /// Whether the page offers to send a fresh link.
    var offersFreshLink = false
    /// Whether the page leads back to the lead.
    var leadsBack = false

    /// The one page for every link that doesn't work and every path that isn't there.
    static func unknownLink(site: Site) -> PlainPage {
        PlainPage(
            site: site.name, title: "This link doesn’t work",
            sentences: [
                "It may have expired, or it was not copied whole.",
                "A link belongs to one person. If it was made for you, a fresh one can be sent to your mail address.",
            ], offersFreshLink: true)
    }

    /// The one answer to whoever asks for a fresh link.
    static func renewed(site: Site) -> PlainPage {
        PlainPage(
            site: site.name, title: "Look into your mail",
            sentences: [
                "If that link was genuine, a fresh one is on its way to the person’s mail address.",
                "It can take a minute. Asking again within five minutes sends nothing more.",
            ])
    }

    /// A form that another site sent.
    static func foreign(site: Site) -> PlainPage {
        PlainPage(
            site: site.name, title: "Nothing was changed",
            sentences: ["The request came from another site. Open the link from your message and choose there."])
    }

    /// The store doesn't answer.
    static func unavailable(site: Site) -> PlainPage {
        PlainPage(
            site: site.name, title: "Try again in a moment",
            sentences: [
                "The lead can’t be opened just now. Nothing is lost, and nothing was changed.",
                "If this lasts, tell whoever runs this site; the lead gets its owner in time all the same.",
            ], leadsBack: true)
    }

    /// Something is wrong with the program.
    static func failed(site: Site) -> PlainPage {
        PlainPage(
            site: site.name, title: "Something went wrong",
            sentences: ["The page could not be shown. Please try again, and tell whoever runs this site if it lasts."])
    }

    /// Something is wrong with the request.
    static func badRequest(site: Site) -> PlainPage {
        PlainPage(
            site: site.name, title: "Nothing was changed",
            sentences: ["The form could not be read. Open the link from your message and choose again."])
    }
}

/// Asks once more before a choice is carried out.
struct ConfirmPage: WebPage, Equatable {
    static let template = "confirm"

    let site: String
    let title: String
    let headline: String
    let summary: String
    /// What speaks against the rep.
    let warnings: [String]
    let hasWarnings: Bool
    /// True when a program may have pressed the button.
    let isDoubtful: Bool
    let note: String?
    let nonce: String
    let hidden: [Hidden]

    /// A field that is sent again as it was.
    struct Hidden: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// Asks about `choice`; `nonce` is bound to it.
    init(_ choice: Choice, view: CaseView, nonce: String, isDoubtful: Bool) {
        self.isDoubtful = isDoubtful
        warnings = choice.rep.flatMap { rep in view.ranking.entry(of: rep)?.warnings } ?? []
        hasWarnings = !warnings.isEmpty
        site = view.rulebook.site.name
        headline = LeadWords(view.file.subject.lead).title
        title = choice.summary
        summary = choice.summary
        note = choice.form.note.trimmed.nonEmpty
        self.nonce = nonce
        hidden = [
            ("action", choice.form.action), ("rep", choice.form.rep), ("from", choice.form.from),
            ("to", choice.form.to), ("reason", choice.form.reason), ("note", choice.form.note),
        ].filter { !$0.1.isEmpty }.map(Hidden.init)
    }
}
