import OutlayCore

extension RequestPeek {
    /// Looks at a `multipart/form-data` body: transcriptions and image edits name their model in a part.
    ///
    /// - Parameters:
    ///   - body: The whole body.
    ///   - contentType: The whole header, with its `boundary`.
    /// - Throws: ``RequestPeekError``; the body must not be forwarded then.
    package init(multipart body: [UInt8], contentType: String) throws(RequestPeekError) {
        guard let boundary = Multipart.boundary(contentType) else { throw .malformed }
        self.init()
        var seen: Set<String> = []
        for part in Multipart.parts(of: body, boundary: boundary) where !part.isFile {
            if RequestScan.decisive.contains(Array(part.name.utf8)), !seen.insert(part.name).inserted {
                throw .duplicateKey(part.name)
            }
            read(part)
        }
    }

    private mutating func read(_ part: Multipart.Part) {
        let text = String(decoding: part.value.prefix(4096), as: UTF8.self)
        switch part.name {
        case "model": model = text
        case "stream": isStream = text == "true" || text == "1"
        case "user": user = text
        case "service_tier": context.serviceTier = text
        case "prompt": promptCharacters = text.unicodeScalars.count
        default: break
        }
    }
}

/// Just enough of RFC 7578 to read small fields between large files.
enum Multipart {
    struct Part {
        var name: String
        var isFile: Bool
        var value: ArraySlice<UInt8>
    }

    /// The most parts that are looked at.
    private static let partsMax = 256

    static func boundary(_ contentType: String) -> String? {
        for parameter in contentType.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            let name = pair.first?.filter { $0 != " " }.lowercased()
            guard pair.count == 2, name == "boundary" else { continue }
            let value = pair[1].filter { $0 != "\"" && $0 != " " }
            return value.isEmpty || value.utf8.count > 70 ? nil : String(value)
        }
        return nil
    }

    static func parts(of body: [UInt8], boundary: String) -> [Part] {
        let delimiter = Array("--\(boundary)".utf8)
        var parts: [Part] = []
        var position = find(delimiter, in: body, from: 0)
        while let start = position, parts.count < partsMax {
            let head = start + delimiter.count
            position = find(delimiter, in: body, from: head)
            guard let end = position else { break }
            if let part = part(body[head..<max(head, end - 2)]) { parts.append(part) }
        }
        return parts
    }

    /// One part: header lines, an empty line, the value.
    private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
        let gap = Array("\r\n\r\n".utf8)
        guard let end = find(gap, in: Array(bytes.prefix(8192)), from: 0) else { return nil }
        let head = String(decoding: bytes.prefix(end), as: UTF8.self)
        guard let name = parameter("name", in: head) else { return nil }
        let isFile = parameter("filename", in: head) != nil
        return Part(name: name, isFile: isFile, value: bytes.dropFirst(end + gap.count))
    }

    /// `name="value"` or `name=value` in a header.
    private static func parameter(_ name: String, in head: String) -> String? {
        for field in head.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
            let pair = field.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == name else { continue }
            return pair[1].filter { $0 != "\"" }
        }
        return nil
    }

    /// The first place of `needle` in `body`, by its first byte and then all of it.
    private static func find(_ needle: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        guard let first = needle.first, body.count >= needle.count else { return nil }
        var index = start
        while index <= body.count - needle.count {
            if body[index] == first, body[index..<(index + needle.count)].elementsEqual(needle) { return index }
            index += 1
        }
        return nil
    }
}
