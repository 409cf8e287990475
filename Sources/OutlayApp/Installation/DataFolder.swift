internal import Foundation
internal import OutlayVault

/// The one folder an installation keeps everything in, readable by its owner only.
struct DataFolder: Sendable {
    let settings: Settings

    /// Makes the folder (0700) where there is none.
    func prepare() throws(StartFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: settings.dataFolder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StartFailure("cannot make the data folder \(settings.dataFolder): \(error.localizedDescription)")
        }
    }

    /// The administrator's token; made, and written with mode 0600, at the first start.
    func adminToken() throws(StartFailure) -> (token: Secret, isNew: Bool) {
        let path = settings.adminTokenPath
        if let data = FileManager.default.contents(atPath: path) {
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard text.utf8.count >= 32 else {
                throw StartFailure("\(path) holds no token: remove it and start again for a fresh one")
            }
            return (Secret(text), false)
        }
        let token = AccessToken.generate()
        try write(token.reveal() + "\n", to: path)
        return (token, true)
    }

    func writeAddresses(_ addresses: ServerAddresses) throws {
        try write(try JSONText.line(addresses) + "\n", to: settings.addressesPath)
    }

    func removeAddresses() {
        try? FileManager.default.removeItem(atPath: settings.addressesPath)
    }

    private func write(_ text: String, to path: String) throws(StartFailure) {
        guard
            FileManager.default.createFile(
                atPath: path,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o600]
            )
        else { throw StartFailure("cannot write \(path): check who owns the data folder") }
    }
}
