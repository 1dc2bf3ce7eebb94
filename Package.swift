// swift-tools-version: 6.1
import PackageDescription

// Arrows point one way: a module may depend only on modules named above it.
// `make check` builds with `--explicit-target-dependency-import-check error`, which holds them to it.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ needs: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: needs, swiftSettings: house)
}

func tests(_ name: String, _ needs: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: ["TestSupport"] + needs, swiftSettings: house)
}

let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "tollbook",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "tollbook", targets: ["tollbook"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // Byte scanning that Swift has no intrinsics for: pure functions, no library behind them.
    .target(name: "CScan"),

    // The pure core: values in, values out. No clock, no file, no socket.
    module("Units"),
    module("Calls", ["Units", "CScan"]),
    module("Rates", ["Units", "Calls"]),
    module("Books", ["Units", "Calls", "Rates"]),
    module("Audit", ["Units", "Calls", "Rates", "Books"]),
    module("Watch", ["Units", "Calls", "Rates", "Books"]),

    // The data folders `ledgers/` and `pricing/`, carried in the binary.
    .target(name: "CData", cSettings: [.headerSearchPath("../..")]),

    // The edge: each foreign thing has one door.
    .target(
      name: "CSystem",
      linkerSettings: [
        .linkedLibrary("sqlite3"), .linkedLibrary("crypto"), .linkedLibrary("curl"), .linkedLibrary("z"),
      ]),
    module("Store", ["Units", "Calls", "Rates", "Books", "Audit", "Watch", "CSystem", "CData"]),
    module("Sidecar", ["Units", "Calls", "Rates", "Books", "Audit", "Watch", "Store", "CSystem"]),
    module("Web", ["Units", "Calls", "Sidecar", "CSystem"]),
    .executableTarget(
      name: "tollbook",
      dependencies: [
        "Units", "Calls", "Rates", "Books", "Audit", "Watch", "Store", "Sidecar", "Web", "CSystem",
        arguments,
      ],
      swiftSettings: house),

    // A program that loads the daemon and prints what it reached.
    .executableTarget(
      name: "tollbench",
      dependencies: [
        "Units", "Calls", "Rates", "Books", "Audit", "Watch", "Store", "CSystem", arguments,
      ],
      swiftSettings: house),

    // Tests mirror the modules.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: house),
    tests("UnitsTests", ["Units"]),
    tests("CallsTests", ["Units", "Calls"]),
    tests("RatesTests", ["Units", "Calls", "Rates"]),
    tests("BooksTests", ["Units", "Calls", "Rates", "Books"]),
    // A way to files that breaks at a chosen write.
    .target(name: "FaultVFS", path: "Tests/FaultVFS"),
    tests(
      "StoreTests",
      ["Units", "Calls", "Rates", "Books", "Audit", "Watch", "Store", "CSystem", "CData", "FaultVFS"]),
    tests(
      "SidecarTests", ["Units", "Calls", "Rates", "Books", "Audit", "Watch", "Store", "Sidecar", "CSystem", "tollbook"]),
    tests("WatchTests", ["Units", "Calls", "Watch", "tollbench"]),
    tests("AuditTests", ["Units", "Calls", "Rates", "Books", "Audit"]),
    tests("HouseTests", ["Units", "Calls", "Rates", "Store", "Sidecar", "CData"]),
    tests(
      "TollbookTests",
      [
        "Units", "Calls", "Rates", "Books", "Audit", "Watch", "Store", "Sidecar", "tollbook", arguments,
      ]),
  ],
  cLanguageStandard: .gnu2x
)
