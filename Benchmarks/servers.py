"""The upstreams and proxies that are compared, as child processes pinned to a core."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process, with the processes it started, and where it listens."""

    def __init__(self, name, core, arguments, port, folder, environment=None, output=None):
        self.name, self.address = name, f"127.0.0.1:{port}"
        self.key = "none"
        log = open(folder / f"{name}.log", "w")
        command = ["taskset", "-c", str(core), *map(str, arguments)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output or log, stderr=log, cwd=folder, text=True,
            env={**os.environ, **(environment or {})},
        )

    def wait(self, path="/", seconds=120):
        """Waits until it answers anything at all."""
        for _ in range(seconds * 20):
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.process.returncode}: see its log")
            try:
                urllib.request.urlopen(f"http://{self.address}{path}", timeout=5).close()
                return self
            except urllib.error.HTTPError:
                return self
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{self.name} does not answer")

    def pids(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu(self):
        """Seconds of user and system time so far."""
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def memory(self):
        """Resident megabytes."""
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        return total / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


NGINX_CONFIGURATION = """
daemon off; worker_processes 1; pid {name}.pid; error_log {name}.error.log;
worker_rlimit_nofile {files};
events {{ worker_connections {files}; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; client_max_body_size 32m;
  client_body_temp_path {name}.body; proxy_temp_path {name}.proxy; fastcgi_temp_path {name}.fastcgi;
  uwsgi_temp_path {name}.uwsgi; scgi_temp_path {name}.scgi;
  {body}
}}
"""

PROXY = """
  upstream whole { server %s; keepalive 256; keepalive_requests 1000000000; }
  upstream streams { server %s; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:%d backlog=4096; proxy_http_version 1.1; proxy_set_header Connection "";
    location /openai/ { proxy_pass http://whole/; }
    location /u/streams/ { proxy_buffering off; proxy_read_timeout 600s; proxy_pass http://streams/; }
  }
"""


def completion():
    """A chat completion of 1 KB."""
    answer = {
        "id": "chatcmpl-bench", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "ledger " * 85}, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": 200, "completion_tokens": 85, "total_tokens": 285,
            "prompt_tokens_details": {"cached_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 0},
        },
        "service_tier": "default",
    }
    return json.dumps(answer)


def nginx(name, core, body, port, folder):
    files = min(20000, os.sysconf("SC_OPEN_MAX"))
    configuration = folder / f"{name}.conf"
    configuration.write_text(NGINX_CONFIGURATION.format(name=name, body=body, files=files))
    arguments = [NGINX, "-p", folder, "-e", f"{name}.start.log", "-c", configuration]
    return Server(name, core, arguments, port, folder).wait()


def upstream(folder):
    """nginx with a fixed answer, on core 0."""
    port = free_port()
    location = f"location / {{ default_type application/json; return 200 '{completion()}'; }}"
    return nginx("upstream", 0, f"server {{ listen 127.0.0.1:{port} backlog=4096; {location} }}", port, folder)


def stream_upstream(folder):
    port = free_port()
    return Server("stream-upstream", 0, [sys.executable, HERE / "stream_upstream.py", port], port, folder).wait()


def nginx_proxy(folder, whole, streams):
    port = free_port()
    return nginx("nginx", 1, PROXY % (whole.address, streams.address, port), port, folder)


def outlay(folder, binary, whole, streams, core=1):
    """The product with everything on, and a key for the load."""
    (folder / "outlay.yaml").write_text(
        "upstreams:\n"
        f'  - {{ name: openai, dialect: openai, provider: openai, base_url: "http://{whole.address}/v1", key: none }}\n'
        "  - { name: streams, dialect: openai-compatible, provider: openai, "
        f'base_url: "http://{streams.address}/v1", key: none }}\n'
    )
    data = folder / "data"
    arguments = [binary, "serve", "--data", data, "--config", folder / "outlay.yaml", "--web", "127.0.0.1:0"]
    arguments += ["--gateway", "127.0.0.1:0", "--otlp-http", "127.0.0.1:0", "--otlp-grpc", "127.0.0.1:0"]
    arguments += ["--log-level", "error"]
    server = Server("outlay", core, arguments, 0, folder, output=subprocess.PIPE)
    ready = json.loads(server.process.stdout.readline() or "{}")
    if not ready.get("ready"):
        raise SystemExit("outlay did not start: " + (folder / "outlay.log").read_text()[-2000:])
    server.address = ready["gateway"].removeprefix("http://")
    server.receiver = ready["otlp_http"].removeprefix("http://")
    server.data = data
    command = [binary, "key", "create", "--name", "bench", "--tag", "team=bench", "--format", "json", "--data", data]
    server.key = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["key"]
    return server


def litellm(folder, program, whole, streams):
    port = free_port()
    (folder / "litellm.yaml").write_text(
        "model_list:\n"
        "  - model_name: gpt-4o-mini\n"
        f'    litellm_params: {{ model: openai/gpt-4o-mini, api_base: "http://{whole.address}/v1", api_key: none }}\n'
        "general_settings: { master_key: sk-bench }\n"
    )
    arguments = [program, "--config", folder / "litellm.yaml", "--host", "127.0.0.1", "--port", port]
    server = Server("litellm", 1, arguments, port, folder, {"LITELLM_LOG": "ERROR"})
    server.key = "sk-bench"
    return server.wait("/health/liveliness", seconds=240)
