"""An upstream that answers every POST with a stream of chat completion chunks.

usage: stream_upstream.py PORT

`X-Chunks` and `X-Interval-Ms` of the request say how many chunks come, and how far apart; the first comes at once.
"""

import asyncio
import json
import sys

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def piece(members):
    base = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-mini"}
    data = b"data: " + json.dumps({**base, **members}).encode() + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNK = piece({"choices": [{"index": 0, "delta": {"content": " ledger"}, "finish_reason": None}]})
USAGE = piece({"choices": [], "usage": {"prompt_tokens": 200, "completion_tokens": 20, "total_tokens": 220}})
END = USAGE + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"


class Stream(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.received = b""
        self.timer = None

    def connection_lost(self, _):
        if self.timer:
            self.timer.cancel()

    def data_received(self, data):
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        headers = {}
        for line in head.decode("latin-1").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        if len(body) < length:
            return
        self.received = body[length:]
        self.left = int(headers.get("x-chunks", 20))
        self.interval = int(headers.get("x-interval-ms", 20)) / 1000
        self.transport.write(HEAD)
        self.next()

    def next(self):
        if self.left == 0:
            self.transport.write(END)
            return
        self.left -= 1
        self.transport.write(CHUNK)
        self.timer = asyncio.get_running_loop().call_later(self.interval, self.next)


async def main():
    server = await asyncio.get_running_loop().create_server(Stream, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    await server.serve_forever()


asyncio.run(main())
