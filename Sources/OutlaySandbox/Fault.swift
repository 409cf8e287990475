/// What goes wrong with an answer, as `x-sandbox-fault` says.
///
/// `status=429;retry-after=1`, `truncate=3`: several are joined by `;`. The README lists them all.
struct Fault: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case closeBeforeHeaders = "close-before-headers"
        case resetBeforeHeaders = "reset-before-headers"
        case resetAfterHeaders = "reset-after-headers"
        case earlyRefusal = "early-4xx"
        case html500 = "html-500"
        case noUsage = "no-usage"
        case usageTwice = "usage-twice"
        case noEnd = "no-end"
        case gzip
        case wrongLength = "wrong-length"
        case redirect
        case crlf
        case comments
    }

    var kinds: Set<Kind> = []
    var status: Int?
    var retryAfter: String?
    /// Pause before the first byte, in milliseconds.
    var stall = 0
    /// Bytes of a whole body, or events of a stream, after which the connection closes.
    var truncate: Int?
    /// Events of a stream after which an error event ends it.
    var errorEventAfter: Int?
    /// Milliseconds between single bytes.
    var slowBytes: Int?
    /// Bytes per write.
    var split: Int?
    /// Where a redirect points; another path of the sandbox by default.
    var location = "/sandbox/elsewhere"

    static let none = Fault()

    func has(_ kind: Kind) -> Bool { kinds.contains(kind) }

    init() {}

    /// Reads `text`; the error says which part is not understood.
    init(_ text: String) throws(DirectionError) {
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingSpaces() }
            guard let name = pair.first else { continue }
            try take(name, pair.count > 1 ? pair[1] : nil)
        }
    }

    private mutating func take(_ name: String, _ value: String?) throws(DirectionError) {
        if name == "redirect", let value { location = value }
        if name == "retry-after" {
            retryAfter = value
        } else if let kind = Kind(rawValue: name), value == nil || kind == .redirect {
            kinds.insert(kind)
        } else {
            guard let number = value.flatMap({ Int($0) }), (0...10_000_000).contains(number) else {
                throw DirectionError(header: "x-sandbox-fault", part: name)
            }
            try take(name, number)
        }
    }

    private mutating func take(_ name: String, _ number: Int) throws(DirectionError) {
        switch name {
        case "status" where (400...599).contains(number): status = number
        case "stall": stall = number
        case "truncate": truncate = number
        case "error-event-after": errorEventAfter = number
        case "slow-bytes": slowBytes = number
        case "split" where number > 0: split = number
        default: throw DirectionError(header: "x-sandbox-fault", part: name)
        }
    }
}

/// A direction that is not understood.
struct DirectionError: Error, Hashable {
    let header: String
    let part: String

    var message: String {
        "\(header): '\(part)' is not understood; the README of OutlaySandbox lists what can be asked for"
    }
}

extension Substring {
    func trimmingSpaces() -> String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
