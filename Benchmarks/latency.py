"""Calls one address at a fixed rate over one connection and prints the percentiles in microseconds as JSON.

usage: latency.py ADDRESS PATH --key KEY [--rate N] [--seconds N] [--stream]

A whole answer is timed to its last byte, a stream to the first byte of its body.
"""

import argparse
import json
import socket
import time

PROMPT = "Tell me something about ledgers and those who keep them. " * 14


def request(options):
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": PROMPT}]}
    if options.stream:
        body["stream"] = True
    data = json.dumps(body).encode()
    head = (
        f"POST {options.path} HTTP/1.1\r\nHost: {options.address}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {options.key}\r\nX-Project: bench\r\nX-Environment: production\r\n"
        f"X-Chunks: 3\r\nX-Interval-Ms: 1\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def exchange(connection, data, is_stream):
    """The seconds until the answer, or the first of its stream, was there."""
    begin = time.perf_counter()
    connection.sendall(data)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += receive(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"not answered: {head.decode('latin-1')} {body[:500]!r}")
    if not is_stream:
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while len(body) < length:
            body += receive(connection)
        return time.perf_counter() - begin
    while not body:
        body = receive(connection)
    first = time.perf_counter() - begin
    while not body.endswith(b"0\r\n\r\n"):
        body += receive(connection)
    return first


def receive(connection):
    data = connection.recv(65536)
    if not data:
        raise SystemExit("the connection was closed")
    return data


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("path")
    parser.add_argument("--key", default="none")
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--stream", action="store_true")
    options = parser.parse_args()
    host, _, port = options.address.rpartition(":")
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    data = request(options)
    for _ in range(20):
        exchange(connection, data, options.stream)
    times = []
    begin = time.perf_counter()
    for number in range(int(options.rate * options.seconds)):
        pause = begin + number / options.rate - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        times.append(exchange(connection, data, options.stream) * 1e6)
    times.sort()
    print(json.dumps({"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100], "calls": len(times)}))


main()
