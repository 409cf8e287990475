import OutlayCore
import Testing

struct RatingContextTests {
    @Test func `what is known later wins in every field, and what is not known keeps what was`() {
        var (base, later) = (RatingContext(), RatingContext())
        for field in RatingContext.fields { base[keyPath: field.path] = "base \(field.name)" }
        #expect(base.overridden(by: later) == base)
        #expect(later.overridden(by: base) == base)
        for field in RatingContext.fields {
            later[keyPath: field.path] = "later"
            #expect(base.overridden(by: later)[keyPath: field.path] == "later")
        }
        #expect(base.overridden(by: later) == later)
    }
}
