// Which lane a message takes. A lane is one destination: whoever is reached at the same address of a channel shares it, since
// its peer counts what comes there and doesn't know for whom.

/// The lanes of all ways to people.
struct Destinations: Sendable {
    private var lanes: [PersonID: [ChannelID: LaneID]] = [:]

    /// A lane bears the name of the first one of `people` who is reached there.
    init(_ people: [Person], _ channels: [ChannelID: ChannelSettings]) {
        var first: [Person.Reach: PersonID] = [:]
        for person in people {
            for reach in person.reach where lanes[person.id]?[reach.channel] == nil {
                let owner = first[reach] ?? person.id
                first[reach] = owner
                lanes[person.id, default: [:]][reach.channel] = channels[reach.channel]?.lane(for: owner)
            }
        }
    }

    func lane(to person: PersonID, by channel: ChannelID) -> LaneID? { lanes[person]?[channel] }
}

extension Rulebook {
    /// The lane of messages to `person` on `channel`.
    public func lane(of channel: ChannelSettings, for person: PersonID) -> LaneID {
        destinations.lane(to: person, by: channel.id) ?? channel.lane(for: person)
    }
}
