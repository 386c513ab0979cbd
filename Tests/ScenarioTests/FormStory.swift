// A web form across restarts: what its ticket was used for is known to the next run, so a form that was sent can't be sent
// again with other words, and sent again as it was it is the same lead. Nothing that a person wrote is lost on the way.

import Foundation
import LeadCore
import LeadTestKit
import LeadWeb
import Testing

@Suite("A web form", .timeLimit(.minutes(5)))
struct FormStory {
    private static let plan = HousePlan {
        $0.hasPages = true
        $0.doors = [
            SourceDoor(
                name: "web",
                form: .init(
                    title: "Write to us", fields: [.name, .email, .description], required: [.name],
                    minimumTime: .seconds(3), limits: [], thanks: nil))
        ]
    }

    private static let ada = ["name": "Ada King", "email": "ada@acme.example", "description": "A bust"]

    /// Opens the form, and takes the time to fill it in.
    private func form(_ house: House, _ browser: Browser) async throws -> String {
        let page = try await browser.open("/f/web")
        try await house.pass(.seconds(20))
        return try #require(page.field("ticket"))
    }

    private func send(_ fields: [String: String], _ ticket: String, _ house: House) async throws -> Browser.Page {
        var answer: Browser.Page?
        try await Browser.open(house) { browser in
            let page = Browser.Page(path: "/f/web", status: 200, text: "", location: nil)
            answer = try await browser.post("send", on: page, fields.merging(["ticket": ticket]) { $1 })
        }
        return try #require(answer)
    }

    @Test(
        "a ticket that was used before a restart is good for the same post, which is no second lead, and for no other")
    func restart() async throws {
        try await House.open(Self.plan) { house in
            var ticket = ""
            var unused = ""
            try await Browser.open(house) { browser in
                ticket = try await form(house, browser)
                unused = try await form(house, browser)
            }
            #expect(try await send(Self.ada, ticket, house).status == 303)
            try await house.expect(.decide, to: "lee", by: "mail", "slack")
            try await house.stop()
            try await house.start()

            // The browser sends it again as it was.
            #expect(try await send(Self.ada, ticket, house).status == 303)
            try await house.settle()
            #expect(try await house.cases().count == 1)
            // Somebody went back and wrote something else: nothing is taken unseen, and nothing is lost.
            let other = Self.ada.merging(["description": "A fountain"]) { $1 }
            let page = try await send(other, ticket, house)
            #expect(page.status == 422 && page.text.contains("You have sent this form already"))
            #expect(page.text.contains("A fountain"))
            try await house.settle()
            #expect(try await house.cases().count == 1)
            try await house.pass(.seconds(20))
            #expect(try await send(other, try #require(page.field("ticket")), house).status == 303)
            try await house.expect(.decide, to: "lee", by: "mail", "slack")
            #expect(try await house.cases().count == 2)

            // A page that was open all the while is as good as ever.
            #expect(try await send(["name": "Eve"], unused, house).status == 303)
            try await house.expect(.decide, to: "lee", by: "mail", "slack")
            try await house.expectSilence()
            #expect(try await house.cases().count == 3)
        }
    }

    @Test("a ticket whose post could not be stored is good for another after a restart, too")
    func unstored() async throws {
        try await House.open(Self.plan) { house in
            var ticket = ""
            try await Browser.open(house) { browser in ticket = try await form(house, browser) }
            let incoming = house.folder.file("spool/incoming")
            try Self.shut(incoming)
            #expect(try await send(Self.ada, ticket, house).status == 503)
            try Self.open(incoming)
            try await house.stop()
            try await house.start()
            let mended = Self.ada.merging(["name": "Ada Byron King"]) { $1 }
            #expect(try await send(mended, ticket, house).status == 303)
            let letter = try await house.expect(.decide, to: "lee", by: "mail", "slack")
            #expect(try await house.file(letter.caseID).subject.lead[.name] == "Ada Byron King")
            try await house.expectSilence()
        }
    }

    /// Puts a file where `folder` is: one that is merely gone is made anew.
    private static func shut(_ folder: String) throws {
        try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
        while !FileManager.default.createFile(atPath: folder, contents: nil) { rmdir(folder) }
    }

    /// Puts the folder back, in the place of an empty one, too.
    private static func open(_ folder: String) throws {
        try FileManager.default.removeItem(atPath: folder)
        guard rename(folder + ".away", folder) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EINVAL) }
    }
}
