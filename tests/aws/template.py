"""template.yaml as a person wrote it, and as it goes to CloudFormation: artefacts in the place of folders.

What `sam package` does and no more, so that what the tests deploy is the template that a company deploys.
"""

import copy
from pathlib import Path

import yaml

FUNCTION, LAYER = "AWS::Serverless::Function", "AWS::Serverless::LayerVersion"
NESTED = "AWS::CloudFormation::Stack"


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Ref name` is `{"Ref": "name"}`."""


def short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", short_form)
# A date such as 2010-09-09 stays the text that it is.
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path):
    return yaml.load(Path(path).read_text(encoding="utf-8"), Loader)  # a SafeLoader


def resources(template, kind):
    """The resources of a type: logical id and properties."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def packaged(template, function_artefact, layer_artefact, nested_artefact):
    """The template with each local file or folder replaced by what the callables give for it."""
    artefacts = {
        FUNCTION: ("CodeUri", function_artefact),
        LAYER: ("ContentUri", layer_artefact),
        NESTED: ("TemplateURL", nested_artefact),
    }
    template = copy.deepcopy(template)
    for name, resource in template["Resources"].items():
        if resource["Type"] in artefacts:
            member, artefact = artefacts[resource["Type"]]
            resource["Properties"][member] = artefact(name, resource)
    return template
