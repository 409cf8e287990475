/// The shape of a price book file.
struct BookFile: Decodable {
    var schema: String
    var version: String
    var calendars: [String: [String]]?
    var context: [ContextEntry]?
    var providers: [ProviderEntry]
    var redirects: [RedirectEntry]?
    var models: [ModelEntry]

    struct ContextEntry: Decodable {
        var field: String
        var `is`: [String]
        var means: String?
        var factor: String?
        var models: [String]?
    }

    struct ProviderEntry: Decodable {
        var provider: String
        var aliases: [String]?
        var like: String?
        var pathNames: Bool?
        var fees: [String: String]?
        var free: [String]?
        var context: [ContextEntry]?
        var apis: [ApiEntry]?

        enum CodingKeys: String, CodingKey {
            case provider, aliases, like, fees, free, context, apis
            case pathNames = "path_names"
        }
    }

    struct ApiEntry: Decodable {
        var api: String
        var `as`: [String: String]?
        var free: [String]?
    }

    struct RedirectEntry: Decodable {
        var provider: String
        var alias: String
        var to: String
        var from: String
    }

    struct ModelEntry: Decodable {
        var provider: String
        var model: String
        var match: [String]?
        var except: [String]?
        var retires: String?
        var prices: [PriceEntry]
        var minimum: [String: String]?
        var maxOutput: Int64?

        enum CodingKeys: String, CodingKey {
            case provider, model, match, except, retires, prices, minimum
            case maxOutput = "max_output"
        }
    }

    struct PriceEntry: Decodable {
        var from: String?
        var rates: [String: String]?
        var hourly: [String: String]?
        var tiers: [TierEntry]?
        var fees: [String: String]?
        var modes: [String: ModeEntry]?
        var windows: [WindowEntry]?
    }

    struct TierEntry: Decodable {
        var above: Int64?
        var atLeast: Int64?
        var rates: [String: String]

        enum CodingKeys: String, CodingKey {
            case above, rates
            case atLeast = "at_least"
        }
    }

    struct ModeEntry: Decodable {
        var factor: String?
        var rates: [String: String]?
        var hourly: [String: String]?
        var tiers: [TierEntry]?
    }

    struct WindowEntry: Decodable {
        var name: String
        var utc: [String]
        var weekdays: [Int]
        var except: String?
        var rates: [String: String]
    }
}
