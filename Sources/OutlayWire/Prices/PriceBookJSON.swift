internal import Foundation
package import OutlayCore

/// Reads price books in the project's own JSON form, described in `prices/README.md`.
///
/// All numbers of money are strings and read exactly. Every problem names the entry it is in.
package enum PriceBookJSON {
    /// The value of `schema` this program understands.
    package static let schema = "outlay-prices/1"

    package static func read(_ text: String) throws(PriceBookJSONError) -> BookContents {
        try read(bytes: Array(text.utf8))
    }

    package static func read(bytes: [UInt8]) throws(PriceBookJSONError) -> BookContents {
        let file: BookFile
        do {
            file = try JSONDecoder().decode(BookFile.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw PriceBookJSONError(error)
        } catch {
            throw PriceBookJSONError(entry: "the file", problem: "is not JSON: \(error)")
        }
        guard file.schema == schema else {
            throw PriceBookJSONError(
                entry: "schema",
                problem: "is \"\(file.schema)\"; this program reads \"\(schema)\": take the book of its own release"
            )
        }
        return try file.contents()
    }
}

/// Why a price book cannot be used; nothing of it was taken in.
package struct PriceBookJSONError: Error, Hashable, CustomStringConvertible {
    /// Where it is, such as `models[12] (openai gpt-6.1-sol) prices[0].rates.input`.
    package var entry: String
    package var problem: String

    package init(entry: String, problem: String) {
        self.entry = entry
        self.problem = problem
    }

    package var description: String { "price book: \(entry) \(problem)" }

    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(entry: Self.path(context.codingPath), problem: "has no \"\(key.stringValue)\"")
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            self.init(entry: Self.path(context.codingPath), problem: "is not a \(Self.word(for: type))")
        case .dataCorrupted(let context):
            self.init(entry: Self.path(context.codingPath), problem: "is not valid JSON")
        @unknown default:
            self.init(entry: "the file", problem: "cannot be read: \(error)")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let text = keys.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? "the file" : text
    }

    private static func word(for type: any Any.Type) -> String {
        type == String.self ? "string (amounts are written as strings)" : "\(type)".lowercased()
    }
}
