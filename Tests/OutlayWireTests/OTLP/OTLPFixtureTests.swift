import OutlayCore
import OutlayWire
import Testing

/// What real emitters sent, read in both encodings.
@Suite struct OTLPFixtureTests {
    @Test func `there are bodies of many emitters to read`() {
        let folders = Set(OTLPFixture.all.map { $0.path.prefix { $0 != "/" } })
        #expect(folders.count >= 13)
        #expect(OTLPFixture.all.count { $0.path.hasSuffix(".raw.json") } >= 3)
    }

    @Test(arguments: OTLPFixture.all.filter { $0.encoding == .protobuf })
    func `a request says the same in protobuf and in JSON`(_ fixture: OTLPFixture) throws {
        let expected = try telemetry(fixture.bytes(), .protobuf, fixture.signal)
        let others = OTLPFixture.all.filter { $0.encoding == .json && $0.request == fixture.request }
        try #require(!others.isEmpty)
        for other in others {
            let found = try telemetry(other.bytes(), .json, fixture.signal)
            #expect(found.taken.count == expected.taken.count)
            for (found, expected) in zip(found.taken, expected.taken) { try #require(found == expected) }
        }
    }

    @Test(arguments: OTLPFixture.all)
    func `of a real request something is kept and nothing is nobody's`(_ fixture: OTLPFixture) throws {
        let sink = try telemetry(fixture.bytes(), fixture.encoding, fixture.signal)
        #expect(!sink.taken.isEmpty)
        #expect(!sink.rejections.contains(.missingIDs))
        #expect(sink.contexts.allSatisfy { $0.resource["service.name"] != nil && !$0.scopeName.isEmpty })
    }

    @Test func `tokens of a counter are read with their attributes`() throws {
        let bytes = try Fixture.bytes("otlp/synthetic-openclaw/001-metrics.bin")
        let interest = AttributeInterest(
            attributes: ["openclaw.token", "openclaw.model"],
            metrics: ["openclaw.tokens"]
        )
        let sink = try telemetry(bytes, .protobuf, .metrics, interest: interest)
        let first = try #require(sink.points.first)
        #expect(Set(sink.points.map(\.metric)) == ["openclaw.tokens"])
        #expect((first.shape, first.temporality, first.isMonotonic) == (.sum, 2, true))
        #expect(first.value == .integer(422))
        #expect((first.start, first.time) == (1_795_225_482_687_349_786, 1_795_225_482_688_500_833))
        #expect(first.attributes.entries.map(\.key) == ["openclaw.model", "openclaw.token"])
        #expect(first.attributes["openclaw.token"] == .string("input"))
        #expect(Set(sink.points.map(\.attributes.fingerprint)).count == 6)
        #expect(sink.rejections.isEmpty)
    }
}
