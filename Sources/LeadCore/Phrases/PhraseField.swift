// The fields that templates may hold, each with what it stands for: the reference that `leadbell texts` prints.

/// A place in a template, `{{name}}`.
public struct PhraseField: Sendable, Hashable {
    /// As templates write it.
    public let name: String
    /// What it stands for.
    public let help: String

    init(_ name: String, _ help: String) {
        self.name = name
        self.help = help
    }
}

extension PhraseField {
    static let title = PhraseField("title", "the lead in a few words: fine-art for Acme Arts")
    static let subject = PhraseField("subject", "what the lead is about: fine-art")
    static let firm = PhraseField("firm", "the lead's firm, or the person where it names none")
    static let left = PhraseField("left", "the time that is left: 12 min")
    static let name = PhraseField("name", "a colleague's name")
    static let other = PhraseField("other", "another colleague's name")
    static let names = PhraseField("names", "several colleagues' names")
    static let time = PhraseField("time", "a day and a time, with the zone where it matters")
    static let until = PhraseField("until", "a day and a time until when")
    static let zone = PhraseField("zone", "a time zone: America/Chicago")
    static let reason = PhraseField("reason", "why, in words")
    static let words = PhraseField("words", "what a person wrote")
    static let giver = PhraseField("giver", "how the lead was given: chosen by Dana Whitfield")
    static let channel = PhraseField("channel", "a channel's name in the configuration")
    static let channels = PhraseField("channels", "names of channels in the configuration")
    static let enricher = PhraseField("enricher", "an enricher's name in the configuration")
    static let explanation = PhraseField("explanation", "how the deadline was counted; may be empty")
    static let more = PhraseField("more", "that more time was asked for; may be empty")
    static let then = PhraseField("then", "what happens after the deadline; may be empty")
    static let closed = PhraseField("closed", "when nobody works before the deadline; may be empty")
    static let spans = PhraseField("spans", "spans of time in which nobody works")
    static let holidays = PhraseField("holidays", "names of holidays")
    static let duration = PhraseField("duration", "a length of time: 1 h 30 min")
    static let count = PhraseField("count", "a number")
    static let total = PhraseField("total", "the number of all of them")
    static let leads = PhraseField("leads", "a number of leads: 3 leads")
    static let weight = PhraseField("weight", "what open leads weigh together: 2.5")
    static let share = PhraseField("share", "what the rep's share would be")
    static let percent = PhraseField("percent", "a number of hundredths")
    static let due = PhraseField("due", "the hundredths that would be the rep's share")
    static let value = PhraseField("value", "a value of the lead or of a rep's profile")
    static let own = PhraseField("own", "what the rep has: skills, regions, languages")
    static let field = PhraseField("field", "a field of the lead: project type")
    static let bounds = PhraseField("bounds", "what a number is tested for: at least 50,000")
    static let first = PhraseField("first", "the part before")
    static let second = PhraseField("second", "the part after")
    static let weekday = PhraseField("weekday", "the day of the week, short")
    static let day = PhraseField("day", "the day of the month")
    static let month = PhraseField("month", "the month, short")
    static let clock = PhraseField("clock", "the time on the clock: 09:40")
    static let level = PhraseField("level", "a level from 1 to 5")
    static let hours = PhraseField("hours", "a number of hours")
    static let minutes = PhraseField("minutes", "a number of minutes")
    static let seconds = PhraseField("seconds", "a number of seconds")
    static let mark = PhraseField("mark", "what a line of a digest asks of its reader: Reminder")
    static let account = PhraseField("account", "the chat's own name of an account: U012AB3CD")
}
