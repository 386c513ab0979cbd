// What a good file gives: the values that stand in it, defaults for those that don't, everything in its order.

import Foundation
import LeadConfiguration
import LeadCore
import Testing

@Suite struct ConfigurationLoaderTests {
    @Test("people keep their order, ways and profiles")
    func people() throws {
        let book = try Samples.configuration(Samples.edited("name: Lee,", "name: Lee, time_zone: Europe/London,"))
            .rulebook
        #expect(book.people.map(\.id) == ["dana", "lee", "jane"])
        #expect(book.people.map(\.isManager) == [true, true, false])
        #expect(book.people[1].timeZone.identifier == "Europe/London")
        #expect(book.people[0].timeZone == .gmt)
        #expect(
            book.people[0].reach == [
                Person.Reach(channel: "mail", address: Secret("dana@example.com")),
                Person.Reach(channel: "chat", address: Secret("https://canary1.example/hook")),
            ])
        #expect(book.people[2].rep == Person.RepProfile(skills: ["stone"], capacity: 8))
        #expect(book.reps.map(\.id) == ["jane"])
        #expect(book.operators == ["dana"])
    }

    @Test("rep: true is a rep without skills or limit, rep: false is none")
    func plainRep() throws {
        let book = try Samples.configuration(
            Samples.edited("rep: { skills: [stone], capacity: 8 }", "rep: true").replacing(
                "name: Lee,", with: "name: Lee, rep: false,")
        ).rulebook
        #expect(book.reps.map(\.id) == ["jane"])
        #expect(book.reps.first?.rep == Person.RepProfile())
    }

    @Test("a rep's profile is as written, skills with or without levels")
    func rep() throws {
        let text = Samples.edited(
            "rep: { skills: [stone], capacity: 8 }",
            """
            rep: { skills: [fine-art, { restoration: 5, gilding: 1 }], languages: [en, es], regions: [us, US-il], \
            products: tile, campaigns: [spring], licences: [il-mortgage], seniority: 4, capacity: 8, hard_cap: 12, \
            per_day: 5, per_week: 5, weight: 0.5 }
            """)
        #expect(
            try Samples.configuration(text).rulebook.reps.first?.rep
                == Person.RepProfile(
                    skills: [Skill("fine-art", level: 3), Skill("restoration", level: 5), Skill("gilding", level: 1)],
                    languages: ["en", "es"], regions: ["US", "US-IL"], products: ["tile"], campaigns: ["spring"],
                    licences: ["il-mortgage"], seniority: 4, capacity: 8, hardCap: 12, perDay: 5, perWeek: 5,
                    weight: 0.5))
        let mapping = Samples.edited("skills: [stone]", "skills: { stone: 2, tile: 4 }")
        #expect(
            try Samples.configuration(mapping).rulebook.reps.first?.rep?.expertise == [
                Skill("stone", level: 2), Skill("tile", level: 4),
            ])
    }

    @Test("the ranking's settings are as written, and the documented ones where nothing is")
    func ranking() throws {
        #expect(try Samples.configuration(Samples.good).rulebook.ranking == RankingSettings())
        let text = Samples.edited(
            "operators: [dana]",
            """
            operators: [dana]
            ranking:
              weights: { skills: 5, region: 0, rest: 0.5 }
              window: 14d
              load: value
              seniority_values: [1, 2.5, "3,000", 4000]
              high_value: 100000
              minimum_sample: 20
              rules:
                - { when: { project_type: mortgage, state_code: IL }, licence: il-mortgage }
                - { when: { language: es }, skill: STONE }
            """
        ).replacing("capacity: 8", with: "licences: il-mortgage")
        #expect(Samples.problems(text) == [])
        #expect(
            try Samples.configuration(text).rulebook.ranking
                == RankingSettings(
                    weights: ["skills": 5, "region": 0, "rest": 0.5], window: .seconds(14 * 86_400), load: .value,
                    seniorityValues: [1, Decimal(25) / 10, 3000, 4000], highValue: 100_000, minimumSample: 20,
                    rules: [
                        HardRule(
                            .all([
                                .field(.projectType, .isOneOf(["mortgage"])), .field(.stateCode, .isOneOf(["IL"])),
                            ]), needs: .licence("il-mortgage")),
                        HardRule(.field(.language, .isOneOf(["es"])), needs: .skill("STONE")),
                    ]))
    }

    @Test("people have hours, of an office or of their own, and absences in their own zone")
    func presence() throws {
        let text = Samples.edited(
            "name: Dana,",
            "name: Dana, time_zone: Europe/Berlin, hours: { mon: 9:00-17:00 }, holidays: office, "
                + "absences: [{ from: 2026-12-24, until: 2027-01-02T12:00, substitute: lee }],"
        ).replacing("name: Lee,", with: "name: Lee, calendar: office,")
            .replacing(
                "channels:",
                with: "calendars: { office: { time_zone: UTC, hours: { tue: 9:00-17:00 }, "
                    + "holidays: { 2026-12-25: Christmas } } }\nchannels:"
            ).replacing(
                "  standard:\n", with: "  standard:\n   calendar: addressed\n   off_duty: wait\n   steps:\n")
        let book = try Samples.configuration(text).rulebook
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        let day = try #require(WorkCalendar.Day(text: "2026-12-25"))
        #expect(
            try book.person("dana")?.hours
                == WorkCalendar(
                    timeZone: berlin, hours: [WorkCalendar.Span(weekday: 1, opens: 540, closes: 1020)],
                    holidays: [day: "Christmas"]))
        #expect(
            try book.person("lee")?.hours
                == WorkCalendar(
                    timeZone: .gmt, hours: [WorkCalendar.Span(weekday: 2, opens: 540, closes: 1020)],
                    holidays: [day: "Christmas"]))
        #expect(book.person("jane")?.hours == nil)
        #expect(
            try book.absences == [
                Absence(
                    person: "dana", from: #require(Timestamp(text: "2026-12-23T23:00:00Z", in: .gmt)),
                    until: #require(Timestamp(text: "2027-01-02T11:00:00Z", in: .gmt)), substitute: "lee")
            ])
        #expect(book.policies["standard"]?.clock == .addressed)
        #expect(book.policies["standard"]?.offDuty == .wait)
        // Jane's hours are told to be missing; nothing else.
        #expect(Samples.problems(text).map { $0.contains("'jane' gets leads") } == [true])
    }

    @Test("one value may stand in a list's stead")
    func singleValues() throws {
        let text = Samples.edited("[tile, slab]", "tile").replacing("managers: [lee]", with: "managers: lee")
            .replacing("operators: [dana]", with: "operators: lee").replacing("[stone]", with: "stone")
        let book = try Samples.configuration(text).rulebook
        #expect(book.routes[0].conditions == [Condition.field(.product, .isOneOf(["tile"]))])
        #expect(book.routes[1].managers == ["lee"])
        #expect(book.operators == ["lee"])
        #expect(book.reps.first?.rep?.skills == ["stone"])
    }

    @Test("values that other readers of YAML would convert stay the text that they are")
    func textStaysText() throws {
        let text = Samples.edited("product: [tile, slab]", "country_code: [NO, 007, 1e3, true]")
        #expect(
            try Samples.configuration(text).rulebook.routes[0].conditions == [
                .field("country_code", .isOneOf(["NO", "007", "1e3", "true"]))
            ])
    }

    @Test("channels carry what their kind says of them, and their options by declared type")
    func channels() throws {
        let text = Samples.edited("tls: required", "tls: required, timeout: 30s, password: env:SHORT, connections: 7")
            .replacing("kind: teams }", with: "kind: teams, retries: 3, plain_http: true, concurrency: 2 }")
        let configuration = try Samples.configuration(text)
        #expect(configuration.channels.map(\.id) == ["mail", "chat"])
        #expect(configuration.channels.map(\.kind) == ["smtp", "teams"])
        let mail = configuration.channels[0].options
        #expect(mail.text("relay") == "smtp://mail.example.com")
        #expect(mail.text("tls") == "required")
        #expect(mail.duration("timeout") == .seconds(30))
        #expect(mail.secret("password")?.revealed == "canary3")
        #expect(mail.text("username") == nil)
        let chat = configuration.channels[1].options
        #expect(chat.integer("retries") == 3)
        #expect(chat.flag("plain_http") == true)
        #expect(
            configuration.rulebook.channels["mail"]
                == ChannelSettings(id: "mail", kind: "smtp", isShared: true, isMail: true, concurrency: 14),
            "two for each connection")
        #expect(
            configuration.rulebook.channels["chat"]
                == ChannelSettings(id: "chat", kind: "teams", isShared: false, isMail: false, concurrency: 2))
    }

    @Test(
        "a channel's rate is its kind's, unless the file has another",
        arguments: [
            ("", "1 in 1 s"), (", rate: none", "none"), (", rate: 60/30s", "60 in 30 s"),
            (", rate: [4/s, 60/30s]", "4 in 1 s, 60 in 30 s"),
        ])
    func rates(option: String, words: String) throws {
        let text = Samples.edited("kind: teams }", "kind: teams }\n  ping: { kind: slack\(option) }")
        #expect(try Samples.configuration(text).rulebook.channels["ping"]?.limits.words == words)
    }

    @Test("what isn't given has its documented default")
    func defaults() throws {
        let configuration = try Samples.configuration(Samples.good)
        #expect(configuration.server == .tcp(host: "127.0.0.1", port: 8080))
        #expect(
            configuration.spool
                == Configuration.Spool(
                    directory: "/var/spool/leadbell", maximumFileBytes: 1_048_576, settle: .seconds(2),
                    sweep: .seconds(30)))
        #expect(configuration.storePath == "/var/lib/leadbell/leadbell.sqlite")
        #expect(configuration.controlSocket == "/run/leadbell/control.sock")
        #expect(configuration.rulebook.choice == ChoiceSettings())
        #expect(configuration.rulebook.retry == RetryPolicy())
        #expect(configuration.enrichmentBudget == .seconds(3))
        #expect(configuration.enrichers.isEmpty)
        #expect(configuration.rulebook.channels["mail"]?.concurrency == 4)
        #expect(configuration.rulebook.site == Site(name: "Example", url: "https://leads.example.com"))
    }

    @Test(
        "duplicates are looked for by what is configured, and by what is usual otherwise; without the section by nobody"
    )
    func duplicates() throws {
        func settings(_ section: String) throws -> DuplicateSettings? {
            try Samples.configuration(Samples.edited("operators: [dana]", "operators: [dana]\n\(section)"))
                .rulebook.duplicates
        }
        #expect(try settings("") == nil)
        #expect(try settings("duplicates: {}") == DuplicateSettings())
        let own = "{ window: 7d, memory: 90d, threshold: 90, urgency: high, agencies: [Agency.example] }"
        #expect(
            try settings("duplicates: \(own)")
                == DuplicateSettings(
                    window: .seconds(7 * 86_400), memory: .seconds(90 * 86_400), threshold: 90, urgency: "high",
                    agencies: ["agency.example"]))
    }

    @Test("what is given is taken, with relative paths in the configuration's folder")
    func given() throws {
        let text = Samples.edited(
            "operators: [dana]",
            """
            operators: [dana]
            server: { listen: '[::1]:0' }
            spool: { directory: in, max_file: 512KiB, settle: 300ms, sweep: 1m30s }
            store: { sqlite: data/leads.sqlite }
            choice: { claim: 30s, reassign: false, link_lifetime: 1d }
            delivery: { first_retry: 1s, longest_retry: 10s, give_up: 1h }
            enrichment: { budget: 250ms, chain: [{ kind: normalise }] }
            """
        ).replacing("url: https://leads.example.com", with: "url: https://a.example/b//, record_url: 'https://c/{id}'")
        let configuration = try Samples.configuration(text, path: "/srv/bell/leadbell.yaml")
        #expect(configuration.server == .tcp(host: "::1", port: 0))
        #expect(
            configuration.spool
                == Configuration.Spool(
                    directory: "/srv/bell/in", maximumFileBytes: 524_288, settle: .milliseconds(300),
                    sweep: .seconds(90)))
        #expect(configuration.storePath == "/srv/bell/data/leads.sqlite")
        #expect(configuration.controlSocket == "/srv/bell/data/control.sock")
        #expect(
            configuration.rulebook.choice
                == ChoiceSettings(claim: .seconds(30), mayReassign: false, linkLifetime: .seconds(86_400)))
        #expect(
            configuration.rulebook.retry
                == RetryPolicy(first: .seconds(1), longest: .seconds(10), horizon: .seconds(3600)))
        #expect(configuration.enrichmentBudget == .milliseconds(250))
        #expect(configuration.enrichers.map(\.kind) == ["normalise"])
        #expect(
            configuration.rulebook.site
                == Site(name: "Example", url: "https://a.example/b", recordURL: "https://c/{id}"))
    }

    @Test("sockets: the page's and the control's own")
    func sockets() throws {
        let text = Samples.edited(
            "operators:", "server: { listen: unix:/run/leadbell/http.sock }\ncontrol: { socket: ctl.sock }\noperators:")
        let configuration = try Samples.configuration(text)
        #expect(configuration.server == .unix(path: "/run/leadbell/http.sock"))
        #expect(configuration.controlSocket == "/etc/leadbell/ctl.sock")
    }

    @Test("plain http on a loopback address gives no warning", arguments: ["localhost", "127.0.0.1:8480", "[::1]:80"])
    func loopback(_ host: String) {
        #expect(Samples.problems(Samples.edited("https://leads.example.com", "'http://\(host)'")) == [])
    }

    @Test("anchors and aliases serve as in any YAML")
    func aliases() throws {
        let text = Samples.edited("managers: [dana, lee]", "managers: &both [dana, lee]")
            .replacing("managers: [lee]", with: "managers: *both")
        #expect(try Samples.configuration(text).rulebook.routes[1].managers == ["dana", "lee"])
    }

    @Test("a byte order mark and the line ends of other systems change nothing")
    func otherSystems() {
        #expect(Samples.problems("\u{FEFF}" + Samples.good.replacing("\n", with: "\r\n")) == [])
        let twice = Samples.edited("operators:", "operators: lee\noperators:").replacing("\n", with: "\r\n")
        #expect(
            Samples.problems(twice) == [
                "4:1: error: key 'operators' is given twice in the configuration; keep this one or the one in line 3"
            ])
    }

    @Test("mappings and sources are read with all that they say, and with defaults where they say nothing")
    func sources() throws {
        let text =
            Samples.good + """
                mappings:
                  site:
                    preset: salesforce
                    fields:
                      email: [mail, e_post]
                      name: { join: [vorname, nachname], with: ", " }
                      city: { split: ort, at: " ", part: rest }
                      urgency: { from: prio, translate: { hot: high }, otherwise: normal }
                      campaign: { constant: spring }
                    ignore: [oid]
                    rest: drop
                sources:
                  web: { mapping: site, label: Web site, directory: in/web }
                  crm: { mapping: canonical, http: { tokens: "env:LINK_KEY" } }
                  form: { form: { fields: [name, phone], origins: ["HTTPS://www.Example.com:443/", "http://a.example:80"] } }

                """
        let configuration: Configuration
        switch ConfigurationLoader.load(
            text: text, path: "/etc/bell/leadbell.yaml", kinds: Samples.kinds, secrets: Samples.secrets(),
            now: Samples.now)
        {
        case .success(let loaded): configuration = loaded.configuration
        case .failure(let found): throw found
        }
        let sources = configuration.sources
        #expect(sources.map(\.name) == ["web", "crm", "form"])
        #expect(sources[0].directory == "/etc/bell/in/web" && sources[0].label == "Web site")
        #expect(
            sources[0].mapping
                == FieldMapping(
                    preset: "salesforce",
                    rules: [
                        .init(.email, .first(["mail", "e_post"])),
                        .init(.name, .join(["vorname", "nachname"], with: ", ")),
                        .init(.city, .part(of: "ort", at: " ", .rest)),
                        .init(.urgency, .first(["prio"]), translations: ["hot": "high"], otherwise: "normal"),
                        .init(.campaign, .constant("spring")),
                    ], ignored: ["oid"], keepsRest: false))
        #expect(sources[1].directory == "/var/spool/leadbell/sources/crm")
        #expect(sources[1].http?.rate == 200 && sources[1].http?.maximumBodyBytes == 1_048_576)
        #expect(sources[1].http?.tokenHashes.map(\.count) == [32])
        #expect(sources[2].form?.required == [.name] && sources[2].form?.minimumTime == .seconds(3))
        #expect(sources[2].form?.origins == ["https://www.example.com", "http://a.example"])
        #expect(sources[2].form?.limits == [RateLimit(60, per: .seconds(60))])
    }
}
