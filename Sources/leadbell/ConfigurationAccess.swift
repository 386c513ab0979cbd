// How commands get at the configuration: from a file, checked against what channels and enrichers declare, with secrets
// from the environment and systemd's credentials.

import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadEnrichment
import LeadNotify
import LeadSpool
import LeadWeb

/// Reads configurations for this program's kinds of channels and enrichers.
struct ConfigurationAccess {
    let secrets: SecretSource

    /// Where the unit's credentials come from, for commands that an administrator runs outside the unit.
    private static let credentials = "/etc/leadbell/credentials"

    /// Secrets of this process.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        secrets = SecretSource(
            environment: environment,
            credentialsDirectory: environment["CREDENTIALS_DIRECTORY"] ?? Self.credentials)
    }

    private init(secrets: SecretSource) { self.secrets = secrets }

    /// For commands that need no secret, and may be run by those who can't read them.
    static let withoutSecrets = ConfigurationAccess(secrets: .blind)

    /// The kinds that this program knows.
    static let kinds = Kinds(
        channels: ChannelKind.all.map { kind in
            KindDescription(
                name: kind.name, options: kind.options, isShared: kind.isShared, isMail: kind.isMail,
                defaultConcurrency: kind.defaultConcurrency, defaultLimits: kind.defaultLimits,
                defaultChangeLimits: kind.defaultChangeLimits,
                takesEvents: kind.takesEvents, schedule: kind.schedule, digestSize: kind.digestSize,
                isEditable: kind.isEditable, takesChoices: kind.takesChoices, account: kind.account,
                checkAddress: kind.checkAddress, checkOptions: kind.check)
        },
        enrichers: EnricherKind.all.map { kind in
            KindDescription(
                name: kind.name, options: kind.options,
                checkOptions: { options in
                    do throws(OptionFlaw) {
                        _ = try kind.make(kind.name, options, nil)
                        return nil
                    } catch {
                        return error
                    }
                })
        }, mappings: MappingPreset.all.map(\.name))

    /// The configuration with its warnings, or every problem.
    func read(_ path: String) -> ConfigurationLoader.Outcome {
        ConfigurationLoader.load(path: path, kinds: Self.kinds, secrets: secrets, now: SystemTime.now())
    }

    /// The configuration; every problem goes to standard error.
    func require(_ path: String) throws -> Configuration { try require(read(path), from: path) }

    /// The configuration that `outcome` holds; every problem goes to standard error.
    func require(_ outcome: ConfigurationLoader.Outcome, from path: String) throws -> Configuration {
        switch outcome {
        case .success(let loaded): return loaded.configuration
        case .failure(let found):
            for problem in found.problems { Terminal.complain(problem.description) }
            throw CommandFailure("the configuration \(path) can't be used; mend it and try `leadbell check`")
        }
    }
}

extension Listen {
    /// The same for the pages' server.
    var webListen: WebSettings.Listen {
        switch self {
        case .tcp(let host, let port): .tcp(host: host, port: port)
        case .unix(let path): .unix(path: path)
        }
    }
}
