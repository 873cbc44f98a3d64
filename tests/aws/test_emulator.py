"""The emulator itself: what the other tests trust it with."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from desk import eventually
from emulator import REGION, ROOT_KEY, ROOT_SECRET, Emulator

PROGRAM = Path(__file__).with_name("emulator.py")


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_emulator_ends_with_the_run_that_started_it_even_when_that_is_killed():
    command = [sys.executable, str(PROGRAM), "sh", "-c", "echo $LOTSE_TEST_AWS; exec sleep 60"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    port = int(run.stdout.readline().rpartition(":")[2])
    assert answers(port)
    run.send_signal(signal.SIGKILL)
    run.wait()
    eventually(lambda: not answers(port), "the emulator to end")


def test_a_role_without_a_permission_is_refused(tmp_path):
    def client(service, key=ROOT_KEY, secret=ROOT_SECRET, token=None):
        return boto3.client(
            service,
            endpoint_url=emulator.endpoint,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
        )

    with Emulator(tmp_path, enforce_permissions=True) as emulator:
        anybody = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}'
        role = client("iam").create_role(RoleName="nobody", AssumeRolePolicyDocument=anybody)["Role"]["Arn"]
        session = client("sts").assume_role(RoleArn=role, RoleSessionName="nobody")["Credentials"]
        nobody = client("sqs", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
        with pytest.raises(ClientError, match="AccessDenied"):
            nobody.create_queue(QueueName="mine")
