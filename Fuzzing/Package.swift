// swift-tools-version: 6.2
import PackageDescription

/// The same sources as the product's, built with libFuzzer's eyes; see README.md.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
]

let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v26)],
    targets: [
        // Optimised, with counters in every branch, the domain alone takes a minute to build; it is not what is tried.
        .target(
            name: "OutlayCore",
            exclude: ["README.md"],
            swiftSettings: house + [.unsafeFlags(["-Onone"])]
        ),
        .target(
            name: "OutlayWire",
            dependencies: ["OutlayCore"],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .executableTarget(
            name: "outlay-fuzz",
            dependencies: ["OutlayCore", "OutlayWire"],
            // libFuzzer brings its own main.
            swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)
