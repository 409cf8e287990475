"""Sends what no honest emitter sends, one request at a time, and says how each was answered.

usage: hostile_otlp.py --otlp-http URL --key KEY --values N --now SECONDS

Prints one JSON line: {name: {"status", "rejected", "seconds", "bytes"}}; `rejected` is the number of records that a
partial success names, and status 0 stands for a connection that ended without an answer.
"""

import argparse
import gzip
import http.client
import json
import struct
import time
import zlib

from http_client import host_and_port

SECOND = 1_000_000_000
DAY = 86_400
MIB = 1 << 20


def varint(number):
    encoded = bytearray()
    while True:
        encoded.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(encoded)


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def number64(number, value):
    return varint(number << 3 | 1) + struct.pack("<Q", value)


def text(key, value):
    return field(1, key.encode()) + field(2, field(1, value.encode() if isinstance(value, str) else value))


def integer(key, value):
    return field(1, key.encode()) + field(2, varint(3 << 3) + varint(value))


def span(trace, own, start, attributes=(), name="chat", seconds=1):
    end = min(start + seconds * SECOND, 2**64 - 1)
    return (
        field(1, trace) + field(2, own) + field(5, name.encode()) + number64(7, start) + number64(8, end)
        + b"".join(field(9, attribute) for attribute in attributes)
    )


def call(number, start, *more, output=10):
    usage = [
        text("gen_ai.operation.name", "chat"), text("gen_ai.provider.name", "scripted"),
        text("gen_ai.request.model", "scripted-1"), integer("gen_ai.usage.input_tokens", 100),
        integer("gen_ai.usage.output_tokens", output),
    ]
    return span(number.to_bytes(16, "big"), number.to_bytes(8, "big"), start, [*usage, *more])


def traces(spans, resource=b""):
    scope = field(1, field(1, b"scripted")) + b"".join(field(2, span) for span in spans)
    return field(1, field(1, resource) + field(2, scope))


def nested(depth):
    value = field(1, b"deep")
    for _ in range(depth):
        value = field(5, field(1, value))
    return field(1, b"gen_ai.request.model") + field(2, value)


def deflated_members(count):
    return gzip.compress(b"\x0a\x00") * count


class Requests:
    """Every hostile request: name → (path, headers, body)."""

    def __init__(self, options):
        self.now = options.now * SECOND
        self.values = options.values

    def protobuf(self):
        now = self.now
        good = traces([call(1, now)])
        yield "gzip bomb 1000:1", True, gzip.compress(bytes(100 * MIB), 9)
        yield "gzip bomb in one attribute", True, gzip.compress(traces([call(2, now, text("a", "x" * (19 * MIB)))]), 9)
        yield "gzip inside gzip", True, gzip.compress(gzip.compress(bytes(100 * MIB), 9))
        yield "10000 gzip members", True, deflated_members(10_000)
        yield "gzip cut short", True, gzip.compress(good)[:-9]
        yield "gzip with a wrong length", True, gzip.compress(good)[:-4] + b"\1\2\3\4"
        yield "no gzip at all", True, good
        yield "body too large", False, bytes(21 * MIB)
        yield "depth 31", False, traces([call(3, now, nested(8))])
        yield "depth 10000", False, traces([call(4, now, nested(10_000))])
        yield "a million empty resources", False, field(1, b"") * 1_000_000
        yield "a million empty spans", False, field(1, field(2, field(2, b"") * 1_000_000))
        yield "a million empty attributes", False, traces([span(b"\1" * 16, b"\1" * 8, now, [b""] * 1_000_000)])
        yield "varint of 11 bytes", False, b"\x08" + b"\xff" * 10 + b"\x01"
        yield "length beyond the end", False, b"\x0a\xff\xff\xff\xff\x0f"
        not_text = field(1, b"team.name") + field(2, field(1, b"\xff\xfe"))
        yield "text that is not UTF-8", False, traces([call(5, now, not_text)])
        yield "unknown fields of 10 MB", False, good + field(99, bytes(10 * MIB))
        sizes = [(0, 8), (15, 8), (17, 8), (16, 0), (16, 7), (16, 9)]
        yield "ids of wrong length", False, traces([span(b"\1" * size, b"\2" * own, now) for size, own in sizes])
        yield "ids of zeros", False, traces([span(bytes(16), b"\2" * 8, now), span(b"\1" * 16, bytes(8), now)])
        yield "an id of 64 kB", False, traces([call(6, now, text("gen_ai.response.id", "r" * 65_536))])
        yield "a day behind", False, traces([call(7, now - DAY * SECOND)])
        yield "a day ahead", False, traces([call(8, now + DAY * SECOND)])
        yield "1970", False, traces([call(9, 5)])
        yield "year 9999", False, traces([call(10, 253_402_300_799 * SECOND % 2**64)])
        yield "nanosecond overflow", False, traces([call(11, 2**64 - 1)])
        yield "same id, other content", False, traces([call(1, now, output=10), call(1, now, output=99)])
        yield "2**63 tokens", False, traces([call(12, now, output=2**63 - 1)])
        yield "negative tokens", False, traces([call(13, now, output=2**64 - 5)])
        for first in range(0, self.values, 5_000):
            spans = [
                call(1_000 + number, now, text("feature.name", f"value-{number}"))
                for number in range(first, min(first + 5_000, self.values))
            ]
            yield f"values {first}", True, gzip.compress(traces(spans), 1)

    def json(self):
        deep = '{"a":' * 600 + "1" + "}" * 600
        yield "JSON depth 600", deep.encode()
        yield "JSON twice the same key", b'{"resourceSpans":[],"resourceSpans":[]}'
        yield "JSON of a million keys", b"{" + b",".join(b'"k%d":1' % number for number in range(1_000_000)) + b"}"
        yield "JSON NaN", b'{"resourceSpans":NaN}'
        huge = b'[{"key":"a","value":{"doubleValue":1e500}}]'
        yield "JSON 1e500", b'{"resourceSpans":[{"resource":{"attributes":' + huge + b"}}]}"
        yield "JSON lone surrogate", b'{"resourceSpans":[{"schemaUrl":"\\ud800"}]}'
        yield "JSON byte order mark", b"\xef\xbb\xbf{}"
        yield "JSON NUL", b'{"resourceSpans":[]}\0'
        yield "JSON empty", b""

    def every(self):
        for name, is_gzip, body in self.protobuf():
            headers = {"content-type": "application/x-protobuf"}
            if is_gzip:
                headers["content-encoding"] = "gzip"
            yield name, headers, body
        for name, body in self.json():
            yield name, {"content-type": "application/json"}, body
        yield "brotli", {"content-type": "application/x-protobuf", "content-encoding": "br"}, zlib.compress(b"a")
        yield "text", {"content-type": "text/plain"}, b"hello"


def rejected(answer):
    """`rejected_spans` of a partial success in protobuf."""
    if len(answer) < 4 or answer[0] != 0x0A or answer[2] != 0x08:
        return 0
    count, shift = 0, 0
    for byte in answer[3:]:
        count |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return count
    return count


def main():
    parser = argparse.ArgumentParser()
    for name in ["otlp-http", "key"]:
        parser.add_argument(f"--{name}", required=True)
    for name in ["values", "now"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    answers = {}
    for name, headers, body in Requests(options).every():
        connection = http.client.HTTPConnection(*host_and_port(options.otlp_http), timeout=120)
        started = time.monotonic()
        status, count = 0, 0
        try:
            connection.request("POST", "/v1/traces", body, {**headers, "x-api-key": options.key})
        except OSError:
            # The answer may have come before the body was sent whole.
            pass
        try:
            answer = connection.getresponse()
            status = answer.status
            count = rejected(answer.read())
        except (OSError, http.client.HTTPException):
            pass
        connection.close()
        seconds = round(time.monotonic() - started, 3)
        answers[name] = {"status": status, "rejected": count, "seconds": seconds, "bytes": len(body)}
    print(json.dumps(answers))


main()
