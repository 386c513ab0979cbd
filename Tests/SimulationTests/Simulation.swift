// One simulated deployment: files arrive, people act, time passes and jumps, the daemon crashes between any two
// effects. Everything follows from the seed. First all of this at random; then everything is healed, and what was
// promised must come about. The decisions are the real core's.

import LeadCore
import LeadTestKit

/// A deployment in the course of one seed.
final class Simulation {
    /// A record of a file; bad ones can't be read.
    struct Record {
        let lead: Lead
        let key: IntakeKey
        let likeness: Likeness
        let likenessKeys: [Int64]
        /// What it says itself of where it belongs; most say nothing.
        let belonging: Belonging?
        let isGood: Bool
    }

    /// A thing under way in the daemon, lost in a crash; each is advanced by one effect at a time.
    enum Job {
        case intake(file: Int, IntakeStage)
        case split(SplitJob)
        case decision(DecisionJob)
        case sending(LeasedDelivery, SendingStage)
    }

    enum SendingStage {
        case inHand
        case onTheWire
        case answered(DeliveryVerdict)
    }

    struct DecisionJob {
        enum Stage {
            case begun
            case loaded(LeadCase)
            case submitted(Int, Transition)
        }

        let command: CaseCommand
        let id: CaseID
        var stage = Stage.begun
        /// What is recorded once the command has been dealt with.
        var then: Settlement?
    }

    /// The fourth lead is the first one's person again, the fifth the second one's, the sixth the third one's.
    static let leads = (1...6).map { number in
        let person = person(number)
        return Sample.lead(
            number,
            [
                .name: "Person \(person)", .email: "person-\(person)@firm-\(person).example", .phone: "",
                .company: "Firm \(person)", .projectType: number % 3 == 0 ? "kitchen" : "fine-art",
            ])
    }
    static let keys = leads.map(Sample.key)
    private static let likenesses = leads.map { Likeness($0) }
    private static let likenessKeys = likenesses.map(\.keys)
    static func person(_ number: Int) -> Int { number > 3 ? number - 3 : number }
    /// Whose leads they are, by their keys.
    static let people = Dictionary(uniqueKeysWithValues: zip(keys.map(\.text), (1...6).map(person)))
    /// What may be in force, one after the other: the sample's rules; others, by which Lee chooses with Dana in turn, and
    /// sooner, and where nobody looks who has asked before; the sample's without Billy.
    static let rules: [Rulebook] = [
        rulebook(routes: Sample.routes, steps: Sample.standard.steps),
        rulebook(
            looksForPeople: false, routes: [Route(managers: ["lee", "dana"], policy: "standard", ask: .inTurn)],
            steps: [
                EscalationPolicy.Step(after: .zero, action: .notify(.manager)),
                EscalationPolicy.Step(after: .seconds(1200), action: .notify(.nextManager)),
                EscalationPolicy.Step(after: .seconds(2400), action: .assignBest(lastResort: "jane")),
            ]),
        rulebook(
            people: Sample.people.filter { $0.id != "billy" }, routes: Sample.routes, steps: Sample.standard.steps),
    ]

    private static func rulebook(
        looksForPeople: Bool = true, people: [Person] = Sample.people, routes: [Route], steps: [EscalationPolicy.Step]
    ) -> Rulebook {
        guard let policy = try? EscalationPolicy(steps: steps, moreTime: .seconds(1800)) else {
            fatalError("the steps are a policy")
        }
        return Sample.rulebook(
            people: people, routes: routes, policies: ["standard": policy],
            choice: ChoiceSettings(claim: .seconds(600)), retry: RetryPolicy(horizon: .seconds(30 * 86_400)),
            // Longer than the clock can jump in a seed.
            duplicates: looksForPeople
                ? DuplicateSettings(window: .seconds(3650 * 86_400), memory: .seconds(3650 * 86_400)) : nil,
            digest: .on(DigestPolicy(leads: 2, window: .seconds(600))))
    }

    static let leaseTime: Duration = .seconds(120)

    let seed: UInt64
    let bug: PlantedBug?
    /// Written down only when a seed is run again to be looked at.
    let isTraced: Bool
    var trace: [String] = []
    /// How much the daemon gets done between two events. In most seeds next to nothing, so that everything is caught halfway;
    /// in the others enough for leads to join cases, and to leave them again.
    private let pace: Int
    var random: SeededGenerator
    var now = Sample.start

    // What is on disk.
    var spool: [Int: [Record]] = [:]
    var quarantine: Set<IntakeKey> = []
    var store: ModelStore

    // What is in memory.
    var jobs: [Job] = []
    var isRunning = true
    var instance = 1
    var rulebook = rules[0]
    var turns = Turns()
    /// Who had how many leads lately.
    var influxes: [String: Influx] = [:]

    // What the world knows.
    var arrived: [[Record]] = []
    var witness = Witness()
    /// When all faults ended.
    var healedAt: Timestamp?
    var crashes = 0

    init(seed: UInt64, bug: PlantedBug? = nil, isTraced: Bool = false) {
        self.seed = seed
        self.bug = bug
        self.isTraced = isTraced
        random = SeededGenerator(seed: seed)
        pace = random.next() % 3 == 0 ? 6 : 0
        store = ModelStore(bug: bug)
    }

    /// Lives through the seed; throws the first broken promise.
    func run(steps: Int = 90) throws(Violation) {
        for _ in 0..<steps {
            try happen()
            try checkFiles()
            for _ in 0..<pace {
                try work()
                try checkFiles()
            }
        }
        try heal()
        try checkEnd()
    }

    func note(_ text: @autoclosure () -> String) {
        guard isTraced else { return }
        let line = "\((now - Sample.start).milliseconds) ms: \(text())"
        trace.append(line)
    }

    func roll(_ sides: Int) -> Int { Int(random.next() % UInt64(sides)) }

    // MARK: The world

    private func happen() throws(Violation) {
        switch roll(100) {
        case 0..<6: arrive()
        case 6..<18: passTime()
        case 18..<21: crash()
        case 96..<98: if isRunning { reload() }
        case 98..<100: if isRunning { changeAbsences() }
        case 21..<26: if !isRunning { restart() }
        case _ where !isRunning: if roll(3) == 0 { restart() } else { try advanceAny() }
        case 26..<34: findFile()
        case 34..<42: act()
        case 42..<47: tick()
        case 47: loseTouch()
        case 48..<54: try take()
        case 54..<66: try commit(diskIsWell: roll(12) != 0)
        default: try advanceAny()
        }
    }

    private func advanceAny() throws(Violation) { if !jobs.isEmpty { try advance(roll(jobs.count)) } }

    /// Something that the daemon does by itself.
    private func work() throws(Violation) {
        guard isRunning else { return }
        switch roll(8) {
        case 0: findFile()
        case 1: try take()
        case 2, 3: try commit(diskIsWell: true)
        default: try advanceAny()
        }
    }

    private func arrive() {
        guard arrived.count < 3 else { return }
        let records = (0...roll(2)).map { _ in
            // Half of them are of people who have asked before, if any have.
            let known = arrived.joined().map(\.lead)
            let number = roll(Self.leads.count)
            let former = known.isEmpty || roll(2) == 0 ? nil : Self.leads.firstIndex(of: known[number % known.count])
            let place = former.map { ($0 + Self.leads.count / 2) % Self.leads.count } ?? number
            return Record(
                lead: Self.leads[place], key: Self.keys[place], likeness: Self.likenesses[place],
                likenessKeys: Self.likenessKeys[place], belonging: belonging(), isGood: roll(8) != 0)
        }
        note("file \(arrived.count) arrives: \(records.map { $0.key.text + ($0.isGood ? "" : " (bad)") })")
        spool[arrived.count] = records
        arrived.append(records)
    }

    /// What whoever typed in a record has it say of where it belongs.
    private func belonging() -> Belonging? {
        switch roll(12) {
        case 0: .new
        case 1: store.cases.isEmpty ? nil : .joins(store.cases[roll(store.cases.count)].current.id)
        default: nil
        }
    }

    private func passTime() {
        let seconds =
            switch roll(12) {
            case 0: -3600
            case 1: -roll(600)
            case 2: 86_400
            case 3, 4: 1800 + roll(1800)
            default: roll(600)
            }
        now = now + .seconds(seconds)
        note("the clock moves by \(seconds) s")
    }

    private func crash() {
        guard isRunning else { return }
        // A process that is being killed may still get an answer and write it, when the next one runs already.
        jobs = jobs.filter { job in
            switch job {
            case .sending(_, .onTheWire), .sending(_, .answered): roll(3) == 0
            default: false
            }
        }
        note("crash, \(jobs.count) sends linger")
        store.crash()
        isRunning = false
        crashes += 1
    }

    func restart() {
        instance += 1
        isRunning = true
        influxes = [:]
        note("start of instance \(instance)")
        store.reclaim(except: owner, now: now)
        witness.restarted()
        lookAround()
    }

    /// A new configuration, by which open cases may be planned anew.
    private func reload() {
        rulebook = Self.rules[roll(Self.rules.count)].with(absences: rulebook.absences)
        let recomputes = roll(2) == 0
        note("reload\(recomputes ? ", open cases are planned anew" : "")")
        if recomputes { for stored in store.cases { begin(.replan, on: stored.current) } }
        lookAround()
    }

    /// Some are away from now or from later on, others are back.
    private func changeAbsences() {
        let absences = ["dana", "lee", "billy", "jane"].compactMap { (person: PersonID) -> Absence? in
            guard roll(3) == 0 else { return nil }
            let begins = now + .seconds(roll(3) == 0 ? roll(3600) : 0)
            let substitute: PersonID? = roll(3) == 0 ? (person == "dana" ? "lee" : "jane") : nil
            return Absence(
                person: person, from: begins, until: begins + .seconds(600 + roll(86_400)),
                substitute: substitute == person ? nil : substitute)
        }
        note("away: \(absences.map(\.person))")
        rulebook = rulebook.with(absences: absences)
        lookAround()
    }

    /// Every way to somebody is down: whoever was asked and has had no question yet is out of reach.
    private func loseTouch() {
        for stored in store.cases {
            let subject = stored.current
            let questions = store.rows.filter {
                $0.delivery.caseID == subject.id && MessageKind.asking.contains($0.delivery.kind)
            }
            let lost = subject.told.filter { person in
                let own = questions.filter { $0.delivery.person == person }
                return !own.isEmpty && own.allSatisfy { $0.state != .sent }
            }
            for person in lost {
                note("\(person) is out of reach about \(subject.id)")
                begin(.unreachable(person: person, isNews: roll(2) == 0), on: subject)
            }
        }
    }

    /// What the daemon looks after at a start, and when rules or absences change.
    func lookAround() {
        for stored in store.cases {
            let subject = stored.current
            lookForOwner(of: subject)
            if subject.stateName == .waiting {
                begin(.askersAway, on: subject)
            }
        }
    }

    /// Also after a commit: rules may have changed since the decision.
    func lookForOwner(of subject: LeadCase) {
        guard let rep = subject.assignment?.rep, rulebook.person(rep) == nil, bug != .ownerGoneForgotten else { return }
        begin(.ownerGone, on: subject)
    }

    private func begin(_ command: CaseCommand, on subject: LeadCase) {
        jobs.append(.decision(DecisionJob(command: command, id: subject.id)))
    }

    var owner: InstanceID { InstanceID("run-\(instance)") }
    var lease: Lease { Lease(owner: owner, until: now + Self.leaseTime) }

    func commit(diskIsWell: Bool) throws(Violation) {
        guard !store.submitted.isEmpty else { return }
        let written = store.commit(diskIsWell: diskIsWell, now: now)
        note("\(diskIsWell ? "" : "failed ")commit of \(written.map { "\($0.result.id) v\($0.result.version)" })")
        for transition in written { try witness.wrote(transition, now: now) }
    }

    /// A person acts on what a page showed them.
    private func act() {
        guard !store.cases.isEmpty else { return }
        if roll(2) == 0, splitOff() { return }
        let subject = store.cases[roll(store.cases.count)].current
        if roll(6) == 0 { return learn(of: subject) }
        let manager: PersonID = roll(2) == 0 ? "dana" : "lee"
        let rep: PersonID = roll(2) == 0 ? "billy" : "jane"
        let command: CaseCommand =
            switch roll(16) {
            case 0, 1: .claim(by: manager)
            case 2: .release(by: subject.claimer ?? manager)
            case 3, 4, 5: .assign(rep: rep, by: manager, note: nil)
            case 6, 7: .reassign(rep: rep, from: subject.assignment?.rep ?? "billy", by: manager, note: nil)
            case 8: .reject(reason: .spam, by: manager, note: nil)
            case 9: .start(by: rep)
            case 10: .close(by: rep, note: nil)
            case 11: .pass(to: manager == "dana" ? "lee" : "dana", by: manager, comment: nil)
            case 12: .postpone(by: manager)
            case 13, 14: .undo(by: manager)
            default: .renewLink(person: manager)
            }
        // A late click: the page was loaded now, the decision comes whenever this job is advanced.
        let stage = roll(2) == 0 ? DecisionJob.Stage.begun : .loaded(subject)
        note("\(manager) or \(rep) acts: \(command)")
        jobs.append(.decision(DecisionJob(command: command, id: subject.id, stage: stage)))
    }

    /// Somebody finds a wrong match; false when there is none.
    private func splitOff() -> Bool {
        let joined = store.cases.map(\.current).filter { !$0.inquiries.isEmpty }
        guard !joined.isEmpty else { return false }
        let subject = joined[roll(joined.count)]
        let key = subject.inquiries[roll(subject.inquiries.count)].key
        note("\(key.text) is to be split off \(subject.id)")
        jobs.append(.split(SplitJob(key: key, id: subject.id)))
        return true
    }

    /// An enricher answers late or is refused.
    private func learn(of subject: LeadCase) {
        if roll(8) == 0 {
            note("a channel goes on without a part")
            return begin(.channelImpaired("mail", reason: "the first relay is left out: 535"), on: subject)
        }
        guard roll(3) != 0 else {
            note("an enricher is refused")
            return begin(.enricherRefused(EnricherRefusal(enricher: "crm", reason: "HTTP 401")), on: subject)
        }
        let fields: [FieldName] = [.owner, .industry, .company, .urgency]
        let values = (0...roll(2)).map { _ in
            LateValue(fields[roll(fields.count)], Lead.Value("late \(roll(3))", Provenance(origin: "crm", at: now)))
        }
        note("late answers about \(subject.id): \(values.map(\.field))")
        let reviews: [String: String?] = roll(2) == 0 ? [:] : ["phones": roll(2) == 0 ? nil : "it is none"]
        let findings = LateFindings(enricher: "crm", values: values, reviews: reviews, precedence: Precedence())
        begin(.enrich(findings), on: subject)
    }
}

extension LeadCase {
    fileprivate var claimer: PersonID? { if case .claimed(let claim) = state { claim.by } else { nil } }
}
