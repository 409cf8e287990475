extension UsageUnit {
    /// The units that prices and reports usually speak of, which a slip of the fingers is compared with.
    package static let usual: [UsageUnit] = [
        .input, .inputAudio, .inputImage, .inputVideo, .cacheRead, .cacheReadAudio, .cacheReadImage, .cacheReadVideo,
        .cacheWrite5m, .cacheWrite30m, .cacheWrite1h, .cacheWrite12h, .output, .outputAudio, .outputImage,
        .outputReasoning, .outputCitation, .webSearch, .fileSearch, .searchUnits, .inputCharacters, .audioSeconds,
        .toolCall, .computeSeconds, .humanSeconds, .storageGBHours,
    ]

    /// The usual unit that `name` is a slip of; `nil` for usual ones and for those of somebody's own.
    package static func misspelt(_ name: String) -> UsageUnit? {
        let lettersOnly = { (text: String) in text.filter { !$0.isNumber } }
        let names = usual.map(\.name)
        guard !names.contains(name), !names.contains(where: { lettersOnly($0) == lettersOnly(name) && $0 != name })
        else { return nil }
        return Suggestion.nearest(to: name, among: names).map { UsageUnit($0) }
    }
}
