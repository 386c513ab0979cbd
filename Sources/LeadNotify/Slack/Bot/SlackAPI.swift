// What Slack's Web API answers: HTTP 200 in any case, and whether it went well in the body. Pure.
// (docs.slack.dev/reference/methods/chat.postMessage, …/chat.update)

import Curl
import LeadCore

/// Answers of the Web API.
enum SlackAPI {
    /// What the peer is called in reasons.
    static let peer = "Slack"

    /// What an answer with a status of 2xx means.
    enum Reading: Equatable {
        /// The message's channel and time, which name it.
        case posted(channel: String, time: String)
        /// `ok` without what names a message.
        case ok
        /// Slack's word for what is wrong.
        case refused(String)
        /// Not what the API says.
        case other
    }

    /// Reads a body.
    static func read(_ body: [UInt8]) -> Reading {
        let members = AnswerBody(body).members
        guard let isOK = members["ok"] as? Bool else { return .other }
        guard isOK else { return .refused(word(members["error"])) }
        guard let channel = members["channel"] as? String, let time = members["ts"] as? String,
            isName(channel), isName(time)
        else { return .ok }
        return .posted(channel: channel, time: time)
    }

    /// Slack's words are letters and underscores; nothing else is repeated.
    private static func word(_ value: Any?) -> String {
        guard let text = value as? String, (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F })
        else { return "unnamed" }
        return text
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E
            }
    }

    /// The outcome of a refusal for this reason.
    static func outcome(of error: String, retryAfter: Duration?) -> DeliveryOutcome {
        let reason = "Slack refused: \(error)" + (remedies[error].map { ", \($0)" } ?? "")
        if stops.contains(error) { return .stopped(reason: reason) }
        if ownStops.contains(error) { return .stopped(reason: reason, scope: .channel) }
        if pauses.contains(error) { return .unavailable(reason: reason, retryAfter: retryAfter) }
        // By its documentation some aspect of the operation may have succeeded.
        if ["fatal_error", "internal_error"].contains(error) { return .unknown(reason: reason) }
        return .failed(reason: reason)
    }

    /// Somebody must mend the address, or let the app in there.
    private static let stops: Set<String> = [
        "access_denied", "cannot_dm_bot", "channel_not_found", "is_archived", "no_permission", "not_in_channel",
        "restricted_action", "restricted_action_read_only_channel", "user_not_found", "user_not_in_channel",
    ]

    /// Somebody must mend the app or its token, by which every message goes.
    private static let ownStops: Set<String> = [
        "account_inactive", "as_user_not_supported", "deprecated_endpoint", "ekm_access_denied",
        "enterprise_is_restricted", "invalid_auth", "messages_tab_disabled", "method_deprecated", "missing_scope",
        "not_allowed_token_type", "not_authed", "org_login_required", "team_access_not_granted", "team_not_found",
        "token_expired", "token_revoked", "two_factor_setup_required",
    ]

    private static let pauses: Set<String> = [
        "message_limit_exceeded", "rate_limited", "ratelimited", "request_timeout", "service_unavailable",
        "team_added_to_org",
    ]

    /// What to do about the commonest.
    private static let remedies = [
        "channel_not_found": "check the ID, and invite the app to a private channel",
        "not_in_channel": "invite the app to the channel",
        "missing_scope": "add chat:write to the app and install it again",
        "invalid_auth": "check the bot token", "token_revoked": "install the app again",
        "account_inactive": "install the app again",
        "messages_tab_disabled": "turn on the Messages tab of the app's home",
    ]

    /// Words that say that a message isn't there any more.
    static let goneWords: Set<String> = ["message_not_found"]
    /// Words that say that a message is there and stays as it is.
    static let fixedWords: Set<String> = [
        "block_mismatch", "cant_update_message", "edit_window_closed", "is_inactive",
    ]
}
