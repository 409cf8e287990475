internal import Foundation

extension Settings {
    /// Flag values by the name of their environment variable, without `OUTLAY_`.
    package typealias Flags = [String: String]

    /// Reads flags, then the environment, then defaults.
    ///
    /// - Throws: a ``StartFailure`` that names the setting that cannot be read and how to write it.
    package init(
        flags: Flags,
        defaultData: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(StartFailure) {
        func value(_ name: String) -> String? {
            flags[name] ?? environment["OUTLAY_" + name].flatMap { $0.isEmpty ? nil : $0 }
        }
        func address(_ name: String, or standard: ListenAddress) throws(StartFailure) -> ListenAddress {
            guard let text = value(name) else { return standard }
            guard let address = ListenAddress(text) else {
                throw StartFailure.usage(
                    "\(name.lowercased()): '\(text)' is no address: write host:port, 127.0.0.1:7070"
                )
            }
            return address
        }
        func door(_ name: String, or standard: ListenAddress?) throws(StartFailure) -> ListenAddress? {
            guard let text = value(name), let standard else { return standard }
            return text.lowercased() == "off" ? nil : try address(name, or: standard)
        }
        func mebibytes(_ name: String, or standard: Int) throws(StartFailure) -> Int {
            guard let text = value(name) else { return standard }
            guard let mebibytes = Int(text), (1...1024).contains(mebibytes) else {
                throw StartFailure.usage("\(name.lowercased()): '\(text)' is no size: write whole MiB, 1 to 1024")
            }
            return mebibytes << 20
        }
        func isOn(_ name: String) throws(StartFailure) -> Bool {
            switch value(name)?.lowercased() {
            case nil, "0", "false", "no", "off": return false
            case "1", "true", "yes", "on": return true
            case let text?:
                throw StartFailure.usage("\(name.lowercased()): '\(text)' is neither true nor false")
            }
        }
        self.init(dataFolder: value("DATA") ?? defaultData ?? "outlay-data")
        configuration = value("CONFIG")
        web = try address("WEB", or: web)
        gateway = try address("GATEWAY", or: gateway)
        otlpHTTP = try door("OTLP_HTTP", or: otlpHTTP)
        otlpGRPC = try door("OTLP_GRPC", or: otlpGRPC)
        certificate = value("TLS_CERTIFICATE")
        privateKey = value("TLS_PRIVATE_KEY")
        allowsPlainPublic = try isOn("ALLOW_PLAIN_PUBLIC")
        isStrict = try isOn("STRICT")
        bookPublicKey = value("BOOK_PUBLIC_KEY")
        logLevel = value("LOG_LEVEL") ?? logLevel
        bodyBytesMax = try mebibytes("BODY_MIB", or: bodyBytesMax)
        otlpBodyBytesMax = try mebibytes("OTLP_BODY_MIB", or: otlpBodyBytesMax)
        if let text = value("CONNECTIONS_PER_ADDRESS") {
            guard let count = Int(text), (1...1_000_000).contains(count) else {
                throw StartFailure.usage("connections_per_address: '\(text)' is no number from 1 to 1000000")
            }
            connectionsPerAddress = count
        }
        try refusePlainPublic()
    }

    /// A listener others can reach needs TLS, or a flag that says it has none on purpose (S-36).
    private func refusePlainPublic() throws(StartFailure) {
        guard (certificate == nil) == (privateKey == nil) else {
            throw StartFailure.usage(
                "TLS needs both a certificate and a private key: give --tls-certificate and --tls-private-key"
            )
        }
        guard !hasTLS, !allowsPlainPublic else { return }
        for (address, _) in listeners where !address.isLoopback {
            throw StartFailure.usage(
                "\(address.host):\(address.port) can be reached from outside without TLS: give --tls-certificate and "
                    + "--tls-private-key, or --allow-plain-public behind a proxy that adds it"
            )
        }
    }
}
