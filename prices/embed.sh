#!/bin/sh
# Writes prices/book.json into the program as a string: run it after every change of the book.
set -eu
cd "$(dirname "$0")/.."
target=Sources/OutlayWire/Prices/EmbeddedBook.swift
{
    echo '// swift-format-ignore-file'
    echo
    echo '/// The price book this program was built with: `prices/book.json`, put here by `prices/embed.sh`.'
    echo 'package enum EmbeddedBook {'
    echo '    package static let json = #"""'
    cat prices/book.json
    echo '"""#'
    echo '}'
} > "$target.new"
mv "$target.new" "$target"
