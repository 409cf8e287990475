import Foundation
@testable import OutlayApp
import OutlayTestKit
import Testing

/// Commands on a folder that no server has.
@Suite struct LocalCommandTests {
    @Test func `a command that is refused says why, and the process lives`() async throws {
        try await temporaryDirectory { folder in
            let settings = Settings(dataFolder: folder.appending(path: "data").path)
            await #expect {
                try await Installation.withLocalAPI(settings) { try await $0.delete("keys/nobody") }
            } throws: { error in
                guard case .refused(let code, _) = error as? APIClient.Failure else { return false }
                return code == "not_found"
            }
        }
    }
}
