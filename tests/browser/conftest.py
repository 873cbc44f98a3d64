"""A running desk and a browser for each test module, both stopped by process id.

The desk is the built binary (environment variable LOTSE, or target/release/lotse) on free ports of
127.0.0.1 with a new data folder. Screenshots go to tests/artifacts, to be looked at.
"""

import json
import os
import re
import smtplib
import subprocess
import time
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "tests" / "artifacts"
BROWSER = os.environ.get("LOTSE_BROWSER", "/usr/bin/chromium")
# As root and without a way to the internet Chromium needs these; none changes how a page looks.
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Desk:
    """A running `lotse serve`."""

    def __init__(self, folder):
        program = os.environ.get("LOTSE") or ROOT / "target" / "release" / "lotse"
        self.output = folder / "output.txt"
        ready = folder / "ready.json"
        self.process = subprocess.Popen(
            [program, "serve", "--data", folder / "data", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0"]
            + ["--ready-file", ready],
            stdout=self.output.open("w"),
            stderr=(folder / "log.txt").open("w"),
        )
        for _ in range(300):
            if ready.exists():
                break
            assert self.process.poll() is None, (folder / "log.txt").read_text()
            time.sleep(0.1)
        addresses = json.loads(ready.read_text())
        self.url = addresses["http"]
        self.smtp = addresses["smtp"].removeprefix("smtp://")

    @property
    def first_user(self):
        """Name and password as printed at the first start."""
        text = self.output.read_text()
        name = re.search(r"sign in at the desk as (\S+)", text).group(1)
        password = re.search(r"\n\n\s+(\S+)\n\nIt is shown this once", text).group(1)
        return name, password

    def post_inquiry(self, key, **inquiry):
        """Sends an inquiry by the API and returns the answer (reference, status link)."""
        request = urllib.request.Request(
            f"{self.url}/api/inquiries",
            data=json.dumps({"channel": "web", **inquiry}).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 202
            return json.load(response)

    def send_mail(self, sender, recipient, subject, text):
        """Sends a mail by SMTP, as a practice's mail server would."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, recipient, subject
        message["Message-ID"] = f"<{time.time_ns()}@praxis.example>"
        message.set_content(text)
        host, port = self.smtp.split(":")
        with smtplib.SMTP(host, int(port), timeout=10) as server:
            server.send_message(message)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=15) == 0, "the desk stops gracefully"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    running = Desk(tmp_path_factory.mktemp("desk"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, desk):
    """Opens a page of the desk in a window of its own: `open_page("/", width=320, scheme="dark")`."""
    contexts = []

    def opened(path, width=1280, height=900, scheme="light", script=True, language="de-DE"):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=script,
            locale=language,
            base_url=desk.url,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.refused = []
        page.on("console", lambda message: page.refused.append(message.text) if message.type == "error" else None)
        response = page.goto(path)
        page.answer = response
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(open_page, desk):
    """A window in which the first user is signed in."""

    def opened(path="/desk", **window):
        page = open_page("/desk", **window)
        name, password = desk.first_user
        page.fill("#user", name)
        page.fill("#password", password)
        page.click("main button[type=submit]")
        page.wait_for_url("**/desk*")
        if path != "/desk":
            page.goto(path)
        return page

    return opened


def picture(page, name):
    """Keeps a screenshot to be looked at."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)


def assert_accessible(page):
    """No violation of WCAG 2.2 A and AA that a machine can find."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, results.generate_report()


def assert_fits(page):
    """Nothing makes the page scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} pixels wider than the window"


def wait_until(condition, what, seconds=20):
    """Waits for what functions do in the background."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain: {what}")
