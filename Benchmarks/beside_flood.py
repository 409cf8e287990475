"""Calls through the gateway while telemetry pours in, beside the same calls without it.

usage: beside_flood.py --outlay BINARY [--rate EVENTS_PER_SECOND]

Needs the interpreter of .build/python, whose opentelemetry-proto makes the requests. Each round measures direct and
Outlay, quiet and in the flood, so that what the flood takes of the machine itself is in both.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import servers
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = float(os.environ.get("BENCH_SECONDS", 5))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
SPANS = 50
PATH = "/openai/v1/chat/completions"


def request(seed):
    """Spans of calls that nobody reported before."""
    chance = random.Random(seed)
    export = ExportTraceServiceRequest()
    scope = export.resource_spans.add().scope_spans.add()
    scope.scope.name = "bench"
    begin = time.time_ns()
    for _ in range(SPANS):
        span = scope.spans.add(
            trace_id=chance.randbytes(16), span_id=chance.randbytes(8), name="chat", kind=3,
            start_time_unix_nano=begin, end_time_unix_nano=begin + 100_000_000,
        )
        for name, value in [("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"),
                            ("gen_ai.request.model", "gpt-4o-mini")]:
            attribute = span.attributes.add(key=name)
            attribute.value.string_value = value
        for name in ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"]:
            attribute = span.attributes.add(key=name)
            attribute.value.int_value = chance.randint(1, 5000)
    return export.SerializeToString()


class Flood:
    """Posts requests at a fixed rate, from requests made ahead."""

    def __init__(self, address, key, rate):
        self.address, self.key, self.rate = address, key, rate
        self.booked, self.seed = 0, 0
        self.is_ending = threading.Event()

    def prepare(self):
        count = int(self.rate * (SECONDS + 2) / SPANS)
        self.bodies = [request(self.seed + number) for number in range(count)]
        self.seed += count

    def __enter__(self):
        self.is_ending.clear()
        self.thread = threading.Thread(target=self.pour)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_ending.set()
        self.thread.join()

    def pour(self):
        host, _, port = self.address.rpartition(":")
        connection = http.client.HTTPConnection(host, int(port))
        headers = {"content-type": "application/x-protobuf", "x-api-key": self.key}
        begin = time.perf_counter()
        for number, body in enumerate(self.bodies):
            if self.is_ending.wait(max(0, begin + number * SPANS / self.rate - time.perf_counter())):
                break
            connection.request("POST", "/v1/traces", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                self.booked += SPANS
            elif answer.status not in [429, 503]:
                raise SystemExit(f"the receiver answers {answer.status}")


def latency(address, key):
    command = ["taskset", "-c", "0", sys.executable, str(HERE / "latency.py"), address, PATH, "--key", key]
    command += ["--rate", "300", "--seconds", str(SECONDS)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(upstream, product, flood):
    """The milliseconds that Outlay adds, {state: {percentile: [of each round]}}."""
    added = {state: {"p50": [], "p99": []} for state in ["quiet", "flood"]}
    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS} …", file=sys.stderr, flush=True)
        for state in added:
            found = []
            for address, key in [(upstream.address, "none"), (product.address, product.key)]:
                flood.prepare()
                with flood if state == "flood" else contextlib.nullcontext():
                    found.append(latency(address, key))
            for name, values in added[state].items():
                values.append((found[1][name] - found[0][name]) / 1000)
    return added


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--outlay", required=True)
    parser.add_argument("--rate", type=float, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outlay-bench-") as name, contextlib.ExitStack() as running:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        upstream = servers.upstream(folder)
        running.callback(upstream.stop)
        product = servers.outlay(folder, options.outlay, upstream, upstream, core="0,1")
        running.callback(product.stop)
        flood = Flood(product.receiver, product.key, options.rate)
        added = measure(upstream, product, flood)
        print(f"flood: {flood.booked} events booked beside the calls, {product.memory():.0f} MB", file=sys.stderr)
        for state, percentiles in added.items():
            for percentile, values in percentiles.items():
                print(f"gateway_{state}_{percentile} {statistics.median(values):.3f} ms")
        print(f"flood_events_per_s {flood.booked / (ROUNDS * 2 * SECONDS):.0f} per_s")


main()
