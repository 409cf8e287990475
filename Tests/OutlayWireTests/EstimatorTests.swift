import OutlayCore
import Testing

@Suite struct EstimatorTests {
    @Test(arguments: [(4000, 1000), (400, 100), (1, 1), (0, 0), (-5, 0), (5, 2)])
    func `four characters are a token, the last one begun is whole`(_ row: (characters: Int, tokens: Int64)) {
        #expect(CharactersPerToken.standard.tokens(in: row.characters) == row.tokens)
    }

    @Test func `the ratio follows what providers report, model by model`() {
        var estimator = Estimator()
        for _ in 0..<200 { estimator.learn(provider: "openai", model: "m", characters: 3000, tokens: 1000) }
        let ratio = estimator.ratio(provider: "openai", model: "m")
        #expect((2980...3020).contains(ratio.thousandths))
        #expect(ratio.method == "characters/3")
        #expect(estimator.ratio(provider: "openai", model: "other") == .standard)
        #expect(estimator.ratio(provider: "openai", model: nil) == .standard)
    }

    @Test func `nothing a provider reports can bend the ratio beyond text`() {
        var ratio = CharactersPerToken.standard
        for _ in 0..<1000 { ratio.learn(characters: .max, tokens: 20) }
        #expect(ratio.thousandths <= 12_000)
        for _ in 0..<1000 { ratio.learn(characters: 1, tokens: .max) }
        #expect(ratio.thousandths >= 500)
        let before = ratio
        ratio.learn(characters: 100, tokens: 19)
        ratio.learn(characters: 100, tokens: -1)
        #expect(ratio == before)
    }

    @Test func `no more models are remembered than the estimator says`() {
        var estimator = Estimator()
        for number in 0..<(Estimator.modelsMax + 10) {
            estimator.learn(provider: "p", model: "m\(number)", characters: 8000, tokens: 1000)
        }
        #expect(estimator.ratio(provider: "p", model: "m0") != .standard)
        #expect(estimator.ratio(provider: "p", model: "m\(Estimator.modelsMax + 5)") == .standard)
    }

    @Test(arguments: [
        (4000, "characters/4"), (3749, "characters/3.7"), (3751, "characters/3.8"), (3980, "characters/4"),
    ])
    func `an estimate names its method`(_ row: (thousandths: Int64, method: String)) {
        #expect(CharactersPerToken(thousandths: row.thousandths).method == row.method)
    }
}
