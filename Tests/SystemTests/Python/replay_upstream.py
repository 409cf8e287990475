"""A provider that plays recordings: `x-replay: ID` names one, and its bytes are sent as they are.

usage: replay_upstream.py RECORDINGS.json

RECORDINGS.json holds {ID: {"type": content type, "body": text, "plain": text, "cut": bool, "status": int}}. `plain` is
played to callers that did not ask for usage in the stream, `body` to those that did or when there is no `plain`; `cut`
ends the connection without ending the body. A GET of `/v1/responses/ID` plays the recording ID, and `x-replay: echo`
answers with the request itself. Streams are written in pieces of 7 bytes. The first line of output is {"ready": true,
"url": ...}.
"""

import http.server
import json
import sys


class Replay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    recordings = {}

    def do_GET(self):
        self.play(self.path.rpartition("/")[2], b"{}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.play(self.headers.get("x-replay", ""), body)

    def play(self, name, request):
        recording = self.echo(request) if name == "echo" else self.recordings.get(name)
        if recording is None:
            recording = {"type": "application/json", "status": 404, "body": '{"error":{"message":"no such recording"}}'}
        text = recording["body"]
        if "plain" in recording and not asks_for_usage(request):
            text = recording["plain"]
        self.send_response(recording.get("status", 200))
        self.send_header("content-type", recording["type"])
        is_stream = recording["type"].startswith("text/event-stream")
        if is_stream:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        if is_stream:
            self.send_pieces(text.encode(), recording.get("cut", False))
        else:
            self.wfile.write(text.encode())

    def echo(self, request):
        headers = {name.lower(): value for name, value in self.headers.items()}
        return {"type": "application/json", "body": json.dumps({"headers": headers, "body": request.decode()})}

    def send_pieces(self, data, is_cut):
        for start in range(0, len(data), 7):
            piece = data[start : start + 7]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        if is_cut:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


def asks_for_usage(request):
    try:
        return bool(json.loads(request).get("stream_options", {}).get("include_usage"))
    except (ValueError, AttributeError):
        return False


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


with open(sys.argv[1]) as file:
    Replay.recordings = json.load(file)
server = Server(("127.0.0.1", 0), Replay)
print(json.dumps({"ready": True, "url": f"http://127.0.0.1:{server.server_address[1]}"}), flush=True)
server.serve_forever()
