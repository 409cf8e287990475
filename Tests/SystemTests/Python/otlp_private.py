"""Sends captured telemetry with a secret in every place where prompts and answers can be.

usage: otlp_private.py OTLP_HTTP FIXTURES KEYS

KEYS is a JSON file: the key of each emitter. Broken requests with the secret in them are sent too. Prints one JSON
line: {"canary", "canaries", "requests", "refused": [request]}.
"""

import glob
import json
import sys

from http_client import host_and_port
from otlp import Poster

CANARY = "canary-content-6fa459ea"
# What the captured calls said and were told.
TEXTS = ["Hello from mock", "hi stream", "<REDACTED>", "[REDACTED]"]
# Where emitters put content, whether or not the captured ones were told to.
CONTENT = [
    "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions",
    "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.prompt.0.content", "gen_ai.completion.0.content",
    "input.value", "output.value", "llm.input_messages.0.message.content", "llm.output_messages.0.message.content",
    "llm.prompts", "llm.invocation_parameters", "langfuse.observation.input", "langfuse.observation.output",
    "langfuse.trace.input", "traceloop.entity.input", "traceloop.entity.output", "ai.prompt", "ai.prompt.messages",
    "ai.response.text", "pydantic_ai.all_messages", "final_result", "prompt", "prompt_text", "user_prompt",
    "completion", "response_text", "tool_parameters", "arguments", "output", "error", "error.message",
    "exception.message", "exception.stacktrace", "db.statement", "openclaw.content.input_messages", "langsmith.inputs",
    "document.content", "retrieval.query",
]


class Spiker:
    def __init__(self):
        self.count = 0

    def text(self):
        self.count += 1
        return f"{CANARY} {self.count}: what nobody may keep"

    def record(self, record):
        """Adds an attribute for each place, unless the record uses it itself."""
        attributes = record.setdefault("attributes", [])
        known = {attribute["key"] for attribute in attributes}
        for name in CONTENT:
            if name not in known:
                attributes.append({"key": name, "value": {"stringValue": self.text()}})
        attributes.append({"key": "nested", "value": {"kvlistValue": {"values": [
            {"key": "content", "value": {"arrayValue": {"values": [{"stringValue": self.text()}]}}}
        ]}}})

    def span(self, span):
        self.record(span)
        span.setdefault("status", {})["message"] = self.text()
        event = {"name": "gen_ai.content.prompt", "timeUnixNano": span["startTimeUnixNano"]}
        self.record(event)
        span.setdefault("events", []).append(event)

    def log(self, log):
        self.record(log)
        body = log.get("body") or {}
        if not body.get("stringValue", "").startswith(("claude_code.", "codex.", "gen_ai.")):
            log["body"] = {"stringValue": self.text()}

    def request(self, request):
        for resource in request.get("resourceSpans", []):
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    self.span(span)
        for resource in request.get("resourceLogs", []):
            for scope in resource["scopeLogs"]:
                for log in scope["logRecords"]:
                    self.log(log)
        for resources in request.values():
            for resource in resources:
                self.record(resource.setdefault("resource", {}))


def main():
    address, folder, list_of_keys = sys.argv[1:]
    with open(list_of_keys) as file:
        keys = json.load(file)
    spiker = Spiker()
    requests, refused = 0, []
    for emitter, key in keys.items():
        poster = Poster(host_and_port(address), key, "application/json")
        for path in sorted(glob.glob(f"{folder}/{emitter}/[0-9]*-*.json")):
            if path.endswith(".raw.json"):
                continue
            with open(path) as file:
                text = file.read()
            for known in TEXTS:
                spiker.count += text.count(known)
                text = text.replace(known, CANARY)
            request = json.loads(text)
            spiker.request(request)
            body = json.dumps(request).encode()
            signal = path.rsplit("-", 1)[1].removesuffix(".json")
            # Whole, cut inside a text, and with something behind it.
            for wanted, sent in [(200, body), (400, body[: body.rfind(CANARY.encode()) + 20]), (400, body + b"canary")]:
                requests += 1
                if poster.post(f"/v1/{signal}", sent) != wanted:
                    refused.append(path)
    print(json.dumps({"canary": CANARY, "canaries": spiker.count, "requests": requests, "refused": refused}))


main()
