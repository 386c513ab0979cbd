// Sources of the program as its users meet them: a folder and a mapping of their own, a token for programs, a form for people.

import Curl
import Foundation
import LeadTestKit
import Testing

@Suite("Sources")
struct SourcesTests {
    private func installation(_ hash: String) throws -> Installation {
        let installation = try Installation()
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            extra: """
                mappings:
                  site:
                    preset: salesforce
                    fields:
                      project_type: 00N1
                      urgency: { from: prio, translate: { hot: high }, otherwise: normal }
                    ignore: [captcha]
                sources:
                  site: { mapping: site, label: Web site, http: { tokens: ["\(hash)"] }, form: { minimum_time: 0s } }
                """)
        return installation
    }

    private func post(
        _ installation: Installation, _ path: String, _ body: String, type: String, token: String? = nil
    ) async throws -> HTTPResponse {
        let client = try HTTPClient()
        var request = HTTPRequest(method: .post, url: "http://127.0.0.1:\(installation.port)\(path)")
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        request.body = Array(body.utf8)
        request.headers = [(name: "Content-Type", value: type)]
        if let token { request.headers.append((name: "Authorization", value: "Bearer \(token)")) }
        let response = try await client.send(request).get()
        await client.shutdown()
        return response
    }

    private struct Pair: Decodable {
        let token: String
        let hash: String
    }

    private struct Receipt: Decodable {
        struct Taken: Decodable {
            let key: String
            let lead: String
        }
        let accepted: [Taken]
    }

    /// What `show` prints of the lead once it is there.
    private func shown(_ id: String, _ installation: Installation) async throws -> String {
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            let show = try await installation.run("show", id)
            if show.status == 0 { return show.output }
        }
        throw DaemonFault(description: "no lead \(id) was taken in")
    }

    @Test("a program's post and a file of rows become leads by the source's mapping; the token is in no log")
    func life() async throws {
        let made = try await LeadbellProgram.run(["token", "--format", "json"], environment: [:])
        let pair = try JSONDecoder().decode(Pair.self, from: Data(made.output.utf8))
        let installation = try installation(pair.hash)
        let daemon = try await installation.daemon()
        let body = #"{"Id":"00Q1","FirstName":"Ada","LastName":"King","00N1":"fine-art","prio":"hot","captcha":"x"}"#
        let answer = try await post(installation, "/v1/leads", body, type: "application/json", token: pair.token)
        #expect(answer.status == 202)
        let receipt = try JSONDecoder().decode(Receipt.self, from: Data(answer.body))
        #expect(receipt.accepted.map(\.key) == ["id:site:00Q1"])
        let lead = try await shown(try #require(receipt.accepted.first).lead, installation)
        for text in ["King", "fine-art", "high", "Web site"] { #expect(lead.contains(text), "\(lead)") }
        #expect(!lead.contains("captcha"))
        let refused = try await post(installation, "/v1/leads", body, type: "application/json", token: "no")
        #expect(refused.status == 401)
        // The same record from a file is the same lead; another row is another.
        let rows = installation.folder.file("rows.csv")
        try "Id,First Name,Last Name,prio\n00Q1,Ada,King,hot\n00Q2,Bea,Bolt,\n".write(
            toFile: rows, atomically: true, encoding: .utf8)
        let submitted = try await installation.run("submit", "--source", "site", "--file", rows, "--format", "json")
        #expect(submitted.status == 0, "\(submitted.errors)")
        let lines = submitted.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].contains("id:site:00Q1"))
        let second = try JSONDecoder().decode(Receipt.Taken.self, from: Data(lines[1].utf8))
        #expect(try await shown(second.lead, installation).contains("Bolt"))
        let list = try await installation.run("list", "--all", "--format", "json")
        #expect(list.output.split(separator: "\n").count == 2)
        let ended = await daemon.stop()
        #expect(ended.status == 0)
        #expect(!ended.log.contains(pair.token) && !ended.log.contains("King"))
    }

    @Test("a record without an id is the same lead by post and by file, however its lines are broken")
    func byContent() async throws {
        let made = try await LeadbellProgram.run(["token", "--format", "json"], environment: [:])
        let pair = try JSONDecoder().decode(Pair.self, from: Data(made.output.utf8))
        let installation = try installation(pair.hash)
        let daemon = try await installation.daemon()
        for (number, body) in ["{\"LastName\":\"King\"}", "{\n  \"LastName\": \"Bolt\",\r\n  \"prio\": \"hot\"\n}\n"]
            .enumerated()
        {
            let answer = try await post(
                installation, "/v1/leads", body, type: "application/json", token: pair.token)
            let posted = try JSONDecoder().decode(Receipt.self, from: Data(answer.body)).accepted
            let lead = try #require(posted.first)
            #expect(lead.key.hasPrefix("sha256:"))
            _ = try await shown(lead.lead, installation)
            let file = installation.folder.file("\(number).json")
            try body.write(toFile: file, atomically: true, encoding: .utf8)
            let submitted = try await installation.run("submit", "--source", "site", "--file", file, "--format", "json")
            let same = try JSONDecoder().decode(Receipt.Taken.self, from: Data(submitted.output.utf8))
            #expect(same.key == lead.key && same.lead == lead.lead, "\(body)")
        }
        let incoming = installation.folder.file("spool/incoming")
        try await eventually("the files are taken") {
            try FileManager.default.contentsOfDirectory(atPath: incoming).allSatisfy { $0.hasPrefix(".") }
        }
        let list = try await installation.run("list", "--all", "--format", "json")
        #expect(list.output.split(separator: "\n").count == 2)
        #expect(await daemon.stop().status == 0)
    }

    @Test("each source reads the files of its own folder by its own mapping")
    func folders() async throws {
        let installation = try Installation()
        let folder = { (name: String) in installation.folder.file(name) }
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            extra: """
                sources:
                  crm: { mapping: salesforce, label: The CRM, directory: \(folder("crm")) }
                  ads: { mapping: hubspot, label: The ads, directory: \(folder("ads")) }
                """)
        let daemon = try await installation.daemon()
        for name in ["crm", "ads"] {
            let incoming = folder("\(name)/incoming")
            try "Id,hs_object_id,LastName\n1,2,King\n".write(
                toFile: incoming + "/.rows.tmp", atomically: false, encoding: .utf8)
            #expect(rename(incoming + "/.rows.tmp", incoming + "/rows.csv") == 0)
        }
        let deadline = Date().addingTimeInterval(20)
        var found: [String] = []
        while found.count < 2, Date() < deadline {
            found = try await installation.run("list", "--all", "--format", "json").output.split(separator: "\n")
                .map(String.init)
        }
        var leads: [String] = []
        for line in found {
            let id = try #require(line.firstMatch(of: /"lead":"([0-9a-z]+)"/)).1
            leads.append(try await shown(String(id), installation))
        }
        let crm = try #require(leads.first { $0.contains("The CRM") }, "\(found)")
        let ads = try #require(leads.first { $0.contains("The ads") }, "\(found)")
        // What one calls by its id is a field of its own to the other.
        #expect(crm.contains(/\bid +given +1\b/) && ads.contains(/\bid +given +2\b/), "\(crm) \(ads)")
        #expect(await daemon.stop().status == 0)
    }

    @Test(
        "on a full disk a post is put off and nothing of it stays; with room again the same post is a lead, once",
        .enabled(if: SmallDisk.isAvailable, "mounting a small file system takes root"))
    func fullDisk() async throws {
        let made = try await LeadbellProgram.run(["token", "--format", "json"], environment: [:])
        let pair = try JSONDecoder().decode(Pair.self, from: Data(made.output.utf8))
        let disk = try SmallDisk(kilobytes: 512)
        let installation = try Installation()
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            extra: """
                sources:
                  web: { directory: \(disk.path)/web, http: { tokens: ["\(pair.hash)"] }, form: { minimum_time: 0s } }
                """)
        let daemon = try await installation.daemon()
        let marble = String(repeating: "marble ", count: 3000)
        func send(_ id: Int) async throws -> HTTPResponse {
            let body = #"{"id":"\#(id)","name":"Ada King","description":"\#(marble)"}"#
            return try await post(installation, "/v1/leads", body, type: "application/json", token: pair.token)
        }
        func take(_ id: Int) async throws {
            let taken = try await send(id)
            #expect(taken.status == 202)
            let receipt = try JSONDecoder().decode(Receipt.self, from: Data(taken.body))
            _ = try await shown(try #require(receipt.accepted.first).lead, installation)
        }
        func count() async throws -> Int {
            try await installation.run("list", "--all", "--format", "json").output.split(separator: "\n").count
        }
        try await take(1)

        try disk.fill(leaving: 4)
        for id in 2...5 {
            let refused = try await send(id)
            #expect(refused.status == 503)
            #expect(refused.header("retry-after") != nil)
        }
        let incoming = disk.path + "/web/incoming"
        #expect(try FileManager.default.contentsOfDirectory(atPath: incoming).isEmpty)
        #expect(try await count() == 1)

        try disk.empty()
        for id in 2...5 { try await take(id) }
        #expect(try await count() == 5)
        #expect(await daemon.stop().status == 0)
    }

    @Test("explain --mapping says what became of each name")
    func mapping() async throws {
        let installation = try installation("sha256:" + String(repeating: "ab", count: 32))
        let file = installation.folder.file("lead.json")
        try #"{"Id":"1","LastName":"King","00N1":"fine-art","captcha":"x","Shoe":"9"}"#.write(
            toFile: file, atomically: true, encoding: .utf8)
        let text = try await installation.run("explain", file, "--mapping", "--source", "site")
        #expect(text.status == 0, "\(text.errors)")
        let lines = text.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines == [
                "NAME FIELD VALUE", "00N1 project_type mapped fine-art", "captcha ignored", "Id id mapped 1",
                "LastName last_name mapped King", "Shoe shoe left over, kept 9",
            ])
        let rows = installation.folder.file("rows.csv")
        try "Id,LastName,Shoe\n1,King,9\n2,Moss\n3,Vale,8\n".write(toFile: rows, atomically: true, encoding: .utf8)
        let partly = try await installation.run("explain", rows, "--mapping", "--source", "site", "--format", "json")
        #expect(partly.status == 0 && partly.output.split(separator: "\n").count == 2, "\(partly.output)")
        #expect(partly.output.contains("King") && partly.output.contains("Vale"))
        #expect(partly.errors.contains("warning: rows.csv:3: "), "\(partly.errors)")
        let whole = try await installation.run("explain", rows, "--source", "site", "--format", "json")
        #expect(whole.status == 0 && whole.output.split(separator: "\n").count == 2, "\(whole.errors)")
        #expect(whole.errors.contains("warning: rows.csv:3: "), "\(whole.errors)")
        let unknown = try await installation.run("explain", file, "--mapping", "--source", "nobody")
        #expect(unknown.status == 1 && unknown.errors.contains("no source nobody; it has site"))
    }
}
