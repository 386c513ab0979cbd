// Briefings that are made of others, or of no case at all.

extension Briefing {
    /// The same with the lead's firm, place and links, and nothing of the person: no name, no words of theirs, and no
    /// sentence that might repeat some.
    public var brief: Briefing {
        guard kind != .test else { return self }
        if let digest { return brief(digest) }
        let headlines = phrases.headlines
        let title = headlines.title(subject: nil, firm: firm)
        var brief = Briefing(
            kind: kind, reader: reader, caseID: caseID, deliveryID: deliveryID, threadID: threadID,
            startsThread: startsThread, site: site,
            headline: standing?.headline(title, in: phrases)
                ?? alarmCause.map { headlines.alarm($0, title) } ?? headlines.brief(kind, title),
            subject: headlines.subject(title), facts: facts.filter(\.isBrief), description: nil,
            sentences: (standing?.sentence.map { [$0] } ?? []) + briefSentences, suggestions: [], link: link,
            linkLabel: linkLabel, recordURL: nil, ownPage: nil, createdAt: createdAt, briefSentences: briefSentences,
            firm: firm, phrases: phrases)
        brief.offer = offer?.bare
        brief.standing = standing?.bare
        brief.mention = mention
        return brief
    }

    /// A message that tries a channel out, and says so.
    public static func test(for person: Person, on channel: ChannelID, by rulebook: Rulebook, at now: Timestamp)
        -> Briefing
    {
        let phrases = rulebook.phrases(for: person.id, on: channel)
        let id = "test.\(now.milliseconds).test.\(person.id).\(channel)"
        var briefing = Briefing(
            kind: .test, reader: person.name, caseID: "test", deliveryID: DeliveryID(id), threadID: id,
            startsThread: true, site: rulebook.site.name, headline: phrases.headlines.test(channel.text),
            subject: phrases.headlines.testSubject(channel.text),
            facts: [Fact(phrases.facts.reader(), person.name), Fact(phrases.facts.channel(), channel.text)],
            description: nil, sentences: [phrases.sentences.testRun(), phrases.sentences.testSeen()],
            suggestions: [], link: nil, linkLabel: "", recordURL: nil, ownPage: nil, createdAt: now, phrases: phrases)
        briefing.mention = person.teamsID
        return briefing
    }
}
