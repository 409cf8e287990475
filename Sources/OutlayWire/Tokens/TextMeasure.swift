package import OutlayCore

/// How text becomes tokens where an answer has no usage.
package enum TextMeasure: Sendable {
    case ratio(CharactersPerToken)
    case tokenizer(Tokenizer)

    package var tokenizer: Tokenizer? {
        if case .tokenizer(let tokenizer) = self { tokenizer } else { nil }
    }
}

/// A prompt's tokens by a configured tokenizer, counted only where they are needed.
package struct PromptTokens {
    let tokenizer: Tokenizer
    let count: () -> Int64?

    /// - Parameter count: scans the request; `nil` where its text cannot be read.
    package init(by tokenizer: Tokenizer, count: @escaping () -> Int64?) {
        self.tokenizer = tokenizer
        self.count = count
    }
}

extension RequestPeek {
    /// The tokens of the text that a JSON body asks about; `nil` when it is no JSON.
    package static func promptTokens(in body: RawSpan, by tokenizer: Tokenizer) -> Int64? {
        var scanner = JSONScanner()
        var scan = RequestScan(counting: TokenCounter(tokenizer))
        scanner.scan(body, 0..<body.byteCount, into: &scan)
        return scanner.isDone ? scan.text.counter?.count : nil
    }
}
