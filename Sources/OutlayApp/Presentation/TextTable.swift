/// Rows of text with a header, drawn for a terminal, for Markdown or for a spreadsheet.
package struct TextTable: Sendable {
    package enum Alignment: Sendable {
        case left, right
    }

    package struct Column: Sendable {
        package var title: String
        package var alignment: Alignment

        package init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    package var columns: [Column]
    package var rows: [[String]] = []
    /// Drawn apart under the rows.
    package var footer: [String]?

    package init(columns: [Column]) {
        self.columns = columns
    }

    /// As `format` where that is one of tables; for a terminal otherwise.
    package func text(as format: OutputFormat) -> String {
        switch format {
        case .csv: csv
        case .markdown: markdown
        case .table, .json, .jsonl: terminal
        }
    }

    /// `items` in `format`: as JSON, one JSON object a line, or as the table that `table` makes of them.
    package static func text<Item: Encodable>(
        of items: [Item],
        as format: OutputFormat,
        table: ([Item]) -> TextTable
    ) throws -> String {
        switch format {
        case .json: try JSONText.pretty(items)
        case .jsonl: try items.map { try JSONText.line($0) + "\n" }.joined()
        case .table, .csv, .markdown: table(items).text(as: format)
        }
    }

    /// Columns padded with spaces under a rule; numbers flush right.
    package var terminal: String {
        let all = [columns.map(\.title)] + rows + (footer.map { [$0] } ?? [])
        let widths = columns.indices.map { index in all.map { Self.width(of: $0, at: index) }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = columns.indices.map { index in
                let cell = cells.indices.contains(index) ? cells[index] : ""
                let space = String(repeating: " ", count: max(0, widths[index] - cell.count))
                return columns[index].alignment == .right ? space + cell : cell + space
            }
            return padded.joined(separator: "  ").trimmingTrailingSpaces()
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "──")
        var lines = [line(columns.map(\.title)), rule] + rows.map(line)
        if let footer { lines += [rule, line(footer)] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A GitHub-flavoured table; pipes and line breaks in cells are escaped.
    package var markdown: String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }.joined(separator: " | ")
                + " |\n"
        }
        let rule = "|" + columns.map { $0.alignment == .right ? " ---: |" : " --- |" }.joined() + "\n"
        return line(columns.map(\.title)) + rule + rows.map(line).joined() + (footer.map(line) ?? "")
    }

    /// RFC 4180, without the footer.
    ///
    /// Text that a spreadsheet would run as a formula gets a leading `'` (S-29).
    package var csv: String {
        ([columns.map(\.title)] + rows).map { cells in
            cells.enumerated().map { index, cell in
                Self.csvCell(cell, isNumber: columns.indices.contains(index) && columns[index].alignment == .right)
            }.joined(separator: ",") + "\r\n"
        }.joined()
    }

    private static func width(of cells: [String], at index: Int) -> Int {
        cells.indices.contains(index) ? cells[index].count : 0
    }

    private static func csvCell(_ cell: String, isNumber: Bool) -> String {
        let isFormula =
            !isNumber && cell.unicodeScalars.first.map { "=+-@\t\r\0＝＋－＠".unicodeScalars.contains($0) } ?? false
        let text = isFormula ? "'" + cell : cell
        let needsQuotes = text.unicodeScalars.contains { [",", "\"", "\n", "\r"].contains($0) }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
