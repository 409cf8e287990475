/// What was kept of one answer while its bytes went by: a few hundred bytes, whatever its size.
struct Picks: Sendable {
    /// The longest text that is kept.
    static let textMax = 256
    /// The largest usage object that is kept.
    static let rawMax = 64 * 1024
    /// How many running usage objects are remembered beside the first.
    static let deltasMax = 8
    /// How many different containers are told apart.
    static let containersMax = 256

    private var texts: [[UInt8]]
    private var raws: [[UInt8]]
    private var tallies: [Int64]
    /// Usage objects that update the first one, oldest first (Anthropic).
    private(set) var deltas: [[UInt8]] = []
    /// Containers that tools ran in.
    private(set) var containers: Set<[UInt8]> = []
    var marks: Mark = []
    /// Output characters of finished documents.
    var characters = 0
    /// Output characters of the document in progress.
    var documentCharacters = 0
    /// Counts the same text in tokens, where a tokenizer is configured.
    var counter: TokenCounter?
    /// The count of finished documents.
    private var keptCounter: TokenCounter?

    init() {
        texts = Array(repeating: [], count: TextSlot.allCases.count)
        raws = Array(repeating: [], count: RawSlot.allCases.count)
        tallies = Array(repeating: 0, count: Tally.allCases.count)
    }

    subscript(slot: TextSlot) -> [UInt8] {
        get { texts[slot.rawValue] }
        set { texts[slot.rawValue] = newValue }
    }

    subscript(slot: RawSlot) -> [UInt8] {
        get { raws[slot.rawValue] }
        set { raws[slot.rawValue] = newValue }
    }

    subscript(tally: Tally) -> Int64 {
        get { tallies[tally.rawValue] }
        set { tallies[tally.rawValue] = newValue }
    }

    func string(_ slot: TextSlot) -> String? {
        let bytes = texts[slot.rawValue]
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    func isText(_ slot: TextSlot, _ text: String) -> Bool {
        texts[slot.rawValue].isEqual(to: text)
    }

    /// Replaces a text in place, keeping its storage.
    mutating func set(_ slot: TextSlot, _ text: [UInt8]) {
        guard !text.isEmpty, texts[slot.rawValue] != text else { return }
        texts[slot.rawValue].removeAll(keepingCapacity: true)
        texts[slot.rawValue].append(contentsOf: text)
    }

    mutating func clear(_ slot: TextSlot) {
        texts[slot.rawValue].removeAll(keepingCapacity: true)
    }

    mutating func clear(_ slot: RawSlot) {
        raws[slot.rawValue].removeAll(keepingCapacity: true)
    }

    /// Makes the usage of this document an update of the first one.
    mutating func moveUsageToDeltas() {
        guard !self[.usage].isEmpty else { return }
        if deltas.count == Self.deltasMax { deltas.removeFirst() }
        deltas.append(self[.usage])
        clear(.usage)
    }

    /// Counts the output item that just closed.
    ///
    /// A stream shows each item when it is done and repeats all of them at its end; the two are counted apart.
    mutating func closeItem(isStreamed: Bool = false) {
        defer { [TextSlot.itemType, .itemAction, .itemContainer].forEach { clear($0) } }
        switch string(.itemType) {
        case "web_search_call" where isText(.itemAction, "search"):
            self[isStreamed ? .streamedWebSearch : .webSearch] += 1
        case "file_search_call":
            self[isStreamed ? .streamedFileSearch : .fileSearch] += 1
        case "code_interpreter_call", "shell_call":
            let container = self[.itemContainer]
            if !container.isEmpty, containers.count < Self.containersMax { containers.insert(container) }
        default: break
        }
    }

    /// Looks at the declared tool that just closed.
    mutating func closeTool() {
        defer { [TextSlot.toolType, .toolModel].forEach { clear($0) } }
        guard let type = string(.toolType) else { return }
        if type == "image_generation" { set(.imageModel, self[.toolModel]) }
        if type.hasPrefix("web_search_preview") { marks.insert(.previewSearch) }
    }

    /// Adds the document's output to the answer's.
    mutating func keepCharacters() {
        characters &+= documentCharacters
        documentCharacters = 0
        if counter != nil { keptCounter = counter }
    }

    /// Forgets the document's output: it was sound or a picture.
    mutating func dropCharacters() {
        documentCharacters = 0
        if let kept = keptCounter ?? counter.map({ TokenCounter($0.tokenizer) }) { counter = kept }
    }
}
