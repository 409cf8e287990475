import Foundation
import Glibc

/// The least HTTP client that shows every byte: one connection, one exchange, then closed.
enum HTTP {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Request {
        var method = "POST"
        var path: String
        var headers: [(name: String, value: String)] = []
        var body = ""
        /// What is sent in place of `body`.
        var payload: Data?

        var bytes: Data {
            let content = payload ?? Data(body.utf8)
            var text = "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
            for header in headers { text += "\(header.name): \(header.value)\r\n" }
            if !content.isEmpty || method != "GET" { text += "content-length: \(content.count)\r\n" }
            return Data((text + "\r\n").utf8) + content
        }
    }

    struct Answer {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body: Data

        var text: String { String(decoding: body, as: UTF8.self) }
        var callID: String? { headers["x-outlay-call-id"] }
    }

    /// Sends a request and reads the answer to its end.
    static func exchange(_ request: Request, with address: String) throws -> Answer {
        let connection = try Connection(to: address)
        try connection.send(request.bytes)
        var bytes = Data()
        while let more = try connection.receive() { bytes.append(more) }
        return try Answer(bytes)
    }

    /// Sends a request, reads until `isEnough` says so, and hangs up in the middle of the answer.
    static func leave(_ request: Request, with address: String, once isEnough: (Data) -> Bool) throws -> Answer {
        let connection = try Connection(to: address)
        try connection.send(request.bytes)
        var bytes = Data()
        while !isEnough(bytes), let more = try connection.receive() { bytes.append(more) }
        return try Answer(bytes)
    }

    /// A TCP connection that closes with its owner, and gives up when nothing comes for half a minute.
    final class Connection {
        private let descriptor: Int32
        private let address: String

        /// Connects to an address such as `http://127.0.0.1:7071`.
        init(to address: String) throws {
            guard let url = URL(string: address), let port = url.port.flatMap({ UInt16(exactly: $0) }) else {
                throw Failure(description: "'\(address)' is no address")
            }
            self.address = address
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = port.bigEndian
            target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = unsafe withUnsafePointer(to: &target) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, size)
                }
            }
            guard result == 0 else { throw Failure(description: "\(address): connect failed with \(errno)") }
            var patience = timeval(tv_sec: 30, tv_usec: 0)
            let length = socklen_t(MemoryLayout<timeval>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, length)
        }

        deinit {
            close(descriptor)
        }

        func send(_ data: Data) throws {
            var rest = data[...]
            while !rest.isEmpty {
                let sent = unsafe rest.withUnsafeBytes { bytes in
                    unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { throw Failure(description: "\(address): send failed with \(errno)") }
                rest = rest.dropFirst(sent)
            }
        }

        /// The next bytes as they come; `nil` at the end.
        func receive() throws -> Data? {
            var bytes = [UInt8](repeating: 0, count: 16_384)
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            }
            guard count >= 0 else { throw Failure(description: "\(address): receive failed with \(errno)") }
            return count == 0 ? nil : Data(bytes[..<count])
        }
    }
}

extension HTTP.Answer {
    /// Reads an answer whose end is the end of the bytes; chunks are joined as far as they came.
    init(_ bytes: Data) throws {
        guard let head = bytes.range(of: Data("\r\n\r\n".utf8)) else {
            throw HTTP.Failure(description: "no complete head in \(bytes.count) bytes")
        }
        let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else {
            throw HTTP.Failure(description: "no status line: \(lines.first ?? "")")
        }
        self.status = status
        headers = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let rest = Data(bytes[head.upperBound...])
        body = headers["transfer-encoding"]?.lowercased() == "chunked" ? Self.joined(rest) : rest
    }

    private static func joined(_ chunks: Data) -> Data {
        var body = Data()
        var rest = chunks[...]
        while let lineEnd = rest.range(of: Data("\r\n".utf8)) {
            let sizeText = String(decoding: rest[..<lineEnd.lowerBound], as: UTF8.self).prefix { $0 != ";" }
            guard let size = Int(sizeText, radix: 16), size > 0 else { break }
            let chunk = rest[lineEnd.upperBound...].prefix(size)
            body.append(chunk)
            rest = rest[lineEnd.upperBound...].dropFirst(size + 2)
        }
        return body
    }
}
