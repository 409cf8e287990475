"""Posts OTLP requests until they are taken."""

import http.client
import time


class Poster:
    """One connection to a receiver; opened again when it breaks."""

    def __init__(self, address, key, content_type="application/x-protobuf"):
        self.address = address
        self.headers = {"content-type": content_type, "x-api-key": key}
        self.connection = None
        self.tries = 0

    def post(self, path, body):
        """Sends once; the status, or None when no answer came."""
        self.tries += 1
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*self.address, timeout=60)
            self.connection.request("POST", path, body, self.headers)
            answer = self.connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return None

    def insist(self, path, body):
        """Sends until it is taken, as exporters do; what cannot be taken is an error."""
        while True:
            status = self.post(path, body)
            if status == 200:
                return
            if status not in (None, 429, 502, 503, 504):
                raise RuntimeError(f"{path} was answered with {status}")
            time.sleep(0.02)
