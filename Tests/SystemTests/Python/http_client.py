"""An HTTP/1.1 client on asyncio streams: keep-alive, streams as they come, the standard library only."""

import asyncio
import contextlib


class Answer:
    """What came back; `complete` is false when the connection ended first."""

    def __init__(self, status, headers, body, complete):
        self.status = status
        self.headers = headers
        self.body = body
        self.complete = complete


class Connection:
    """One connection that is opened again when the server closed it."""

    def __init__(self, host, port):
        self.host, self.port = host, port
        self.reader = self.writer = None

    def close(self):
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None

    async def open(self):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=1 << 20)

    async def exchange(self, path, headers, body):
        """Sends a POST; raises OSError when nothing came back."""
        await self.open()
        head = f"POST {path} HTTP/1.1\r\nhost: {self.host}:{self.port}\r\ncontent-length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(head.encode() + b"\r\n" + body)
        try:
            return await self.receive()
        except (OSError, EOFError):
            self.close()
            raise ConnectionError("the connection ended before an answer") from None

    async def receive(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = bytearray()
        complete = False
        with contextlib.suppress(OSError, EOFError):
            await self.receive_body(headers, body)
            complete = True
        if not complete or headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, bytes(body), complete)

    async def receive_body(self, headers, body):
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while True:
                size = int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16)
                body += await self.reader.readexactly(size)
                await self.reader.readexactly(2)
                if size == 0:
                    return
        elif "content-length" in headers:
            body += await self.reader.readexactly(int(headers["content-length"]))
        else:
            body += await self.reader.read(-1)
            self.close()


def host_and_port(url):
    """`http://127.0.0.1:7071` → ("127.0.0.1", 7071)"""
    host, _, port = url.removeprefix("http://").rstrip("/").rpartition(":")
    return host, int(port)
