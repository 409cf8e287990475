import OutlayCore
import Testing

/// Reports of which nothing else is known are told without a tree, and as the tree tells them.
@Suite struct LoneReportTests {
    static let places: [TracePlace?] = [
        nil, TracePlace(trace: 7, span: 10), TracePlace(trace: 7, span: 10, parent: 9), .ofParent(9, trace: 7),
    ]

    /// Stands in a trace of its own and is no call.
    static let stranger = SumsBesideCallsTests.report(99, .step, TracePlace(trace: 8, span: 10))

    @Test(arguments: [Observation.Level.call, .aggregate, .step], Observation.Signal.allCases)
    func `a report is told alike alone and beside a stranger`(level: Observation.Level, signal: Observation.Signal) {
        for place in Self.places {
            for (input, tool) in [(0, nil), (5, nil), (5, "search"), (5, "free")] as [(Int64, String?)] {
                var report = SumsBesideCallsTests.report(1, level, .ofParent(9, trace: 7), input: input)
                report.signal = signal
                report.place = place
                report.tool = tool
                let alone = TelemetryProjection(of: [report]).calls { $0 == "search" }
                let beside = TelemetryProjection(of: [report, Self.stranger]).calls { $0 == "search" }
                #expect(alone == beside)
            }
        }
    }
}
