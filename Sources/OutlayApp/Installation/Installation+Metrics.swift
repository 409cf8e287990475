internal import OutlayCore
internal import OutlayGateway
internal import OutlayIngest
internal import OutlayJournal
internal import OutlaySQLite
internal import Synchronization

extension Installation {
    /// Prometheus text: counters without names of teams, keys or models (S-06).
    package func metrics() async -> String {
        var text = MetricsText()
        if let observed = observed.withLock({ $0 }) {
            let gateway = observed.gateway.counts
            text.counter("outlay_gateway_calls_total", "Calls accepted by the gateway.", Int64(gateway.calls))
            text.counter("outlay_gateway_refusals_total", "Calls refused by the gateway.", Int64(gateway.refusals))
            text.gauge("outlay_gateway_connections", "Client connections open.", Int64(gateway.connections))
            text.counter(
                "outlay_gateway_refused_connections_total",
                "Connections turned away because one address, or all together, had too many.",
                Int64(gateway.refusedConnections)
            )
            text.gauge("outlay_gateway_active_calls", "Calls in flight.", Int64(gateway.activeCalls))
            text.gauge("outlay_gateway_buffered_bytes", "Request bodies held in memory.", Int64(gateway.bufferedBytes))
            let journal = observed.journal.counts
            text.counter("outlay_journal_intents_total", "Calls written down before forwarding.", journal.intended)
            text.counter("outlay_journal_refused_total", "Calls refused because the journal was full.", journal.refused)
            text.gauge("outlay_journal_open", "Calls forwarded and not settled.", Int64(journal.open))
            text.gauge("outlay_journal_uncommitted", "Settled calls not yet in the ledger.", Int64(journal.uncommitted))
            text.add(observed.telemetry)
        }
        let start = UTC().date(at: now()).firstOfMonth().startUTC
        if let sum = try? await ledger.spend(SpendQuery(by: [], buckets: [start..<max(now(), start)])).total {
            text.gauge("outlay_month_calls", "Calls of this UTC month.", sum.calls)
            text.gauge("outlay_month_unpriced_calls", "Calls of this UTC month without a price.", sum.unpricedCalls)
            text.amount("outlay_month_cost_usd", "Effective cost of this UTC month.", sum.effective)
        }
        return text.text
    }

    /// Gives the metrics something to read.
    func observe(gateway: GatewayMetrics, journal: Journal, telemetry: OTLPReceiver) {
        observed.withLock { $0 = Observed(gateway: gateway, journal: journal, telemetry: telemetry) }
    }
}

/// What runs in this process and can be counted.
struct Observed: Sendable {
    var gateway: GatewayMetrics
    var journal: Journal
    var telemetry: OTLPReceiver
}

extension MetricsText {
    fileprivate mutating func add(_ telemetry: OTLPReceiver) {
        let counts = telemetry.counts
        counter("outlay_otlp_requests_total", "Requests of telemetry that were taken.", Int64(counts.requests))
        counter(
            "outlay_otlp_refusals_total",
            "Requests of telemetry of which nothing was taken.",
            Int64(counts.refusals)
        )
        counter(
            "outlay_otlp_records_total",
            "Records of telemetry taken, repeated ones among them.",
            Int64(counts.records)
        )
        counter(
            "outlay_otlp_rejections_total",
            "Records of telemetry that say nothing usable.",
            Int64(counts.rejections)
        )
        gauge("outlay_otlp_body_bytes", "Bodies of telemetry held in memory.", Int64(telemetry.allowance.bytesHeld))
    }
}

/// Lines of the Prometheus text format.
struct MetricsText {
    private(set) var text = ""

    mutating func counter(_ name: String, _ help: String, _ value: Int64) {
        add(name, help, "counter", "\(value)")
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Int64) {
        add(name, help, "gauge", "\(value)")
    }

    mutating func amount(_ name: String, _ help: String, _ value: Money) {
        add(name, help, "gauge", value.description)
    }

    private mutating func add(_ name: String, _ help: String, _ type: String, _ value: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(name) \(value)\n"
    }
}
