// The configuration as one validated value, and what was wrong when there is none. The program hands it to the
// initialisers of every room; nothing below the program reads a file or the environment for settings.

import LeadCore

/// Where the pages are served.
public enum Listen: Sendable, Equatable {
    /// A host and a port; port 0 lets the system choose one.
    case tcp(host: String, port: Int)
    /// A Unix socket.
    case unix(path: String)
}

/// Everything that the file says, checked and resolved.
public struct Configuration: Sendable {
    /// Where leads come in.
    public struct Spool: Sendable, Equatable {
        /// The folder that holds `incoming/` and `failed/`.
        public var directory: String
        /// The largest file that is read, in bytes.
        public var maximumFileBytes: Int
        /// The largest mail that is read, in bytes.
        public var maximumMailBytes: Int
        /// The largest file of rows that is read, in bytes.
        public var maximumRowsBytes: Int
        /// How long a file that is still being written must be quiet.
        public var settle: Duration
        /// How often the folder is scanned without any hint.
        public var sweep: Duration

        /// A spool's settings.
        public init(
            directory: String, maximumFileBytes: Int, maximumMailBytes: Int = 26_214_400,
            maximumRowsBytes: Int = 2_147_483_648, settle: Duration, sweep: Duration
        ) {
            self.directory = directory
            self.maximumFileBytes = maximumFileBytes
            self.maximumMailBytes = maximumMailBytes
            self.maximumRowsBytes = maximumRowsBytes
            self.settle = settle
            self.sweep = sweep
        }
    }

    /// One link of the chain.
    public struct Enricher: Sendable, Equatable {
        /// The kind.
        public var kind: String
        /// The name by which values and gaps call it; the kind's unless the file has another.
        public var name: String
        /// Its own options.
        public var options: OptionValues
    }

    /// People, channels, routes and policies.
    public var rulebook: Rulebook
    /// Calendar files in which people keep their absences.
    public var absenceFiles: [AbsenceFile]
    /// Where the pages are served.
    public var server: Listen
    /// Where leads come in.
    public var spool: Spool
    /// The ways in that have a name.
    public var sources: [SourceSettings]
    /// The SQLite file.
    public var storePath: String
    /// The Unix socket on which the daemon takes commands.
    public var controlSocket: String
    /// The keys that sign links.
    public var linkKeys: LinkKeys
    /// The channels with their own options, in the order of the file.
    public var channels: [(id: ChannelID, kind: String, options: OptionValues)]
    /// How long all enrichers together may take for one lead.
    public var enrichmentBudget: Duration
    /// The enrichers with their own options, in the order in which they are asked.
    public var enrichers: [Enricher]
    /// Whose word counts when several say different things of one field.
    public var precedence: Precedence
}

/// A configuration that can be used, and what an administrator should look at all the same.
public struct LoadedConfiguration: Sendable {
    /// The configuration.
    public let configuration: Configuration
    /// Warnings in the order of the file.
    public let warnings: [Problem]
}

/// Why a file gives no configuration.
public struct ConfigurationProblems: Error, Sendable, Equatable {
    /// Errors, and warnings beside them, in the order of the file.
    public let problems: [Problem]
}
