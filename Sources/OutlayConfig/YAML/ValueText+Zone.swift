internal import Foundation
internal import OutlayCore

extension ValueText {
    /// The IANA name of a time zone: `Europe/Berlin`.
    static func zone(_ text: String) throws(ValueProblem) -> String {
        if TimeZone(identifier: text) != nil { return text }
        let ending = Suggestion.ending(
            for: text,
            among: TimeZone.knownTimeZoneIdentifiers,
            otherwise: "write it as 'Europe/Berlin' or 'UTC'"
        )
        throw ValueProblem("is no time zone\(ending)")
    }
}
