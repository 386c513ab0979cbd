// What the core needs of a chat whose messages have buttons: a press is read and believed only when it is genuine, and
// whoever pressed is answered where only they see it.

/// What somebody pressed, known to be genuine.
public struct ChatPress: Sendable, Equatable {
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
    /// The message with the button, by the handle under which it can be changed; nil where the chat doesn't tell.
    public let handle: String?
    /// Whether it was a button of our own answer, which the next answer replaces.
    public let isPrompt: Bool

    /// A press.
    public init(
        stamp: String, at: Timestamp, account: String, target: ChatTarget, action: ChatAction, replyTo: Secret?,
        handle: String? = nil, isPrompt: Bool
    ) {
        self.handle = handle
        self.stamp = stamp
        self.at = at
        self.account = account
        self.target = target
        self.action = action
        self.replyTo = replyTo
        self.isPrompt = isPrompt
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
    /// Sentences for them alone.
    public let text: String
    /// Where more can be done; nil where nowhere.
    public let link: String?
    /// What that is called.
    public let linkLabel: String
    /// A button that does it all the same, and what it is called.
    public let confirmation: (action: ChatAction, label: String)?
    /// On which lead that button acts.
    public let target: ChatTarget
    /// What stands in the text's place where messages say nothing of the lead; nil where the text says nothing of it.
    private let bare: String?

    /// An answer.
    public init(
        _ text: String, about target: ChatTarget, link: String? = nil, linkLabel: String = "",
        confirmation: (action: ChatAction, label: String)? = nil,
        bare: String? = nil
    ) {
        self.bare = bare
        self.link = link
        self.linkLabel = linkLabel
        self.text = text
        self.target = target
        self.confirmation = confirmation
    }

    /// What a channel says whose messages are brief.
    public var brief: ChatAnswer {
        guard let bare else { return self }
        return ChatAnswer(bare, about: target, link: link, linkLabel: linkLabel, confirmation: confirmation)
    }

    public static func == (left: ChatAnswer, right: ChatAnswer) -> Bool {
        left.text == right.text && left.link == right.link && left.linkLabel == right.linkLabel
            && left.target == right.target && left.bare == right.bare
            && left.confirmation?.action == right.confirmation?.action
            && left.confirmation?.label == right.confirmation?.label
    }
}

/// Where presses in a channel's messages come in.
public protocol ChatDoor: Sendable {
    /// The channel.
    var id: ChannelID { get }

    /// Reads what was posted to the door at `now`; `header` looks one up by its name in lower case.
    func read(_ body: [UInt8], header: (String) -> String?, at now: Timestamp) -> ChatReading

    /// Answers whoever pressed, and says what came of it.
    func answer(_ answer: ChatAnswer, to press: ChatPress) async -> DeliveryOutcome
}
