internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOFoundationCompat
internal import NIOHTTP1

/// Where a newer price book comes from: a file, or an https address; its signature stands beside it (`.sig`).
package struct BookSource: Sendable {
    private let place: String

    private static let bytesMax = 16 << 20

    package init(_ place: String) {
        self.place = place
    }

    /// The book's bytes and, where there is one, its signature.
    ///
    /// - Throws: a ``StartFailure`` that says what could not be read.
    package func read() async throws -> (book: [UInt8], signature: [UInt8]?) {
        guard place.contains("://") else { return (try file(place), try? Self.decode(file(place + ".sig"))) }
        guard place.hasPrefix("https://") else {
            throw StartFailure("a price book is only fetched over https: \(place)")
        }
        return (try await fetch(place), Self.decode((try? await fetch(place + ".sig")) ?? []))
    }

    private func file(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw StartFailure("cannot read \(path)") }
        return Array(data)
    }

    private func fetch(_ url: String) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "accept", value: "application/json")
        let answer = try await APIClient.client.execute(request, timeout: .seconds(60))
        guard answer.status == .ok else { throw StartFailure("\(url) answered \(answer.status.code)") }
        return Array(Data(buffer: try await answer.body.collect(upTo: Self.bytesMax)))
    }

    private static func decode(_ signature: [UInt8]) -> [UInt8]? {
        let text = String(decoding: signature, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return Data(base64Encoded: text).map(Array.init)
    }
}
