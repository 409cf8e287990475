internal import ArgumentParser
internal import Foundation
internal import OutlayApp

/// Prints one figure per line: `name value unit`.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outlay-bench",
        abstract: "Measure the product's own parts.",
        subcommands: [
            RatingBench.self, PolicyBench.self, BudgetBench.self, LedgerBench.self, SpendBench.self, OTLPBench.self,
            TelemetryBench.self,
        ]
    )

    /// Memory is kept as the server keeps it.
    static func main() async {
        ProcessMemory.settle()
        await main(nil)
    }
}

/// CPU seconds this process has used, in user and system mode.
func cpuSeconds() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

func report(_ name: String, _ value: Double, _ unit: String) {
    print("\(name) \(String(format: "%.3f", value)) \(unit)")
}
