extension UsageUnit {
    package static let outputVideo = UsageUnit("output_video")
    /// A sandbox a tool ran code in.
    package static let container = UsageUnit("container")
    /// A search by the preview tool, which some models bill at a rate of its own.
    package static let webSearchPreview = UsageUnit("web_search_preview")
    /// A prompt grounded in Google Maps.
    package static let mapsGrounding = UsageUnit("maps_grounding")
    /// A page of a document that was read.
    package static let pages = UsageUnit("pages")
    package static let classifications = UsageUnit("classifications")
    /// One call of a tool that an agent ran.
    package static let toolCall = UsageUnit("tool_call")
    /// Time a model of one's own computed.
    package static let computeSeconds = UsageUnit("compute_seconds")
    /// Time a person spent: approving, correcting, answering.
    package static let humanSeconds = UsageUnit("human_seconds")
    /// A gigabyte kept for an hour.
    package static let storageGBHours = UsageUnit("storage_gb_hours")
}
