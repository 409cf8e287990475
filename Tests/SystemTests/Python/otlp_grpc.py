"""Sends captured requests over gRPC, byte for byte, on one channel.

usage: otlp_grpc.py HOST:PORT LIST

LIST has a line `SIGNAL KEY FILE` for each request. Prints how many were taken whole.
"""

import sys

import grpc

SERVICES = {
    "traces": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "metrics": "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    "logs": "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
}


def main():
    target, path = sys.argv[1:]
    taken = 0
    with grpc.insecure_channel(target) as channel, open(path) as requests:
        exports = {signal: channel.unary_unary(method) for signal, method in SERVICES.items()}
        for number, line in enumerate(requests):
            signal, key, file = line.split()
            with open(file, "rb") as body:
                compression = grpc.Compression.Gzip if number % 2 else grpc.Compression.NoCompression
                answer = exports[signal](
                    body.read(), metadata=[("x-api-key", key)], timeout=30, compression=compression
                )
            if answer:
                print(f"{file}: {answer!r}", file=sys.stderr)
            taken += not answer
    print(taken)


main()
