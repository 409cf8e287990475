import OutlayCore
import OutlayGateway
import Testing

@testable import OutlayApp

struct AttributorTests {
    @Test func `two spellings of an accented letter are one value, byte for byte`() {
        let key = KeyRules(name: "ci", workspace: "default")
        let found = ["caf%C3%A9", "cafe%CC%81"].map { value in
            let call = CallClaims(fields: [(name: "X-Outlay-Tags", value: "team=\(value)")], path: "/")
            let start = Timestamp(seconds: 0)
            let attribution = Attributor(Resources()).attribute(call, key: key, at: start, inherited: nil)
            return [attribution.effective, attribution.claimed].map { Array(($0[.team] ?? "").utf8) }
        }
        #expect(found[0] == found[1])
        #expect(found[0] == [Array("caf\u{e9}".utf8), Array("caf\u{e9}".utf8)])
    }
}
