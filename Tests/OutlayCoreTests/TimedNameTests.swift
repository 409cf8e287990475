import OutlayCore
import Testing

@Suite struct TimedNameTests {
    @Test func `a name begins with its milliseconds`() {
        let name = TimedName.text("f00d", at: Timestamp(microseconds: 1_795_225_482_687_999))
        #expect(name == "01a1fbc6f5bf-f00d")
        #expect(TimedName.milliseconds(of: name) == 1_795_225_482_687)
    }

    @Test func `a call's name begins with its milliseconds`() {
        let call = CallID(bits: 1_795_225_482_687 << 80 | 12_345)
        #expect(TimedName.milliseconds(of: call.description) == 1_795_225_482_687)
    }

    @Test func `names in the order of time are in the order of their texts`() {
        let names = [0, 1, 15, 16, 1_795_225_482_687].map {
            TimedName.text("x", at: Timestamp(microseconds: $0 * 1000))
        }
        #expect(names == names.sorted())
    }

    @Test(arguments: [
        "", "call_1", "0123456789ab", "0123456789abc-", "0123456789a-", "0123456789aB-x", "req_0123456789ab-",
    ])
    func `other names have no time`(_ name: String) {
        #expect(TimedName.milliseconds(of: name) == nil)
    }

    @Test func `a time before 1970 counts as its beginning`() {
        #expect(TimedName.milliseconds(of: TimedName.text("x", at: Timestamp(microseconds: -1))) == 0)
    }
}
