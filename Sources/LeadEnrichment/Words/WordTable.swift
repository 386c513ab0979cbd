// A table of words with a number for each, made once and asked for every word of every text: it compares bytes where they
// are, and a word is hashed once for all tables. Pure. Used by the enrichers that read what people write.

/// The hash of a word's bytes (FNV-1a). Nobody can slow a table down by words that hash alike, since what is asked for
/// never gets into one.
struct WordHash: Equatable, Sendable {
    private(set) var value: UInt32 = 2_166_136_261

    init() {}

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { add(byte) }
    }

    mutating func add(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 16_777_619 }
}

/// Numbers by words.
struct WordTable: Sendable {
    private struct Slot: Sendable {
        var hash = WordHash()
        var start: Int32 = 0
        var length: Int32 = 0
        /// Below 0 where the slot is free.
        var number: Int32 = -1
    }

    /// A power of two, and at least twice as many as words.
    private var slots = [Slot](repeating: Slot(), count: 8)
    private var bytes: [UInt8] = []
    private var count = 0
    /// The length of the longest word.
    private var longest = 0

    init() {}

    init(_ numbers: [String: Int]) {
        for (word, number) in numbers { self[Array(word.utf8)] = number }
    }

    /// The number of `word`.
    subscript(word: [UInt8]) -> Int? {
        get { word.withUnsafeBufferPointer { find($0, WordHash(word)) } }
        set {
            guard let newValue else { return }
            if 2 * (count + 1) > slots.count { grow() }
            let hash = WordHash(word)
            let place = word.withUnsafeBufferPointer { self.place(of: $0, hash) }
            if slots[place].number < 0 {
                slots[place] = Slot(hash: hash, start: Int32(bytes.count), length: Int32(word.count))
                bytes += word
                count += 1
                longest = max(longest, word.count)
            }
            slots[place].number = Int32(newValue)
        }
    }

    /// The number of the word of these bytes, whose hash is `hash`; nil when it isn't in the table.
    func find(_ word: UnsafeBufferPointer<UInt8>, _ hash: WordHash) -> Int? {
        let number = slots[place(of: word, hash)].number
        return number < 0 ? nil : Int(number)
    }

    /// The number of what `word` is when ASCII's capital letters in it become small ones.
    func find(lowering word: some Collection<UInt8>) -> Int? {
        guard word.count <= longest else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: word.count) { lowered in
            var hash = WordHash()
            for (place, byte) in word.enumerated() {
                lowered[place] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                hash.add(lowered[place])
            }
            return find(UnsafeBufferPointer(lowered), hash)
        }
    }

    /// Where the word is, or would be.
    private func place(of word: UnsafeBufferPointer<UInt8>, _ hash: WordHash) -> Int {
        let mask = slots.count - 1
        var place = Int(hash.value) & mask
        while true {
            let slot = slots[place]
            if slot.number < 0 { return place }
            if slot.hash == hash, slot.length == word.count,
                bytes[Int(slot.start)..<Int(slot.start + slot.length)].elementsEqual(word)
            {
                return place
            }
            place = (place + 1) & mask
        }
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: 2 * old.count)
        let mask = slots.count - 1
        for slot in old where slot.number >= 0 {
            var place = Int(slot.hash.value) & mask
            while slots[place].number >= 0 { place = (place + 1) & mask }
            slots[place] = slot
        }
    }
}
