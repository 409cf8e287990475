import OutlayCore
import Testing

@Suite struct PolicyConditionTests {
    @Test(arguments: [
        (#"tags.env == 'prod' AND tags.cost_center == ''"#, #"environment == "prod" && cost_center == """#),
        (#"NOT (team == "a" OR team == "b") and Model != 'x'"#, #"!(team == "a" || team == "b") && model != "x""#),
        (#"has(team) || !has(tags.project)"#, #"has(team) || project == """#),
        (#"!!(team == "a")"#, #"team == "a""#),
        (#"team NOT IN ('a', "b")"#, #"team not in ["a", "b"]"#),
        (#"agent not matches ["bot-*", "x"]"#, #"agent not matches ["bot-*", "x"]"#),
        (#"0.50 USD <= estimated_cost"#, "estimated_cost >= $0.5"),
        ("cost > 1_000 && input_tokens > 8_000", "estimated_cost > $1000 && prompt_tokens > 8000"),
        ("weekday in [Saturday, sun] and hour < 6", "weekday in [sat, sun] && hour < 6"),
        ("weekday == 'sat' and date >= '2026-12-24'", "weekday == sat && date >= 2026-12-24"),
        ("max_tokens > prompt_tokens", "max_output_tokens > prompt_tokens"),
        ("(team == 'a' && (team == 'b' && team == 'c'))", #"team == "a" && team == "b" && team == "c""#),
        (#"tags.data_class == "a\"b\\c""#, #"tags.data_class == "a\"b\\c""#),
        ("tags.pii == true or true", #"tags.pii == "true" || true"#),
        ("!(hour > 5) && !has(max_output_tokens)", "!(hour > 5) && !has(max_output_tokens)"),
        ("team != project", "team != project"),
        ("has(hour)", "true"),
    ])
    func `a condition has one usual form, which means the same`(_ row: (text: String, form: String)) throws {
        let condition = try PolicyCondition(row.text)
        #expect(condition.description == row.form)
        #expect(try PolicyCondition(row.form) == condition)
    }

    @Test(arguments: [
        ("", 1, "the condition is empty"),
        (
            "team", 5,
            "a comparison is missing: ==, !=, <, <=, >, >=, in, not in or matches; has(…) asks for presence"
        ),
        (#"team = "a""#, 6, "use '==' to compare"),
        (#"team == "a" & has(team)"#, 13, "use '&&' or AND"),
        (#"team == "a" | has(team)"#, 13, "use '||' or OR"),
        (#"team == "a"#, 9, "the text that begins here has no closing \""),
        (
            #"team == growth"#, 9,
            "unknown name 'growth'; text stands in quotes; a tag of your own is tags.growth, or listed in tags.custom"
        ),
        (#"envirnoment == "a""#, 1, "unknown name 'envirnoment'; did you mean 'environment'?"),
        (
            #"tags.cost_senter == "a""#, 6,
            "unknown dimension 'cost_senter'; did you mean 'cost_center'? Or list it in tags.custom"
        ),
        (#"estimated_csot > 1"#, 1, "unknown name 'estimated_csot'; did you mean 'estimated_cost'?"),
        (#"team > "a""#, 8, "team is text, which has no order; use ==, !=, in or matches instead of >"),
        (#"team == $5"#, 9, "team is text; put what it is compared with in quotes"),
        (#"estimated_cost > "5""#, 18, "estimated_cost is an amount; compare it with one, such as $0.50 or 0.50 USD"),
        ("estimated_cost > 5 EUR", 20, "amounts are in US dollars; write '5 USD'"),
        ("estimated_cost > prompt_tokens", 18, "estimated_cost and prompt_tokens are not of one kind"),
        ("prompt_tokens > 1.5", 17, "prompt_tokens is a count; compare it with a whole number, such as 8000"),
        ("hour > 25", 8, "hour is an hour; compare it with a whole number from 0 to 24"),
        (
            "weekday == 'someday'", 12,
            "weekday is a day of the week; compare it with mon, tue, wed, thu, fri, sat or sun"
        ),
        ("date > 2026-13-01", 8, "'2026-13-01' is no date; write it as 2026-12-31"),
        ("date > 5", 8, "date is a date; compare it with one, such as 2026-12-31"),
        (#""a" == "a""#, 8, "this compares two fixed values; one side must be a name, such as team"),
        (#"(team == "a""#, 13, "')' is missing at the end"),
        (#"team == "a")"#, 12, "')' does not continue the condition; join parts with && or ||"),
        (#"team == "a" team == "b""#, 13, "'team' does not continue the condition; join parts with && or ||"),
        (#"team in "a""#, 9, "a list in brackets is missing here: [\"growth\", \"platform\"]"),
        (#"team in ["a" "b"]"#, 14, "']' is missing here"),
        (#"team in ["a", project]"#, 15, "a list holds values in quotes, not names"),
        (#"team ==="#, 8, "use '==' to compare"),
        (#"team =="#, 8, "the condition ends where a name or value is missing"),
        (#"team == )"#, 9, "')' stands where a name or value is missing"),
        (#"has("a")"#, 5, "has(…) needs a name, such as has(team)"),
        (#"team matches "!a""#, 14, "write 'not matches' instead of '!' in the pattern"),
        (#"hour matches "1*""#, 6, "'matches' needs a tag, the model or another text before it"),
        (#"team matches project"#, 14, "'matches' needs text in quotes, where * is any run of characters"),
        ("prompt_tokens > -5", 17, "amounts and counts are never negative"),
        ("prompt_tokens > 5k", 17, "a number ends before 'k'; text stands in quotes"),
        ("estimated_cost > 1.2.3", 18, "'1.2.3' is no number; at most 20 digits, a point and 12 decimals"),
        (#"tags.Größe == "a""#, 6, "'Größe' is no dimension; use a-z, 0-9, '_', '.' and '-'"),
        (#"team == "a" ; true"#, 13, "';' has no meaning here; text stands in quotes"),
    ])
    func `what makes no sense is refused with its place`(_ row: (text: String, position: Int, message: String)) {
        let error = #expect(throws: PolicyConditionError.self) { try PolicyCondition(row.text) }
        #expect(error?.position == row.position)
        #expect(error?.message == row.message)
    }

    @Test func `length, size and depth are bounded`() throws {
        let deep = { (count: Int) in
            String(repeating: "(", count: count) + "has(team)" + String(repeating: ")", count: count)
        }
        #expect(throws: Never.self) { try PolicyCondition(deep(PolicyCondition.depthMax)) }
        for text in [
            deep(PolicyCondition.depthMax + 1), String(repeating: "!", count: 300) + "has(team)",
            "team == \"" + String(repeating: "a", count: 2000) + "\"",
            Array(repeating: "has(team)", count: 120).joined(separator: "||"),
        ] {
            #expect(throws: PolicyConditionError.self) { try PolicyCondition(text) }
        }
    }

    @Test func `no text traps the reader`() {
        let pieces = [
            "team", "==", "!", "(", ")", "[", "]", ",", "\"", "'", "\\", "$", "1", ".", "-", "2026-01-01", " ", "and",
            "not", "in", "matches", "has", "&&", "|", "é", "\u{0}", "tags.", "_", "USD", "9999999999999999999999", "<=",
        ]
        var generator = SeededPieces(state: 42)
        for round in 0..<5000 {
            let text = (0..<Int(generator.next() % 20)).map { _ in pieces[Int(generator.next() % 31)] }.joined()
            guard let condition = try? PolicyCondition(text) else { continue }
            #expect((try? PolicyCondition(condition.description)) == condition, "round \(round): \(text)")
        }
    }

    private struct SeededPieces {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
