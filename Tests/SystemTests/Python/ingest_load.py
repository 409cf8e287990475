"""Six writers that export telemetry to a receiver which dies and comes back, and never give a record up.

usage: ingest_load.py --otlp-http URL --key KEY --now SECONDS --seed N

Two send spans, two logs, one a counter from its start and one what was added. A request that is not answered with 200
is sent again as it is; one that was, never is. Standard input directs it, one command a line:

    kill PID    lets the writers run for a random while and kills the process with SIGKILL; answers `killed N`, how
                many records were acknowledged by then
    settle      ends the writers once all they sent is acknowledged; answers one JSON line: {writer: {"records",
                "input", "output", "tries", "requests"}}
"""

import argparse
import json
import os
import random
import signal
import sys
import threading
import time

from http_client import host_and_port
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from otlp import Poster

SECOND = 1_000_000_000
RECORDS_PER_REQUEST = 12
MODEL = "scripted-1"


class Writer:
    path = None
    scope = None

    def __init__(self, name, options):
        self.name = name
        self.random = random.Random(f"{options.seed}-{name}")
        self.poster = Poster(host_and_port(options.otlp_http), options.key)
        self.clock = (options.now - 3600) * SECOND
        self.told = {"records": 0, "input": 0, "output": 0, "requests": 0}
        self.start()

    def start(self):
        pass

    def run(self, is_ending):
        while not is_ending.is_set():
            batch = {"records": 0, "input": 0, "output": 0}
            body = self.body(batch)
            self.poster.insist(self.path, body)
            for name, count in batch.items():
                self.told[name] += count
            self.told["requests"] += 1

    def describe(self, resource):
        put(resource, {"service.name": "scripted", "service.instance.id": self.name, "team.name": self.name})

    def usage(self, batch):
        used = self.random.randint(1, 5000), self.random.randint(1, 800)
        self.clock += self.random.randint(1, SECOND // 50)
        batch["records"] += 1
        batch["input"] += used[0]
        batch["output"] += used[1]
        return used


class Spans(Writer):
    path = "/v1/traces"

    def body(self, batch):
        request = ExportTraceServiceRequest()
        resource = request.resource_spans.add()
        self.describe(resource.resource)
        scope = resource.scope_spans.add()
        scope.scope.name = "scripted"
        for _ in range(RECORDS_PER_REQUEST):
            used = self.usage(batch)
            span = scope.spans.add(
                trace_id=self.random.randbytes(16), span_id=self.random.randbytes(8), name="chat", kind=3,
                start_time_unix_nano=self.clock, end_time_unix_nano=self.clock + SECOND // 10,
            )
            put(span, {
                "gen_ai.operation.name": "chat", "gen_ai.provider.name": "scripted", "gen_ai.request.model": MODEL,
                "gen_ai.usage.input_tokens": used[0], "gen_ai.usage.output_tokens": used[1],
            })
        return request.SerializeToString()


class Logs(Writer):
    path = "/v1/logs"

    def body(self, batch):
        request = ExportLogsServiceRequest()
        resource = request.resource_logs.add()
        self.describe(resource.resource)
        scope = resource.scope_logs.add()
        scope.scope.name = "com.anthropic.claude_code.events"
        for _ in range(RECORDS_PER_REQUEST):
            used = self.usage(batch)
            record = scope.log_records.add(time_unix_nano=self.clock, observed_time_unix_nano=self.clock)
            record.body.string_value = "claude_code.api_request"
            put(record, {
                "event.name": "api_request", "event.sequence": self.told["records"] + batch["records"],
                "session.id": self.name, "model": MODEL, "input_tokens": used[0], "output_tokens": used[1],
            })
        return request.SerializeToString()


class Counters(Writer):
    path = "/v1/metrics"
    is_delta = False

    def start(self):
        self.began = self.clock
        self.counted = {"input": 0, "output": 0}

    def body(self, batch):
        request = ExportMetricsServiceRequest()
        resource = request.resource_metrics.add()
        self.describe(resource.resource)
        scope = resource.scope_metrics.add()
        scope.scope.name = "openclaw"
        metric = scope.metrics.add(name="openclaw.tokens")
        metric.sum.aggregation_temporality = 1 if self.is_delta else 2
        metric.sum.is_monotonic = True
        for _ in range(RECORDS_PER_REQUEST):
            before = self.clock
            for role, count in zip(self.counted, self.usage(batch)):
                self.counted[role] += count
                point = metric.sum.data_points.add(
                    start_time_unix_nano=before if self.is_delta else self.began, time_unix_nano=self.clock,
                    as_int=count if self.is_delta else self.counted[role],
                )
                put(point, {"openclaw.token": role, "openclaw.provider": "scripted", "openclaw.model": MODEL})
        return request.SerializeToString()


class Deltas(Counters):
    is_delta = True


def put(record, attributes):
    for name, value in attributes.items():
        attribute = record.attributes.add(key=name).value
        if isinstance(value, str):
            attribute.string_value = value
        else:
            attribute.int_value = value


def main():
    parser = argparse.ArgumentParser()
    for name in ["otlp-http", "key"]:
        parser.add_argument(f"--{name}", required=True)
    for name in ["seed", "now"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    kinds = {"spans-1": Spans, "spans-2": Spans, "logs-1": Logs, "logs-2": Logs, "counter": Counters, "deltas": Deltas}
    writers = [kind(name, options) for name, kind in kinds.items()]
    is_ending = threading.Event()
    threads = [threading.Thread(target=writer.run, args=[is_ending], daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    wait = random.Random(options.seed)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "settle":
            break
        time.sleep(wait.uniform(0.1, 0.7))
        os.kill(int(words[1]), signal.SIGKILL)
        print("killed", sum(writer.told["records"] for writer in writers), flush=True)
    is_ending.set()
    for thread in threads:
        thread.join()
    print(json.dumps({writer.name: {**writer.told, "tries": writer.poster.tries} for writer in writers}), flush=True)


main()
