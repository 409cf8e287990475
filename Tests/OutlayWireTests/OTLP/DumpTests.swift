import Foundation
import OutlayCore
import OutlayWire
import Testing

@Suite struct DumpTests {
    @Test func `dump`() throws {
        var text = ""
        let folders = Set(OTLPFixture.all.map { String($0.path.prefix { $0 != "/" }) }).sorted()
        for folder in folders {
            let all = try FolderReading(folder)
            text += "##### \(folder) rejections \(all.rejections) steps \(all.observations.count { $0.level == .step })\n"
            for o in all.observations where o.level != .step {
                text += "\(o.signal) \(o.level) \(o.line) cost \(o.reportedCost.map(\.description) ?? "-") names \(o.names) place \(o.place.map { "\(String($0.trace, radix: 16).prefix(4))/\(String($0.span, radix: 16))<\(String($0.parent ?? 0, radix: 16))" } ?? "-") req \(o.service.requestedModel ?? "-") tier \(o.service.context.serviceTier ?? "-") n \(o.isNotional) claims \(o.claims.map { "\($0.dimension)=\($0.value)(\($0.reach))" }) inst \(o.instance.map { "\($0.key)=\($0.value)" }.sorted()) out \(o.outcome.ending) \(o.outcome.latencyMicroseconds ?? -1) \(o.outcome.timeToFirstTokenMicroseconds ?? -1) \(o.outcome.isStream) title \(o.title)\n"
            }
            for o in all.observations where o.level == .step && (folder != "codex" || o.service.requestedModel != nil) {
                text += "   step \(o.emitter) \(o.title) \(o.service.provider) \(o.service.requestedModel ?? "-") tool \(o.tool ?? "-") claims \(o.claims.map { "\($0.dimension)=\($0.value)" })\n"
            }
            for p in all.points {
                text += "   point \(p.group.emitter) \(p.group.authority) \(p.reading.role) \(p.reading.value) calls \(p.reading.calls ?? -1) \(p.reading.temporality) group \(String(p.reading.group, radix: 16).prefix(6)) \(p.group.service.provider)/\(p.group.service.requestedModel ?? "-")/\(p.group.service.model ?? "-") claims \(p.group.claims.map { "\($0.dimension)=\($0.value)" }) inst \(p.group.instance.map { "\($0.key)=\($0.value)" }.sorted())\n"
            }
        }
        try text.write(toFile: "/tmp/pscratch/obs.txt", atomically: true, encoding: .utf8)
    }
}
