"""The desk on the emulator: binaries built, template.yaml deployed with permissions enforced, and the ways in."""

import contextlib
import http.client
import io
import json
import os
import subprocess
import time
import zipfile
from pathlib import Path

import boto3
import template as templates
from botocore.config import Config
from emulator import ACCOUNT, REGION, ROOT_KEY, ROOT_SECRET, Emulator
from wire import AS_BY_TLS, Wire

ROOT = Path(__file__).resolve().parents[2]
STACK = "lotse"
ARTEFACTS = "artefacts"
PARAMETERS = {
    # What a company would type in; nothing here exists.
    "PublicUrl": "https://anfragen.nordhafen-pharma.example",
    "MailDomain": "nordhafen-pharma.example",
    "AlarmAddress": "betrieb@nordhafen-pharma.example",
}
BROKEN_STATES = ("ROLLBACK", "FAILED")


def functions():
    """The functions that have a binary: the folder's name is the package's and the binary's."""
    return sorted(main.parent.parent.name for main in ROOT.glob("functions/*/src/main.rs"))


def build(profile="release"):
    """Builds every function's binary as it is deployed, in one go; returns the folder they are in."""
    command = ["cargo", "build", "--profile", profile, "--locked"]
    for name in functions():
        command += ["--package", name, "--features", f"{name}/lambda"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / ("debug" if profile == "dev" else profile)


def zipped(files, level=6):
    """A zip of (name, bytes, mode)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def pack_policy(folder):
    """Fills the layer's folder as infra/docs/deploying.md does, and returns its zip."""
    pack = ["cargo", "run", "--release", "--locked", "--quiet", "--", "policy", "pack"]
    subprocess.run([*pack, "infra/policy", folder / "policy"], cwd=ROOT, check=True)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return zipped((str(path.relative_to(folder)), path.read_bytes(), 0o644) for path in files)


class Deployment:
    """A deployed desk. `change` may alter the template before it is deployed: to prove that a test notices."""

    def __init__(self, folder, binaries, change=lambda template: template, enforce_permissions=True):
        self.folder = Path(folder)
        self.layer = self.folder / "opt"
        self.running = contextlib.ExitStack()
        self.requests = 0
        try:
            self.wire = Wire()
            self.running.callback(self.wire.stop)
            self.emulator = self.running.enter_context(
                Emulator(
                    self.folder / "emulator",
                    enforce_permissions,
                    functions_call=self.wire.endpoint,
                    # The emulator does not mount layers to /opt where functions run as plain processes.
                    environment={"LOTSE_POLICY": str(self.layer / "policy")},
                )
            )
            self.wire.leads_to(self.emulator.port)
            self.deploy(binaries, change)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self.running.close()

    def client(self, service):
        """A client of an operator's, straight to the emulator."""
        client = boto3.client(
            service,
            endpoint_url=self.emulator.endpoint,
            region_name=REGION,
            aws_access_key_id=ROOT_KEY,
            aws_secret_access_key=ROOT_SECRET,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
        )
        client.meta.events.register("before-send", lambda request, **_: request.headers.__setitem__(*AS_BY_TLS))
        return client

    # --- deploying -------------------------------------------------------------------------------------

    def deploy(self, binaries, change):
        source = templates.load(ROOT / "template.yaml")
        s3 = self.client("s3")
        s3.create_bucket(Bucket=ARTEFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})

        self.logical_of = {}

        def function(name, resource):
            binary = resource["Metadata"]["BuildProperties"]["Binary"]
            self.logical_of[binary] = name
            code = zipped([("bootstrap", (Path(binaries) / binary).read_bytes(), 0o755)], level=0)
            return upload(f"{name}.zip", code)

        def layer(name, _):
            return upload(f"{name}.zip", pack_policy(self.layer))

        def nested(name, resource):
            inner = templates.load(ROOT / resource["Properties"]["TemplateURL"])
            upload(f"{name}.json", json.dumps(inner))
            return f"{self.emulator.endpoint}/{ARTEFACTS}/{name}.json"

        def upload(key, content):
            s3.put_object(Bucket=ARTEFACTS, Key=key, Body=content)
            return f"s3://{ARTEFACTS}/{key}"

        self.template = change(templates.packaged(source, function, layer, nested))
        body = json.dumps(self.template)
        location = {"TemplateBody": body}
        if len(body) > 51_200:  # CloudFormation's limit for a template in the request
            s3.put_object(Bucket=ARTEFACTS, Key="template.json", Body=body)
            location = {"TemplateURL": f"{self.emulator.endpoint}/{ARTEFACTS}/template.json"}
        parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()]
        cloudformation = self.client("cloudformation")
        cloudformation.create_change_set(
            StackName=STACK,
            ChangeSetName="first",
            ChangeSetType="CREATE",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=parameters,
            **location,
        )
        change_set = self.wait_for(
            lambda: cloudformation.describe_change_set(StackName=STACK, ChangeSetName="first"),
            lambda answer: answer["Status"] in ("CREATE_COMPLETE", "FAILED"),
        )
        if change_set["Status"] == "FAILED":
            raise RuntimeError(f"the change set failed: {change_set.get('StatusReason')}")
        cloudformation.execute_change_set(StackName=STACK, ChangeSetName="first")
        stack = self.wait_for(
            lambda: cloudformation.describe_stacks(StackName=STACK)["Stacks"][0],
            lambda answer: answer["StackStatus"] == "CREATE_COMPLETE"
            or any(word in answer["StackStatus"] for word in BROKEN_STATES),
        )
        if stack["StackStatus"] != "CREATE_COMPLETE":
            events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
            reasons = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
                for event in events
                if "FAILED" in event["ResourceStatus"]
            ]
            raise RuntimeError("; ".join(["the stack was not created", stack.get("StackStatusReason", ""), *reasons]))
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        self.resources = {
            resource["LogicalResourceId"]: resource for page in pages for resource in page["StackResourceSummaries"]
        }

    @staticmethod
    def wait_for(ask, enough, seconds=120):
        deadline = time.monotonic() + seconds
        while not enough(answer := ask()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"waited {seconds} s for CloudFormation: {answer}")
            time.sleep(0.2)
        return answer

    def physical(self, logical):
        """What the resource is called on AWS."""
        return self.resources[logical]["PhysicalResourceId"]

    def function(self, binary):
        """The name of the function that runs that binary."""
        return self.physical(self.logical_of[binary])

    def variables(self, binary):
        """The environment that the template gives a function."""
        configuration = self.client("lambda").get_function_configuration(FunctionName=self.function(binary))
        return configuration["Environment"]["Variables"]

    def of_type(self, kind):
        """Logical ids and names of the resources of a type."""
        return {name: one["PhysicalResourceId"] for name, one in self.resources.items() if one["ResourceType"] == kind}

    # --- the way in by HTTP ----------------------------------------------------------------------------

    def http(self, method, path, body=None, headers=None):
        """A request to the HTTP API: (status, headers, body)."""
        self.requests += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=60)
        try:
            api = next(iter(self.of_type("AWS::ApiGatewayV2::Api").values()))
            host = {"Host": f"{api}.execute-api.localhost"}
            connection.request(method, path, body=body, headers={**host, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()
