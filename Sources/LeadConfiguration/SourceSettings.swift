// The ways in that have a name: each with a directory of its own below which its files come in, what its names mean, and, where
// it takes leads over HTTP, who may post them.

import LeadCore

/// One named source of leads.
public struct SourceSettings: Sendable, Equatable {
    /// The name under which the file has it; within it its leads' ids count.
    public let name: String
    /// The folder that holds its `incoming/` and `failed/`.
    public let directory: String
    /// What its names mean.
    public let mapping: FieldMapping
    /// What stands for a lead's source where it names none.
    public let label: String
    /// Whether and how programs may post leads.
    public let http: HTTPAccess?
    /// Whether and how a web form may be posted.
    public let form: WebForm?
    /// Whether and how Facebook may post which leads it has.
    public let facebook: Facebook?

    /// What Facebook's webhook shows to be Facebook's.
    public struct Facebook: Sendable, Equatable {
        /// What was agreed upon where the webhook was subscribed.
        public let verifyToken: Secret
        /// The secret of the app, which signs each post.
        public let appSecret: Secret
    }

    /// How programs may post leads.
    public struct HTTPAccess: Sendable, Equatable {
        /// SHA-256 of each token that is good.
        public let tokenHashes: [[UInt8]]
        /// How many leads a second may come; bursts of as many again are borne.
        public let rate: Int
        /// The largest body, in bytes.
        public let maximumBodyBytes: Int
    }

    /// How a web form is shown and posted.
    public struct WebForm: Sendable, Equatable {
        /// What stands above it.
        public let title: String
        /// What it asks for, in order.
        public let fields: [FieldName]
        /// Which of these must be given.
        public let required: [FieldName]
        /// A person takes at least that long to fill it in.
        public let minimumTime: Duration
        /// How many posts are taken in which time; all are kept.
        public let limits: [RateLimit]
        /// Where the browser goes after a good post; nil for a page of our own.
        public let thanks: String?
        /// The origins of other sites whose pages may post it: `https://www.example.com`.
        public let origins: [String]
    }
}
