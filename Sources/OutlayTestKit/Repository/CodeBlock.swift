/// A fenced block of a Markdown document, with what its info string says about running it.
///
/// The documents' commands are tested. Blocks marked `run` are executed from top to bottom in the
/// project's folder and must succeed; those of one language share one process, so a variable set in one
/// is known in the next. A block marked `start` begins something that keeps running (a server): it is
/// started before the blocks after it and ended after the last. Other blocks are only shown.
package struct CodeBlock: Hashable, Sendable {
    package enum Use: String, Hashable, Sendable, CaseIterable {
        case run
        case start
        case shown
    }

    /// `sh`, `python`, `yaml`, `json`, `text` …; empty when the fence names none.
    package var language: String
    package var use: Use
    package var text: String
    /// The line of the opening fence, from 1.
    package var line: Int

    package init(language: String, use: Use, text: String, line: Int) {
        self.language = language
        self.use = use
        self.text = text
        self.line = line
    }

    /// The blocks of `markdown`, in order.
    package static func all(in markdown: String) -> [CodeBlock] {
        var blocks: [CodeBlock] = []
        var open: (block: CodeBlock, fence: Substring)?
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let current = open {
                if line == current.fence {
                    blocks.append(current.block)
                    open = nil
                } else {
                    open?.block.text += line + "\n"
                }
            } else if line.hasPrefix("```") {
                let fence = line.prefix { $0 == "`" }
                let words = line.dropFirst(fence.count).split(separator: " ")
                let use = words.dropFirst().compactMap { Use(rawValue: String($0)) }.first ?? .shown
                let language = words.first.map(String.init) ?? ""
                open = (CodeBlock(language: language, use: use, text: "", line: index + 1), fence)
            }
        }
        return blocks
    }
}
