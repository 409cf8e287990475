import Foundation
import OutlayCore
import OutlayTestKit
import OutlayWire
import Testing

@Suite struct CallAnswerTests {
    @Test func `a cost that nobody knows is null, and read back as unknown`() throws {
        let event = CostEvent.event(cost: nil)
        let written = try JSONEncoder().encode(CallAnswer(event))
        let members = try #require(try JSONSerialization.jsonObject(with: written) as? [String: Any])
        #expect(members["cost_usd"] is NSNull)
        #expect(members["list_usd"] is NSNull)
        let read = try JSONDecoder().decode(CallAnswer.self, from: written)
        #expect(read.costUSD == nil)
        #expect(read == CallAnswer(event))
    }
}
