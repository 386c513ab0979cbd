// swift-tools-version: 6.1
import PackageDescription

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

let package = Package(
    name: "leadbell",
    products: [.executable(name: "leadbell", targets: ["leadbell"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: [
        // The house: one room a target; adapters know LeadCore and nothing of each other.
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CExecutor"),
        .target(name: "CIcal", linkerSettings: [.linkedLibrary("ical")]),
        .target(name: "CMemory"),
        .target(
            name: "CPhone", linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("protobuf")]),
        .target(name: "CSpawn"),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CTimer"),
        .target(name: "Curl", dependencies: ["CCurl"]),
        .target(name: "LeadCore", dependencies: [crypto]),
        .target(name: "LeadCalendar", dependencies: ["CIcal", "LeadCore"]),
        .target(
            name: "LeadConfiguration",
            dependencies: ["LeadCalendar", "LeadCore", crypto, .product(name: "Yams", package: "Yams")]),
        .target(name: "LeadSpool", dependencies: ["LeadCore"]),
        .target(
            name: "LeadEnrichment",
            dependencies: ["CPhone", "CSpawn", "Curl", "LeadCore", .product(name: "SwiftCSV", package: "SwiftCSV")]),
        .target(name: "LeadStorage", dependencies: ["CSQLite", "LeadCore", grdb]),
        .target(name: "LeadNotify", dependencies: ["LeadCore", "Curl", crypto]),
        .target(
            name: "LeadWeb",
            dependencies: ["LeadCore", crypto, hummingbird, mustache, logging, nio, nioPosix, lifecycle]),
        .target(name: "LeadEngine", dependencies: ["LeadCore", "CTimer", logging]),
        .executableTarget(
            name: "leadbell",
            dependencies: [
                "CExecutor", "CMemory", "Curl", "LeadConfiguration", "LeadCore", "LeadEngine", "LeadEnrichment",
                "LeadNotify", "LeadSpool", "LeadStorage", "LeadWeb", crypto, hummingbird, logging, mustache, nio,
                nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // Parts of `make bench`.
        .executableTarget(name: "RankingBench", dependencies: ["LeadCore"], path: "Tests/Benchmarks/Ranking"),
        .executableTarget(
            name: "MatchingBench", dependencies: ["LabelledSamples", "LeadCore", "LeadStorage"],
            path: "Tests/Benchmarks/Matching"),
        .executableTarget(
            name: "EnrichingBench", dependencies: ["LeadCore", "LeadEnrichment"], path: "Tests/Benchmarks/Enriching"),

        // What tests share: peers that misbehave, a manual clock, samples.
        .target(
            name: "PeerKit", dependencies: [crypto], path: "Tests/Peers",
            exclude: [
                "http_peer.py", "mail_reader.py", "postfix_peer.py", "peer_certificates.py", "peer_life.py",
                "slack_blocks.py",
                "slack_peer.py",
                "smtp_peer.py",
            ], sources: ["PeerKit"]),
        .target(name: "LeadTestKit", dependencies: ["LeadCore"], path: "Tests/LeadTestKit"),
        .executableTarget(name: "TaskOrder", dependencies: ["CExecutor"], path: "Tests/TaskOrder"),
        .target(
            name: "LabelledSamples", dependencies: ["LeadCore", "LeadEnrichment"], path: "Tests/LabelledSamples",
            exclude: ["alike.tsv", "industries.tsv", "phones.tsv"]),

        .testTarget(name: "CurlTests", dependencies: ["CCurl", "Curl", "PeerKit"]),
        .testTarget(
            name: "LeadCalendarTests", dependencies: ["LeadCalendar", "LeadCore", "LeadTestKit"],
            exclude: ["Fixtures"]),
        .testTarget(name: "LeadConfigurationTests", dependencies: ["LeadConfiguration", "LeadCore", "LeadTestKit"]),
        .testTarget(name: "LeadCoreTests", dependencies: ["LeadCore", "LeadTestKit"]),
        .testTarget(name: "LeadEngineTests", dependencies: ["LeadCore", "LeadEngine", "LeadTestKit"]),
        .testTarget(
            name: "LeadEnrichmentTests",
            dependencies: [
                "Curl", "LabelledSamples", "LeadCore", "LeadEngine", "LeadEnrichment", "LeadSpool", "LeadStorage",
                "LeadTestKit",
                "PeerKit",
            ]),
        .testTarget(
            name: "LeadNotifyTests",
            dependencies: [crypto, "Curl", "LeadCore", "LeadNotify", "LeadTestKit", "PeerKit"],
            exclude: ["Golden", "adaptive-card-1.2.schema.json"]),
        .testTarget(
            name: "LeadSpoolTests", dependencies: ["LeadCore", "LeadSpool", "LeadTestKit"], exclude: ["Fixtures"]),
        .testTarget(name: "LeadStorageTests", dependencies: ["LeadCore", "LeadStorage", "LeadTestKit", grdb]),
        .testTarget(
            name: "LeadWebTests",
            dependencies: [
                "LeadCore", "LeadSpool", "LeadTestKit", "LeadWeb", "PeerKit", crypto, hummingbird, logging, nio,
                nioEmbedded, nioPosix,
            ],
            exclude: ["Golden", "Screens"]),
        .testTarget(
            name: "LeadbellTests",
            dependencies: [
                "Curl", "LeadConfiguration", "LeadCore", "LeadEngine", "LeadTestKit", "PeerKit", "leadbell", crypto,
                logging,
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "Curl", "LeadConfiguration", "LeadCore", "LeadEngine", "LeadEnrichment", "LeadNotify", "LeadSpool",
                "LeadStorage", "LeadTestKit", "LeadWeb", "PeerKit", crypto, "leadbell", logging,
            ],
            exclude: ["Golden"]),
        .testTarget(name: "SimulationTests", dependencies: ["LeadCore", "LeadTestKit"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
