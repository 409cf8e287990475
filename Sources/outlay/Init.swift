internal import ArgumentParser
internal import Foundation
internal import OutlayApp

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a commented configuration to start from.",
        discussion: "Then: outlay serve --config outlay.yaml"
    )

    @Argument(help: "The file to write.") var file = "outlay.yaml"

    func run() throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw Exit(Exit.usage, "\(file) exists: take another name, so that nothing is overwritten")
        }
        try StarterConfiguration.text.write(toFile: file, atomically: true, encoding: .utf8)
        print("wrote \(file)\nnext: outlay serve --config \(file)")
    }
}
