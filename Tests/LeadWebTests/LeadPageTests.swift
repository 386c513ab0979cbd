// The pages as people see them, compared whole with the files in Golden/. `LEADBELL_UPDATE_GOLDEN=1` writes them anew.

import Foundation
import LeadCore
import Testing

@testable import LeadWeb

@Suite("Pages")
struct LeadPageTests {
    private let nonce = Fixture.keys.nonce(for: Fixture.link(), issued: Fixture.start)

    private func writer(_ rulebook: Rulebook = Fixture.rulebook) -> BriefingWriter {
        BriefingWriter(rulebook: rulebook, keys: Fixture.keys)
    }

    private func decide(
        _ stored: StoredCase, by person: PersonID = "dana", minutes: Int64 = 5, news: PageNews = .none,
        rulebook: Rulebook = Fixture.rulebook
    ) -> LeadPage {
        LeadPage(
            view: stored.view(minutes: minutes, rulebook: rulebook), link: Fixture.link(person), nonce: nonce,
            writer: writer(rulebook), news: news)
    }

    private func follow(_ stored: StoredCase, by person: PersonID, minutes: Int64 = 30) -> RepPage {
        RepPage(
            view: stored.view(minutes: minutes), link: Fixture.link(person, .follow), nonce: nonce,
            writer: writer(), news: .none)
    }

    @Test("The page of somebody who has asked before leads to the earlier case, unless only the form says so")
    func earlierCase() {
        var lead = Fixture.opened().subject.lead
        #expect(!decide(Fixture.opened()).html.contains("Their earlier case"))
        let known = KnownLead(
            id: "7zq4m0c2d9xk1b5r", state: .closed, lastAt: Fixture.start, rep: "jane", likenesses: [])
        lead.note(former: DuplicateMatch(known: known, resemblance: Resemblance(score: 100, reasons: ["x"])))
        #expect(lead.earlierCase == "7zq4m0c2d9xk1b5r")
        let html = decide(Fixture.opened(lead)).html
        let link = writer().link(to: "7zq4m0c2d9xk1b5r", for: "dana", at: Fixture.start + .seconds(300)) ?? "none"
        #expect(html.contains("href=\"\(link)\">Their earlier case</a>"))
        // Reps have no link to the cases of others.
        #expect(!decide(Fixture.opened(lead), by: "billy").html.contains("Their earlier case"))
        #expect(Lead(given: [.formerCase: "7zq4m0c2d9xk1b5r"]).earlierCase == nil)
    }

    @Test(
        "Where two say different things, the page shows whose word counts, and what the others say, with who said it when"
    )
    func conflict() {
        var lead = Fixture.lead
        let learnt = Provenance(origin: "crm", basis: "web_domain acme.example", confidence: 80, at: Fixture.start)
        lead.add(.company, "Acme <Holding>", learnt, by: Precedence(["crm", "given"]))
        let html = decide(Fixture.opened(lead)).html.replacing("\n", with: "")
        #expect(lead[.company] == "Acme <Holding>")
        #expect(html.contains("Acme &lt;Holding&gt;"))
        #expect(
            html.contains(
                "added by crm, by web_domain acme.example, 80 % sure, Mon 23 Nov 09:40; “Acme Arts” is given"
            ),
            "\(html.ranges(of: "added by crm").map { html[$0.lowerBound...].prefix(200) })")
    }

    @Test("A waiting lead is shown with its facts, the reps and the deadline in the manager's zone")
    func waiting() throws {
        let page = decide(Fixture.opened())
        #expect(
            page.sentences.last
                == "Choose by Mon 23 Nov 10:40 (America/Chicago); after that Jane Ortiz gets the lead.")
        #expect(page.countdown == "55 min left")
        try expectGolden(page.html, "waiting")
    }

    @Test("Nothing is preselected on any page")
    func nothingPreselected() throws {
        for page in [decide(Fixture.opened()), decide(try assigned())] {
            let html = page.html.replacing(Stylesheet.text, with: "")
            #expect(!html.contains("checked"))
            #expect(html.contains("required"))
        }
        #expect(decide(Fixture.opened()).html.contains("<option value=\"\" selected>"))
    }

    @Test("A lead that another manager decides on offers no choice")
    func claimedByAnother() throws {
        let page = decide(try Fixture.opened().after(.claim(by: "lee"), minutes: 3))
        #expect(page.choice == nil && page.claimTime == nil && !page.canReject && !page.canRelease)
        try expectGolden(page.html, "claimed-by-another")
    }

    @Test("A claim that has run out no longer keeps others from choosing")
    func claimRunOut() throws {
        let page = decide(try Fixture.opened().after(.claim(by: "lee"), minutes: 3), minutes: 19)
        #expect(page.choice?.action == "assign")
        #expect(page.status.text == "Waiting for a choice")
    }

    @Test("One's own claim can be released and still be decided")
    func ownClaim() throws {
        let page = decide(try Fixture.opened().after(.claim(by: "dana"), minutes: 3))
        #expect(page.choice?.action == "assign" && page.canRelease && page.claimTime == nil)
        #expect(page.status.text == "You decide")
    }

    @Test("A late click is told who has the lead, since when and by whom, and may take it elsewhere")
    func lateClick() throws {
        let stored = try Fixture.opened().after(
            .assign(rep: "billy", by: "lee", note: "She asked for you."), minutes: 12)
        let words = RefusalWords(writer: writer(), rulebook: Fixture.rulebook, reader: "dana")
        let refusal = Refusal.alreadyAssigned(try #require(stored.subject.assignment))
        let alert = words.sentence(refusal, subject: stored.subject)
        #expect(
            alert == "Someone was faster. Billy Moss has the lead since Mon 23 Nov 09:52 (America/Chicago), "
                + "chosen by Lee Park. Your choice changed nothing.")
        let page = decide(stored, minutes: 13, news: PageNews(alert: alert, note: "Please call today."))
        #expect(page.choice?.action == "reassign" && page.choice?.from == "billy")
        #expect(page.choice?.reps.map(\.id) == ["jane", "omar"])
        try expectGolden(page.html, "late-click")
    }

    @Test("A site that forbids it offers no reassignment")
    func noReassignment() throws {
        let rulebook = Fixture.rulebook(choice: ChoiceSettings(mayReassign: false))
        #expect(decide(try assigned(), rulebook: rulebook).choice == nil)
    }

    @Test("Someone who is no manager any more can't choose")
    func noManager() {
        let page = decide(Fixture.opened(), by: "billy")
        #expect(page.choice == nil && page.claimTime == nil && !page.canReject)
    }

    @Test("The rep sees how to reach the person and what the manager wrote")
    func repsPage() throws {
        let page = follow(try assigned(), by: "billy")
        let brief = try #require(page.brief)
        #expect(brief.contacts.map(\.href) == ["mailto:ada.marsh@acme-arts.example", "tel:+13125550142"])
        #expect(brief.word == "She asked for you." && brief.wordBy == "Dana Whitfield")
        #expect(page.canStart && page.canClose)
        try expectGolden(page.html, "rep")
    }

    @Test("A rep from whom the lead was taken sees who has it, and no longer how to reach the person")
    func withdrawn() throws {
        let stored = try assigned().after(
            .reassign(rep: "omar", from: "billy", by: "lee", note: nil), minutes: 20)
        let page = follow(stored, by: "billy")
        #expect(page.brief == nil && !page.canStart && !page.canClose)
        #expect(!page.html.contains("ada.marsh") && !page.html.contains("555"))
        try expectGolden(page.html, "withdrawn")
    }

    @Test("The page that asks once more names the choice")
    func confirm() throws {
        var form = ChoiceForm()
        form.action = "assign"
        form.rep = "billy"
        form.note = "She asked for you."
        let view = Fixture.opened().view()
        let choice = try Choice(form, through: Fixture.link(), view: view)
        let nonce = Fixture.keys.nonce(for: Fixture.link().confirming(choice), issued: Fixture.start)
        try expectGolden(ConfirmPage(choice, view: view, nonce: nonce, isDoubtful: true).html, "confirm")
    }

    @Test("The refusal says nothing of any lead")
    func refusal() throws {
        try expectGolden(PlainPage.unknownLink(site: Fixture.rulebook.site).html, "refusal")
    }

    @Test("What is not known is shown as unknown")
    func unknowns() {
        let page = decide(Fixture.opened(Lead(given: [.email: "a@b.example"])), by: "lee")
        let unknown = page.facts.filter { !$0.isKnown }.map(\.label)
        #expect(unknown == ["Who", "For what", "Firm", "Industry", "Source", "Place", "Urgency", "Value"])
        #expect(page.facts.allSatisfy { $0.text == "unknown" })
    }

    @Test("Each value says where it came from")
    func provenance() {
        let page = decide(Fixture.opened())
        #expect(page.facts.first { $0.label == "Industry" }?.origin == "added by firms")
        #expect(page.facts.first { $0.label == "Place" }?.origin == nil)
        #expect(page.details.first { $0.label == "Industry" }?.origin == "added by firms, by domain acme-arts.example")
        #expect(page.details.first { $0.label == "State code" }?.origin == "added by normalise, by state Illinois")
        #expect(page.details.first { $0.label == "Firm" }?.origin == "given")
        #expect(page.gaps == ["http: took longer than 3 s"])
    }

    @Test("A notice is believed only when the case stands accordingly")
    func notices() throws {
        let waiting = Fixture.opened().view()
        for notice in Notice.allCases where notice != .released {
            #expect(notice.sentence(about: waiting, for: "dana") == nil)
        }
        let settled = try assigned().view()
        #expect(
            Notice.assigned.sentence(about: settled, for: "dana")
                == "Done. Billy Moss has the lead and is being told.")
        #expect(Notice.assigned.sentence(about: settled, for: "lee") == nil)
    }

    @Test("A page takes no longer to make than a person would notice", .timeLimit(.minutes(1)))
    func pace() {
        let page = decide(Fixture.opened())
        let clock = ContinuousClock()
        let best = (0..<5).map { _ in clock.measure { _ = page.html } }.min() ?? .zero
        #expect(best < .milliseconds(100))
    }

    private func assigned() throws -> StoredCase {
        try Fixture.opened().after(.assign(rep: "billy", by: "dana", note: "She asked for you."), minutes: 12)
    }
}
