// What the core needs of a chat whose messages have buttons: a press is read and believed only when it is genuine, and
// whoever pressed is answered where only they see it.

/// What somebody pressed, known to be genuine.
public struct ChatPress: Sendable, Equatable {
    /// Where they pressed.
    public enum Origin: Sendable, Equatable {
        case message
        /// A button of our own answer, which the next answer replaces.
        case prompt
        /// A form, which shows the answer itself.
        case form
    }

    /// The same in every copy of this press, and in no other.
    public let stamp: String
    /// When the chat signed it.
    public let at: Timestamp
    /// Who pressed, by the chat's own id of them.
    public let account: String
    /// On which lead, as the message showed it.
    public let target: ChatTarget
    /// What was pressed.
    public let action: ChatAction
    /// Where an answer goes; nil where none can be given.
    public let replyTo: Secret?
    /// The message with the button, or with the one that opened the form, by the handle under which it can be changed; nil
    /// where the chat doesn't tell.
    public let handle: String?
    /// Where it was.
    public let origin: Origin
    /// What lets us open a form where they pressed, for a moment; nil where none can be opened.
    public let trigger: Secret?

    /// A press.
    public init(
        stamp: String, at: Timestamp, account: String, target: ChatTarget, action: ChatAction, replyTo: Secret?,
        handle: String? = nil, origin: Origin = .message, trigger: Secret? = nil
    ) {
        self.handle = handle
        self.stamp = stamp
        self.at = at
        self.account = account
        self.target = target
        self.action = action
        self.replyTo = replyTo
        self.origin = origin
        self.trigger = trigger
    }
}

/// What a request to a chat's door turned out to be.
public enum ChatReading: Sendable, Equatable {
    case press(ChatPress)
    /// Genuine, and nothing to act upon: a link was opened.
    case nothing
    /// Not signed by the chat, or altered.
    case forged
    /// Signed too long ago, or in the future.
    case old
    /// Genuine, and not what the chat's documentation says.
    case unreadable
}

/// What is said to somebody who pressed.
public struct ChatAnswer: Sendable, Equatable {
    /// A button that does it all the same.
    public struct Confirmation: Sendable, Equatable {
        /// What it does.
        public let action: ChatAction
        /// What it is called.
        public let label: String

        /// A button.
        public init(_ action: ChatAction, _ label: String) {
            self.action = action
            self.label = label
        }
    }

    /// Sentences for them alone.
    public let text: String
    /// Where more can be done; nil where nowhere.
    public let link: String?
    /// Nil where there is nothing to confirm.
    public let confirmation: Confirmation?
    /// On which lead that button acts.
    public let target: ChatTarget
    /// The field of a form beside which it stands, so that the form can be sent again; nil where that doesn't help.
    public let field: ChatForm.Field?
    /// The texts of whatever stands beside it.
    public let phrases: Phrases
    /// What stands in the text's place where messages say nothing of the lead; nil where the text says nothing of it.
    private let bare: String?

    /// An answer.
    public init(
        _ text: String, about target: ChatTarget, in phrases: Phrases, link: String? = nil,
        confirmation: Confirmation? = nil, field: ChatForm.Field? = nil, bare: String? = nil
    ) {
        self.bare = bare
        self.confirmation = confirmation
        self.field = field
        self.link = link
        self.phrases = phrases
        self.target = target
        self.text = text
    }

    /// What a channel says whose messages are brief.
    public var brief: ChatAnswer {
        guard let bare else { return self }
        return ChatAnswer(bare, about: target, in: phrases, link: link, confirmation: confirmation, field: field)
    }
}

/// What comes of a press that isn't just done.
public enum ChatResponse: Sendable, Equatable {
    /// This is to be said.
    case answer(ChatAnswer)
    /// More is to be asked, at once, and `otherwise` is to be said where that fails; the visit is put on record after that.
    case form(ChatForm, otherwise: ChatAnswer, visit: Visit?)
}

/// Where presses in a channel's messages come in.
public protocol ChatDoor: Sendable {
    /// The channel.
    var id: ChannelID { get }

    /// Reads what was posted to the door at `now`; `header` looks one up by its name in lower case.
    func read(_ body: [UInt8], header: (String) -> String?, at now: Timestamp) -> ChatReading

    /// Answers whoever pressed, and says what came of it.
    func answer(_ answer: ChatAnswer, to press: ChatPress) async -> DeliveryOutcome

    /// Opens a form where somebody has pressed, and says what came of it.
    func open(_ form: ChatForm, for press: ChatPress) async -> DeliveryOutcome

    /// With what the post of a form is answered, so that the form shows the answer: a JSON text.
    func reply(_ answer: ChatAnswer, to press: ChatPress) -> [UInt8]
}
