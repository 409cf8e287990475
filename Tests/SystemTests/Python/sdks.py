"""Runs the official Python SDKs against the provider itself and against the gateway, and compares what programs see.

usage: sdks.py --provider URL --gateway URL --key KEY

Between the two runs only base URL and key differ. Every program asks the sandbox for an answer with fixed ids and
usage, so both runs must return equal values. Prints one JSON line:
{"checks": n, "failures": [text], "unbilled": {model: attempts the provider answered with an error}, "retried": call id}
"""

import argparse
import collections
import json
import traceback

import anthropic
import openai
from google import genai
from google.genai import errors as gemini_errors
from google.genai import types

CHAT, RESPONSES, EMBEDDINGS = "gpt-4o-mini", "gpt-5-mini", "text-embedding-3-small"
CLAUDE, GEMINI = "claude-sonnet-4-6", "gemini-2.5-flash"
MESSAGES = [{"role": "user", "content": "Tell me something about ledgers. Füße, 財布."}]


class Door:
    """One way to the provider: its addresses and key, and clients that use them."""

    def __init__(self, name, address, key, is_gateway):
        self.name, self.key = name, key
        self.attempts = collections.Counter()
        openai_url = address + ("/openai/v1" if is_gateway else "/v1")
        anthropic_url = address + ("/anthropic" if is_gateway else "")
        self.gemini_url = address + ("/gemini" if is_gateway else "")
        self.openai = openai.OpenAI(base_url=openai_url, api_key=key, max_retries=2, http_client=self.counting(openai))
        self.anthropic = anthropic.Anthropic(
            base_url=anthropic_url, api_key=key, max_retries=2, http_client=self.counting(anthropic)
        )
        self.retried = None
        # A client closes its connections when it is forgotten.
        self.gemini_clients = []

    def counting(self, sdk):
        """The SDK's own client, which counts attempts; a fault marked `once` is asked for by the first one only."""

        def count(request):
            name = request.headers.get("x-client-request-id", "")
            self.attempts[name] += 1
            if request.headers.pop("x-once", None) and self.attempts[name] > 1:
                request.headers.pop("x-sandbox-fault", None)

        return sdk.DefaultHttpxClient(event_hooks={"request": [count]})

    def headers(self, name, usage=None, fault=None, once=False):
        headers = {"x-client-request-id": f"{self.name}-{name}", "x-sandbox-id": name}
        if usage:
            headers["x-sandbox-usage"] = usage
        if fault:
            headers["x-sandbox-fault"] = fault
        if once:
            headers["x-once"] = "1"
        return headers

    def gemini(self, name, usage=None, fault=None):
        options = types.HttpOptions(base_url=self.gemini_url, headers=self.headers(name, usage, fault))
        client = genai.Client(api_key=self.key, http_options=options)
        self.gemini_clients.append(client)
        return client


def openai_chat(door):
    answer = door.openai.chat.completions.create(
        model=CHAT, messages=MESSAGES,
        extra_headers=door.headers("chat", "input=1200,cache_read=300,output=45,reasoning=5"),
    )
    expect(answer.usage.prompt_tokens, 1500)
    expect(answer.usage.completion_tokens, 45)
    return answer.model_dump()


def openai_chat_stream(door, **options):
    stream = door.openai.chat.completions.create(
        model=CHAT, messages=MESSAGES, stream=True, **options,
        extra_headers=door.headers("stream", "input=900,output=30"),
    )
    chunks = [chunk.model_dump() for chunk in stream]
    counted = [chunk["usage"] for chunk in chunks if chunk.get("usage")]
    expect(len(counted), 1 if options else 0)
    return chunks


def openai_chat_stream_with_usage(door):
    return openai_chat_stream(door, stream_options={"include_usage": True})


def openai_responses(door):
    answer = door.openai.responses.create(
        model=RESPONSES, input="Hello", extra_headers=door.headers("responses", "input=800,output=60,reasoning=20")
    )
    expect(answer.usage.output_tokens, 60)
    return answer.model_dump()


def openai_responses_stream(door):
    stream = door.openai.responses.create(
        model=RESPONSES, input="Hello", stream=True,
        extra_headers=door.headers("responses-stream", "input=70,output=33"),
    )
    events = [event.model_dump() for event in stream]
    expect(events[-1]["response"]["usage"]["input_tokens"], 70)
    return events


def openai_embeddings(door):
    answer = door.openai.embeddings.create(
        model=EMBEDDINGS, input=["one", "two"], extra_headers=door.headers("embeddings", "input=321,output=0")
    )
    expect(answer.usage.prompt_tokens, 321)
    return answer.model_dump()


def openai_models(door):
    return [model.model_dump() for model in door.openai.models.list()]


def openai_retried(door):
    raw = door.openai.chat.completions.with_raw_response.create(
        model=CHAT, messages=MESSAGES,
        extra_headers=door.headers("retried", "input=11,output=7", "status=429;retry-after=0", once=True),
    )
    expect(door.attempts[f"{door.name}-retried"], 2)
    door.retried = raw.headers.get("x-outlay-call-id")
    return raw.parse().model_dump()


def openai_failing(door):
    headers = door.headers("failing", None, "status=500")
    error = expect_error(
        openai.InternalServerError,
        lambda: door.openai.chat.completions.create(model=CHAT, messages=MESSAGES, extra_headers=headers),
    )
    expect(door.attempts[f"{door.name}-failing"], 3)
    return error.body


def openai_bad_request(door):
    headers = door.headers("bad-request", None, "status=400")
    error = expect_error(
        openai.BadRequestError,
        lambda: door.openai.chat.completions.create(model=CHAT, messages=MESSAGES, extra_headers=headers),
    )
    return error.body


def anthropic_messages(door):
    answer = door.anthropic.messages.create(
        model=CLAUDE, max_tokens=100, messages=MESSAGES,
        extra_headers=door.headers("messages", "input=90,cache_read=1000,cache_write=200,output=40"),
    )
    expect(answer.usage.cache_read_input_tokens, 1000)
    return answer.model_dump()


def anthropic_stream(door):
    headers = door.headers("messages-stream", "input=55,output=21")
    with door.anthropic.messages.stream(
        model=CLAUDE, max_tokens=100, messages=MESSAGES, extra_headers=headers
    ) as stream:
        events = [event.model_dump() for event in stream]
        return events, stream.get_final_message().model_dump()


def anthropic_count_tokens(door):
    headers = door.headers("count-tokens", "input=77")
    answer = door.anthropic.messages.count_tokens(model=CLAUDE, messages=MESSAGES, extra_headers=headers)
    expect(answer.input_tokens, 77)
    return answer.model_dump()


def anthropic_overloaded(door):
    headers = door.headers("overloaded", None, "status=529")
    error = expect_error(
        anthropic.APIStatusError,
        lambda: door.anthropic.messages.create(model=CLAUDE, max_tokens=9, messages=MESSAGES, extra_headers=headers),
    )
    expect(error.status_code, 529)
    expect(door.attempts[f"{door.name}-overloaded"], 3)
    return error.body["error"]


def gemini_generate(door):
    client = door.gemini("generate", "input=400,cache_read=100,output=50,reasoning=10")
    answer = client.models.generate_content(model=GEMINI, contents="Hello")
    expect(answer.usage_metadata.prompt_token_count, 500)
    return shown(answer)


def gemini_stream(door):
    client = door.gemini("generate-stream", "input=41,output=22")
    chunks = [shown(chunk) for chunk in client.models.generate_content_stream(model=GEMINI, contents="Hello")]
    expect(chunks[-1]["usage_metadata"]["prompt_token_count"], 41)
    return chunks


def gemini_count_tokens(door):
    answer = door.gemini("gemini-count", "input=66").models.count_tokens(model=GEMINI, contents="Hello")
    expect(answer.total_tokens, 66)
    return shown(answer)


def gemini_embed(door):
    return shown(door.gemini("embed").models.embed_content(model="gemini-embedding-001", contents="Hello there"))


def gemini_failing(door):
    client = door.gemini("gemini-failing", None, "status=429")
    error = expect_error(
        gemini_errors.ClientError, lambda: client.models.generate_content(model=GEMINI, contents="Hello")
    )
    expect(error.code, 429)
    return error.details


PROGRAMS = [
    openai_chat, openai_chat_stream, openai_chat_stream_with_usage, openai_responses, openai_responses_stream,
    openai_embeddings, openai_models, openai_retried, openai_failing, openai_bad_request, anthropic_messages,
    anthropic_stream, anthropic_count_tokens, anthropic_overloaded, gemini_generate, gemini_stream, gemini_count_tokens,
    gemini_embed, gemini_failing,
]


def wrong_keys(gateway):
    """A wrong key is refused in each provider's own error, and is not tried again."""
    door = Door("wrong", gateway, "ok_wrong_key", True)
    expect_error(openai.AuthenticationError, lambda: door.openai.chat.completions.create(model=CHAT, messages=MESSAGES))
    expect_error(
        anthropic.AuthenticationError,
        lambda: door.anthropic.messages.create(model=CLAUDE, max_tokens=9, messages=MESSAGES),
    )
    error = expect_error(
        gemini_errors.ClientError,
        lambda: door.gemini("wrong").models.generate_content(model=GEMINI, contents="Hello"),
    )
    expect(error.code, 401)
    expect(door.attempts[""], 2)


def shown(answer):
    """What a program sees of an answer, without the transport's own headers."""
    return answer.model_dump(exclude={"sdk_http_response"})


def expect(found, wanted):
    if found != wanted:
        raise AssertionError(f"expected {wanted!r}, found {found!r}")


def expect_error(kind, work):
    try:
        answer = work()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}, got {answer!r}")


def main():
    parser = argparse.ArgumentParser()
    for name in ["provider", "gateway", "key"]:
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    direct = Door("direct", options.provider, "sk-any", False)
    through = Door("gateway", options.gateway, options.key, True)
    failures = []
    for program in PROGRAMS:
        try:
            expected, found = program(direct), program(through)
            if expected != found:
                failures.append(f"{program.__name__}: direct {expected!r}\nthrough the gateway {found!r}")
        except Exception:
            failures.append(f"{program.__name__}: {traceback.format_exc(limit=-4)}")
    try:
        wrong_keys(options.gateway)
    except Exception:
        failures.append(f"wrong_keys: {traceback.format_exc(limit=-4)}")
    unbilled = {CHAT: 1 + 3 + 1, CLAUDE: 3, GEMINI: 1}
    summary = {"checks": len(PROGRAMS) + 1, "failures": failures, "unbilled": unbilled, "retried": through.retried}
    print(json.dumps(summary))


main()
