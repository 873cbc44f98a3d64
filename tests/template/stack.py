"""template.yaml and its nested stacks as the tests read them."""

from pathlib import Path

from cfnlint.decode import cfn_yaml

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "template.yaml"
ALARMS = ROOT / "infra" / "aws" / "alarms.yaml"
DASHBOARD = ROOT / "infra" / "aws" / "dashboard.yaml"
TEMPLATES = [MAIN, ALARMS, DASHBOARD]

FUNCTION = "AWS::Serverless::Function"
QUEUE = "AWS::SQS::Queue"


def load(path):
    """A template; `!Ref name` is `{"Ref": "name"}`. Every node knows the line it stands on."""
    return cfn_yaml.load(str(path))


def of_type(template, kind):
    """The resources of a type: logical id and properties."""
    found = {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }
    assert found, f"the template has no {kind}"
    return found


def referred(value):
    """The logical id that a value names, whichever of both: `!Ref Queue`, `!GetAtt Queue.Arn`."""
    if "Ref" in value:
        return value["Ref"]
    name = value["Fn::GetAtt"]
    return name[0] if isinstance(name, list) else name.split(".")[0]


def name_of(properties, key):
    """What stands behind the stack's name: `${AWS::StackName}-classify` is `classify`."""
    text = properties[key]["Fn::Sub"]
    for prefix in ("${AWS::StackName}-", "/aws/lambda/${AWS::StackName}-", "${Name}-"):
        if text.startswith(prefix):
            return text.removeprefix(prefix)
    raise AssertionError(f"{key} does not begin with the stack's name: {text}")


def walk(node, path=()):
    """Every node below, with the keys that lead there."""
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from walk(value, (*path, number))


def as_list(value):
    return value if isinstance(value, list) else [value]
