package import OutlayCore

/// What a profile may ask about the record it reads: who sent it, and which attribute names are tags.
package struct RecordReading: Sendable {
    package let context: RecordContext
    package let spellings: Spellings

    package init(context: RecordContext, spellings: Spellings) {
        self.context = context
        self.spellings = spellings
    }
}
