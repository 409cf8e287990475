"""Calls a spent budget with the official Python SDKs and counts the requests that each refused call takes.

usage: refused.py --gateway URL --key KEY

Prints one JSON line: {"requests": {name: n}, "messages": {name: what the SDK raised}}
"""

import argparse
import json

import anthropic
import openai
from google import genai

MESSAGES = [{"role": "user", "content": "Hello"}]


def counting(sdk, counts):
    def count(request):
        counts.append(request.url.path)

    return sdk.DefaultHttpxClient(event_hooks={"request": [count]})


def refused(call):
    """What the SDK raises; its message is what a developer sees."""
    try:
        call()
    except Exception as error:
        return str(error)
    return "was not refused"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--key", required=True)
    options = parser.parse_args()
    requests, messages = {}, {}

    def attempt(name, counts, call):
        before = len(counts)
        messages[name] = refused(call)
        requests[name] = len(counts) - before

    seen = []
    client = openai.OpenAI(
        base_url=options.gateway + "/openai/v1", api_key=options.key, http_client=counting(openai, seen)
    )
    attempt(
        "openai.chat", seen, lambda: client.chat.completions.create(model="gpt-5-mini", messages=MESSAGES)
    )
    attempt("openai.responses", seen, lambda: client.responses.create(model="gpt-5-mini", input="Hello"))
    claude = anthropic.Anthropic(
        base_url=options.gateway + "/anthropic", api_key=options.key, http_client=counting(anthropic, seen)
    )
    attempt(
        "anthropic",
        seen,
        lambda: claude.messages.create(model="claude-sonnet-4-6", max_tokens=100, messages=MESSAGES),
    )
    google = genai.Client(
        api_key=options.key,
        http_options=genai.types.HttpOptions(
            base_url=options.gateway + "/gemini",
            client_args={"event_hooks": {"request": [lambda request: seen.append(request.url.path)]}},
        ),
    )
    attempt(
        "gemini",
        seen,
        lambda: google.models.generate_content(model="gemini-2.5-flash", contents="Hello"),
    )
    print(json.dumps({"requests": requests, "messages": messages}))


main()
