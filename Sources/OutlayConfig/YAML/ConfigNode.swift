/// A piece of a configuration file and its place; the one form the rest of the target reads.
struct ConfigNode {
    indirect enum Content {
        /// A scalar's text, exactly as written: `no` is text, `1.10` keeps its zero.
        case text(String)
        case list([ConfigNode])
        case mapping([Entry])
        /// `~`, `null` or nothing at all.
        case nothing
    }

    struct Entry {
        let key: String
        let keyPlace: Place
        let value: ConfigNode
    }

    let place: Place
    let content: Content

    /// What it is, to say it in a message.
    var kind: String {
        switch content {
        case .text: "text"
        case .list: "a list"
        case .mapping: "a mapping"
        case .nothing: "nothing"
        }
    }
}
