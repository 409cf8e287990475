/// What a period will have consumed at its end.
package enum Forecast {
    /// The part of a window that must have passed before its pace says anything: a twentieth.
    static let fractionMin: Int128 = 20

    /// Goes on at the pace so far: `posted` × length ÷ elapsed; $30 after 10 of 30 days is $90.
    ///
    /// Within the first twentieth of a window it is what was consumed.
    package static func linear(_ posted: Int128, in window: Range<Timestamp>, at now: Timestamp) -> Int128 {
        let length = Int128(window.upperBound.microseconds) - Int128(window.lowerBound.microseconds)
        let elapsed = Int128(now.microseconds) - Int128(window.lowerBound.microseconds)
        guard elapsed > 0, elapsed < length, elapsed * fractionMin >= length else { return posted }
        // In milliseconds, so that a year of a large budget stays within 128 bits.
        return posted.multipliedSaturating(by: length / 1000) / max(1, elapsed / 1000)
    }
}
