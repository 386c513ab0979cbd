// All templates by name. Values are always written with two braces, which escapes them; three braces occur nowhere.
// Optional values inside lists begin with a dot, so that a missing one is not looked for in the page around it.

/// The texts of the templates.
enum Templates {
    static let all: [String: String] = [
        "layout": layout, "decide": decide, "follow": follow, "confirm": confirm, "plain": plain,
        "banners": banners, "lead": lead, "lines": lines, "story": story, "reps": reps, "rep": rep, "record": record,
        "buttons": buttons, "person": person, "ownPage": ownPage, "form": form, "entry": entry, "known": known,
    ]
}
