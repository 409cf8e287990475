"""Direct, nginx and Outlay side by side; prints one table and how it stands to the goals.

usage: bench.py --outlay BINARY [--litellm PROGRAM]
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile

import servers

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = float(os.environ.get("BENCH_SECONDS", 5))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
STREAMS = int(os.environ.get("BENCH_STREAMS", 3000))
PATHS = {"whole": "/openai/v1/chat/completions", "streams": "/u/streams/v1/chat/completions"}


class Target:
    """One way to the upstream, and what was measured on it."""

    def __init__(self, name, whole, streams, process, key="none"):
        self.name, self.process, self.key = name, process, key
        self.addresses, self.paths = {"whole": whole, "streams": streams}, PATHS
        self.figures = {}

    def note(self, name, value):
        self.figures.setdefault(name, []).append(value)

    def figure(self, name):
        values = self.figures.get(name)
        return statistics.median(values) if values else None


def on_core_zero(*arguments, **options):
    command = ["taskset", "-c", "0", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def throughput(target, connections=32):
    """Calls per second with the proxy's core full, and what one call costs it."""
    before = target.process.cpu()
    url = f"http://{target.addresses['whole']}{target.paths['whole']}"
    environment = {**os.environ, "BENCH_KEY": target.key}
    said = on_core_zero(
        "wrk", "-t1", f"-c{connections}", f"-d{SECONDS:.0f}s", "-s", HERE / "request.lua", url, env=environment
    )
    spent = target.process.cpu() - before
    calls = int(re.search(r"(\d+) requests in", said)[1])
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if bad or calls == 0:
        raise SystemExit(f"{target.name}: calls failed: {said}")
    target.note("rps", float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]))
    target.note("cpu", spent / calls * 1e6)
    return calls


def latency(target, kind, rate):
    arguments = [target.addresses[kind], target.paths[kind], "--key", target.key, "--rate", rate, "--seconds", SECONDS]
    arguments += ["--stream"] if kind == "streams" else []
    found = json.loads(on_core_zero(sys.executable, HERE / "latency.py", *arguments))
    for name in ["p50", "p99"]:
        target.note(f"{kind}-{name}", found[name])
    return found["calls"] + 20


def open_streams(target):
    command = ["taskset", "-c", "0", sys.executable, str(HERE / "open_streams.py"), target.addresses["streams"]]
    command += [target.paths["streams"], "--key", target.key, "--streams", str(STREAMS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as streams:
        found = json.loads(streams.stdout.readline())
        target.note("streams-memory", target.process.memory())
        target.note("streams-failed", found["failed"])
        streams.stdin.write("\n")
        streams.stdin.close()


def measure(targets):
    """Interleaved rounds, so that a slow minute of the machine meets everybody; returns the calls sent to the last."""
    calls = 0
    for target in targets:
        target.note("idle", target.process.memory())
    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS} …", file=sys.stderr, flush=True)
        for target in targets:
            is_slow = target.name == "LiteLLM"
            done = throughput(target, 8 if is_slow else 32)
            done += latency(target, "whole", 10 if is_slow else 300)
            if not is_slow:
                done += latency(target, "streams", 100)
            if target.name == "Outlay":
                calls += done
    for target in targets:
        if target.name in ["nginx", "Outlay"]:
            print(f"{STREAMS} streams through {target.name} …", file=sys.stderr, flush=True)
            open_streams(target)
    return calls


def row(target, direct):
    def cell(name, form="{:.0f}"):
        value = target.figure(name)
        return "–" if value is None else form.format(value)

    def added(name):
        value = target.figure(name)
        return "–" if value is None or target is direct else f"{(value - direct.figure(name)) / 1000:.2f}"

    own_cpu = target is not direct
    return [
        target.name, cell("cpu", "{:.1f}") if own_cpu else "–", cell("rps"), added("whole-p50"), added("whole-p99"),
        added("streams-p50"), added("streams-p99"), cell("idle") if own_cpu else "–",
        cell("streams-memory") if own_cpu else "–",
    ]


HEADINGS = [
    "", "CPU µs/call", "calls/s/core", "added p50 ms", "added p99 ms", "first token p50 ms", "first token p99 ms",
    "idle MB", f"{STREAMS} streams MB",
]


def show(table):
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        cells = [cell.rjust(width) for cell, width in zip(line, widths)]
        print("  ".join([line[0].ljust(widths[0])] + cells[1:]))


def goals(direct, nginx, product):
    """(what, found, limit) of each bound."""
    return [
        ("CPU per call, times nginx", product.figure("cpu") / nginx.figure("cpu"), 4),
        ("added latency p50 at 300 calls/s, ms", (product.figure("whole-p50") - direct.figure("whole-p50")) / 1000, 0.5),
        ("added latency p99 at 300 calls/s, ms", (product.figure("whole-p99") - direct.figure("whole-p99")) / 1000, 2),
        ("idle memory, MB", product.figure("idle"), 40),
        (f"streams of {STREAMS} that failed", product.figure("streams-failed"), 0),
    ]


def ledger_is_complete(binary, product, calls):
    """Everything that was measured was booked: at least the finished calls, and `verify` agrees."""
    command = [binary, "verify", "--json", "--data", str(product.data)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout or "{}")
    events, differences = found.get("events", 0), found.get("differences", ["verify failed"])
    print(f"ledger: {events} events for {calls} finished calls, {len(differences)} differences")
    return events >= calls and not differences


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--outlay", required=True)
    parser.add_argument("--litellm")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="outlay-bench-") as name, contextlib.ExitStack() as running:
        folder = pathlib.Path(name)
        folder.chmod(0o755)

        def start(server):
            running.callback(server.stop)
            return server

        whole, streams = start(servers.upstream(folder)), start(servers.stream_upstream(folder))
        nginx = start(servers.nginx_proxy(folder, whole, streams))
        product = start(servers.outlay(folder, options.outlay, whole, streams))
        targets = [
            Target("direct", whole.address, streams.address, whole),
            Target("nginx", nginx.address, nginx.address, nginx),
            Target("Outlay", product.address, product.address, product, product.key),
        ]
        if options.litellm:
            other = start(servers.litellm(folder, options.litellm, whole, streams))
            targets.append(Target("LiteLLM", other.address, other.address, other, other.key))
            targets[-1].paths = {"whole": "/v1/chat/completions"}
        calls = measure(targets)
        show([HEADINGS] + [row(target, targets[0]) for target in targets])
        is_complete = ledger_is_complete(options.outlay, product, calls)
    is_met = is_complete
    for what, found, limit in goals(*targets[:3]):
        is_met = is_met and found <= limit
        print(f"{'ok    ' if found <= limit else 'MISSED'} {what}: {found:.2f} (at most {limit})")
    sys.exit(0 if is_met else 1)


main()
