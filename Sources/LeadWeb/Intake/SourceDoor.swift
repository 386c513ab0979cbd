// What the site knows of the sources that may be posted to.

public import LeadCore

/// A source of leads as the site sees it.
public struct SourceDoor: Sendable {
    /// The source's name.
    public let name: String
    /// How programs may post, nil when they may not.
    public let access: Access?
    /// The form that is shown and posted, nil when there is none.
    public let form: Form?
    /// How Facebook posts which leads it has, nil when it may not.
    public let facebook: Facebook?

    /// A source.
    public init(name: String, access: Access? = nil, form: Form? = nil, facebook: Facebook? = nil) {
        self.name = name
        self.access = access
        self.form = form
        self.facebook = facebook
    }

    var takesTokenInBody: Bool { access?.takesTokenInBody == true }

    /// How programs may post.
    public struct Access: Sendable {
        let tokenHashes: [[UInt8]]
        let rate: Int
        let maximumBodyBytes: Int
        let takesTokenInBody: Bool

        /// With the SHA-256 of each good token, how many leads a second may come, the largest body, and whether the token
        /// may be the body's `google_key`, as Google's lead forms have it.
        public init(tokenHashes: [[UInt8]], rate: Int, maximumBodyBytes: Int, takesTokenInBody: Bool = false) {
            self.tokenHashes = tokenHashes
            self.rate = rate
            self.maximumBodyBytes = maximumBodyBytes
            self.takesTokenInBody = takesTokenInBody
        }
    }

    /// What Facebook's webhook shows to be Facebook's.
    public struct Facebook: Sendable {
        let verifyToken: Secret
        let appSecret: Secret

        /// With the token by which Facebook verifies the address, and the secret of the app, which signs what is posted.
        public init(verifyToken: Secret, appSecret: Secret) {
            self.verifyToken = verifyToken
            self.appSecret = appSecret
        }
    }

    /// A form for people.
    public struct Form: Sendable {
        let title: String
        let fields: [FieldName]
        let required: [FieldName]
        let minimumTime: Duration
        let limits: [RateLimit]
        let thanks: String?
        /// The policy of the form's page.
        let policy: String
        /// Whose pages may post the form beside ours: `https://www.example.com`.
        let origins: Set<String>

        /// With its title, what it asks for, what of it must be given, how long a person takes at least, how many posts are
        /// taken in which time, where the browser goes after it, and the origins of other sites whose pages may post it.
        public init(
            title: String, fields: [FieldName], required: [FieldName], minimumTime: Duration, limits: [RateLimit],
            thanks: String?, origins: [String] = []
        ) {
            self.limits = limits
            self.title = title
            self.fields = fields
            self.required = required
            self.minimumTime = minimumTime
            self.thanks = thanks
            self.origins = Set(origins.map { $0.lowercased() })
            policy = StandingHeaders.contentSecurityPolicy(formsLeadTo: thanks.flatMap(PostOrigin.origin))
        }
    }
}
