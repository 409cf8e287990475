"""Sends every row of trace files through a gateway, in order, over keep-alive connections.

usage: replay_trace.py --gateway URL [--rows N] [--connections N] KEY=FILE.csv ...

A row becomes one chat completion whose provider reports exactly the row's tokens. Hour and minute, counted from the
start of its file, travel as tags. Prints one line of figures; ends with 1 when a call did not succeed.
"""

import argparse
import asyncio
import csv
import datetime
import sys
import time

from http_client import Connection, host_and_port

BODY = b'{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say something."}]}'


def calls(sources, rows):
    """The headers of each call, file by file."""
    left = rows
    for source in sources:
        key, _, path = source.partition("=")
        start = None
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                if left == 0:
                    return
                left -= 1
                count = row["GeneratedTokens"]
                at = datetime.datetime.fromisoformat(row["TIMESTAMP"][:19])
                start = start or at
                offset = int((at - start).total_seconds())
                yield {
                    "authorization": f"Bearer {key}",
                    "content-type": "application/json",
                    "x-outlay-tags": f"hour={offset // 3600:02},minute={offset // 60:02}",
                    # Thoughts are output without text, which keeps the answers short.
                    "x-sandbox-usage": f"input={row['ContextTokens']},output={count},reasoning={count}",
                }


async def work(address, todo, failures):
    connection = Connection(*address)
    done = 0
    for headers in todo:
        answer = await connection.exchange("/openai/v1/chat/completions", headers, BODY)
        if answer.status != 200 or not answer.complete:
            failures.append((answer.status, answer.body[:300]))
        done += 1
    connection.close()
    return done


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--rows", type=int, default=-1)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("sources", nargs="+")
    options = parser.parse_args()

    todo = calls(options.sources, options.rows)
    failures = []
    begin = time.monotonic()
    address = host_and_port(options.gateway)
    done = sum(await asyncio.gather(*(work(address, todo, failures) for _ in range(options.connections))))
    seconds = time.monotonic() - begin
    print(f"{done} calls in {seconds:.1f} s, {done / seconds:.0f} per second, {len(failures)} failed")
    for failure in failures[:5]:
        print(*failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


asyncio.run(main())
