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


def without(template, types, attributes):
    """The template without resources of these types, and without outputs that tell of them or of these attributes."""
    gone = {name for name, resource in template["Resources"].items() if resource["Type"] in types}
    template["Resources"] = {name: one for name, one in template["Resources"].items() if name not in gone}
    for resource in template["Resources"].values():
        waits_for = resource.get("DependsOn", [])
        waits_for = [waits_for] if isinstance(waits_for, str) else waits_for
        resource["DependsOn"] = [name for name in waits_for if name not in gone]
    outputs = template.get("Outputs", {})
    template["Outputs"] = {
        name: output
        for name, output in outputs.items()
        if not any(refers_to(output, one) for one in gone) and not any(one in str(output) for one in attributes)
    }
    return template


def with_arns_of(template, kind):
    """The template with `!Ref` of a resource of this type written as `!GetAtt Id`, which is the same on AWS."""
    names = {name for name, resource in template["Resources"].items() if resource["Type"] == kind}

    def rewritten(value):
        if isinstance(value, dict):
            if value.keys() == {"Ref"} and value["Ref"] in names:
                return {"Fn::GetAtt": [value["Ref"], "Id"]}
            return {name: rewritten(one) for name, one in value.items()}
        return [rewritten(one) for one in value] if isinstance(value, list) else value

    return rewritten(template)


def refers_to(value, name):
    if isinstance(value, dict):
        if value.get("Ref") == name or (value.get("Fn::GetAtt") or [None])[0] == name:
            return True
        return any(refers_to(one, name) for one in value.values())
    if isinstance(value, list):
        return any(refers_to(one, name) for one in value)
    return isinstance(value, str) and (f"${{{name}}}" in value or f"${{{name}." in value)
