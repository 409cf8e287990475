"""Calls models as instrumented programs do, and exports what the instrumentations saw.

usage: telemetry_sdks.py --provider URL --gateway URL --otlp-http URL --otlp-grpc HOST:PORT RUNS

RUNS is a JSON file with a list of {"name", "key", "export_key", "instruments", "exporter", "direct"}: which
instrumentations are on, how spans leave (`http`: each at once; `grpc`: in batches), and whether the calls pass the
gateway. Each run is a process of its own. Prints one JSON line: {name: [failure]}.
"""

import argparse
import json
import os
import sys
import traceback

import anthropic
import openai
from openinference.instrumentation.anthropic import AnthropicInstrumentor as InferenceAnthropic
from openinference.instrumentation.openai import OpenAIInstrumentor as InferenceOpenAI
from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as MetricsByGRPC
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as SpansByGRPC
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as MetricsByHTTP
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as SpansByHTTP
from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

PROMPT = [{"role": "user", "content": "canary-prompt-9b1deb4d: tell me something about ledgers."}]
INSTRUMENTS = {
    "openllmetry": [OpenAIInstrumentor, AnthropicInstrumentor],
    "openinference": [InferenceOpenAI, InferenceAnthropic],
    "native": [],
}


def usage(text, **more):
    return {"x-sandbox-usage": text, **more}


def chat(clients):
    clients.openai.chat.completions.create(
        model="gpt-4o-mini", messages=PROMPT, extra_headers=usage("input=1200,cache_read=300,output=45,reasoning=5")
    )


def chat_stream(clients):
    stream = clients.openai.chat.completions.create(
        model="gpt-4o", messages=PROMPT, stream=True, stream_options={"include_usage": True},
        extra_headers=usage("input=900,output=30"),
    )
    for _ in stream:
        pass


def chat_stream_without_usage(clients):
    stream = clients.openai.chat.completions.create(
        model="gpt-4.1-mini", messages=PROMPT, stream=True, extra_headers=usage("input=70,output=8")
    )
    for _ in stream:
        pass


def chat_retried(clients):
    clients.openai.chat.completions.create(
        model="gpt-4.1", messages=PROMPT,
        extra_headers=usage("input=11,output=7", **{"x-sandbox-fault": "status=429;retry-after=0", "x-once": "1"}),
    )


def responses(clients):
    clients.openai.responses.create(
        model="gpt-5-mini", input=PROMPT[0]["content"], extra_headers=usage("input=800,output=60,reasoning=20")
    )


def responses_stream(clients):
    stream = clients.openai.responses.create(
        model="gpt-5", input=PROMPT[0]["content"], stream=True, extra_headers=usage("input=70,output=33")
    )
    for _ in stream:
        pass


def embeddings(clients):
    clients.openai.embeddings.create(
        model="text-embedding-3-small", input=["one", "two"], extra_headers=usage("input=321,output=0")
    )


def messages(clients):
    clients.anthropic.messages.create(
        model="claude-sonnet-4-6", max_tokens=100, messages=PROMPT,
        extra_headers=usage("input=90,cache_read=1000,cache_write=200,output=40"),
    )


def messages_stream(clients):
    stream = clients.anthropic.messages.create(
        model="claude-opus-4-6", max_tokens=100, messages=PROMPT, stream=True, extra_headers=usage("input=55,output=21")
    )
    for _ in stream:
        pass


def messages_stream_helper(clients):
    with clients.anthropic.messages.stream(
        model="claude-haiku-4-5", max_tokens=100, messages=PROMPT,
        extra_headers=usage("input=33,cache_read=500,output=12"),
    ) as stream:
        stream.get_final_message()


def chat_refused(clients):
    try:
        clients.openai.with_options(max_retries=0).chat.completions.create(
            model="gpt-4.1-nano", messages=PROMPT, extra_headers={"x-sandbox-fault": "status=400"}
        )
    except openai.BadRequestError:
        return
    raise AssertionError("nothing was refused")


def messages_overloaded(clients):
    try:
        clients.anthropic.messages.create(
            model="claude-sonnet-4-5", max_tokens=100, messages=PROMPT, extra_headers={"x-sandbox-fault": "status=529"}
        )
    except anthropic.APIStatusError:
        return
    raise AssertionError("nothing was overloaded")


PROGRAMS = [
    chat, chat_stream, chat_stream_without_usage, chat_retried, chat_refused, messages_overloaded, responses,
    responses_stream, embeddings, messages, messages_stream, messages_stream_helper,
]


class Clients:
    def __init__(self, options, run):
        is_direct = run["direct"]
        address = options.provider if is_direct else options.gateway
        key = "sk-any" if is_direct else run["key"]
        self.openai = openai.OpenAI(
            base_url=address + ("/v1" if is_direct else "/openai/v1"), api_key=key, max_retries=1,
            http_client=openai.DefaultHttpxClient(event_hooks={"request": [fail_once()]}),
        )
        self.anthropic = anthropic.Anthropic(
            base_url=address + ("" if is_direct else "/anthropic"), api_key=key, max_retries=0
        )


def fail_once():
    """The fault of a request that carries `x-once` is asked for by its first attempt only."""
    seen = []

    def hook(request):
        if request.headers.pop("x-once", None):
            if seen:
                request.headers.pop("x-sandbox-fault", None)
            seen.append(1)

    return hook


def export(options, run):
    """Sets up the SDK as its environment variables say, and what is to be shut down at the end."""
    is_grpc = run["exporter"] == "grpc"
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://{options.otlp_grpc}" if is_grpc else options.otlp_http
    os.environ["OTEL_EXPORTER_OTLP_HEADERS"] = f"x-api-key={run['export_key']}"
    os.environ["OTEL_RESOURCE_ATTRIBUTES"] = f"team.name={run['name']},service.name=instrumented"
    if "native" not in run["instruments"]:
        os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
    resource = Resource.create()
    tracing = TracerProvider(resource=resource)
    tracing.add_span_processor(
        BatchSpanProcessor(SpansByGRPC(insecure=True)) if is_grpc else SimpleSpanProcessor(SpansByHTTP())
    )
    reader = PeriodicExportingMetricReader(MetricsByGRPC(insecure=True) if is_grpc else MetricsByHTTP())
    metering = MeterProvider([reader], resource=resource)
    trace.set_tracer_provider(tracing)
    metrics.set_meter_provider(metering)
    return [tracing, metering]


def perform(options, run):
    providers = export(options, run) if run["instruments"] else []
    for name in run["instruments"]:
        for instrument in INSTRUMENTS[name]:
            instrument().instrument()
    clients = Clients(options, run)
    failures = []
    for program in PROGRAMS:
        try:
            program(clients)
        except Exception:
            failures.append(f"{program.__name__}: {traceback.format_exc(limit=-3)}")
    for provider in providers:
        provider.shutdown()
    return failures


def main():
    parser = argparse.ArgumentParser()
    for name in ["provider", "gateway", "otlp-http", "otlp-grpc"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("runs")
    options = parser.parse_args()
    with open(options.runs) as file:
        runs = json.load(file)
    failures = {}
    for run in runs:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            with os.fdopen(writing, "w") as answer:
                json.dump(perform(options, run), answer)
            sys.stderr.flush()
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            text = answer.read()
        failures[run["name"]] = json.loads(text) if text else ["the process died"]
        os.waitpid(child, 0)
    print(json.dumps(failures))


main()
