// What Slack posts when somebody presses a button, chooses from a list or submits a modal: a form with one field, whose JSON
// holds who, what and where. It is read only when its signature is genuine, and everything in it is checked all the same. Pure.
// (docs.slack.dev/reference/interaction-payloads)

import Foundation
import LeadCore

/// Presses as Slack tells of them.
enum SlackPress {
    /// Reads a body whose signature is genuine.
    static func read(_ body: [UInt8], stamp: String, at signed: Timestamp) -> ChatReading {
        guard let payload = payload(of: body) else { return .unreadable }
        let members = AnswerBody(payload).members
        let user = (members["user"] as? [String: Any])?["id"] as? String
        switch members["type"] as? String {
        case nil: return .unreadable
        case "block_actions":
            guard let user, isID(user), let action = (members["actions"] as? [[String: Any]])?.first else {
                return .unreadable
            }
            return read(action, of: members, by: user, stamp: stamp, at: signed)
        case "view_submission":
            guard let user, isID(user), let view = members["view"] as? [String: Any] else { return .unreadable }
            return SlackForm.read(view, by: user, stamp: stamp, at: signed)
        // Others come only where somebody has added more to the app than we ask for.
        default: return .nothing
        }
    }

    private static func read(
        _ action: [String: Any], of members: [String: Any], by user: String, stamp: String, at signed: Timestamp
    ) -> ChatReading {
        guard let target = (action["block_id"] as? String).flatMap(ChatTarget.init(text:)),
            let name = action["action_id"] as? String, let value = value(of: action),
            let wish = ChatAction(name: name, value: value)
        else { return .nothing }
        let container = members["container"] as? [String: Any]
        return .press(
            ChatPress(
                stamp: stamp, at: signed, account: user, target: target, action: wish,
                replyTo: (members["response_url"] as? String).flatMap(reply),
                handle: container.flatMap(handle(of:)),
                origin: container?["is_ephemeral"] as? Bool == true ? .prompt : .message,
                trigger: (members["trigger_id"] as? String).map(Secret.init)))
    }

    /// The message's handle, as its posting gave it.
    private static func handle(of container: [String: Any]) -> String? {
        guard let channel = container["channel_id"] as? String, let time = container["message_ts"] as? String else {
            return nil
        }
        return SlackBotChannel.handle(channel: channel, time: time)
    }

    /// The form's only field, decoded.
    private static func payload(of body: [UInt8]) -> [UInt8]? {
        let name = Array("payload=".utf8)
        guard body.starts(with: name) else { return nil }
        return FormEncoding.bytes(body.dropFirst(name.count).prefix { $0 != UInt8(ascii: "&") })
    }

    private static func value(of action: [String: Any]) -> String? {
        if let option = action["selected_option"] as? [String: Any] { return option["value"] as? String }
        return action["value"] as? String
    }

    private static func isID(_ text: String) -> Bool { SlackAddress.isID(text) && "UW".contains(text.first ?? " ") }

    /// Where an answer goes.
    static func reply(_ url: String) -> Secret? {
        url.utf8.count <= 2_048 && WebhookSettings.complaint(about: url) == nil ? Secret(url) : nil
    }
}

/// Addresses of a workspace.
enum SlackAddress {
    /// Whether `text` has the form of an id.
    static func isID(_ text: String) -> Bool {
        (3...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    /// What is wrong with an address; nil when it is a member's or a channel's id.
    static func complaint(about text: String) -> String? {
        guard isID(text), let first = text.first, "UWCGD".contains(first) else {
            return "A Slack address is a member's or a channel's ID, such as U012AB3CD or C012AB3CD: "
                + "choose “Copy member ID” in the profile, or look at the end of the channel's details."
        }
        return nil
    }

    /// The member at an address; nil where it is a channel.
    static func member(_ text: String) -> String? {
        complaint(about: text) == nil && "UW".contains(text.first ?? " ") ? text : nil
    }
}
