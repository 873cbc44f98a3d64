"""The wire between the functions and AWS: notes every call, and breaks those that a test names.

A proxy on 127.0.0.1. It changes nothing in what it passes on, so signatures stay valid and what AWS decides
about permissions is what the function hears.
"""

import contextlib
import http.client
import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from local_server import Handler, LocalServer

# What belongs to one connection, and what each side says of the body for itself.
SAID_ANEW = {"connection", "transfer-encoding", "keep-alive", "content-length"}
# On AWS every call comes over TLS, and policies insist on it. Not signed, so it may be added.
AS_BY_TLS = ("X-Forwarded-Proto", "https")
DENIALS = ("AccessDenied", "not authorized to perform", "UnauthorizedOperation")


@dataclass
class Call:
    """One request of a function, and what it was answered."""

    service: str
    action: str
    path: str
    body: bytes
    status: int = 0
    answer: bytes = b""
    at: float = field(default_factory=time.monotonic)

    @property
    def asked(self):
        """The body of a request in JSON."""
        return json.loads(self.body or b"{}")

    @property
    def answered(self):
        return json.loads(self.answer or b"{}")

    @property
    def denied(self):
        text = self.answer.decode(errors="replace")
        return self.status >= 400 and any(word in text for word in DENIALS)

    def __str__(self):
        return f"{self.service}:{self.action} {self.path} -> {self.status}"


@dataclass
class Fault:
    """What is answered in AWS's place to the next `times` calls that it fits; None: to all."""

    service: str
    action: str
    status: int
    body: dict | str
    times: int | None = None
    fits: callable = lambda call: True
    hits: int = 0

    def takes(self, call):
        if self.times is not None and self.hits >= self.times:
            return False
        if (call.service, call.action) != (self.service, self.action) or not self.fits(call):
            return False
        self.hits += 1
        return True


def name_of(method, path, headers):
    """Service and action of a request, as IAM spells the action where the request says it."""
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", headers.get("Authorization", ""))
    service = scope.group(1) if scope else "unsigned"
    target = headers.get("X-Amz-Target")
    if target:
        return service, target.rpartition(".")[2]
    if service == "ses" and path.startswith("/v2/email/outbound-emails"):
        return service, "SendEmail"
    if service == "s3":
        kind = "Bucket" if path.split("?")[0].strip("/").count("/") == 0 else "Object"
        return service, f"{method.capitalize()}{kind}"
    return service, method


class Wire:
    """The running proxy in front of an endpoint."""

    def __init__(self):
        self.calls = []
        self.faults = []
        self.lock = threading.Lock()
        self.upstream = None
        # A context manager around each call that is passed on: what watches the world before and after it.
        self.watch = lambda call: contextlib.nullcontext()
        wire = self

        class Passage(Handler):
            def setup(self):
                super().setup()
                self.onward = http.client.HTTPConnection("127.0.0.1", wire.upstream, timeout=60)

            def finish(self):
                self.onward.close()
                with contextlib.suppress(OSError):
                    super().finish()

            def do(self):
                call = Call(*name_of(self.command, self.path, self.headers), self.path, self.read_body())
                fault = wire.fault_for(call)
                if fault:
                    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
                    call.status, call.answer, headers = fault.status, text.encode(), []
                    if isinstance(fault.body, dict):
                        headers = [("Content-Type", "application/x-amz-json-1.0")]
                        headers.append(("x-amzn-errortype", fault.body.get("__type", "")))
                else:
                    with wire.watch(call):
                        call.status, headers, call.answer = self.ask_upstream(call.body)
                with wire.lock:
                    wire.calls.append(call)
                headers = [(name, value) for name, value in headers if name.lower() not in SAID_ANEW]
                self.answer(call.status, call.answer, headers)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do

            def ask_upstream(self, body):
                for attempt in (1, 2):  # a kept connection may have been closed meanwhile
                    try:
                        self.onward.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                        for name, value in self.headers.items():
                            if name.lower() not in SAID_ANEW | {"expect"}:
                                self.onward.putheader(name, value)
                        self.onward.putheader("Content-Length", str(len(body)))
                        self.onward.putheader(*AS_BY_TLS)
                        self.onward.endheaders(body)
                        answer = self.onward.getresponse()
                        return answer.status, answer.getheaders(), answer.read()
                    except (http.client.RemoteDisconnected, ConnectionError):
                        self.onward.close()
                        if attempt == 2:
                            raise

        self.server = LocalServer(Passage)
        self.endpoint = self.server.endpoint

    def leads_to(self, port):
        """Where calls are passed on to: known only once the emulator runs, which is told of this proxy."""
        self.upstream = port

    def stop(self):
        self.server.stop()

    def fault_for(self, call):
        with self.lock:
            return next((fault for fault in self.faults if fault.takes(call)), None)

    @contextlib.contextmanager
    def broken(self, *faults):
        """While this lasts, these faults happen."""
        with self.lock:
            self.faults.extend(faults)
        try:
            yield faults
        finally:
            with self.lock:
                self.faults = [fault for fault in self.faults if fault not in faults]

    def denials(self):
        """Calls that were refused for want of a permission."""
        with self.lock:
            return [call for call in self.calls if call.denied]

    def tally(self):
        """How often each action was called, to be printed when a test fails."""
        with self.lock:
            return Counter(f"{call.service}:{call.action} {call.status}" for call in self.calls)
