// What is asked of somebody in a chat before what they want can be done: to whom they pass a choice on, or why they reject a
// lead, and what they have to say of it. What comes back is a press like any other. Pure.

/// A form that opens where somebody has pressed a button.
public struct ChatForm: Sendable, Equatable {
    /// What it is for.
    public enum Kind: String, Sendable, CaseIterable {
        case pass, reject
    }

    /// What can be filled in, by the names that the chat gives it back under.
    public enum Field: String, Sendable {
        case choice, note
    }

    /// What it is for.
    public let kind: Kind
    /// The lead, as the message showed it.
    public let target: ChatTarget
    /// "fine-art for Acme Arts".
    public let title: String
    /// One of them is to be chosen.
    public let choices: [ChatOffer.Choice]
    /// The texts that it is made of.
    public let phrases: Phrases
    /// What the lead is called where messages say nothing of the person.
    private let bareTitle: String

    /// A form.
    public init(
        _ kind: Kind, about target: ChatTarget, title: String, bareTitle: String, choices: [ChatOffer.Choice],
        in phrases: Phrases
    ) {
        self.kind = kind
        self.target = target
        self.title = title
        self.choices = choices
        self.phrases = phrases
        self.bareTitle = bareTitle
    }

    /// What a channel shows whose messages are brief.
    public var brief: ChatForm {
        ChatForm(kind, about: target, title: bareTitle, bareTitle: bareTitle, choices: choices, in: phrases)
    }
}

extension BriefingWriter {
    /// What `person` is asked, in `channel`, before what they want of `subject` can be done.
    public func form(
        _ kind: ChatForm.Kind, for person: PersonID, by channel: ChannelID, about subject: LeadCase
    ) -> ChatForm {
        let phrases = rulebook.phrases(for: person, on: channel)
        let lead = subject.lead
        let choices =
            switch kind {
            case .pass:
                rulebook.people.filter { $0.isManager && $0.id != person }.prefix(ChatOffer.most).map {
                    ChatOffer.Choice(id: $0.id.text, name: $0.name)
                }
            case .reject:
                ClosingReason.rejections.map {
                    ChatOffer.Choice(id: $0.rawValue, name: phrases.sentences.closingChoice($0))
                }
            }
        return ChatForm(
            kind, about: ChatTarget(caseID: subject.id, round: subject.round),
            title: phrases.headlines.title(subject: lead.subject, firm: lead[.company] ?? lead.personName),
            bareTitle: phrases.headlines.title(subject: nil, firm: lead[.company]), choices: choices, in: phrases)
    }
}
