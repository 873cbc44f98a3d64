"""The Lambda Runtime API for one function binary: what is measured is the binary, not an emulator's detours."""

import json
import os
import queue
import subprocess
import threading
import time

import processes
from local_server import Handler, LocalServer

FUNCTION_ARN = "arn:aws:lambda:eu-central-1:000000000000:function:measured"


class Environment:
    """A started function binary.

    `cold_start` is the time in seconds from the start of the process to its first question for work.
    """

    def __init__(self, program, variables, folder):
        self.events, self.answers = queue.SimpleQueue(), queue.SimpleQueue()
        self.polled = threading.Event()
        self.number = 0
        environment = self

        class RuntimeApi(Handler):
            def do_GET(self):
                if not environment.polled.is_set():
                    environment.first_poll = time.perf_counter()
                    environment.polled.set()
                request_id, body = environment.events.get()
                headers = [
                    ("Content-Type", "application/json"),
                    ("Lambda-Runtime-Aws-Request-Id", request_id),
                    ("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 60) * 1000))),
                    ("Lambda-Runtime-Invoked-Function-Arn", FUNCTION_ARN),
                ]
                self.answer(200, body, headers)

            def do_POST(self):
                body = self.read_body()
                self.answer(202, b"")
                if self.path.endswith("/init/error"):
                    environment.init_error = body.decode()
                else:
                    environment.answers.put((self.path.endswith("/error"), body))

        self.init_error = None
        self.server = LocalServer(RuntimeApi)
        self.log = folder / f"{program.name}.log"
        lambda_variables = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.port}",
            "AWS_LAMBDA_FUNCTION_NAME": program.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_STREAM_NAME": "measured",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{program.name}",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
        }
        with self.log.open("ab") as log:
            # No preexec_fn: it would make Python fork where it can start the program directly.
            self.started = time.perf_counter()
            self.process = subprocess.Popen(
                [program],
                env={"PATH": os.environ["PATH"], **variables, **lambda_variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def ready(self, seconds=10):
        """Waits for the first poll and returns the cold start in seconds."""
        deadline = time.monotonic() + seconds
        while not self.polled.wait(0.02):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"it asked for no work: {self.init_error}\n{self.log.read_text()[-2000:]}")
        return self.first_poll - self.started

    def invoke(self, event, seconds=60):
        """Has an event handled: (failed, answer)."""
        self.number += 1
        self.events.put((f"00000000-0000-4000-8000-{self.number:012}", json.dumps(event).encode()))
        failed, body = self.answers.get(timeout=seconds)
        return failed, json.loads(body or b"null")

    def peak_memory(self):
        """The most memory that the process ever had resident, in bytes."""
        return peak_memory(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.stop_one(self.process)
        self.server.stop()


def peak_memory(process_id):
    with open(f"/proc/{process_id}/status", encoding="utf-8") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
