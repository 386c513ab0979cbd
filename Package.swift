// swift-tools-version: 6.1
import PackageDescription

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "leadbell",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        // The house: one room a target; adapters know LeadCore and nothing of each other.
        .target(name: "CTimer"),
        .target(name: "LeadCore", dependencies: [crypto]),
        .target(name: "LeadEngine", dependencies: ["LeadCore", "CTimer", logging]),
    ],
    swiftLanguageModes: [.v6]
)
