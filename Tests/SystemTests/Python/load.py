"""Keeps connections calling a gateway that dies and comes back, and remembers how each call went.

usage: load.py --gateway URL --key KEY --connections N --seed N --out FILE

Half of the calls are streams; OpenAI, Anthropic and Gemini are mixed. Each call has a name of its own, sent as task and
as client request id, and is never repeated. Standard input directs it, one command a line:

    kill PID    lets the load run for a random while and kills the process with SIGKILL; answers `killed N`
    settle      lets the calls under way end, writes FILE and ends

FILE gets one JSON line per call: {"task", "complete", "status", "margin_ms"}; `margin_ms` is the time from the last
byte to the next kill, null when there was none after it.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import time

from http_client import Connection, host_and_port

MESSAGES = [{"role": "user", "content": "Tell me something about ledgers."}]
GEMINI = "/gemini/v1beta/models/gemini-2.5-flash:"


def dialects():
    """(path, headers, body) of the calls that are mixed."""
    chat = {"model": "gpt-4o-mini", "messages": MESSAGES}
    claude = {"model": "claude-sonnet-4-6", "max_tokens": 64, "messages": MESSAGES}
    gemini = {"contents": [{"role": "user", "parts": [{"text": "Tell me something about ledgers."}]}]}
    version = {"anthropic-version": "2023-06-01"}
    return [
        ("/openai/v1/chat/completions", {}, chat),
        ("/openai/v1/chat/completions", {}, {**chat, "stream": True}),
        ("/openai/v1/responses", {}, {"model": "gpt-4o-mini", "input": "Hello"}),
        ("/anthropic/v1/messages", version, claude),
        ("/anthropic/v1/messages", version, {**claude, "stream": True}),
        (GEMINI + "generateContent", {}, gemini),
        (GEMINI + "streamGenerateContent?alt=sse", {}, gemini),
        ("/openai/v1/chat/completions", {}, {**chat, "stream": True, "stream_options": {"include_usage": True}}),
    ]


class Load:
    def __init__(self, options):
        self.address = host_and_port(options.gateway)
        self.key = options.key
        self.random = random.Random(options.seed)
        self.dialects = [(path, headers, json.dumps(body).encode()) for path, headers, body in dialects()]
        self.calls = []
        self.kills = []
        self.is_ending = False

    def headers(self, task, extra):
        usage = f"input={self.random.randint(1, 5000)},output={self.random.randint(1, 60)}"
        return {
            "authorization": f"Bearer {self.key}", "content-type": "application/json", "x-task": task,
            "x-client-request-id": task, "x-sandbox-id": task, "x-sandbox-usage": usage, "x-sandbox-token-ms": "1",
            "x-sandbox-first-token-ms": str(self.random.randint(0, 20)), **extra,
        }

    async def work(self, number):
        connection = Connection(*self.address)
        count = 0
        while not self.is_ending:
            try:
                await connection.open()
            except OSError:
                await asyncio.sleep(0.02)
                continue
            count += 1
            path, extra, body = self.random.choice(self.dialects)
            call = {"task": f"w{number}-{count}", "complete": False, "status": None, "end": None}
            self.calls.append(call)
            try:
                answer = await connection.exchange(path, self.headers(call["task"], extra), body)
                call.update(complete=answer.complete, status=answer.status)
            except OSError:
                pass
            call["end"] = time.monotonic()
        connection.close()

    async def kill(self, pid):
        before = len(self.calls)
        await asyncio.sleep(self.random.uniform(0.1, 1))
        os.kill(pid, signal.SIGKILL)
        self.kills.append(time.monotonic())
        print(f"killed {len(self.calls) - before}", flush=True)

    async def direct(self):
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().split():
            if line[0] == "kill":
                await self.kill(int(line[1]))
            else:
                break
        self.is_ending = True

    def write(self, path):
        with open(path, "w") as file:
            for call in self.calls:
                later = [kill - call["end"] for kill in self.kills if kill >= call["end"]]
                call["margin_ms"] = 1000 * min(later) if later else None
                del call["end"]
                file.write(json.dumps(call) + "\n")


async def main():
    parser = argparse.ArgumentParser()
    for name in ["gateway", "key", "out"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--connections", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    load = Load(options)
    await asyncio.gather(load.direct(), *(load.work(number) for number in range(options.connections)))
    load.write(options.out)


asyncio.run(main())
