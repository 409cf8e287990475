/// A byte-pair vocabulary: how many tokens a model makes of a text.
///
/// Read from a file in tiktoken's form: a line per token, its bytes in base64, a space, its rank. The lower a rank, the
/// earlier two neighbours are merged. Kept in three flat tables, about 10 MB for 200,000 tokens.
package struct Tokenizer: Sendable {
    /// The largest file that is read, and the most tokens it may have.
    package static let fileBytesMax = 32 << 20
    static let tokensMax = 1 << 20
    /// A longer piece is counted in parts of this many bytes: merging costs the square of it.
    static let pieceMax = 64

    /// The vocabulary's name, as it stands on events: `o200k_base`.
    package let name: String
    /// Every token's bytes, one behind the other.
    private var bytes: [UInt8] = []
    private var tokens: [Token] = []
    /// Places in `tokens`, by hash; -1 where there is none, and as many as a power of two.
    private var places: [Int32]

    private struct Token: Sendable {
        var start: Int32
        var length: Int32
        var rank: Int32
    }

    /// Why a file is no vocabulary.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    package init(name: String, ranks text: [UInt8]) throws(Problem) {
        self.name = name
        let lines = text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
        guard !lines.isEmpty, lines.count <= Self.tokensMax, text.count <= Self.fileBytesMax else {
            throw Problem(description: "it has no tokens, or more than \(Self.tokensMax)")
        }
        var size = 1024
        while size < lines.count * 2 { size *= 2 }
        places = Array(repeating: -1, count: size)
        tokens.reserveCapacity(lines.count)
        for (number, line) in lines.enumerated() {
            guard let space = line.firstIndex(of: 0x20), let token = Base64.decoded(line[..<space]), !token.isEmpty,
                let rank = Int32(String(decoding: line[(space + 1)...], as: UTF8.self)), rank >= 0
            else { throw Problem(description: "line \(number + 1) is not a token in base64, a space and its rank") }
            add(token, rank: rank)
        }
    }

    /// How an estimate by it was made, as it stands on an event.
    package var method: String { "tokenizer/\(name)" }

    /// How many tokens the bytes of one word make.
    func count(_ word: [UInt8]) -> Int64 {
        if word.count < 2 || rank(word[...]) != nil { return word.isEmpty ? 0 : 1 }
        return word[...].chunks(of: Self.pieceMax).reduce(0) { $0 + Int64(merged($1)) }
    }

    /// Merges the pair of lowest rank until none has one.
    private func merged(_ word: ArraySlice<UInt8>) -> Int {
        var starts = Array(word.indices) + [word.endIndex]
        var ranks = starts.indices.dropLast(2).map { rank(word[starts[$0]..<starts[$0 + 2]]) ?? .max }
        while let lowest = ranks.min(), lowest < .max, let index = ranks.firstIndex(of: lowest) {
            starts.remove(at: index + 1)
            ranks.remove(at: index)
            for changed in [index - 1, index] where ranks.indices.contains(changed) {
                ranks[changed] = rank(word[starts[changed]..<starts[changed + 2]]) ?? .max
            }
        }
        return starts.count - 1
    }

    private func rank(_ token: ArraySlice<UInt8>) -> Int32? {
        var place = Self.hash(token) & (places.count - 1)
        while places[place] >= 0 {
            let known = tokens[Int(places[place])]
            if Int(known.length) == token.count,
                bytes[Int(known.start)..<Int(known.start + known.length)].elementsEqual(token)
            {
                return known.rank
            }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    private mutating func add(_ token: [UInt8], rank newRank: Int32) {
        guard rank(token[...]) == nil else { return }
        var place = Self.hash(token[...]) & (places.count - 1)
        while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
        places[place] = Int32(tokens.count)
        tokens.append(Token(start: Int32(bytes.count), length: Int32(token.count), rank: newRank))
        bytes += token
    }

    /// FNV-1a, its high bits folded into the low ones.
    private static func hash(_ token: ArraySlice<UInt8>) -> Int {
        let hash = token.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7fff_ffff)
    }
}

extension ArraySlice {
    /// Consecutive slices of at most `size` elements.
    fileprivate func chunks(of size: Int) -> [ArraySlice] {
        stride(from: startIndex, to: endIndex, by: size).map { self[$0..<Swift.min($0 + size, endIndex)] }
    }
}
