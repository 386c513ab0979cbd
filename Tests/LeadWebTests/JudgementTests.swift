// Who is taken for a robot, what is taken for haste, and which forms are choices.

import LeadCore
import Testing

@testable import LeadWeb

@Suite("Judging a form")
struct JudgementTests {
    private let view = Fixture.opened().view()
    private let now = Fixture.start + .seconds(60)

    private func judge(
        _ fields: [String: String] = ["action": "assign", "rep": "billy"], nonce: String? = nil,
        age: Duration = .seconds(2), through link: Link = Fixture.link(), userAgent: String? = RunningSite.phone
    ) -> Judgement {
        var form = form(fields)
        form.nonce = nonce ?? Fixture.keys.nonce(for: link, issued: now - age)
        return Judgement(
            of: form, through: link, view: view, keys: Fixture.keys, userAgent: userAgent, now: now)
    }

    private func form(_ fields: [String: String]) -> ChoiceForm {
        var form = ChoiceForm()
        form.action = fields["action"] ?? ""
        form.rep = fields["rep"] ?? ""
        form.from = fields["from"] ?? ""
        form.to = fields["to"] ?? ""
        form.reason = fields["reason"] ?? ""
        form.note = fields["note"] ?? ""
        form.confirmed = fields["confirmed"] ?? ""
        return form
    }

    @Test("A person who took a second to choose is acted for")
    func person() throws {
        guard case .act(let choice) = judge(age: .seconds(1)) else {
            Issue.record("not acted upon")
            return
        }
        #expect(choice.command == .assign(rep: "billy", by: "dana", note: nil))
    }

    @Test("Within a second of the page, one more page asks", arguments: [0, 1, 500, 999])
    func haste(milliseconds: Int64) {
        guard case .confirm = judge(age: .milliseconds(milliseconds)) else {
            Issue.record("not asked again")
            return
        }
    }

    @Test(
        "A known robot is asked once more",
        arguments: [
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Mozilla/5.0 SkypeUriPreview Preview/0.5",
            "Microsoft Office/16.0", "curl/7.88.1", "python-requests/2.31", "Mozilla/5.0 HeadlessChrome/120.0", "",
        ])
    func robot(userAgent: String) {
        guard case .confirm = judge(userAgent: userAgent) else {
            Issue.record("not asked again")
            return
        }
        guard case .confirm = judge(userAgent: nil) else {
            Issue.record("a program without a name was not asked again")
            return
        }
    }

    @Test(
        "Browsers of people are no robots",
        arguments: [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
            "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", RunningSite.phone,
        ])
    func browsers(userAgent: String) { #expect(!Robots.include(userAgent)) }

    @Test("The confirming page's nonce works for its choice alone, and again not within a second")
    func confirmation() throws {
        let link = Fixture.link()
        let choice = try Choice(form(["action": "assign", "rep": "billy"]), through: link, view: view)
        let nonce = Fixture.keys.nonce(for: link.confirming(choice), issued: now - .seconds(2))
        let confirmed = ["action": "assign", "rep": "billy", "confirmed": "1"]
        guard case .act = judge(confirmed, nonce: nonce, userAgent: "Slackbot 1.0") else {
            Issue.record("a confirmed choice was not acted upon")
            return
        }
        let fresh = Fixture.keys.nonce(for: link.confirming(choice), issued: now - .milliseconds(900))
        guard case .confirm = judge(confirmed, nonce: fresh, userAgent: "Slackbot 1.0") else {
            Issue.record("a confirmation within a second was acted upon")
            return
        }
        let other = judge(["action": "assign", "rep": "jane", "confirmed": "1"], nonce: nonce)
        #expect(other.isForbidden)
        // The lead's own page can't be passed off as the confirming one.
        #expect(judge(confirmed, userAgent: "Slackbot 1.0").isForbidden)
    }

    @Test("A nonce that is missing, of another link or too old changes nothing")
    func nonces() {
        #expect(judge(nonce: "").isForbidden)
        #expect(judge(nonce: "mwtfmbuo.AAAA").isForbidden)
        #expect(judge(nonce: Fixture.keys.nonce(for: Fixture.link("lee"), issued: now - .seconds(5))).isForbidden)
        #expect(judge(nonce: Fixture.keys(8).nonce(for: Fixture.link(), issued: now - .seconds(5))).isForbidden)
        #expect(judge(age: LinkKeys.nonceLifetime).isForbidden)
    }

    @Test("A clock that was set back asks once more instead of refusing")
    func clockSetBack() {
        guard case .confirm = judge(age: .seconds(-3600)) else {
            Issue.record("not asked again")
            return
        }
    }

    @Test("A link does only what it is for", arguments: ChoiceAction.allCases)
    func purposes(action: ChoiceAction) {
        let fields = ["action": action.rawValue, "rep": "billy", "from": "jane", "to": "lee", "reason": "spam"]
        for purpose in LinkPurpose.allCases where purpose != action.purpose {
            let verdict = judge(fields, through: Fixture.link("dana", purpose))
            #expect(verdict.isForbidden)
        }
        guard case .act = judge(fields, through: Fixture.link("dana", action.purpose)) else {
            Issue.record("\(action) is refused through its own link")
            return
        }
    }

    @Test("What is missing is named")
    func flaws() {
        let cases: [([String: String], ChoiceFlaw)] = [
            (["action": "assign"], .noRep), (["action": "assign", "rep": "dana"], .unknownRep),
            (["action": "assign", "rep": "Billy"], .unknownRep), (["action": "reject"], .noReason),
            (["action": "reject", "reason": "done"], .noReason), ([:], .unknownAction),
            (["action": "deadlinePassed"], .unknownAction), (["action": "reassign", "rep": "billy"], .unknownAction),
            (["action": "claim", "note": String(repeating: "x", count: 2001)], .noteTooLong),
        ]
        for (fields, flaw) in cases {
            #expect(judge(fields) == .again(sentence: flaw.sentence, isForbidden: false))
        }
    }

    @Test("A form is read as browsers write it")
    func reading() throws {
        let fields = try #require(
            FormFields(urlEncoded: "action=assign&rep=billy&note=Hall%C3%B6%2C%0D%0Ab%26c+%2B1%00&rep=jane&x&=y&a[]=1"))
        let form = ChoiceForm(fields)
        #expect(form.action == "assign" && form.rep == "billy")
        #expect(form.note == "Hallö,\nb&c +1")
        #expect(FormFields(urlEncoded: "note=%FF%FE") == nil)
        #expect(FormFields(urlEncoded: "note=%zz") == nil)
        #expect(FormFields(urlEncoded: "").map { ChoiceForm($0) } == ChoiceForm())
    }

    @Test("A POST from another site is told from our own forms")
    func origins() {
        let site = "https://leads.example.com/path"
        let cases: [(origin: String?, fetchSite: String?, expected: PostOrigin)] = [
            (nil, nil, .own), ("null", nil, .own), ("null", "same-origin", .own), (nil, "none", .own),
            ("https://leads.example.com", nil, .own), ("https://leads.example.com", "same-origin", .own),
            ("http://127.0.0.1:8080", nil, .own),
            ("https://evil.example", nil, .foreign), ("https://leads.example.com.evil.example", nil, .foreign),
            ("https://evil.example", "same-origin", .foreign), ("null", "cross-site", .foreign),
            (nil, "cross-site", .foreign), (nil, "same-site", .foreign), ("null", "same-site", .foreign),
            ("https://leads.example.com", "cross-site", .foreign), ("", nil, .foreign), ("evil", nil, .foreign),
            ("https://leads.example.com, https://evil.example", nil, .foreign),
        ]
        for (origin, fetchSite, expected) in cases {
            let verdict = PostOrigin(origin: origin, fetchSite: fetchSite, host: "127.0.0.1:8080", siteURL: site)
            #expect(verdict == expected, "\(origin ?? "-") \(fetchSite ?? "-")")
        }
    }

    @Test("Only plain addresses and numbers become links that a phone acts upon")
    func contacts() {
        #expect(LeadWords.mailto("ada@acme.example") == "mailto:ada@acme.example")
        #expect(LeadWords.mailto("a&b=c@acme.example") == nil)
        #expect(LeadWords.mailto("a?bcc=x@acme.example") == nil)
        #expect(LeadWords.mailto("a b@acme.example") == nil)
        #expect(LeadWords.mailto("javascript:alert(1)") == nil)
        #expect(LeadWords.tel("+1 (312) 555-0142") == "tel:+13125550142")
        #expect(LeadWords.tel("312 555 0142 ext. 7") == "tel:3125550142")
        #expect(LeadWords.tel("call me") == nil)
        #expect(LeadWords.tel("javascript:12345") == nil)
        #expect(RecordLink("javascript:alert(1)") == nil)
        #expect(RecordLink("https://user:pass@evil.example/") == nil)
        #expect(RecordLink("https://crm.example/1")?.host == "crm.example")
    }

    @Test("Escaping goes by code points, whatever clings to them")
    func escaping() {
        let escaped = StrictHTML().escapeText("\u{600}<b>\u{301} \"\u{338}x' & \u{0} a\n")
        #expect(escaped == "\u{600}&lt;b&gt;\u{301} &quot;\u{338}x&#39; &amp; \u{FFFD} a\n")
    }
}

extension Judgement {
    fileprivate var isForbidden: Bool {
        if case .again(_, let isForbidden) = self { isForbidden } else { false }
    }
}
