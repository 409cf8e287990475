import OutlayTestKit
import Testing

/// Every code that a caller can meet is explained in docs/errors.md, and nothing else is.
@Suite struct ErrorCodeTests {
    /// Where codes live: enumerations of these names below these folders.
    static let folders = ["Sources/OutlayWire", "Sources/OutlayWeb"]
    static let enumerations = ["Code", "RefusalCode"]

    @Test func `every error code is documented`() throws {
        let document = try Repository.text(of: "docs/errors.md")
        let codes = Self.codes()
        #expect(!codes.isEmpty, "no enum \(Self.enumerations) under \(Self.folders): has it moved?")
        for (code, path) in codes {
            #expect(
                document.contains("| `\(code)` |"),
                "\(path): add `\(code)` to docs/errors.md: its status, what it means, what to do"
            )
        }
    }

    @Test func `every documented code exists`() throws {
        let codes = Set(Self.codes().map(\.code))
        for match in try Repository.text(of: "docs/errors.md").matches(of: #/(?m)^\| `([a-z_]+)` \|/#) {
            #expect(codes.contains(String(match.1)), "docs/errors.md explains `\(match.1)`, which no source can send")
        }
    }

    @Test func `the check reads cases with and without a raw value`() {
        let text = """
            package enum RefusalCode: String, CaseIterable {
                /// One.
                case budgetExceeded = "budget_exceeded"
                case unauthorized, forbidden
                var status: Int { switch self { case .unauthorized: 401 default: 403 } }
            }
            enum Other { case no }
            """
        #expect(Self.codes(in: text) == ["budget_exceeded", "unauthorized", "forbidden"])
    }

    static func codes() -> [(code: String, path: String)] {
        Tree.sources.filter { file in folders.contains { file.path.hasPrefix($0 + "/") } }.flatMap { file in
            codes(in: file.lines.joined(separator: "\n")).map { ($0, file.path) }
        }
    }

    static func codes(in text: String) -> [String] {
        var codes: [String] = []
        var depth: Int?
        for line in text.split(separator: "\n") {
            let open = line.count { $0 == "{" } - line.count { $0 == "}" }
            if let inside = depth {
                if inside == 1, let cases = line.wholeMatch(of: #/\s*case\s+([^.:]+)/#)?.1 {
                    codes += cases.split(separator: ",").map(code)
                }
                depth = inside + open > 0 ? inside + open : nil
            } else if let name = line.firstMatch(of: #/\benum\s+(\w+)\s*:\s*String/#)?.1,
                enumerations.contains(String(name))
            {
                depth = open > 0 ? open : nil
            }
        }
        return codes
    }

    /// The raw value of one case, or its name when it has none.
    private static func code(_ declaration: Substring) -> String {
        let text = declaration.firstMatch(of: #/"([^"]+)"/#)?.1 ?? declaration
        return String(text.filter { !$0.isWhitespace && $0 != "`" })
    }
}
