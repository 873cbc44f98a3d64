#!/usr/bin/env python3
"""An AWS on this machine for the tests: ministack on a free port of 127.0.0.1.

    tests/aws/emulator.py [--second] COMMAND...

runs a command with LOTSE_TEST_AWS (the emulator) and LOTSE_TEST_DYNAMODB (the DynamoDB to test the store
against) in its environment, and stops everything by process id when the command ends or is killed. With
`--second`, LOTSE_TEST_DYNAMODB is Amazon's own DynamoDB Local, the independent second opinion.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import dynamodb_local
import processes

# The emulator takes this key for its account's root; it is no secret.
ROOT_KEY, ROOT_SECRET = "test", "test"
REGION = "eu-central-1"
ACCOUNT = "000000000000"


def client_environment(endpoint):
    """What makes an SDK or a test talk to `endpoint` as root, and to nobody else."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        # Neither files of this machine's user nor an instance's own role have a say.
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


class Emulator:
    """A running ministack."""

    def __init__(self, folder, enforce_permissions=False, functions_call=None, environment=None):
        """`functions_call` is the endpoint that functions are given: a proxy's, where their calls are to be seen."""
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "emulator.log"
        self.port = processes.free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LOTSE_"))}
        self.process = processes.start(
            [sys.executable, Path(__file__).with_name("ministack_as_aws.py")],
            self.log,
            cwd=self.folder,
            env={
                **inherited,
                **client_environment(functions_call or self.endpoint),
                "BIND_HOST": "127.0.0.1",  # without it: all interfaces
                "GATEWAY_PORT": str(self.port),
                "IOT_MTLS_ENABLED": "0",
                "AUTH": "true" if enforce_permissions else "false",
                "MINISTACK_REGION": REGION,
                "MINISTACK_ACCOUNT_ID": ACCOUNT,
                "TMPDIR": str(scratch),
                "STATE_DIR": str(scratch / "state"),
                "S3_DATA_DIR": str(scratch / "s3"),
                **(environment or {}),
            },
        )
        try:
            processes.wait_for_answer(f"{self.endpoint}/_ministack/health", self.process, self.log)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        processes.stop(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def main(arguments):
    second = arguments[:1] == ["--second"]
    command = arguments[1:] if second else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="lotse-aws-") as folder, contextlib.ExitStack() as running:
        emulator = running.enter_context(Emulator(folder))
        dynamodb = emulator
        if second:
            dynamodb = running.enter_context(dynamodb_local.DynamoDbLocal(folder))
        environment = {
            **os.environ,
            "LOTSE_TEST_AWS": emulator.endpoint,
            "LOTSE_TEST_DYNAMODB": dynamodb.endpoint,
        }
        return subprocess.call(command, env=environment, preexec_fn=processes.die_with_parent)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
