"""Twenty scripted agents whose counters live a hard life, and what they really consumed.

usage: counters.py --otlp-http URL --key KEY --points N --seed N --now SECONDS

Each agent sends about N points: tokens in, out and from the cache, and cost. Half count from a start, half tell what
was added since the last export; every other pair sends histograms. Processes restart, with a new start time or without
one; exports go missing while nothing is lost, come twice, come late from a process that is gone, and are shuffled
within requests. Four agents are two processes each, of one identity. Prints one JSON line: {"points", "requests",
"seconds", "truth": {agent: {"input", "output", "cache_read", "cost_usd"}}}.
"""

import argparse
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from http_client import host_and_port
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from otlp import Poster

AGENTS = 20
# The most of each that is consumed between two exports; cost in millionths of a dollar.
MOST = {"input": 4000, "output": 900, "cache_read": 9000, "cost": 90_000}
MICROS = 1_000_000
ROLES = ["input", "output", "cache_read", "cost"]
SECOND = 1_000_000_000
EXPORTS_PER_REQUEST = 50


class Process:
    """One life of an agent: what it has counted since its start."""

    def __init__(self, start):
        self.start = start
        self.counted = dict.fromkeys(ROLES, 0)
        self.calls = 0


class Agent:
    def __init__(self, number, points, now, seed):
        self.random = random.Random(f"{seed}-{number}")
        self.name = f"agent-{number:02}"
        self.is_delta = number % 2 == 1
        self.is_histogram = number % 4 >= 2
        self.roles = ["input", "output"] if self.is_histogram else ROLES
        self.exports = max(points // len(self.roles), 40)
        # Five seconds between exports, the last one a moment ago; nanoseconds as real clocks have them.
        self.clock = (now - 5 * self.exports - 60) * SECOND + self.random.randrange(SECOND)
        self.truth = dict.fromkeys([*ROLES, "calls"], 0)
        self.sent = 0
        # The last agents, one of each kind, are two processes of one identity.
        self.writers = 2 if number >= AGENTS - 4 else 1

    def life(self):
        """Every export in the order of time, as (time, start, {role: value}, calls)."""
        processes = [self.begin() for _ in range(self.writers)]
        last = [None] * self.writers
        retired = []
        for step in range(self.exports):
            self.clock += 5 * SECOND + self.random.randrange(1000)
            writer = step % self.writers
            process = processes[writer]
            consumed = self.consume(process)
            event = self.random.random()
            is_last = step >= self.exports - self.writers
            if event < 0.05 and not is_last and not self.is_delta:
                # An export goes missing; the next one tells of it, unless the process ends before.
                last[writer] = None
                continue
            before = last[writer]
            export = self.export(process, consumed, before)
            yield export
            last[writer] = export
            if event < 0.07:
                yield export
            if event > 0.98 and retired and not self.is_delta:
                # A process that is gone is exported once more, at its old time and again now.
                old = self.random.choice(retired)
                yield old
                yield (self.clock + 7, *old[1:])
            if 0.90 < event < 0.92:
                retired.append(export)
                processes[writer] = self.begin()
                last[writer] = None
            elif 0.92 < event < 0.94 and not self.is_delta and self.is_high(process):
                # The counter begins again, and nobody says so: the first value after it is lower than the last.
                process.counted = dict.fromkeys(ROLES, 0)
                process.calls = 0

    def begin(self):
        return Process(self.clock - self.random.randrange(1, SECOND))

    def consume(self, process):
        """What is consumed until the next export; sometimes nothing."""
        is_idle = self.random.random() < 0.1
        consumed = {role: 0 if is_idle else self.random.randint(1, MOST[role]) for role in self.roles}
        for role in self.roles:
            process.counted[role] += consumed[role]
            self.truth[role] += consumed[role]
        if not is_idle:
            process.calls += 1
            self.truth["calls"] += 1
        return consumed

    def is_high(self, process):
        """Whether every counter stands higher than it can come to before the next export, so that a reset shows."""
        return all(process.counted[role] > 20 * MOST[role] for role in self.roles)

    def export(self, process, consumed, before):
        if self.is_delta:
            start = before[0] if before else process.start
            return self.clock, start, consumed, int(any(consumed.values()))
        return self.clock, process.start, dict(process.counted), process.calls

    def requests(self):
        """Its exports in requests, the points of each in any order."""
        exports = list(self.life())
        for first in range(0, len(exports), EXPORTS_PER_REQUEST):
            points = [
                (role, time, start, values[role], calls)
                for time, start, values, calls in exports[first:first + EXPORTS_PER_REQUEST]
                for role in self.roles
            ]
            self.random.shuffle(points)
            self.sent += len(points)
            yield self.request(points)

    def request(self, points):
        request = ExportMetricsServiceRequest()
        scope = request.resource_metrics.add()
        for name, value in [("service.name", "scripted"), ("service.instance.id", self.name), ("team.name", self.name)]:
            scope.resource.attributes.add(key=name).value.string_value = value
        scope = scope.scope_metrics.add()
        scope.scope.name = "scripted" if self.is_histogram else "openclaw"
        for role in self.roles:
            metric = scope.metrics.add()
            own = [point for point in points if point[0] == role]
            if self.is_histogram:
                self.fill_histogram(metric, role, own)
            else:
                self.fill_sum(metric, role, own)
        return request.SerializeToString()

    def fill_histogram(self, metric, role, points):
        metric.name, metric.unit = "gen_ai.client.token.usage", "{token}"
        metric.histogram.aggregation_temporality = 1 if self.is_delta else 2
        attributes = {
            "gen_ai.token.type": role, "gen_ai.provider.name": "scripted", "gen_ai.request.model": "scripted-1",
        }
        for _, time_, start, value, calls in points:
            point = metric.histogram.data_points.add(
                start_time_unix_nano=start, time_unix_nano=time_, sum=value, count=calls,
                explicit_bounds=[1000], bucket_counts=[calls, 0],
            )
            describe(point, attributes)

    def fill_sum(self, metric, role, points):
        metric.name = "openclaw.cost.usd" if role == "cost" else "openclaw.tokens"
        metric.sum.aggregation_temporality = 1 if self.is_delta else 2
        metric.sum.is_monotonic = True
        attributes = {"openclaw.provider": "scripted", "openclaw.model": "scripted-1"}
        if role != "cost":
            attributes["openclaw.token"] = role
        for _, time_, start, value, _ in points:
            point = metric.sum.data_points.add(start_time_unix_nano=start, time_unix_nano=time_)
            if role == "cost":
                point.as_double = value / MICROS
            else:
                point.as_int = value
            describe(point, attributes)

    def told(self):
        truth = {role: self.truth[role] for role in ROLES if role in self.roles and role != "cost"}
        if self.is_histogram:
            return {**truth, "calls": self.truth["calls"]}
        return {**truth, "cost_usd": format(Decimal(self.truth["cost"]) / MICROS, "f")}


def describe(point, attributes):
    for name, value in attributes.items():
        point.attributes.add(key=name).value.string_value = value


def main():
    parser = argparse.ArgumentParser()
    for name in ["otlp-http", "key"]:
        parser.add_argument(f"--{name}", required=True)
    for name in ["points", "seed", "now"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    agents = [Agent(number, options.points, options.now, options.seed) for number in range(AGENTS)]
    started = time.monotonic()

    def send(agent):
        poster = Poster(host_and_port(options.otlp_http), options.key)
        for request in agent.requests():
            poster.insist("/v1/metrics", request)
        return poster.tries

    with ThreadPoolExecutor(4) as pool:
        requests = sum(pool.map(send, agents))
    print(json.dumps({
        "points": sum(agent.sent for agent in agents), "requests": requests,
        "seconds": round(time.monotonic() - started, 1), "truth": {agent.name: agent.told() for agent in agents},
    }))


main()
