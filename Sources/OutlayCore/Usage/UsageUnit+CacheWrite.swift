extension UsageUnit {
    /// The unit of tokens written to a cache whose lifetime nobody said: each provider's shortest.
    package static func cacheWrite(of provider: String) -> UsageUnit {
        provider == "openai" || provider == "azure" ? .cacheWrite30m : .cacheWrite5m
    }
}
