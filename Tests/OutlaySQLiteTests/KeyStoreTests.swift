import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct KeyStoreTests {
    @Test func `a key is kept with its rules`() async throws {
        try await withLedger { ledger in
            try await ledger.add(.sample)
            #expect(try await ledger.keys() == [.sample])
        }
    }

    @Test func `the same key is not added twice`() async throws {
        try await withLedger { ledger in
            try await ledger.add(.sample)
            await #expect(throws: LedgerError.unavailable(reason: "there is a key key_1 already")) {
                try await ledger.add(.sample)
            }
        }
    }

    @Test(arguments: ["key_1", "ci"])
    func `a key is revoked by id or name`(_ word: String) async throws {
        try await withLedger { ledger in
            try await ledger.add(.sample)
            #expect(try await ledger.revoke(word, at: .sample))
            #expect(try await ledger.keys().map(\.revokedAt) == [.sample])
            #expect(try await ledger.revoke("other", at: .sample) == false)
        }
    }

    @Test func `an earlier revocation is never put off`() async throws {
        try await withLedger { ledger in
            let later = Timestamp.sample.advanced(bySeconds: 60)
            try await ledger.add(.sample)
            for time in [later, .sample, later] { _ = try await ledger.revoke("ci", at: time) }
            #expect(try await ledger.keys().map(\.revokedAt) == [.sample])
        }
    }

    @Test func `a rotation revokes the old key and adds the new one together`() async throws {
        try await withLedger { ledger in
            var successor = StoredKey.sample
            successor.id = "key_2"
            successor.digest = KeyDigest(high: 3, low: 4)
            #expect(try await ledger.rotate("ci", to: successor, at: .sample) == false)
            try await ledger.add(.sample)
            #expect(try await ledger.rotate("ci", to: successor, at: .sample))
            #expect(try await ledger.keys().map(\.revokedAt) == [.sample, nil])
        }
    }

    @Test func `secrets and settings are kept by name`() async throws {
        try await withLedger { ledger in
            try await ledger.storeSecret([1], name: "openai")
            try await ledger.storeSecret([2, 0, 3], name: "openai")
            #expect(try await ledger.secrets() == ["openai": [2, 0, 3]])
            #expect(try await ledger.removeSecret(name: "openai"))
            #expect(try await ledger.secrets() == [:])
            try await ledger.setMeta("b", named: "book")
            #expect(try await ledger.meta(named: "book") == "b")
            #expect(try await ledger.meta(named: "other") == nil)
        }
    }
}
