internal import Foundation
internal import JWTKit

/// The public keys of one issuer, by their `kid`: a JSON Web Key Set (RFC 7517), read and made ready to verify.
///
/// Only RS256, PS256, ES256 and EdDSA are taken; a key without a `kid`, too weak, for encryption or of another kind
/// is left out. There is no default key: a token whose `kid` is not here is not verified by another one (S-14).
package struct TokenKeys: Sendable {
    /// The largest set that is read.
    package static let bytesMax = 1 << 20
    static let countMax = 100
    private static let modulusBytesMin = 256

    struct Name: Hashable {
        var kid: String
        var algorithm: String
    }

    private let algorithms: [Name: any JWTAlgorithm]

    package static let none = TokenKeys(algorithms: [:])

    private init(algorithms: [Name: any JWTAlgorithm]) {
        self.algorithms = algorithms
    }

    /// Reads `{"keys":[…]}`, or a single key; `nil` when there is none that can be used.
    package init?(_ bytes: [UInt8]) async {
        guard bytes.count <= Self.bytesMax,
            let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        else { return nil }
        let keys = object["keys"] as? [[String: Any]] ?? [object]
        var algorithms: [Name: any JWTAlgorithm] = [:]
        for key in keys.prefix(Self.countMax) {
            for (name, algorithm) in await Self.algorithms(of: key) where algorithms[name] == nil {
                algorithms[name] = algorithm
            }
        }
        guard !algorithms.isEmpty else { return nil }
        self.algorithms = algorithms
    }

    package var isEmpty: Bool { algorithms.isEmpty }

    func algorithm(_ name: Name) -> (any JWTAlgorithm)? { algorithms[name] }

    /// What a key can verify: by its own `alg`, or by everything its type is good for.
    private static func algorithms(of key: [String: Any]) async -> [(Name, any JWTAlgorithm)] {
        guard let kid = key["kid"] as? String, !kid.isEmpty, key["use"] as? String ?? "sig" == "sig" else { return [] }
        if let uses = key["key_ops"] as? [String], !uses.contains("verify") { return [] }
        var found: [(Name, any JWTAlgorithm)] = []
        for algorithm in usual(of: key) where key["alg"] as? String ?? algorithm == algorithm {
            guard let ready = await ready(key, algorithm) else { continue }
            found.append((Name(kid: kid, algorithm: algorithm), ready))
        }
        return found
    }

    private static func usual(of key: [String: Any]) -> [String] {
        switch (key["kty"] as? String, key["crv"] as? String) {
        case ("RSA", _): isStrong(key["n"] as? String ?? "") ? ["RS256", "PS256"] : []
        case ("EC", "P-256"): ["ES256"]
        case ("OKP", "Ed25519"): ["EdDSA"]
        default: []
        }
    }

    /// A modulus of at least 2048 bits: base64url without padding has four characters for three bytes.
    private static func isStrong(_ modulus: String) -> Bool {
        modulus.utf8.count * 3 / 4 >= modulusBytesMin
    }

    private static func ready(_ key: [String: Any], _ algorithm: String) async -> (any JWTAlgorithm)? {
        let members = ["kty", "n", "e", "x", "y", "crv"].compactMap { name in (key[name] as? String).map { (name, $0) }
        }
        let identifier = JWKIdentifier(string: "key")
        guard let data = try? JSONEncoder().encode(Dictionary(uniqueKeysWithValues: members)),
            var jwk = try? JWK(json: String(decoding: data, as: UTF8.self)),
            let algorithm = JWK.Algorithm(rawValue: algorithm)
        else { return nil }
        jwk.algorithm = algorithm
        jwk.keyIdentifier = identifier
        // A collection of one: its fall back to a default key has nothing else to fall back to.
        return try? await JWTKeyCollection().add(jwk: jwk).getKey(for: identifier, alg: algorithm.rawValue)
    }
}
