import Testing

/// What the product promises, shown on the built binary.
///
/// One process at a time is under load, so these suites run one after the other.
@Suite(.serialized) enum Promises {}
