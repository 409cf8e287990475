import OutlayCore

/// What an event is looked for by, as its row and the index hold it: 64 bits of a hash each.
///
/// Who finds an event by such a name reads it to be sure.
enum EventNames {
    /// Its call and its response, in ascending order.
    ///
    /// For calls of the gateway also whatever else telemetry may know them by.
    static func names(of event: CostEvent) -> [Int64] {
        var names: [Int64] = []
        if let call = event.links.call { names.append(name(of: call)) }
        if let response = event.links.responseID { names.append(name(ofResponse: response)) }
        if isGateways(event) { names += event.joinNames.map(column) }
        return names.sorted()
    }

    static func isGateways(_ event: CostEvent) -> Bool {
        guard case .call = event.kind else { return false }
        return event.service.upstream != nil
    }

    static func name(of call: CallID) -> Int64 {
        var fingerprint = Fingerprinter()
        fingerprint.add("call")
        fingerprint.add(call.bits)
        return column(fingerprint.value)
    }

    static func name(ofResponse id: String) -> Int64 {
        column(CallNames.response(id))
    }

    static func column(_ name: UInt128) -> Int64 {
        Int64(truncatingIfNeeded: name)
    }
}

extension [Int64] {
    /// From the 8 bytes of each.
    init(blob: [UInt8]) {
        self = stride(from: 0, to: blob.count, by: 8).map { start in
            blob.dropFirst(start).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
        }
    }

    var blob: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * count)
        for value in self { bytes.append(bigEndian: UInt64(bitPattern: value)) }
        return bytes
    }
}
