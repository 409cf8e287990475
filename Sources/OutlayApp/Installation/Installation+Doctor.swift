internal import Foundation
internal import OutlayCore
internal import OutlaySQLite
package import OutlayWeb

extension Installation {
    /// Everything that is looked at, broken things first.
    package func doctor() async -> [Finding] {
        let now = now()
        var findings = [bookAge(now), masterKeyFile(), freeSpace()]
        findings += SQLiteLedger.warnings.map { Finding("sqlite", .warning, $0) }
        findings += upstreamKeys() + expiringKeys(now) + tokenKeys()
        findings.append(await doubts(now))
        return findings.enumerated().sorted {
            ($0.element.severity.rank, $0.offset) < ($1.element.severity.rank, $1.offset)
        }.map(\.element)
    }

    /// Prices change within weeks; a book without news for six is stale.
    private func bookAge(_ now: Timestamp) -> Finding {
        let version = current.book.version
        guard let date = CivilDate(version.prefix(10)) else {
            return Finding(
                "prices",
                .warning,
                "The price book's version '\(version)' is no date, so its age is unknown."
            )
        }
        let days = CivilDate(utc: now).daysSinceEpoch - date.daysSinceEpoch
        guard days > 42 else { return Finding("prices", .ok, "The price book is of \(date).") }
        return Finding(
            "prices",
            .warning,
            "The price book is \(days) days old (\(date)): run outlay price update with a newer one."
        )
    }

    private func masterKeyFile() -> Finding {
        Finding(
            "master key",
            .ok,
            "\(settings.masterKeyPath) is readable by its owner only; keep a copy apart from backups."
        )
    }

    private func freeSpace() -> Finding {
        let values = try? URL(filePath: settings.dataFolder).resourceValues(forKeys: [.volumeAvailableCapacityKey])
        guard let bytes = values?.volumeAvailableCapacity else {
            return Finding("disk", .warning, "How much space is left for \(settings.dataFolder) cannot be read.")
        }
        let mebibytes = bytes >> 20
        guard mebibytes < 1024 else { return Finding("disk", .ok, "\(mebibytes >> 10) GiB are free.") }
        return Finding(
            "disk",
            mebibytes < 64 ? .error : .warning,
            "Only \(mebibytes) MiB are free for \(settings.dataFolder): make room; a full disk refuses calls with 503."
        )
    }

    private func upstreamKeys() -> [Finding] {
        let state = current
        let credentials = ProviderCredentials(vault: state.providerKeys)
        return state.configuration.upstreams.map { upstream in
            guard let problem = credentials.problem(with: upstream) else {
                return Finding("upstream \(upstream.name)", .ok, "Its key is there.")
            }
            return Finding("upstream \(upstream.name)", .warning, "Calls to it will be refused: \(problem).")
        }
    }

    private func expiringKeys(_ now: Timestamp) -> [Finding] {
        let soon = now.advanced(bySeconds: 14 * 86_400)
        return current.keys.filter { $0.revokedAt == nil }.compactMap { key in
            guard let end = key.rules.expires, now < end, end < soon else { return nil }
            return Finding(
                "key \(key.rules.name)",
                .warning,
                "It expires at \(end): run outlay key rotate \(key.rules.name)."
            )
        }
    }

    /// Calls of this month whose cost is not exactly known.
    private func doubts(_ now: Timestamp) async -> Finding {
        let start = UTC().date(at: now).firstOfMonth().startUTC
        let query = SpendQuery(by: [.provider, .model], buckets: [start..<max(now, start)])
        guard let table = try? await ledger.spend(query) else {
            return Finding(
                "ledger",
                .error,
                "The ledger cannot be read: run outlay verify and look at the server's log."
            )
        }
        let sum = table.total
        guard sum.unpricedCalls == 0 else {
            return Finding(
                "unpriced calls",
                .warning,
                "\(sum.unpricedCalls) calls of this month have no price (\(Self.unpriced(table))): "
                    + "add one, then run outlay price rerate."
            )
        }
        return Finding("ledger", .ok, "\(sum.calls) calls this month, all priced; \(sum.unmeteredCalls) unmetered.")
    }

    /// The models that most calls without a price were of.
    private static func unpriced(_ table: SpendTable) -> String {
        let rows = table.rows.filter { $0.sum.unpricedCalls > 0 }
            .sorted { $0.sum.unpricedCalls > $1.sum.unpricedCalls }
        let names = rows.prefix(5).map { $0.key.map { $0 ?? "no model" }.joined(separator: " ") }
        return names.joined(separator: ", ") + (rows.count > names.count ? " …" : "")
    }
}

extension Finding.Severity {
    fileprivate var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .ok: 2
        }
    }
}
