// What the demo's inbox holds: each message as it came over the wire, and as its reader would see it.

import Foundation
import LeadCore

/// A message that reached the demo's inbox.
struct InboxMessage: Sendable, Equatable {
    /// How it came.
    let kind: InboxKind
    /// An address for mail, a member for Slack's bot, else a person's id or a program's.
    let recipient: String
    let receivedAt: Timestamp
    /// The first line that the reader sees.
    let headline: String
    /// The message as HTML; for mail its own HTML part.
    let html: String
    /// The deep link, nil when it carries none.
    let link: String?
    /// By which it can be changed and pressed; nil for what can't.
    var handle: SlackHandle?
}

extension InboxMessage {
    /// What was read of a message that came to a chat.
    init(
        kind: InboxKind, recipient: String, receivedAt: Timestamp, reading: ChatReading, handle: SlackHandle? = nil
    ) {
        self.init(
            kind: kind, recipient: recipient, receivedAt: receivedAt, headline: reading.headline ?? "",
            html: reading.html, link: reading.link, handle: handle)
    }
}

/// Everything that the demo's receivers have taken in.
actor DemoInbox {
    private(set) var messages: [InboxMessage] = []
    private var waiters: [Bell] = []

    /// Keeps a message and wakes whoever waits.
    func add(_ message: InboxMessage) {
        messages.append(message)
        for waiter in waiters { waiter.ring() }
    }

    /// Puts a message in the place of the one with its handle.
    func change(_ message: InboxMessage) {
        guard let place = messages.firstIndex(where: { $0.handle == message.handle }) else { return }
        messages[place] = message
        for waiter in waiters { waiter.ring() }
    }

    /// The first message that `wanted` accepts, waiting for it until `deadline`; nil when none comes.
    func first(
        until deadline: Timestamp, clock: any TimeSource, where wanted: @Sendable (InboxMessage) -> Bool
    ) async -> InboxMessage? {
        let bell = Bell()
        waiters.append(bell)
        defer { waiters.removeAll { $0 === bell } }
        while !Task.isCancelled {
            if let found = messages.first(where: wanted) { return found }
            guard clock.now() < deadline else { return nil }
            await clock.wait(until: deadline, or: bell)
        }
        return nil
    }
}
