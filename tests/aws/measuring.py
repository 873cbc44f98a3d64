"""What `measure` measures: starts, sizes, memory; counted units and requests; throughput."""

import contextlib
import datetime
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path

import deployment
from deployment import ROOT, zipped
from desk import Desk
from emulator import client_environment
from identity_service import IdentityService
from person import Person
from runtime_api import Environment, peak_memory
from test_delivery import notice, sqs_event
from units import Meter

PROFILE = "lambda"  # what template.yaml deploys
EMPTY = "empty"  # a function that does nothing, the ruler for starts
STARTS = 20
PAGE = ROOT / "infra" / "docs" / "measurements.md"
BEGIN, END = "<!-- tests/aws/measure writes from here -->", "<!-- to here -->"
SIMPLE = "Unsere Bestellung NP-2026-004711 ist nicht angekommen. Wo bleibt das Paket?"
QUESTION = "Welche Dosis Neurexal empfehlen Sie bei einer eGFR von 28 ml/min?"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def build(profile):
    """The functions and the empty one, of one profile."""
    binaries = deployment.build(profile)
    command = ["cargo", "build", "--profile", profile, "--locked", "-p", "lotse-tests", "--example", EMPTY]
    subprocess.run(command, cwd=ROOT, check=True)
    return binaries


# --- starts, sizes, memory ---------------------------------------------------------------------------------


def starts_and_sizes(desk, binaries, folder):
    names = sorted(desk.logical_of)
    programs = {EMPTY: binaries / "examples" / EMPTY, **{name: binaries / name for name in names}}
    variables = {name: function_variables(desk, name) for name in names} | {EMPTY: {}}
    starts = {name: [] for name in programs}
    for _ in range(STARTS):  # in turns, so that what else the machine does hits all alike
        for name, program in programs.items():
            with Environment(program, variables[name], folder) as environment:
                starts[name].append(environment.ready() * 1000)
    peaks = memory_by_function(desk)
    empty = statistics.median(starts[EMPTY])
    rows = []
    for name, program in programs.items():
        median = statistics.median(starts[name])
        size = len(zipped([("bootstrap", program.read_bytes(), 0o755)], level=9)) / 1e6
        peak = f"{peaks[name] / 1e6:.0f} MB" if name in peaks else "–"
        rows.append([f"`{name}`", f"{median:.1f} ms", f"{median / empty:.1f}×", f"{size:.2f} MB", peak])
    return table(["function", "cold start, median", "of the empty one", "zipped", "peak memory"], rows)


def function_variables(desk, name):
    """The environment that a function has on the emulator, straight to it."""
    return {
        **client_environment(desk.emulator.endpoint),
        "LOTSE_POLICY": str(desk.layer / "policy"),
        **desk.variables(name),
    }


def memory_by_function(desk):
    """Peak memory of the functions' processes on the emulator, the largest of each function."""
    names = {desk.function(binary): binary for binary in desk.logical_of}
    peaks = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # a process that ends meanwhile
            if f"PPid:\t{desk.emulator.process.pid}\n" not in folder.joinpath("status").read_text():
                continue
            variables = dict(
                one.split("=", 1) for one in folder.joinpath("environ").read_text().split("\0") if "=" in one
            )
            name = names[variables["AWS_LAMBDA_FUNCTION_NAME"]]
            peaks[name] = max(peaks.get(name, 0), peak_memory(folder.name))
    return peaks


# --- counted units and requests ----------------------------------------------------------------------------


class Bill:
    """What is paid for while something happens."""

    def __init__(self, desk):
        self.desk = desk

    def __enter__(self):
        self.meter = Meter(self.desk.dynamodb, self.desk.table)
        self.desk.wire.watch = self.meter
        self.before = self.desk.invocations()
        self.start = len(self.desk.wire.calls)
        self.http = self.desk.requests
        return self

    def __exit__(self, *_):
        self.desk.settle()
        self.desk.wire.watch = lambda call: contextlib.nullcontext()
        calls = self.desk.wire.calls[self.start :]
        actions = Counter((call.service, call.action) for call in calls)
        self.invocations = self.desk.invocations() - self.before
        from_queues = sum(self.invocations[name] for name in self.desk.consumers())
        self.sent = sum(number for (service, _), number in actions.items() if service == "sqs")
        s3 = {action: number for (service, action), number in actions.items() if service == "s3"}
        self.quantities = {
            "DynamoDB write unit": self.meter.writes,
            "DynamoDB read unit": self.meter.reads,
            # Lambda receives and deletes for each invocation from a queue; both are paid for.
            "SQS request": self.sent + 2 * from_queues,
            "S3 write request": sum(number for action, number in s3.items() if action.startswith("Put")),
            "S3 read request": sum(number for action, number in s3.items() if not action.startswith("Put")),
            "Lambda invocation": sum(self.invocations.values()),
            "HTTP API request": self.desk.requests - self.http,
            "mail sent": actions[("ses", "SendEmail")],
        }


def bills(desk):
    service = IdentityService()
    desk.sign_in_by(service)
    anna = Person(desk, service, "anna", "Anna Petersen", ["medical-information"])
    for body in (SIMPLE, QUESTION):  # so that secrets are read and functions warm
        settled(desk, body, "warm@praxis.example")
    with Bill(desk) as simple:
        settled(desk, SIMPLE, "einfach@praxis.example")
    with Bill(desk) as answered:
        case = settled(desk, QUESTION, "gefragt@praxis.example")
        anna.act(case, "requests/1/claim")
        anna.act(case, "requests/1/answer", text="Bei einer eGFR von 28 ml/min: 2 × täglich 50 mg (Abschnitt 4.2).")
        desk.wait_for_mail("gefragt@praxis.example", 2)
    service.stop()
    for bill in (simple, answered):
        print("\n".join(bill.meter.lines), "\n", file=sys.stderr)
    prices = tomllib.loads(Path(__file__).with_name("prices.toml").read_text())["price"]
    rows, totals = [], [0, 0]
    for price in prices:
        numbers = [bill.quantities[price["of"]] for bill in (simple, answered)]
        costs = [number * price["per_million"] for number in numbers]
        totals = [total + cost for total, cost in zip(totals, costs, strict=True)]
        cells = [text for number, cost in zip(numbers, costs, strict=True) for text in (f"{number:g}", f"${cost:.2f}")]
        rows.append([price["of"], f"${price['per_million']:g}", *cells])
    rows.append(["**together**", "", "", f"**${totals[0]:.2f}**", "", f"**${totals[1]:.2f}**"])
    head = ["what", "per million", "simple inquiry", "a million of them", "answered case", "a million of them"]
    requests = f"Of the SQS requests the functions make {simple.sent} and {answered.sent}, Lambda's pollers the others."
    return table(head, rows) + "\n\n" + requests


def settled(desk, body, address):
    """An inquiry that is received, routed and receipted; its case."""
    contact = {"email": address, "name": "Grit Möller", "institution": "Apotheke am Markt", "country": "DE"}
    desk.accepted(body, address, contact=contact)
    case = desk.case_of(address)
    desk.wait_for_event(case, "arrived_at_desk")
    desk.wait_for_event(case, "message_sent")
    desk.settle()
    return case


# --- throughput --------------------------------------------------------------------------------------------


def throughput(desk, binaries, folder):
    sizes = (1, 10, 100)
    rows = []
    with contextlib.ExitStack() as paused:
        for name in ("classify", "dispatch"):
            paused.enter_context(desk.paused(name))
        number = 20 + 30 + 100
        known = set(desk.cases())
        for one in range(number):
            desk.accepted(SIMPLE, f"menge{one}@praxis.example")
        cases = [case for case in desk.cases() if case not in known]
        with warm(desk, binaries, folder, "classify") as environment:
            left = list(cases)
            for size, count in ((1, 20), (10, 3), (100, 1)):
                batches = [[left.pop() for _ in range(size)] for _ in range(count)]
                events = [sqs_event(desk.queues["classify"], map(notice, batch)) for batch in batches]
                rows.append(["`classify`", size, f"{rate(environment, events, size):.0f}"])
        records = [record for case in cases for record in desk.stream_records(case)[:1]][:100]
        with warm(desk, binaries, folder, "dispatch") as environment:
            for size in sizes:
                batches = [records[start : start + size] for start in range(0, len(records), size)]
                events = [{"Records": batch} for batch in batches]
                rows.append(["`dispatch`", size, f"{rate(environment, events, size):.0f}"])
    return table(["function", "batch", "a second"], rows)


@contextlib.contextmanager
def warm(desk, binaries, folder, name):
    with Environment(binaries / name, function_variables(desk, name), folder) as environment:
        environment.ready()
        environment.invoke({"Records": []})
        yield environment


def rate(environment, events, size):
    started = time.perf_counter()
    for event in events:
        failed, answer = environment.invoke(event)
        assert not failed and not answer.get("batchItemFailures"), answer
    return len(events) * size / (time.perf_counter() - started)


# --- all of it ---------------------------------------------------------------------------------------------


def main(arguments):
    profile = next((one.partition("=")[2] for one in arguments if one.startswith("--profile=")), PROFILE)
    binaries = build(profile)
    with tempfile.TemporaryDirectory(prefix="lotse-measure-") as name:
        folder = Path(name)
        desk = Desk(folder / "desk", binaries, enforce_permissions=False)
        try:
            cost = bills(desk)
            first = starts_and_sizes(desk, binaries, folder)
            speed = throughput(desk, binaries, folder)
        finally:
            desk.stop()
    today = datetime.date.today().isoformat()
    text = f"""Taken by `tests/aws/measure` on {today}, binaries of profile `{profile}` for x86-64.

{first}

Cold start: from the start of the process to its first poll of the Runtime API, policy included, median of {STARTS}
taken in turns. Peak memory: the most that a process held while it did the work below.

{cost}

Counted, not timed; prices and their date are in [tests/aws/prices.toml](../../tests/aws/prices.toml). How write units
are counted stands in [tests/aws/units.py](../../tests/aws/units.py). Not in it: Lambda's time ($0.03 for each 10 ms of a
million invocations with 256 MB), storage, logs, and the pollers' empty receives, which do not grow with inquiries.

{speed}

One warm function in front of the emulator, which answers one request at a time and is the limit of these figures."""
    print(text)
    if "--write" in arguments:
        page = PAGE.read_text()
        found = re.search(re.escape(BEGIN) + ".*" + re.escape(END), page, re.DOTALL)
        PAGE.write_text(page.replace(found.group(0), f"{BEGIN}\n\n{text}\n\n{END}"))
    return 0
