"""Opens many streams at once and holds them until told to end.

usage: open_streams.py ADDRESS PATH --key KEY [--streams N]

Prints {"open": n, "failed": n} once every stream has sent its second chunk, waits for a line on standard input, ends.
"""

import argparse
import asyncio
import json
import sys

BODY = json.dumps({"model": "gpt-4o-mini", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}).encode()


async def hold(options, number, opened):
    """One stream: fails, or counts its chunks for ever."""
    await asyncio.sleep(number / 1000)
    try:
        host, _, port = options.address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = (
            f"POST {options.path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Chunks: 1000000\r\n"
            f"X-Interval-Ms: 500\r\nAuthorization: Bearer {options.key}\r\nContent-Length: {len(BODY)}\r\n\r\n"
        )
        writer.write(head.encode() + BODY)
        chunks = 0
        while data := await reader.read(65536):
            chunks += data.count(b"data: {")
            if chunks >= 2 and not opened[number].done():
                opened[number].set_result(True)
    except OSError:
        pass
    if not opened[number].done():
        opened[number].set_result(False)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("path")
    parser.add_argument("--key", default="none")
    parser.add_argument("--streams", type=int, default=3000)
    options = parser.parse_args()
    opened = [asyncio.get_running_loop().create_future() for _ in range(options.streams)]
    streams = [asyncio.create_task(hold(options, number, opened)) for number in range(options.streams)]
    results = await asyncio.gather(*opened)
    print(json.dumps({"open": results.count(True), "failed": results.count(False)}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)


asyncio.run(main())
