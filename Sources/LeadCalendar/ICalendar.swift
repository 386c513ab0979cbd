// Reads iCalendar files (RFC 5545), as Google, Outlook and Apple write them: which times within a window their events
// cover. Bytes become lines (ContentLines), lines a file (CalendarFile), its events entries (CalendarExpansion). Fails
// with one typed flaw for the whole file; hostile files cost bounded time and memory.

import Foundation
import LeadCore

/// Reads the events of calendar files.
public enum ICalendar {
    /// The most bytes that are read, 8 MiB.
    public static let maximumBytes = 8 * 1_048_576
    /// How often one event may happen within a window.
    public static let maximumInstances = 10_000
    /// How many entries there may be within a window.
    public static let maximumEntries = 50_000

    /// The entries that touch `window`, in order, with recurrences expanded.
    ///
    /// Cancelled events and those without a length are left out. A clock time that an hour's change leaves out is read
    /// as before the change, one that comes twice as the first (RFC 5545, section 3.3.5).
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - window: Half-open; years 1 to 9999.
    ///   - zone: Where days and floating times are read.
    ///   - includeTransparent: Whether events count that leave their owner free: true for holidays, which are often
    ///     written so, false for absences.
    public static func entries(
        _ bytes: [UInt8], within window: Range<Timestamp>, zone: TimeZone, includeTransparent: Bool
    ) throws(ICalendarFlaw) -> [CalendarEntry] {
        let file = try CalendarFile(bytes)
        var expansion = CalendarExpansion(file, window: window, zone: zone)
        return try expansion.entries(includeTransparent: includeTransparent)
    }
}
