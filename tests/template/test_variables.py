"""Every variable that a function reads is set for it, and none that it does not read."""

import re

import pytest
from stack import FUNCTION, MAIN, ROOT, load, of_type

FUNCTIONS = of_type(load(MAIN), FUNCTION)
QUEUES = ["INTAKE_MAIL", "CLASSIFY", "MEDICAL_INFORMATION", "LOGISTICS", "CONTACT", "SAFETY"]
# What a function's configuration.rs asks shared/aws for, and the variables that are read for it.
ASKED = {
    "sdk": [],
    "table": ["LOTSE_TABLE"],
    "bucket": ["LOTSE_BUCKET"],
    "secret": ["LOTSE_SECRET"],
    "public_url": ["LOTSE_PUBLIC_URL"],
    "mail": ["LOTSE_TABLE", "LOTSE_CONFIGURATION_SET"],
    "queue": [f"LOTSE_QUEUE_{queue}" for queue in QUEUES if queue != "INTAKE_MAIL"],
    "queues_with_parked": [f"LOTSE_{kind}_{queue}" for kind in ("QUEUE", "PARKED") for queue in QUEUES],
    # Lambda mounts the layer where the functions look for it.
    "policy_folder": [],
}


def read_by(folder):
    """The variables that a function reads."""
    text = (ROOT / folder / "src" / "configuration.rs").read_text(encoding="utf-8")
    wanted = set(re.findall(r'"(LOTSE_[A-Z_]+)"', text))
    for own in re.findall(r'variables\.own_queue\("([a-z-]+)"\)', text):
        wanted |= {"LOTSE_BUCKET", "LOTSE_PARKED_" + own.upper().replace("-", "_")}
    for method in re.findall(r"variables\.(\w+)\(", text):
        if method in ASKED:
            wanted |= set(ASKED[method])
        else:
            assert method in ("own_queue", "secret_named", "text"), f"{folder} asks for {method}: which variable is it?"
    assert wanted, f"{folder} reads nothing"
    return wanted


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_told_what_it_reads_and_nothing_else(function):
    given = set(FUNCTIONS[function]["Environment"]["Variables"])
    assert given == read_by(FUNCTIONS[function]["CodeUri"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_policy_lies_where_a_function_looks_for_it(function):
    text = (ROOT / FUNCTIONS[function]["CodeUri"] / "src" / "configuration.rs").read_text(encoding="utf-8")
    has_layer = FUNCTIONS[function].get("Layers") == [{"Ref": "PolicyLayer"}]
    assert has_layer == ("policy_folder()" in text)
