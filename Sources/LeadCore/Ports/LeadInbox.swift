// What pages and the interface for programs need of the spool: to put leads into it, durably, and to be told their keys.

/// Leads as a program or a form posted them.
public struct LeadPost: Sendable, Equatable {
    /// How the body spells them.
    public enum Format: Sendable, Equatable {
        /// One JSON object.
        case json
        /// One JSON object a line.
        case lines
        /// `application/x-www-form-urlencoded`, one lead.
        case form
        /// The same, as a person of the firm typed it in on a page of ours: it may say where the lead belongs.
        case entry
    }

    /// The source's name.
    public let source: String
    /// How the body spells its leads.
    public let format: Format
    /// The body as it came.
    public let body: [UInt8]
    /// What tells this post from another of the same content; the same for each attempt of one post.
    public let request: String?

    /// A post.
    public init(source: String, format: Format, body: [UInt8], request: String? = nil) {
        self.source = source
        self.format = format
        self.body = body
        self.request = request
    }
}

/// What became of a post.
public enum PostOutcome: Sendable, Equatable {
    /// All leads are durable; their keys, in order.
    case taken([IntakeKey])
    /// Nothing was taken, for these reasons.
    case faulty([IntakeFault])
    /// More bytes than a file may have.
    case tooLarge
    /// Nothing was taken, since it could not be made durable; the sentence is for the log.
    case unavailable(String)
}

/// Takes leads in by way of the spool.
public protocol LeadInbox: Sendable {
    /// Returns when the leads of `post` are durable, or are not taken.
    func take(_ post: LeadPost) async -> PostOutcome
}
