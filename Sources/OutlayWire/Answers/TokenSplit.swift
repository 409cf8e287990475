import OutlayCore

/// The kinds of content whose tokens are priced apart from text.
struct Modalities: Hashable {
    var audio: Int64 = 0
    var image: Int64 = 0
    var video: Int64 = 0

    var sum: Int64 { audio &+ image &+ video }
}

/// A prompt as inclusive providers report it: a total, and subsets of it.
struct InclusivePrompt {
    /// Everything, cached and written tokens and all modalities included.
    var total: Int64 = 0
    /// Subset read from a cache.
    var cached: Int64 = 0
    /// Subsets by modality, cached tokens of the modality included.
    var modalities = Modalities()
    /// Which of the cached tokens are of a modality; `nil` where the provider does not say.
    var cachedModalities: Modalities?
    /// Subsets written to a cache, by the unit of their lifetime.
    var writes: [UnitCount] = []

    /// Tokens of each unit, no token twice.
    ///
    /// Every unit gets what is left of its total once all that is more special is taken out. Something left
    /// below zero means that the provider contradicts itself: it counts as 0 and is flagged `inconsistent`.
    func counts(flagging report: inout UsageReport) -> Usage {
        var cachedApart = cachedModalities ?? Modalities()
        let written = writes.reduce(0) { $0 &+ $1.count }
        var text = total &- modalities.sum &- (cached &- cachedApart.sum) &- written
        if cachedModalities == nil, text < 0 {
            // Only the total of cached tokens is known and text alone cannot hold them.
            cachedApart.audio = min(-text, modalities.audio)
            text &+= cachedApart.audio
            cachedApart.image = min(-min(0, text), modalities.image)
            text &+= cachedApart.image
        }
        var usage = Usage(writes)
        usage[.input] = floor(text, &report)
        usage[.inputAudio] = floor(modalities.audio &- cachedApart.audio, &report)
        usage[.inputImage] = floor(modalities.image &- cachedApart.image, &report)
        usage[.inputVideo] = floor(modalities.video &- cachedApart.video, &report)
        usage[.cacheRead] = floor(cached &- cachedApart.sum, &report)
        usage[.cacheReadAudio] = cachedApart.audio
        usage[.cacheReadImage] = cachedApart.image
        usage[.cacheReadVideo] = cachedApart.video
        return usage
    }

    private func floor(_ count: Int64, _ report: inout UsageReport) -> Int64 {
        if count < 0 { report.flag("inconsistent") }
        return max(0, count)
    }
}

/// An answer's output: a total, and subsets of it.
struct InclusiveOutput {
    /// Everything, reasoning and all modalities included.
    var total: Int64 = 0
    var modalities = Modalities()

    func counts(flagging report: inout UsageReport) -> Usage {
        let text = total &- modalities.sum
        if text < 0 { report.flag("inconsistent") }
        var usage = Usage.none
        usage[.output] = max(0, text)
        usage[.outputAudio] = modalities.audio
        usage[.outputImage] = modalities.image
        usage[.outputVideo] = modalities.video
        return usage
    }
}

extension Usage {
    /// Both usages together.
    static func + (left: Usage, right: Usage) -> Usage {
        var sum = left
        for count in right.counts { sum[count.unit] += count.count }
        return sum
    }
}
