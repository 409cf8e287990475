"""The same bytes decoded by opentelemetry-proto, and the same rows put into a bare SQLite table.

Usage: otlp_peers.py FOLDER, where `outlay-bench otlp --output FOLDER` wrote its requests.
"""

import os
import sqlite3
import sys
import tempfile
import time

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def attributes(record):
    return {pair.key: pair.value for pair in record.attributes}


def points(body):
    for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.sum.data_points:
                    found = attributes(point)
                    yield found["openclaw.model"].string_value, found["openclaw.token"].string_value, point.as_int


def spans(body):
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                found = attributes(span)
                yield (
                    span.trace_id, span.span_id, found["gen_ai.response.model"].string_value,
                    found["gen_ai.usage.input_tokens"].int_value, found["gen_ai.usage.output_tokens"].int_value,
                )


def decoded(name, body, read, rounds):
    start, records = time.process_time(), 0
    for _ in range(rounds):
        records += sum(1 for _ in read(body))
    print(f"peer_{name} {records / (time.process_time() - start):.3f} per_s")


def inserted(rows, batch=500, total=100_000):
    """One table, one index, a commit with fsync per batch: the least that keeps a row."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(os.path.join(folder, "bare.sqlite"), isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE row (trace BLOB, span BLOB, model TEXT, input INTEGER, output INTEGER)")
        db.execute("CREATE UNIQUE INDEX row_span ON row (trace, span)")
        start = time.perf_counter()
        for first in range(0, total, batch):
            db.execute("BEGIN")
            for number in range(first, first + batch):
                _, _, model, given, taken = rows[number % len(rows)]
                key = number.to_bytes(16, "big")
                db.execute("INSERT INTO row VALUES (?, ?, ?, ?, ?)", (key, key[8:], model, given, taken))
            db.execute("COMMIT")
        print(f"peer_sqlite_rows {total / (time.perf_counter() - start):.3f} per_s")


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "points_protobuf"), "rb") as file:
        decoded("points_protobuf", file.read(), points, 5)
    with open(os.path.join(folder, "spans_protobuf"), "rb") as file:
        body = file.read()
    decoded("spans_protobuf", body, spans, 5)
    inserted(list(spans(body)))


main()
