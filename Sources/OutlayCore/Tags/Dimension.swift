/// The name of something spend is attributed by, such as `team`, `customer` or `model`.
///
/// Names are lower-case `[a-z0-9_.-]`, at most 64 bytes (S-25).
package struct Dimension: Hashable, Comparable, Sendable {
    package let name: String

    /// - Returns: `nil` unless `name` is 1 to 64 bytes of `[a-z0-9_.-]`.
    package init?(_ name: some StringProtocol) {
        let bytes = name.utf8
        guard !bytes.isEmpty, bytes.count <= 64, bytes.allSatisfy(Self.isAllowed) else { return nil }
        self.name = String(name)
    }

    private init(standard name: String) {
        self.name = name
    }

    package static func < (left: Dimension, right: Dimension) -> Bool {
        left.name < right.name
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension Dimension: CustomStringConvertible {
    package var description: String { name }
}

extension Dimension {
    package static let team = Dimension(standard: "team")
    package static let project = Dimension(standard: "project")
    package static let workspace = Dimension(standard: "workspace")
    package static let environment = Dimension(standard: "environment")
    package static let customer = Dimension(standard: "customer")
    package static let client = Dimension(standard: "client")
    package static let tenant = Dimension(standard: "tenant")
    package static let feature = Dimension(standard: "feature")
    package static let agent = Dimension(standard: "agent")
    package static let user = Dimension(standard: "user")
    package static let costCenter = Dimension(standard: "cost_center")
    package static let purpose = Dimension(standard: "purpose")
    package static let run = Dimension(standard: "run")
    package static let task = Dimension(standard: "task")
    package static let role = Dimension(standard: "role")
    /// The approval that let a call pass; never claimed.
    package static let approval = Dimension(standard: "approval")
    package static let provider = Dimension(standard: "provider")
    package static let model = Dimension(standard: "model")
    package static let api = Dimension(standard: "api")
    package static let key = Dimension(standard: "key")
    package static let upstream = Dimension(standard: "upstream")
    package static let region = Dimension(standard: "region")

    /// Stands among an attribution's conflicts for claims whose name or form could not be read.
    package static let malformed = Dimension(standard: "malformed")

    /// The dimensions a caller may claim in a header, baggage or telemetry attribute.
    package static let claimable: [Dimension] = [
        .team, .project, .workspace, .environment, .customer, .client, .tenant, .feature, .agent, .user, .costCenter,
        .purpose, .run, .task, .role,
    ]

    /// The dimensions that the call itself answers, whatever its tags say.
    package static let intrinsic: Set<Dimension> = [.provider, .model, .api, .key, .upstream, .region]

    /// The dimensions without a natural bound, which rollups leave to the events.
    package static let unbounded: Set<Dimension> = [.run, .task, .user, .approval]

    /// Whether it is one of ``unbounded``, without hashing its name.
    package var isUnbounded: Bool { self == .run || self == .task || self == .user || self == .approval }

    /// Whether each of its values is drawn anew and comes in a short time only, as runs are.
    package var isDrawn: Bool { self == .run || self == .task || self == .approval }
}
