internal import Foundation
internal import JWTKit
internal import OutlayCore

/// The claims of a token, before anybody believes them.
struct TokenPayload: JWTPayload {
    /// A claim's value, as far as a tag can be made of it.
    enum Value {
        case text(String)
        case flag(Bool)
        case number(Double)
        case list([Value])
        case members([String: Value])
        case nothing
    }

    private let members: [String: Value]

    init(from decoder: any Decoder) throws {
        guard case .members(let members) = try Value(from: decoder) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "not an object"))
        }
        self.members = members
    }

    func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: "tokens are read only"))
    }

    /// Everything beside the signature is checked by the verifier.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    var issuer: String? { members["iss"]?.text }

    var audiences: [String] {
        switch members["aud"] {
        case .text(let one): [one]
        case .list(let several): several.compactMap(\.text)
        default: []
        }
    }

    /// Seconds since 1970; a token without is not believed, because it would hold for ever.
    var expires: Int64? { seconds("exp") }

    /// Whether `now` is before `exp` and not before `nbf`; `nbf` that is no number is never reached.
    func isValid(at now: Timestamp, leeway: Int64) -> Bool {
        guard let expires else { return false }
        let second = now.microseconds / 1_000_000
        guard second - leeway < expires else { return false }
        guard members["nbf"] != nil else { return true }
        return seconds("nbf").map { $0 <= second + leeway } ?? false
    }

    private func seconds(_ name: String) -> Int64? {
        guard case .number(let number) = members[name], number.isFinite, abs(number) < 1e12 else { return nil }
        return Int64(number)
    }

    /// What the token says by an issuer's rules; `nil` when it does not name the user.
    func claims(by rules: TokenIssuer) -> TokenClaims? {
        guard let user = value(rules.user)?.word, !user.isEmpty else { return nil }
        // An address that its owner has not confirmed is anybody's.
        if rules.user == "email", case .flag(false) = members["email_verified"] { return nil }
        var claims = TokenClaims(tags: [Tag(.user, user)], issuer: rules.issuer)
        for (dimension, name) in rules.tags.sorted(by: { $0.key < $1.key }) {
            guard let value = value(name) else { continue }
            if let word = value.word {
                claims.tags.append(Tag(dimension, word))
            } else {
                claims.dropped.append(dimension)
            }
        }
        return claims
    }

    /// The claim of exactly that name, or else the one at that dotted path.
    private func value(_ name: String) -> Value? {
        if let value = members[name] { return value }
        var current = Value.members(members)
        for part in name.split(separator: ".") {
            guard case .members(let inner) = current, let next = inner[String(part)] else { return nil }
            current = next
        }
        return current
    }
}

extension TokenPayload.Value: Decodable {
    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .nothing
        } else if let flag = try? single.decode(Bool.self) {
            self = .flag(flag)
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else if let number = try? single.decode(Double.self) {
            self = .number(number)
        } else if let list = try? single.decode([Self].self) {
            self = .list(list)
        } else {
            self = .members(try single.decode([String: Self].self))
        }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The one value a tag can have: a text, a whole number, or the only element of a list.
    var word: String? {
        switch self {
        case .text(let text): text
        case .number(let number): Int64(exactly: number).map { String($0) }
        case .list(let list): list.count == 1 ? list.first?.word : nil
        case .flag(let flag): flag ? "true" : "false"
        case .members, .nothing: nil
        }
    }
}
