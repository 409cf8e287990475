import Foundation
package import Testing

/// Compares `text` with `Tests/Golden/NAME`; run the tests with `OUTLAY_RECORD=1` to write what is expected.
package func golden(_ text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = Repository.root.appending(path: "Tests/Golden").appending(path: name)
    if Fixture.isRecording {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        return
    }
    let expected = try? String(decoding: Data(contentsOf: file), as: UTF8.self)
    guard let expected else {
        Issue.record("There is no golden file \(name); OUTLAY_RECORD=1 writes it.", sourceLocation: sourceLocation)
        return
    }
    guard expected != text else { return }
    let (wanted, found) = (
        expected.split(separator: "\n", omittingEmptySubsequences: false),
        text.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let line =
        zip(wanted, found).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(wanted.count, found.count)
    let (old, new) = (line < wanted.count ? wanted[line] : "(end)", line < found.count ? found[line] : "(end)")
    Issue.record("\(name):\(line + 1) is\n  \(new)\nand should be\n  \(old)", sourceLocation: sourceLocation)
}
