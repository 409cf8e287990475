/// What a provider bills for one of: a kind of token, a search, a millisecond of audio.
///
/// Units are *disjoint*: no token is counted under two of them. Names are those of the price book, the
/// API and the reports (`input`, `cache_read`, `cache_write_5m`, `output`, `web_search` …).
package struct UsageUnit: Hashable, Comparable, Sendable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package static func < (left: UsageUnit, right: UsageUnit) -> Bool {
        left.name < right.name
    }
}

extension UsageUnit: CustomStringConvertible {
    package var description: String { name }
}

extension UsageUnit {
    package static let input = UsageUnit("input")
    package static let inputAudio = UsageUnit("input_audio")
    package static let inputImage = UsageUnit("input_image")
    package static let inputVideo = UsageUnit("input_video")
    package static let cacheRead = UsageUnit("cache_read")
    package static let cacheReadAudio = UsageUnit("cache_read_audio")
    package static let cacheReadImage = UsageUnit("cache_read_image")
    package static let cacheReadVideo = UsageUnit("cache_read_video")
    package static let cacheWrite5m = UsageUnit("cache_write_5m")
    package static let cacheWrite30m = UsageUnit("cache_write_30m")
    package static let cacheWrite1h = UsageUnit("cache_write_1h")
    package static let cacheWrite12h = UsageUnit("cache_write_12h")
    package static let output = UsageUnit("output")
    package static let outputAudio = UsageUnit("output_audio")
    package static let outputImage = UsageUnit("output_image")
    /// Reasoning tokens where they are priced apart from the answer; elsewhere they are `output`.
    package static let outputReasoning = UsageUnit("output_reasoning")
    package static let outputCitation = UsageUnit("output_citation")
    package static let webSearch = UsageUnit("web_search")
    package static let fileSearch = UsageUnit("file_search")
    package static let searchUnits = UsageUnit("search_units")
    package static let inputCharacters = UsageUnit("input_characters")
    package static let audioSeconds = UsageUnit("audio_seconds")

    /// How many stored counts make one displayed unit: durations are counted in milliseconds, storage in thousandths.
    package var countsPerUnit: Int64 {
        isTime || name.hasSuffix("_gb_hours") ? 1000 : 1
    }

    /// Whether the counts are a duration.
    package var isTime: Bool { name.hasSuffix("_seconds") }

    /// Whether the counts are tokens of the prompt, which choose the long-context tier.
    package var isPromptToken: Bool {
        !name.hasSuffix("_characters") && (name.hasPrefix("input") || name.hasPrefix("cache_"))
    }
}
