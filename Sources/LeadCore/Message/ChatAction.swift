// What can be chosen in a chat message, and how it is written into the message's buttons. What comes back is believed only
// with the chat's signature, and even then it is no more than a wish: the case decides. Pure.

/// The lead that a message's buttons act on, as the message showed it.
public struct ChatTarget: Sendable, Hashable {
    /// The case.
    public let caseID: CaseID
    /// How often the case had been open for a choice by then.
    public let round: Int

    /// A lead as a message shows it.
    public init(caseID: CaseID, round: Int) {
        self.caseID = caseID
        self.round = round
    }

    /// `CASE.ROUND`.
    public var text: String { "\(caseID).\(round)" }

    /// Reads `CASE.ROUND`, whatever follows after another dot; nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, (1...64).contains(parts[0].utf8.count), let round = Int(parts[1]), round > 0 else {
            return nil
        }
        self.init(caseID: CaseID(String(parts[0])), round: round)
    }
}

/// What a button, an entry of a list or a form wants.
public enum ChatAction: Sendable, Hashable {
    /// Give the lead to a rep.
    case assign(PersonID)
    /// The same, by somebody who has read the warnings of which this is the mark.
    case confirm(PersonID, warnings: String)
    /// "Mine to decide."
    case claim
    /// "Not mine after all."
    case release
    /// Show the form in which the rest is said.
    case open(ChatForm.Kind)
    /// Somebody else shall decide.
    case pass(PersonID, comment: String?)
    /// Not a lead for us.
    case reject(ClosingReason, note: String?)

    /// What the chat calls the button, the list or the form.
    public var name: String {
        switch self {
        case .assign: "assign"
        case .confirm: "confirm"
        case .claim: "claim"
        case .release: "release"
        case .open(let form): form.rawValue
        case .pass: ChatForm.Kind.pass.rawValue
        case .reject: ChatForm.Kind.reject.rawValue
        }
    }

    /// What the button or the entry carries, and what is chosen in the form; at most 75 bytes but for a confirmation.
    public var value: String {
        switch self {
        case .assign(let person), .pass(let person, _): person.text
        case .confirm(let person, let warnings): "\(person) \(warnings)"
        case .claim, .release, .open: name
        case .reject(let reason, _): reason.rawValue
        }
    }

    /// What was written beside the choice.
    public var note: String? {
        switch self {
        case .pass(_, let note), .reject(_, let note): note
        case .assign, .confirm, .claim, .release, .open: nil
        }
    }

    /// Reads what came back; nil for anything that no button of ours carries.
    public init?(name: String, value: String) {
        guard (1...256).contains(value.utf8.count) else { return nil }
        switch name {
        case "assign": self = .assign(PersonID(value))
        case "claim": self = .claim
        case "release": self = .release
        case "confirm":
            let parts = value.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
            self = .confirm(PersonID(String(parts[0])), warnings: String(parts[1]))
        default:
            // Whatever it carries: in older messages each is a list of what is asked for in the form now.
            guard let form = ChatForm.Kind(rawValue: name) else { return nil }
            self = .open(form)
        }
    }

    /// Reads what came back of a form; nil for anything that can't be chosen in it.
    public init?(_ form: ChatForm.Kind, choice: String, note: String?) {
        guard (1...256).contains(choice.utf8.count) else { return nil }
        switch form {
        case .pass: self = .pass(PersonID(choice), comment: note)
        case .reject:
            guard let reason = ClosingReason.rejections.first(where: { $0.rawValue == choice }) else { return nil }
            self = .reject(reason, note: note)
        }
    }
}

/// What a reader may choose in the message itself.
public struct ChatOffer: Sendable, Equatable {
    /// A person, or whatever else can be chosen.
    public struct Choice: Sendable, Equatable {
        /// Who, or which.
        public let id: String
        /// "Billy Moss".
        public let name: String
        /// What speaks for and against them, in one line; nil where nothing is to be shown.
        public let hint: String?

        /// A choice.
        public init(id: String, name: String, hint: String? = nil) {
            self.id = id
            self.name = name
            self.hint = hint
        }
    }

    /// The lead.
    public let target: ChatTarget
    /// Who can be given the lead, best first.
    public let reps: [Choice]
    /// Whether "mine to decide" can be said.
    public let mayClaim: Bool
    /// Whether it can be taken back.
    public let mayRelease: Bool
    /// Whether there is somebody to whom the choice can be passed on.
    public let mayPass: Bool

    /// The most people whom a message's list takes.
    public static let most = 100

    /// An offer.
    public init(target: ChatTarget, reps: [Choice], mayClaim: Bool, mayRelease: Bool, mayPass: Bool) {
        self.target = target
        self.reps = reps
        self.mayClaim = mayClaim
        self.mayRelease = mayRelease
        self.mayPass = mayPass
    }

    /// The same with nothing but names.
    var bare: ChatOffer {
        ChatOffer(
            target: target, reps: reps.map { Choice(id: $0.id, name: $0.name) }, mayClaim: mayClaim,
            mayRelease: mayRelease, mayPass: mayPass)
    }
}
