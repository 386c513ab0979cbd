// A chat's door that believes what a test posts: the fields of a press, or of a form that was filled in, as a form.

import LeadCore
import Synchronization

@testable import LeadWeb

/// A door, and what was said and asked through it.
final class ScriptedDoor: ChatDoor {
    let id: ChannelID = "bot"
    private let opening = Mutex(DeliveryOutcome.sent(detail: "ok"))
    private let (answers, said) = AsyncStream.makeStream(of: ChatAnswer.self)
    private let (forms, asked) = AsyncStream.makeStream(of: ChatForm.self)

    /// What comes of opening forms from now on.
    func openForms(with outcome: DeliveryOutcome) { opening.withLock { $0 = outcome } }

    func read(_ body: [UInt8], header: (String) -> String?, at now: Timestamp) -> ChatReading {
        switch header("x-reading") {
        case "forged": return .forged
        case "old": return .old
        case "nothing": return .nothing
        default: break
        }
        guard let fields = FormFields(urlEncoded: String(decoding: body, as: UTF8.self)),
            let target = ChatTarget(text: fields["target"])
        else { return .unreadable }
        let isForm = !fields["choice"].isEmpty
        let action =
            isForm
            ? ChatForm.Kind(rawValue: fields["action"]).flatMap {
                ChatAction($0, choice: fields["choice"], note: fields["note"])
            } : ChatAction(name: fields["action"], value: fields["value"])
        guard let action else { return .unreadable }
        return .press(
            ChatPress(
                stamp: fields["stamp"], at: now, account: fields["user"], target: target, action: action,
                replyTo: Secret("https://reply.example"),
                origin: isForm ? .form : fields["prompt"] == "yes" ? .prompt : .message, trigger: Secret("t")))
    }

    func answer(_ answer: ChatAnswer, to press: ChatPress) async -> DeliveryOutcome {
        said.yield(answer)
        return .sent(detail: "ok")
    }

    func open(_ form: ChatForm, for press: ChatPress) async -> DeliveryOutcome {
        asked.yield(form)
        return opening.withLock { $0 }
    }

    func reply(_ answer: ChatAnswer, to press: ChatPress) -> [UInt8] {
        Array(((answer.field.map { "\($0.rawValue): " } ?? "") + answer.text).utf8)
    }

    /// The next answer.
    func next() async -> ChatAnswer? {
        for await answer in answers { return answer }
        return nil
    }

    /// The next form.
    func nextForm() async -> ChatForm? {
        for await form in forms { return form }
        return nil
    }
}
