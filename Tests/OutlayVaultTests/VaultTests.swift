import Foundation
import OutlayCore
import OutlayVault
import Testing

final class VaultTests {
    let directory = FileManager.default.temporaryDirectory.appending(path: "outlay-vault-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    private func masterKey() throws -> MasterKey {
        try MasterKey(at: directory.appending(path: "master.key").path)
    }

    @Test func `a secret never prints itself`() {
        let secret = Secret("sk-live-canary")
        #expect("\(secret) \(String(reflecting: secret)) \([secret])".contains("canary") == false)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("canary"))
    }

    @Test func `a client key is stored as its SHA-256 and recognised by its checksum`() {
        let key = ClientKey.generate()
        let text = key.secret.reveal()
        #expect(ClientKey.isWellFormed(text))
        #expect(KeyDigest(of: Array(text.utf8).span) == key.digest)
        #expect(!ClientKey.isWellFormed(String(text.dropLast()) + (text.last == "a" ? "b" : "a")))
        #expect(ClientKey.generate().digest != key.digest)
    }

    @Test func `the digest is the SHA-256 of the text`() {
        let digest = KeyDigest(of: Array("abc".utf8).span)
        #expect(digest.high == 0xba78_16bf_8f01_cfea_4141_40de_5dae_2223)
        #expect(digest.low == 0xb003_61a3_9617_7a9c_b410_ff61_f200_15ad)
    }

    @Test func `a sealed secret opens only for its own purpose and name`() throws {
        let master = try masterKey()
        let sealed = master.seal(Secret("sk-123"), purpose: "provider", name: "openai")
        #expect(try master.open(sealed, purpose: "provider", name: "openai").reveal() == "sk-123")
        #expect(throws: MasterKey.Failure.self) { try master.open(sealed, purpose: "provider", name: "other") }
        #expect(throws: MasterKey.Failure.self) { try master.open(sealed, purpose: "cookie", name: "openai") }
        #expect(throws: MasterKey.Failure.self) { try master.open([1, 2, 3], purpose: "provider", name: "openai") }
    }

    @Test func `the master key survives a restart and is refused when others can read it`() throws {
        let sealed = try masterKey().seal(Secret("sk-123"), purpose: "provider", name: "openai")
        #expect(try masterKey().open(sealed, purpose: "provider", name: "openai").reveal() == "sk-123")
        let path = directory.appending(path: "master.key").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: MasterKey.Failure.exposed(path: path)) { try MasterKey(at: path) }
    }

    @Test func `a token matches itself and nothing else`() {
        let token = AccessToken.generate()
        #expect(AccessToken(token).matches(token.reveal()))
        #expect(!AccessToken(token).matches(token.reveal() + "x"))
        #expect(!AccessToken(token).matches(""))
    }

    @Test func `a price book's signature holds for its bytes only`() throws {
        let pair = BookSignature.generatePair()
        let book = Array("{\"version\":\"1\"}".utf8)
        let signature = try #require(BookSignature.sign(book, with: pair.privateKey))
        #expect(BookSignature.isValid(signature, over: book, publicKey: pair.publicKey))
        #expect(!BookSignature.isValid(signature, over: book + [32], publicKey: pair.publicKey))
        #expect(!BookSignature.isValid(signature, over: book, publicKey: BookSignature.generatePair().publicKey))
    }
}
