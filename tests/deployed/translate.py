"""The template as the SAM transform makes it, to show what CloudFormation gets."""

import json
import os
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """Every policy is written out in the template."""

    def load(self):
        return {}


os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
source, target = sys.argv[1:]
with open(source) as file:
    template = yaml_parse(file)
for resource in template["Resources"].values():
    # As `aws cloudformation package` writes it.
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = "s3://artifacts/bootstrap.zip"
    if resource["Type"] == "AWS::Serverless::LayerVersion":
        resource["Properties"]["ContentUri"] = "s3://artifacts/layer.zip"
with open(target, "w") as file:
    json.dump(transform(template, {}, NoManagedPolicies()), file, indent=1)
