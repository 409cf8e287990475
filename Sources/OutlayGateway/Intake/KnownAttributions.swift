internal import OutlayCore

/// Whom the latest calls of one loop belonged to, for calls that say the same of themselves; never crossed.
///
/// A program's calls differ in their bodies, rarely in their tags. Bounded in number and in what is kept of each.
final class KnownAttributions {
    private struct Entry {
        let key: KeyDigest
        let claims: CallClaims
        let attribution: Attribution
    }

    private var snapshot: Int?
    private var entries: [Entry] = []
    /// The one that goes next.
    private var oldest = 0

    private static let countMax = 32
    private static let fieldsMax = 16
    private static let valueBytesMax = 128

    /// What `resolve` says, or said of the same claims of the same key under the same snapshot.
    func attribution(
        of claims: CallClaims,
        key: StoredKey,
        under current: GatewaySnapshot,
        _ resolve: () -> Attribution
    ) -> Attribution {
        guard current.attributing.isSteady, Self.isKept(claims) else { return resolve() }
        if snapshot != current.number {
            snapshot = current.number
            entries = []
            oldest = 0
        }
        for entry in entries where entry.key == key.digest && entry.claims.isSame(as: claims) {
            return entry.attribution
        }
        let entry = Entry(key: key.digest, claims: claims, attribution: resolve())
        if entries.count < Self.countMax {
            entries.append(entry)
        } else {
            entries[oldest] = entry
            oldest = (oldest + 1) % Self.countMax
        }
        return entry.attribution
    }

    /// Whether such claims may come again, and are small: a trace is one of a kind, and a token has an end.
    private static func isKept(_ claims: CallClaims) -> Bool {
        claims.traceID == nil && claims.token == nil && claims.fields.count + claims.metadata.count <= fieldsMax
            && claims.fields.allSatisfy { $0.value.utf8.count <= valueBytesMax }
            && claims.metadata.allSatisfy { $0.value.utf8.count <= valueBytesMax }
    }
}
