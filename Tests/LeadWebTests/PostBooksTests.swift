// The books of tickets and of requests: what a post may do while other attempts of it are under way, and within which bounds
// they remember.

import LeadCore
import Testing

@testable import LeadWeb

@Suite("Books of posts")
struct PostBooksTests {
    @Test("the book of tickets keeps within its bounds, and lets none that it forgot be used again")
    func bounds() {
        let book = TicketBook(logger: RunningSite.quiet, most: 100)
        let start = Fixture.start
        for number in 0..<1000 {
            let issued = start + .milliseconds(Int64(number))
            #expect(book.use("\(number)", issued: issued, for: [1], now: issued) == .post)
            book.stored("\(number)")
        }
        #expect(book.count <= 100)
        let now = start + .seconds(1)
        for number in 0..<1000 {
            let issued = start + .milliseconds(Int64(number))
            #expect(book.use("\(number)", issued: issued, for: [2], now: now) == .spent, "\(number)")
        }
        #expect(book.use("999", issued: start + .milliseconds(999), for: [1], now: now) == .stored)
    }

    @Test("a ticket whose one attempt fails beside another is good for no second post")
    func ticketBeside() async {
        let book = TicketBook(logger: RunningSite.quiet)
        let use = { (body: UInt8) in book.use("t", issued: Fixture.start, for: [body], now: Fixture.start) }
        #expect(use(1) == .post && use(1) == .post)
        await book.release("t")
        #expect(use(2) == .spent)
        book.stored("t")
        #expect(use(1) == .stored && use(2) == .spent)
    }

    @Test("a ticket all of whose attempts failed is good for any post")
    func ticketReleased() async {
        let book = TicketBook(logger: RunningSite.quiet)
        let use = { (body: UInt8) in book.use("t", issued: Fixture.start, for: [body], now: Fixture.start) }
        #expect(use(1) == .post && use(1) == .post)
        await book.release("t")
        await book.release("t")
        #expect(use(2) == .post)
    }

    @Test("a key whose one attempt fails beside another is good for no second post, and after both for any")
    func requestBeside() {
        let book = RequestBook()
        let begin = { (body: UInt8) in book.begin("k", of: "crm", body: [body]) }
        #expect(begin(1) && begin(1))
        book.release("k", of: "crm")
        #expect(!begin(2))
        book.release("k", of: "crm")
        #expect(begin(2) && !begin(1))
        book.stored("k", of: "crm")
        #expect(begin(2))
        book.release("k", of: "crm")
        book.release("k", of: "crm")
        #expect(!begin(1), "what is stored stays known, whatever becomes of further attempts")
        #expect(book.begin("k", of: "ads", body: [1]), "each source has keys of its own")
    }

    @Test("a key that was given up and comes again is as young as any other")
    func requestAgain() {
        let book = RequestBook(most: 10)
        #expect(book.begin("k", of: "crm", body: [1]))
        book.release("k", of: "crm")
        for number in 0..<15 { #expect(book.begin("\(number)", of: "crm", body: [1])) }
        #expect(book.begin("k", of: "crm", body: [1]))
        for number in 15..<24 { #expect(book.begin("\(number)", of: "crm", body: [1])) }
        #expect(!book.begin("k", of: "crm", body: [2]))
        #expect(book.begin("0", of: "crm", body: [2]), "what is far older is forgotten")
    }
}
