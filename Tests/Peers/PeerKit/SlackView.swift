// A modal in the Slack workspace, and what somebody has filled in when they submit it.

import Foundation

/// A modal, as it was opened or as an answer shows it.
public struct SlackView: Sendable {
    /// The view, as JSON.
    public let json: Data

    /// A view.
    public init(json: Data) { self.json = json }

    /// The view's members.
    public var members: [String: Any] {
        get throws {
            guard let members = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
                throw PeerFault(description: "that is no view")
            }
            return members
        }
    }

    /// All words that it shows, block by block.
    public var text: String {
        get throws {
            let blocks = try members["blocks"] as? [[String: Any]] ?? []
            return blocks.compactMap { ($0["text"] as? [String: Any])?["text"] as? String }.joined(separator: "\n")
        }
    }

    /// What it is called.
    public var title: String? { get throws { (try members["title"] as? [String: Any])?["text"] as? String } }

    /// Input elements by the ids of their blocks.
    private var inputs: [String: (element: [String: Any], isOptional: Bool)] {
        get throws {
            let blocks = (try members["blocks"] as? [[String: Any]] ?? []).filter { $0["type"] as? String == "input" }
            let inputs = blocks.map { block in
                (
                    block["block_id"] as? String ?? "",
                    (block["element"] as? [String: Any] ?? [:], block["optional"] as? Bool ?? false)
                )
            }
            return Dictionary(inputs) { first, _ in first }
        }
    }

    /// The values that can be chosen.
    public var choices: [String] {
        get throws {
            try inputs.values.flatMap {
                ($0.element["options"] as? [[String: Any]] ?? []).compactMap { $0["value"] as? String }
            }
        }
    }

    /// What Slack tells of the inputs when `choice` was chosen in the one that has it and `note` written into another.
    func state(choosing choice: String, note: String?) throws -> [String: Any] {
        try inputs.mapValues { input -> [String: Any] in
            let type = input.element["type"] as? String ?? ""
            var value: [String: Any] = ["type": type]
            if type == "plain_text_input" {
                let most = input.element["max_length"] as? Int ?? 3_000
                guard note?.count ?? 0 <= most, note != nil || input.isOptional else {
                    throw PeerFault(description: "Slack lets nobody write that")
                }
                value["value"] = note ?? NSNull()
            } else {
                let options = input.element["options"] as? [[String: Any]] ?? []
                guard let option = options.first(where: { $0["value"] as? String == choice }) else {
                    throw PeerFault(description: "nobody can choose \(choice)")
                }
                value["selected_option"] = option
            }
            return [input.element["action_id"] as? String ?? "": value]
        }
    }
}
