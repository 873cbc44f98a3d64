"""Processes that the tests start, and that never outlive them."""

import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For `preexec_fn`: the kernel ends this process when the one that started it dies, however it dies."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command, log, **options):
    """Starts a process in a group of its own that ends with this one; what it prints goes to the file `log`."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
            **options,
        )


def stop_one(process, seconds=10):
    """Ends a process that was started here, by its id."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop(process):
    """Ends a process that `start` started, and what it started in its group."""
    stop_one(process)
    try:
        os.killpg(process.pid, signal.SIGKILL)  # its group bears its id, and holds only what it left behind
    except ProcessLookupError:
        pass


def free_port():
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_answer(url, process, log, seconds=60):
    """Waits until a server answers at all; names its log when it dies or stays silent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    with open(log, encoding="utf-8", errors="replace") as text:
        raise RuntimeError(f"{url} did not answer in {seconds} s; its log ends: {text.read()[-2000:]}")
