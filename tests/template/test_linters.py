"""What SAM, cfn-lint and checkov say. Each rule that is not followed has its reason in the template's Metadata."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from stack import MAIN, ROOT, TEMPLATES, load, walk

TOOLS = Path(sys.executable).parent
NOTHING_OUTSIDE = {
    **os.environ,
    "SAM_CLI_TELEMETRY": "0",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def said(command):
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=NOTHING_OUTSIDE, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_sam_takes_it_for_valid():
    code, words = said([TOOLS / "sam", "validate", "--lint", "--template-file", MAIN])
    assert code == 0, words
    assert "is a valid SAM Template" in words


def test_cfn_lint_finds_nothing():
    code, words = said([TOOLS / "cfn-lint", *TEMPLATES])
    assert (code, words.strip()) == (0, "")


def test_checkov_finds_nothing():
    checkov = os.environ.get("CHECKOV")
    assert checkov, "CHECKOV says where checkov is; tests/run installs it and sets the variable"
    command = [checkov, "--skip-download", "--compact", "--quiet", "--framework", "cloudformation"]
    code, words = said([*command, "-f", *TEMPLATES])
    assert code == 0, words
    assert "Failed checks: 0" in words
    assert "Passed checks: 0" not in words, "it has looked at something"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_rule_that_is_not_followed_has_its_reason(path):
    for where, node in walk(load(path)):
        if where[-1:] == ("skip",):
            for rule in node:
                assert rule["id"].startswith("CKV"), where
                assert len(rule["comment"]) > 20, f"{where}: the reason of {rule['id']}"
        if where[-1:] == ("ignore_checks",):
            line = node.start_mark.line
            text = path.read_text(encoding="utf-8").splitlines()
            assert text[line - 1].lstrip().startswith("#"), f"{path.name}:{line + 1}: no reason above it"
