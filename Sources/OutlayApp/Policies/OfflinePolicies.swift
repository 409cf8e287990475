internal import Foundation
internal import Logging
internal import OutlayConfig
package import OutlayCore

/// Asks the policies of a configuration without a server.
package struct OfflinePolicies: Sendable {
    private let resources: Resources

    /// Reads the configuration at `configuration`, or at `OUTLAY_CONFIG`; without either there are no policies.
    package init(configuration: String?) throws {
        guard let path = configuration ?? ProcessInfo.processInfo.environment["OUTLAY_CONFIG"] else {
            resources = Resources()
            return
        }
        var settings = Settings(dataFolder: "")
        settings.configuration = path
        resources = try Configuration(settings).resources(logger: Logger(label: "outlay"))
    }

    package var policies: [Policy] { resources.policies }

    /// The policies in our YAML.
    package var yaml: String { PolicyYAML.text(resources.policies) }

    /// Plays the scenario in the file at `path`.
    ///
    /// - Throws: a ``StartFailure`` when it cannot be read or understood, with every problem and its line.
    package func scenario(at path: String) throws(StartFailure) -> PolicyScenario {
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw .usage("cannot read \(path): check that it is a text file and its permissions") }
        let scenario = PolicyScenario(text, over: resources, zone: { CivilZone($0) })
        guard scenario.problems.isEmpty else {
            let problems = scenario.problems.map { "\(path):\($0.line): error: \($0.message)" }
            throw StartFailure("the scenario has errors:\n" + problems.joined(separator: "\n"), fault: .configuration)
        }
        guard !scenario.trials.isEmpty else {
            throw StartFailure(
                "\(path) has no calls: write 'call team=growth' and 'expect allow'",
                fault: .configuration
            )
        }
        return scenario
    }

    /// What the policies say of a call made now, or when it says.
    package func explain(_ words: [String]) throws(StartFailure) -> PolicyExplanation {
        var call = DescribedCall(at: SystemClock.now())
        do {
            try call.describe(words, PolicyVocabulary(resources.tags))
        } catch {
            throw .usage(error.message)
        }
        return PolicyBook(resources) { CivilZone($0) }.explain(call.subject(resources))
    }
}
