// swift-tools-version: 6.2
import PackageDescription

/// The one set of compiler rules every target of the house is built with.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    // Debug builds, which the tests run, check at run time that accesses do not overlap.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let grpcCore: Target.Dependency = .product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport: Target.Dependency = .product(
    name: "GRPCNIOTransportHTTP2Posix",
    package: "grpc-swift-nio-transport"
)
let hpack: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let http2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioFoundation: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let nioExtras: Target.Dependency = .product(name: "NIOHTTPCompression", package: "swift-nio-extras")

let package = Package(
    name: "outlay",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "outlay", targets: ["outlay"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.45.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // The domain. Imports nothing.
        .target(name: "OutlayCore", exclude: ["README.md"], swiftSettings: house),
        // Bytes ↔ domain, no sockets.
        .target(name: "OutlayWire", dependencies: ["OutlayCore"], exclude: ["README.md"], swiftSettings: house),
        // What must survive kill -9 before the ledger has it.
        .target(name: "OutlayJournal", dependencies: ["OutlayCore"], exclude: ["README.md"], swiftSettings: house),
        // The default store; the only importer of GRDB.
        .target(
            name: "OutlaySQLite",
            dependencies: ["OutlayCore", crypto, grdb, grdbSQLite],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // Keys: hashing, encryption, secrets.
        .target(
            name: "OutlayVault",
            dependencies: ["OutlayCore", crypto, jwtKit],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // The owner of the budgets' meters: who may still spend.
        .target(name: "OutlayMeters", dependencies: ["OutlayCore"], exclude: ["README.md"], swiftSettings: house),
        // YAML → resources; the only importer of Yams.
        .target(
            name: "OutlayConfig",
            dependencies: ["OutlayCore", "Yams"],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // The pass-through proxy on SwiftNIO.
        .target(
            name: "OutlayGateway",
            dependencies: [
                "OutlayCore", "OutlayVault", "OutlayWire", lifecycle, logging, nioCore, nioExtras, nioHTTP1, nioPosix,
                nioSSL, nioTLS,
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // The system's zlib, which inflates telemetry.
        .systemLibrary(name: "CZlib"),
        // Telemetry in: OTLP over HTTP, and the desk that books what it tells.
        .target(
            name: "OutlayIngest",
            dependencies: [
                "CZlib", "OutlayCore", "OutlayVault", "OutlayWire", hummingbird, hummingbirdCore, hummingbirdTLS,
                lifecycle, logging, nioCore, nioSSL,
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // OTLP over gRPC, alone so that its weight is optional.
        .target(
            name: "OutlayIngestGRPC",
            dependencies: [
                "OutlayCore", "OutlayIngest", "OutlayVault", "OutlayWire", grpcCore, grpcTransport, hpack, http2,
                lifecycle,
                logging, nioCore,
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // The make-believe provider of `outlay demo` and the tests.
        .target(
            name: "OutlaySandbox",
            dependencies: ["OutlayCore", "OutlayWire", lifecycle, logging, nioCore, nioHTTP1, nioPosix],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // REST API and pages.
        .target(
            name: "OutlayWeb",
            dependencies: [
                "OutlayCore", "OutlayVault", "OutlayWire", hummingbird, hummingbirdCore, hummingbirdTLS, lifecycle,
                logging, nioCore,
                nioSSL,
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // Composition root: settings, wiring, services.
        .target(
            name: "OutlayApp",
            dependencies: [
                "OutlayConfig", "OutlayCore", "OutlayGateway", "OutlayIngest", "OutlayIngestGRPC", "OutlayJournal",
                "OutlayMeters", "OutlaySQLite", "OutlaySandbox", "OutlayVault", "OutlayWeb", "OutlayWire", httpClient,
                lifecycle, logging, nioCore,
                nioFoundation, nioHTTP1, nioSSL,
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .executableTarget(
            name: "outlay",
            dependencies: ["OutlayApp", "OutlayCore", "OutlayWeb", "OutlayWire", argumentParser],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // Measures the product's own parts; not shipped.
        .executableTarget(
            name: "outlay-bench",
            dependencies: [
                "OutlayApp", "OutlayCore", "OutlayIngest", "OutlayMeters", "OutlaySQLite", "OutlayWire",
                argumentParser,
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // Fixtures, builders and contracts for tests.
        .target(
            name: "OutlayTestKit",
            dependencies: ["CZlib", "OutlayCore"],
            exclude: ["README.md"],
            swiftSettings: house
        ),

        .testTarget(name: "OutlayCoreTests", dependencies: ["OutlayCore", "OutlayTestKit"], swiftSettings: house),
        // The messages of OTLP by SwiftProtobuf: what our own reader is compared with. Generated, so no house rules.
        .target(
            name: "OTLPProtobuf",
            dependencies: [protobuf],
            path: "Tests/Support/OTLPProtobuf",
            exclude: ["README.md", "otlp.proto"]
        ),
        .testTarget(
            name: "OutlayWireTests",
            dependencies: ["OTLPProtobuf", "OutlayCore", "OutlayTestKit", "OutlayWire", protobuf],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayJournalTests",
            dependencies: ["OutlayCore", "OutlayJournal", "OutlayTestKit"],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlaySQLiteTests",
            dependencies: ["OutlayCore", "OutlaySQLite", "OutlayTestKit", grdb],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayVaultTests",
            dependencies: ["OutlayCore", "OutlayTestKit", "OutlayVault", crypto],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayMetersTests",
            dependencies: ["OutlayCore", "OutlayMeters", "OutlayTestKit"],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayConfigTests",
            dependencies: ["OutlayConfig", "OutlayCore", "OutlayTestKit"],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayGatewayTests",
            dependencies: [
                "OutlayCore", "OutlayGateway", "OutlayTestKit", "OutlayVault", "OutlayWire", lifecycle, logging,
                nioCore,
                nioEmbedded, nioHTTP1, nioPosix,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayIngestTests",
            dependencies: [
                "OutlayCore", "OutlayIngest", "OutlayIngestGRPC", "OutlaySQLite", "OutlayTestKit",
                "OutlayVault", "OutlayWire", grpcCore, grpcTransport, hpack, http2, hummingbird,
                hummingbirdTesting,
                lifecycle, logging, nioCore, nioEmbedded,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlaySandboxTests",
            dependencies: ["OutlayCore", "OutlaySandbox", "OutlayTestKit", logging, nioCore, nioPosix],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayWebTests",
            dependencies: [
                "OutlayCore", "OutlayTestKit", "OutlayVault", "OutlayWeb", "OutlayWire", hummingbird,
                hummingbirdTesting,
                logging,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "OutlayAppTests",
            dependencies: ["OutlayApp", "OutlayCore", "OutlayMeters", "OutlaySQLite", "OutlayTestKit", "OutlayWire"],
            swiftSettings: house
        ),
        .testTarget(
            name: "SystemTests",
            dependencies: ["OutlayCore", "OutlayTestKit"],
            exclude: ["Python"],
            swiftSettings: house
        ),
        .testTarget(name: "TidyTests", dependencies: ["OutlayTestKit"], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
