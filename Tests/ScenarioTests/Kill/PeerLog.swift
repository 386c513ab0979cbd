// What the peer received, told apart by what the messages say. Used by the kill test.

import LeadCore
import PeerKit
import Testing

/// What the peer received, in order, with the marks that were set after each kill.
struct PeerLog {
    struct Message: Hashable {
        let company: String
        let kind: MessageKind
    }

    private(set) var messages: [Message] = []
    /// How many messages had come when mark number i was set.
    private var marks: [Int] = []
    private var places: [Message: [Int]] = [:]

    init(_ requests: [PeerRequest]) {
        for request in requests {
            if request.path == "/ok/mark" {
                marks.append(messages.count)
            } else if let message = Self.message(in: request.text) {
                places[message, default: []].append(messages.count)
                messages.append(message)
            } else {
                Issue.record("the peer got something that is no message of ours")
            }
        }
    }

    func copies(of message: Message) -> [Int] { places[message] ?? [] }

    /// What came after mark `number`.
    func messages(after number: Int) -> Set<Message> { Set(messages[marks[number]...]) }

    private static func message(in body: String) -> Message? {
        let headlines: [(String, MessageKind)] = [
            ("New lead: ", .decide), ("Reminder, nobody has chosen yet: ", .remind), ("Last call, ", .warn),
            ("Your lead: ", .assigned),
            ("Settled, ", .settled), ("Asked again: ", .inquiry),
        ]
        guard let kind = headlines.first(where: { body.contains($0.0) })?.1,
            let start = body.firstRange(of: Producer.prefix)
        else { return nil }
        let digits = body[start.upperBound...].prefix { $0.isNumber }
        return Message(company: Producer.prefix + digits, kind: kind)
    }
}
