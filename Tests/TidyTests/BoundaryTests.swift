import OutlayTestKit
import Testing

/// Which module may import which: the arrows of docs/ARCHITECTURE.md, checked.
@Suite struct BoundaryTests {
    /// Targets that may call the operating system's C library.
    static let speaksToTheSystem: Set<String> = [
        "OutlayApp", "OutlayGateway", "OutlayJournal", "OutlaySQLite", "OutlaySandbox", "outlay",
    ]

    /// The modules each target may import.
    ///
    /// A new target needs a row here, and an arrow in the picture. AsyncHTTPClient and Hummingbird
    /// speak in a few of SwiftNIO's types, which is why App and Web name those.
    static let mayImport: [String: Set<String>] = [
        "CZlib": [],
        "OutlayCore": [],
        "OutlayWire": ["Foundation", "OutlayCore"],
        "OutlayJournal": ["Foundation", "OutlayCore"],
        "OutlaySQLite": ["Crypto", "Foundation", "GRDB", "GRDBSQLite", "OutlayCore"],
        "OutlayMeters": ["OutlayCore"],
        "OutlayVault": ["Crypto", "Foundation", "JWTKit", "OutlayCore"],
        "OutlayConfig": ["Foundation", "OutlayCore", "Yams"],
        "OutlayGateway": [
            "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPCompression", "NIOPosix", "NIOSSL", "NIOTLS", "OutlayCore",
            "OutlayVault",
            "OutlayWire", "ServiceLifecycle",
        ],
        "OutlayIngest": [
            "CZlib", "Foundation", "HTTPTypes", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "Logging",
            "NIOCore",
            "NIOSSL", "OutlayCore", "OutlayVault", "OutlayWire", "ServiceLifecycle",
        ],
        "OutlayIngestGRPC": [
            "GRPCCore", "GRPCNIOTransportHTTP2Posix", "Logging", "NIOCore", "NIOHPACK", "NIOHTTP2", "OutlayCore",
            "OutlayIngest",
            "OutlayVault", "OutlayWire", "ServiceLifecycle",
        ],
        "OutlaySandbox": [
            "Foundation", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "OutlayCore", "OutlayWire", "ServiceLifecycle",
        ],
        "OutlayWeb": [
            "Foundation", "HTTPTypes", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "Logging", "NIOCore",
            "NIOSSL", "OutlayCore", "OutlayVault", "OutlayWire", "ServiceLifecycle",
        ],
        "OutlayApp": [
            "AsyncHTTPClient", "Foundation", "Logging", "NIOCore", "NIOFoundationCompat", "NIOHTTP1", "NIOSSL",
            "OutlayConfig",
            "OutlayCore", "OutlayGateway", "OutlayIngest", "OutlayIngestGRPC", "OutlayJournal", "OutlayMeters",
            "OutlaySQLite", "OutlaySandbox", "OutlayVault", "OutlayWeb", "OutlayWire", "ServiceLifecycle",
            "UnixSignals",
        ],
        "outlay": ["ArgumentParser", "Foundation", "OutlayApp", "OutlayCore", "OutlayWeb", "OutlayWire"],
        "outlay-bench": [
            "ArgumentParser", "Foundation", "OutlayApp", "OutlayCore", "OutlayIngest", "OutlayMeters", "OutlaySQLite",
            "OutlayWire",
        ],
        "OutlayTestKit": ["CZlib", "Foundation", "OutlayCore", "Testing"],
    ]

    @Test func `every target has a row in the table of imports`() {
        for target in Repository.folders(in: "Sources") {
            #expect(
                Self.mayImport[target] != nil,
                "\(target) is new: say in BoundaryTests what it may import, and draw it in docs/ARCHITECTURE.md"
            )
        }
    }

    @Test func `a target imports only what its row allows`() {
        for file in Tree.sources {
            let target = file.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            var allowed = Self.mayImport[target] ?? []
            if Self.speaksToTheSystem.contains(target) { allowed.formUnion(["Darwin", "Glibc"]) }
            if target != "OutlayCore" { allowed.insert("Synchronization") }
            for (number, module) in Self.imports(of: file) where !allowed.contains(module) {
                Issue.record("\(file.path):\(number): \(target) may not import \(module); put a protocol between them")
            }
        }
    }

    @Test func `tests are written with swift-testing`() {
        for file in Tree.tests {
            for (number, module) in Self.imports(of: file) where module == "XCTest" {
                Issue.record("\(file.path):\(number): use `import Testing`; the run leaves XCTest out")
            }
        }
    }

    @Test func `the check sees every way to write an import`() {
        let text = SwiftText(
            path: "x.swift",
            text: "import A\npackage import B\n@testable import C\ninternal import struct D.E\n// import F\n"
        )
        #expect(Self.imports(of: text).map(\.module) == ["A", "B", "C", "D"])
    }

    static func imports(of file: SwiftText) -> [(number: Int, module: String)] {
        let pattern = #/^\s*(?:@\w+\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let)\s+)?(\w+)/#
        return zip(file.code.indices, file.code).compactMap { index, line in
            line.firstMatch(of: pattern).map { (index + 1, String($0.1)) }
        }
    }
}
