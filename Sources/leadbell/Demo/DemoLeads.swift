// The demo's three leads: one to be assigned through its link, one to be left alone, one that can't be read.

/// A file for the demo's spool.
struct DemoLead: Sendable {
    let name: String
    let content: String

    /// Goes to Dana, who chooses.
    static let chosen = DemoLead(
        name: "1-web-form.json",
        content: """
            {"id": "W-1001", "source": "web form", "name": "Ada King", "email": "ada@acme-arts.example",
             "phone": "+1 312 555 0100", "company": "Acme Arts Foundation", "project_type": "fine-art", "urgency": "high",
             "value": "48000", "currency": "USD", "description": "Restoration of three marble busts before the spring show."}
            """)
    /// Goes to Lee, who doesn't.
    static let leftAlone = DemoLead(
        name: "2-referral.json",
        content: """
            {"id": "R-2002", "utm_source": "newsletter", "campaign": "brisk", "first_name": "Grace", "last_name": "Hall",
             "email": "grace.hall@crestline-builders.example", "company": "Crestline Builders", "city": "Denver",
             "state": "Colorado", "country": "United States", "project_type": "commercial", "value": "125000",
             "currency": "USD", "description": "Stone facade for a four-storey office building."}
            """)
    /// Broken on line 3.
    static let malformed = DemoLead(
        name: "3-export.json",
        content: """
            {"id": "X-3003",
             "name": "Cut Off",
             "email": cut@off.example}
            """)
}
