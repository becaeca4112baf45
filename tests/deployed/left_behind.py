"""What infra/deploy --adopt takes over, by the template: without AWS."""

import json
import sys
import unittest
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

INFRA = Path(__file__).resolve().parents[2] / "infra"
sys.path.insert(0, str(INFRA))
import adoption

TEMPLATE = yaml_parse((INFRA / "template.yaml").read_text())
TABLE, KEY, ALIAS = "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::KMS::Alias"


class LeftBehind(unittest.TestCase):
    def test_it_is_what_the_template_retains_under_the_names_of_the_prefix(self):
        for prefix, stack in (("spapi-auth-", "spapi-auth"), ("spapi-auth-staging-", "spapi-auth-staging")):
            self.assertEqual(adoption.left_behind(TEMPLATE, prefix), {
                "ApplicationsTable": (TABLE, f"{prefix}applications"),
                "GrantsTable": (TABLE, f"{prefix}grants"),
                "HistoryTable": (TABLE, f"{prefix}history"),
                "SealingKey": (KEY, f"alias/{stack}"),
                "SealingKeyAlias": (ALIAS, f"alias/{stack}"),
                "ClientSecretKey": (KEY, f"alias/{prefix}client-secrets"),
                "ClientSecretKeyAlias": (ALIAS, f"alias/{prefix}client-secrets"),
            })

    def test_a_resource_is_described_as_it_is_without_what_is_not_there_yet(self):
        ids = adoption.left_behind(TEMPLATE, "spapi-auth-")
        reduced = adoption.reduced(TEMPLATE, ids)
        self.assertEqual(set(reduced["Resources"]), set(ids))
        self.assertEqual(set(reduced), {"AWSTemplateFormatVersion", "Conditions", "Parameters", "Resources"}, "an import may add no output")
        for id, resource in reduced["Resources"].items():
            self.assertEqual((resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("Retain", "Retain"), id)
            whole, kept = TEMPLATE["Resources"][id]["Properties"], resource["Properties"]
            self.assertEqual({**whole, **kept}, whole, id)
            self.assertEqual(set(whole) - set(kept), set(whole) & {"KeyPolicy", "ResourcePolicy"}, id)
        # It refers to nothing else.
        text = json.dumps([reduced["Conditions"], reduced["Resources"]])
        others = set().union(*(set(TEMPLATE[part]) - set(reduced[part]) for part in ("Conditions", "Parameters", "Resources")))
        self.assertEqual({other for other in others if f'"{other}' in text or f"${{{other}" in text}, set())

    def test_each_is_named_by_what_cloudformation_knows_it(self):
        identifiers = {"GrantsTable": "spapi-auth-grants", "SealingKey": "1234", "SealingKeyAlias": "alias/spapi-auth"}
        self.assertEqual(adoption.to_import(TEMPLATE, identifiers), [
            {"ResourceType": TABLE, "LogicalResourceId": "GrantsTable", "ResourceIdentifier": {"TableName": "spapi-auth-grants"}},
            {"ResourceType": KEY, "LogicalResourceId": "SealingKey", "ResourceIdentifier": {"KeyId": "1234"}},
            {"ResourceType": ALIAS, "LogicalResourceId": "SealingKeyAlias", "ResourceIdentifier": {"AliasName": "alias/spapi-auth"}},
        ])

    def test_a_client_secret_is_denied_to_all_but_the_new_roles(self):
        other = {"Sid": "Auditors", "Effect": "Allow", "Action": "secretsmanager:DescribeSecret", "Resource": "*"}
        denied = {"Sid": "OnlyTheseRoles", "Effect": "Deny", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": ["arn:old"]}}}
        admitting = json.loads(adoption.admitting(json.dumps({"Statement": [other, denied]}), ["arn:new"]))
        self.assertEqual(admitting["Statement"][0], other)
        self.assertEqual(admitting["Statement"][1]["Condition"], {"ArnNotEquals": {"aws:PrincipalArn": ["arn:new"]}})


if __name__ == "__main__":
    unittest.main()
