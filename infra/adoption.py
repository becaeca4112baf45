"""What a deleted stack leaves behind, as the first change set of the next stack takes it over.

CloudFormation imports what is there into a new stack, if a template describes it and nothing else. The deployment that follows adds the rest.
"""

import json

# The types that CloudFormation imports and that a stack leaves behind, and the property by which it knows one. The API is not among
# them: its routes name functions that are gone.
IDENTIFIERS = {"AWS::DynamoDB::Table": "TableName", "AWS::KMS::Alias": "AliasName", "AWS::KMS::Key": "KeyId"}

# Policies name roles, which are not there yet. An import changes nothing of a resource: the old policy stays until the deployment.
NAMING_ROLES = ("KeyPolicy", "ResourcePolicy")

# What the properties of these resources depend on. The deployment that follows has the same values, so it changes nothing either.
PARAMETERS = ("MultiRegionKey", "Prefix")
CONDITIONS = ("HasMultiRegionKey",)


def left_behind(template, prefix):
    """The ids of what this template's stack would have left behind: the type of each, and its name. A key has the name of its alias."""
    kept = {
        id: resource for id, resource in template["Resources"].items()
        if resource["Type"] in IDENTIFIERS and resource.get("DeletionPolicy") == "Retain"
    }
    names = {}
    for id, resource in kept.items():
        name = resource["Properties"].get(IDENTIFIERS[resource["Type"]])
        if name:
            names[id] = (resource["Type"], resolved(name, prefix))
    for id, resource in kept.items():
        if key := resource["Properties"].get("TargetKeyId", {}).get("Ref"):
            names[key] = (kept[key]["Type"], names[id][1])
    return names


def reduced(template, ids):
    """The template of these resources alone, with the properties that they have."""
    def resource(id):
        whole = template["Resources"][id]
        properties = {name: value for name, value in whole["Properties"].items() if name not in NAMING_ROLES}
        return {
            "Type": whole["Type"], "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties,
        }

    return {
        "AWSTemplateFormatVersion": template["AWSTemplateFormatVersion"],
        "Parameters": {name: template["Parameters"][name] for name in PARAMETERS},
        "Conditions": {name: template["Conditions"][name] for name in CONDITIONS},
        "Resources": {id: resource(id) for id in ids},
    }


def to_import(template, identifiers):
    """What CloudFormation wants to know of each resource, whose identifiers are given by id."""
    def named(id, identifier):
        kind = template["Resources"][id]["Type"]
        return {"ResourceType": kind, "LogicalResourceId": id, "ResourceIdentifier": {IDENTIFIERS[kind]: identifier}}

    return [named(id, identifier) for id, identifier in identifiers.items()]


def admitting(policy, roles):
    """A client secret's policy, which denies it to all but the roles of the stack that is gone, with the new ones in their place."""
    policy = json.loads(policy)
    for statement in policy["Statement"]:
        if statement.get("Sid") == "OnlyTheseRoles":
            statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"] = roles
    return json.dumps(policy)


def resolved(value, prefix):
    """A name, which depends on nothing but the prefix."""
    if isinstance(value, str):
        return value
    (function, argument), = value.items()
    if function == "Fn::Select":
        return resolved(argument[1], prefix)[int(argument[0])]
    if function == "Fn::Split":
        return resolved(argument[1], prefix).split(argument[0])
    assert function == "Fn::Sub", f"{function} is not understood"
    text, variables = (argument, {}) if isinstance(argument, str) else argument
    for name, variable in variables.items():
        text = text.replace(f"${{{name}}}", resolved(variable, prefix))
    return text.replace("${Prefix}", prefix)
