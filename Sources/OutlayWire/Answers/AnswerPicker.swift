/// Follows a document along the paths that matter and keeps what is found there.
struct AnswerPicker: JSONSink, Sendable {
    private enum Mode: UInt8 {
        case walk
        /// Inside something that does not matter.
        case skip
        /// Inside an object whose bytes are kept.
        case keep
        /// Inside a container whose strings are counted.
        case count
    }

    private enum Collecting: UInt8 {
        case nothing, key, text, characters
    }

    let paths: JSONPaths
    var picks = Picks()
    private var mode = Mode.walk
    /// How many brackets are open inside what is skipped, kept or counted.
    private var inner = 0
    private var collecting = Collecting.nothing
    /// The node of each open container on the way here.
    private var parents: [Int] = []
    private var container = JSONPaths.none
    /// The node of the value that comes next.
    private var node = JSONPaths.root
    private var scratch: [UInt8] = []
    private var kept = Kept()

    /// The object whose bytes are being kept.
    private struct Kept: Sendable {
        var slot = RawSlot.usage
        var bytes: [UInt8] = []
        /// Where it begins or goes on in the bytes being scanned.
        var from = 0
        /// Whether it holds a figure, be it in quotation marks: `{}` and `{"input_tokens":null}` say nothing.
        var hasNumber = false
        /// Whether the next bytes are the first of a string that is no key.
        var isStringStart = false
        var isTooLarge = false
    }

    init(paths: JSONPaths) {
        self.paths = paths
    }

    /// Forgets where the walk was; what was kept stays.
    mutating func beginDocument() {
        mode = .walk
        inner = 0
        collecting = .nothing
        parents.removeAll(keepingCapacity: true)
        container = JSONPaths.none
        node = JSONPaths.root
        kept.bytes.removeAll(keepingCapacity: true)
    }

    /// Scans `bytes[range]`, the next piece of the document.
    mutating func scan(_ bytes: RawSpan, _ range: Range<Int>, with scanner: inout JSONScanner) {
        kept.from = range.lowerBound
        scanner.scan(bytes, range, into: &self)
        if mode == .keep { keep(bytes, upTo: range.upperBound) }
    }

    /// Takes the bytes of the kept object that were not taken yet.
    private mutating func keep(_ bytes: RawSpan, upTo end: Int) {
        guard kept.from < end else { return }
        if !kept.bytes.append(bytes, kept.from..<end, limit: Picks.rawMax) { kept.isTooLarge = true }
        kept.from = end
    }

    private mutating func finishKept(_ bytes: RawSpan, upTo end: Int) {
        keep(bytes, upTo: end)
        if kept.isTooLarge { picks.marks.insert(.malformed) }
        if kept.hasNumber, !kept.isTooLarge { swap(&picks[kept.slot], &kept.bytes) }
        kept.bytes.removeAll(keepingCapacity: true)
    }

    private mutating func keepText(_ slot: TextSlot) {
        picks.set(slot, scratch)
    }
}

// MARK: - The walk

extension AnswerPicker {
    mutating func open(isObject: Bool, at index: Int) {
        guard mode == .walk else {
            inner += 1
            return
        }
        switch node == JSONPaths.none ? nil : paths.pick(node) {
        case .raw(let slot) where isObject:
            beginKept(slot, at: index)
            return enter(.keep)
        case .characters where isObject:
            return enter(.count)
        case .mark(let mark):
            picks.marks.insert(mark)
        default:
            break
        }
        guard node != JSONPaths.none, !isObject || paths.hasChildren(node) else { return enter(.skip) }
        parents.append(container)
        container = node
        if isObject { node = JSONPaths.none }
    }

    private mutating func beginKept(_ slot: RawSlot, at index: Int) {
        kept.slot = slot
        kept.from = index
        kept.hasNumber = false
        kept.isStringStart = false
        kept.isTooLarge = false
    }

    private mutating func enter(_ mode: Mode) {
        self.mode = mode
        inner = 1
    }

    mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int) {
        if mode == .walk {
            closeWalked(isObject: isObject)
        } else {
            inner -= 1
            guard inner == 0 else { return }
            if mode == .keep { finishKept(bytes, upTo: index + 1) }
            mode = .walk
        }
        node = container
    }

    private mutating func closeWalked(isObject: Bool) {
        let closed = container
        container = parents.popLast() ?? JSONPaths.none
        guard isObject, closed != JSONPaths.none else { return }
        switch paths.pick(closed) {
        case .item: picks.closeItem()
        case .tool: picks.closeTool()
        default: break
        }
    }

    mutating func beginString(isKey: Bool, at index: Int) {
        switch mode {
        case .walk: collecting = isKey ? beginKey() : beginValue()
        case .count: collecting = .characters
        case .skip: collecting = .nothing
        case .keep:
            collecting = .nothing
            kept.isStringStart = !isKey
        }
    }

    private mutating func beginKey() -> Collecting {
        scratch.removeAll(keepingCapacity: true)
        return .key
    }

    private mutating func beginValue() -> Collecting {
        guard node != JSONPaths.none else { return .nothing }
        switch paths.pick(node) {
        case .text:
            scratch.removeAll(keepingCapacity: true)
            return .text
        case .characters: return .characters
        case .mark(let mark): picks.marks.insert(mark)
        case .tally(let tally): picks[tally] &+= 1
        default: break
        }
        return .nothing
    }

    mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {
        switch collecting {
        case .nothing: if kept.isStringStart { beginKeptString(bytes, range) }
        case .characters:
            picks.documentCharacters &+= bytes.scalars(in: range)
            picks.counter?.take(bytes, range)
        case .key, .text: _ = scratch.append(bytes, range, limit: Picks.textMax)
        }
    }

    private mutating func beginKeptString(_ bytes: RawSpan, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        kept.isStringStart = false
        let first = bytes[range.lowerBound]
        if first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            kept.hasNumber = true
        }
    }

    mutating func escaped(_ scalar: UInt32) {
        switch collecting {
        case .nothing: break
        case .characters:
            picks.documentCharacters &+= 1
            picks.counter?.take(scalar: scalar)
        case .key, .text: if scratch.count < Picks.textMax { scratch.append(scalar: scalar) }
        }
    }

    mutating func endString(isKey: Bool, at index: Int) {
        kept.isStringStart = false
        guard mode == .walk else { return }
        if isKey {
            node = container == JSONPaths.none ? JSONPaths.none : paths.child(of: container, scratch)
            return
        }
        if collecting == .text, case .text(let slot) = paths.pick(node) { keepText(slot) }
        node = container
    }

    mutating func beginAtom(_ atom: JSONAtom, at index: Int) {
        collecting = .nothing
        if mode == .keep, atom == .number { kept.hasNumber = true }
        guard mode == .walk, node != JSONPaths.none else { return }
        switch paths.pick(node) {
        case .text where atom == .number:
            scratch.removeAll(keepingCapacity: true)
            collecting = .text
        case .mark(let mark) where atom == .true || atom == .number: picks.marks.insert(mark)
        default: break
        }
    }

    mutating func atom(_ bytes: RawSpan, _ range: Range<Int>) {
        if collecting == .text { _ = scratch.append(bytes, range, limit: Picks.textMax) }
    }

    mutating func endAtom(_ atom: JSONAtom, at index: Int) {
        guard mode == .walk else { return }
        if collecting == .text, case .text(let slot) = paths.pick(node) { keepText(slot) }
        node = container
    }
}
