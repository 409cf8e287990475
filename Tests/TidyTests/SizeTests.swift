import OutlayTestKit
import Testing

/// How large things may grow; why is told in docs/STYLE.md.
@Suite struct SizeTests {
    static let functionLines = 60
    static let parameters = 6

    @Test func `a file fits in the head`() {
        for file in Tree.all {
            let limit = file.path.hasPrefix("Sources/") ? 500 : 800
            let count = file.lines.count - 1
            #expect(count <= limit, "\(file.path) has \(count) lines of \(limit); split it where the topic changes")
        }
    }

    @Test func `a line is at most 120 columns wide`() {
        for file in Tree.all {
            for (index, line) in file.lines.enumerated() where line.count > 120 {
                Issue.record("\(file.path):\(index + 1): \(line.count) columns; break the line where the thought does")
            }
        }
    }

    @Test func `a function fits on the screen`() {
        for file in Tree.all {
            for function in FunctionShape.all(in: file) where function.lines > Self.functionLines {
                Issue.record(
                    "\(file.path):\(function.line): \(function.name) has \(function.lines) lines; name its steps"
                )
            }
        }
    }

    @Test func `a function takes at most six parameters`() {
        for file in Tree.sources {
            for function in FunctionShape.all(in: file) where function.name != "init" {
                #expect(
                    function.parameters <= Self.parameters,
                    "\(file.path):\(function.line): \(function.name) takes \(function.parameters); make them a struct"
                )
            }
        }
    }

    @Test func `the check counts lines and parameters`() {
        let text = """
            protocol P { func a(_ x: [Int: Int], y: (Int, Int)) async -> Int }
            func b() -> String {
                let text = "}"
                return text
            }
            struct S { init(a: Int, b: Int,) { self.init() } }
            """
        let shapes = FunctionShape.all(in: SwiftText(path: "x.swift", text: text))
        #expect(shapes.map(\.name) == ["a", "b", "init"])
        #expect(shapes.map(\.parameters) == [2, 0, 2])
        #expect(shapes.map(\.lines) == [0, 4, 1])
    }
}
