// The demo without a person: plays the whole story against the running daemon, from outside, by its files, links and
// messages alone. Each step says what it waits for; the first that doesn't come true ends the story.

import Curl
import Foundation
import LeadCore
import LeadStorage

/// One step that came true.
struct StoryStep: Sendable, Encodable {
    let at: String
    let elapsedMilliseconds: Int64
    let step: String
    let detail: String
}

/// Plays the story and tells each step.
struct DemoStory: Sendable {
    /// Why the story ended early.
    struct Ended: Error, CustomStringConvertible {
        let description: String
    }

    let inbox: DemoInbox
    let clock: any TimeSource
    let spoolDirectory: String
    let store: any CaseStore
    let submit: @Sendable (DemoLead) throws -> Void
    let tell: @Sendable (StoryStep) throws -> Void
    let began: Timestamp
    /// The daemon's own address.
    let base: String
    /// Every kind by which somebody is reached.
    let kinds: [InboxKind]

    /// Longer than any wait of the demo's policies.
    private static let patience: Duration = .seconds(30)

    /// Plays it all; throws what did not happen.
    func play() async throws {
        for lead in [DemoLead.chosen, .leftAlone, .malformed] {
            try submit(lead)
            try step("dropped \(lead.name) into incoming/")
        }
        try await quarantine()
        let link = try await leadIsAnnounced()
        try await leadIsClaimedInSlack()
        try await leadIsChosen(through: link)
        try await leadFallsBack()
        try await everyKindHasCome()
    }

    // MARK: Lead 3

    private func quarantine() async throws {
        let failed = URL(filePath: spoolDirectory).appending(path: "failed/\(DemoLead.malformed.name)")
        let reason = failed.path() + ".reason.json"
        try await wait("lead 3 is quarantined") {
            FileManager.default.fileExists(atPath: failed.path()) && FileManager.default.fileExists(atPath: reason)
        }
        let text = String(decoding: try Data(contentsOf: URL(filePath: reason)), as: UTF8.self)
        guard text.contains("\"line\"") else { throw Ended(description: "the reason of lead 3 names no line: \(text)") }
        try step("lead 3 quarantined with its reason", "failed/\(DemoLead.malformed.name).reason.json")
    }

    // MARK: Lead 1

    private func leadIsAnnounced() async throws -> String {
        let card = try await message("Dana's Teams card") {
            $0.kind == .teams && $0.recipient == "dana" && $0.html.contains("Ada King")
        }
        try step("lead 1 reached Dana by Teams", card.headline)
        let mail = try await message("Dana's mail") {
            $0.kind == .mail && $0.recipient.hasPrefix("dana@") && $0.html.contains("Ada King")
        }
        try step("lead 1 reached Dana by mail", mail.headline)
        guard card.html.contains("Museums and galleries") else {
            throw Ended(description: "the card does not show the industry that the firm directory knows")
        }
        guard let link = mail.link, let lead = Self.lead(of: link), lead == card.link.flatMap(Self.lead) else {
            throw Ended(description: "the card and the mail don't carry links to the same lead")
        }
        return link
    }

    /// Which lead a link is of: the second part of its token.
    private static func lead(of link: String) -> Substring? {
        let parts = link.split(separator: "/").last?.split(separator: ".") ?? []
        return parts.count > 1 ? parts[1] : nil
    }

    /// Dana presses a button of the bot's message, which shows that she decides, and then that it is open again.
    private func leadIsClaimedInSlack() async throws {
        let browser = try DemoBrowser()
        for (press, next) in [("claim", "release"), ("release", "claim")] {
            let shown = try await message("the bot's message with the button \(press)") {
                $0.handle != nil && $0.html.contains("Ada King") && $0.html.contains("value=\"\(press)\"")
            }
            guard let form = shown.form(of: press) else {
                throw Ended(description: "the bot's message has no form for \(press)")
            }
            let answer = try await browser.post(base + "/inbox/slack-press", form)
            guard answer.status == 303 else { throw Ended(description: "the press was answered with \(answer.status)") }
            let changed = try await message("the message that shows what was pressed") {
                $0.handle == shown.handle && $0.html.contains("value=\"\(next)\"")
            }
            try step("Dana pressed \(press) in Slack, and the message was changed", changed.headline)
        }
        await browser.close()
    }

    private func leadIsChosen(through link: String) async throws {
        let browser = try DemoBrowser()
        let page = try await browser.get(link)
        guard page.status == 200, page.text.contains("Billy Moss"), !page.text.contains(" checked") else {
            throw Ended(description: "the page did not open with the reps and nothing preselected (\(page.status))")
        }
        guard let nonce = page.field("nonce") else { throw Ended(description: "the page's form has no nonce") }
        try step("opened lead 1 through its link", "HTTP \(page.status)")
        // A choice within a second of the page is what a robot does, and would be asked to confirm.
        let humanly = clock.now() + .milliseconds(1200)
        while clock.now() < humanly { await clock.wait(until: humanly, or: Bell()) }
        let form = ["action": "assign", "rep": "billy", "note": "Call her today, please.", "nonce": nonce]
        let answer = try await browser.post(link, form)
        guard answer.status == 303 else { throw Ended(description: "the choice was answered with \(answer.status)") }
        try step("Dana chose Billy Moss", "HTTP \(answer.status)")
        let handover = try await message("Billy's mail") {
            $0.kind == .mail && $0.recipient.hasPrefix("billy@") && $0.html.contains("Ada King")
        }
        try step("Billy was told", handover.headline)
        let settled = try await message("Dana's settled card") {
            $0.kind == .teams && $0.recipient == "dana" && $0.html.contains("Settled")
        }
        try step("Dana's channels show it settled", settled.headline)
        let bot = try await message("the bot's settled message") {
            $0.handle != nil && $0.html.contains("Ada King") && !$0.html.contains("<form")
        }
        try step("the bot's message has no buttons any more", bot.headline)
        await browser.close()
    }

    // MARK: Lead 2

    private func leadFallsBack() async throws {
        let first = try await message("Lee's Slack message") {
            $0.kind == .slack && $0.recipient == "lee" && $0.html.contains("Crestline")
        }
        try step("lead 2 reached Lee, who does nothing", first.headline)
        let reminder = try await message("Lee's reminder") {
            $0.kind == .slack && $0.recipient == "lee" && $0.html.contains("Reminder")
        }
        try step("Lee was reminded", reminder.headline)
        let escalated = try await message("Dana's escalation") {
            $0.kind == .teams && $0.recipient == "dana" && $0.html.contains("Crestline")
        }
        try step("lead 2 went to the second manager, Dana", escalated.headline)
        let fallback = try await message("Jane's mail") {
            $0.kind == .mail && $0.recipient.hasPrefix("jane@") && $0.html.contains("Crestline")
        }
        try step("nobody acted: Jane Ortiz, the fallback person, was given lead 2", fallback.headline)
        let settled = try await message("Lee's settled message") {
            $0.kind == .slack && $0.recipient == "lee" && $0.html.contains("Settled")
        }
        try step("everyone who had been asked was told", settled.headline)
        try await theRecordAgrees()
        guard let link = first.link else { throw Ended(description: "Lee's message has no link") }
        let browser = try DemoBrowser()
        let late = try await browser.get(link)
        await browser.close()
        guard late.status == 200, late.text.contains("Jane Ortiz") else {
            throw Ended(description: "Lee's late look does not say who has the lead (\(late.status))")
        }
        try step("Lee's late click says that Jane has it", "HTTP \(late.status)")
    }

    private func theRecordAgrees() async throws {
        let cases = try await store.list(states: Set(LeadCase.StateName.allCases), limit: 10)
        let owners = cases.compactMap(\.rep?.text).sorted()
        guard cases.count == 2, owners == ["billy", "jane"] else {
            throw Ended(description: "the database holds \(cases.count) leads owned by \(owners)")
        }
        try step("the database has two leads, each with one owner", owners.joined(separator: ", "))
    }

    // MARK: All

    private func everyKindHasCome() async throws {
        for kind in kinds { _ = try await message("a message by \(kind.title)") { $0.kind == kind } }
        try step("each kind of channel has carried a message", kinds.map(\.title).joined(separator: ", "))
    }

    // MARK: Waiting

    private func message(
        _ what: String, where wanted: @escaping @Sendable (InboxMessage) -> Bool
    ) async throws -> InboxMessage {
        let found = await inbox.first(until: clock.now() + Self.patience, clock: clock, where: wanted)
        guard let found else { throw Ended(description: "\(what) did not come within \(Self.patience.words)") }
        return found
    }

    private func wait(_ what: String, until holds: () -> Bool) async throws {
        let deadline = clock.now() + Self.patience
        while !holds() {
            guard clock.now() < deadline, !Task.isCancelled else { throw Ended(description: "not so: \(what)") }
            await clock.wait(until: clock.now() + .milliseconds(50), or: Bell())
        }
    }

    private func step(_ step: String, _ detail: String = "") throws {
        let now = clock.now()
        let time = CivilTime(now).rfc3339
        try tell(
            StoryStep(at: time, elapsedMilliseconds: (now - began).milliseconds, step: step, detail: detail))
    }
}

extension InboxMessage {
    /// The fields of the form of a button.
    fileprivate func form(of action: String) -> [String: String]? {
        for form in html.matches(of: /<form.*?<\/form>/).map(\.output) where form.contains("value=\"\(action)\"") {
            var fields: [String: String] = [:]
            for field in form.matches(of: /name=([a-z]+) value="([^"]*)"/) {
                fields[String(field.1)] = String(field.2)
            }
            return fields
        }
        return nil
    }
}

/// Looks at pages as a browser would, through the product's own HTTP client.
struct DemoBrowser {
    /// An answer.
    struct Page {
        let status: Int
        let text: String

        /// The value of the hidden field called `name`.
        func field(_ name: String) -> String? {
            for tag in text.matches(of: /<input[^>]*>/).map(\.output) where tag.contains("name=\"\(name)\"") {
                if let value = tag.firstMatch(of: /value="([^"]*)"/) { return String(value.1) }
            }
            return nil
        }
    }

    private let client: HTTPClient

    init() throws { client = try HTTPClient() }

    func get(_ url: String) async throws -> Page { try await send(HTTPRequest(method: .get, url: url)) }

    func post(_ url: String, _ form: [String: String]) async throws -> Page {
        var request = HTTPRequest(method: .post, url: url)
        var characters = CharacterSet.alphanumerics
        characters.insert(charactersIn: "-._~")
        let pairs = form.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: characters) ?? "")" }
        request.body = Array(pairs.joined(separator: "&").utf8)
        request.headers.append((name: "Content-Type", value: "application/x-www-form-urlencoded"))
        return try await send(request)
    }

    func close() async { await client.shutdown() }

    private func send(_ request: HTTPRequest) async throws -> Page {
        var request = request
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        request.maximumResponseBytes = 1 << 20
        // As a browser on the page itself would say it; a program's own name gets the robots' confirm page.
        request.headers.append((name: "User-Agent", value: "Mozilla/5.0 (X11; Linux) leadbell-demo"))
        request.headers.append((name: "Sec-Fetch-Site", value: "same-origin"))
        let response = try await client.send(request).get()
        return Page(status: response.status, text: String(decoding: response.body, as: UTF8.self))
    }
}
