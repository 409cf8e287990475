/// The parts of an upstream's base URL: where to connect, and what to put before every path.
package struct BaseURL: Hashable, Sendable {
    package var isTLS: Bool
    /// A name or an address, in lower case; IPv6 without its brackets.
    package var host: String
    package var port: Int
    /// Begins with `/` and does not end in one; empty for none.
    package var path: String

    /// Why a text is no base URL; the message ends a sentence that begins with the URL.
    package struct Problem: Error, Hashable {
        package let message: String

        init(_ message: String) {
            self.message = message
        }
    }

    /// Reads `https://host[:port][/path]`; a `/` at the end is dropped.
    package init(_ text: String) throws(Problem) {
        let lowercased = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowercased.hasPrefix) else {
            throw Problem("must begin with https:// or http://")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Problem("has a space or a character that URLs do not have")
        }
        isTLS = scheme == "https://"
        let rest = text.dropFirst(scheme.count)
        if rest.contains("?") { throw Problem("has a query ('?…'); a base URL is only host and path") }
        if rest.contains("#") { throw Problem("has a fragment ('#…'); a base URL is only host and path") }
        let authority = rest.prefix { $0 != "/" }
        if authority.contains("@") { throw Problem("has a user or password; the provider's key goes under 'key'") }
        (host, port) = try Self.hostAndPort(authority, standard: isTLS ? 443 : 80)
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        self.path = String(path)
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if segments.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
            throw Problem("has an empty or relative part in its path")
        }
    }

    /// The URL without a slash at its end, with the port only where it is not the scheme's own.
    package var text: String {
        let name = host.contains(":") ? "[\(host)]" : host
        let number = port == (isTLS ? 443 : 80) ? "" : ":\(port)"
        return "\(isTLS ? "https" : "http")://\(name)\(number)\(path)"
    }

    /// Whether the host is this machine or a network of its own, where plain HTTP is nothing to warn of.
    package var isPrivate: Bool {
        if host == "localhost" || host == "::1" || !host.contains(where: { $0 == "." || $0 == ":" }) { return true }
        if [".localhost", ".local", ".internal", ".svc"].contains(where: host.hasSuffix) { return true }
        let numbers = host.split(separator: ".").compactMap { UInt8($0) }
        guard numbers.count == 4, host.split(separator: ".").count == 4 else {
            return host.contains(":") && ["fc", "fd", "fe80"].contains(where: host.hasPrefix)
        }
        switch (numbers[0], numbers[1]) {
        case (127, _), (10, _), (192, 168), (172, 16...31), (169, 254): return true
        default: return false
        }
    }

    private static func hostAndPort(_ authority: Substring, standard: Int) throws(Problem) -> (String, Int) {
        let isAddress = authority.first == "["
        let end = isAddress ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let end else { throw Problem("has a '[' without ']'") }
        let host = isAddress ? authority[..<end].dropFirst() : authority[..<end]
        let rest = isAddress ? authority[end...].dropFirst() : authority[end...]
        guard !host.isEmpty else { throw Problem("has no host") }
        guard host.utf8.allSatisfy({ isHostByte($0, inAddress: isAddress) }) else {
            throw Problem("has a host with a character that hosts do not have")
        }
        guard !rest.isEmpty else { return (host.lowercased(), standard) }
        guard rest.first == ":", rest.dropFirst().allSatisfy(\.isNumber), let port = UInt16(rest.dropFirst()), port > 0
        else {
            throw Problem("has a port that is not a number from 1 to 65535")
        }
        return (host.lowercased(), Int(port))
    }

    private static func isHostByte(_ byte: UInt8, inAddress: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"): !inAddress
        case UInt8(ascii: ":"): inAddress
        default: false
        }
    }
}
