import OutlayCore

extension ByteWriter {
    mutating func attribution(_ attribution: Attribution) {
        field(1, attribution.workspace)
        field(2, attribution.key)
        fields(3, attribution.effective.tags) { $0.tagged($1) }
        fields(4, attribution.claimed.tags) { $0.tagged($1) }
        fields(5, attribution.origins) { writer, origin in
            writer.text(origin.dimension.name)
            writer.text(origin.source.rawValue)
            writer.text(origin.detail)
        }
        fields(6, attribution.conflicts) { $0.text($1.name) }
        end()
    }

    private mutating func tagged(_ tag: Tag) {
        text(tag.dimension.name)
        text(tag.value)
    }
}

extension ByteReader {
    mutating func attribution() throws(CodecError) -> Attribution {
        var attribution = Attribution(workspace: "")
        var effective: [Tag] = []
        var claimed: [Tag] = []
        while let tag = try tag() {
            switch tag {
            case 1: attribution.workspace = try text()
            case 2: attribution.key = try text()
            case 3: effective.append(Tag(try dimension(), try text()))
            case 4: claimed.append(Tag(try dimension(), try text()))
            case 5:
                let (dimension, source): (Dimension, TagOrigin.Source) = (try dimension(), try word("tag source"))
                attribution.origins.append(TagOrigin(dimension, from: source, detail: try text()))
            case 6: attribution.conflicts.append(try dimension())
            default: throw .tag(tag)
            }
        }
        attribution.effective = TagSet(effective)
        attribution.claimed = TagSet(claimed)
        return attribution
    }

    private mutating func dimension() throws(CodecError) -> Dimension {
        guard let dimension = Dimension(try text()) else { throw .invalid("dimension") }
        return dimension
    }
}
