"""Tokens: every kind, who gets them, and what replaces them."""

import io
import json
import stat
import unittest
import urllib.request
import zipfile

from botocore.exceptions import ClientError
from scene import administration, grant_of, put_consumer, row_of_token, token_of, world
from world import APPLICATION, PREFIX, Browser, FunctionError, Refused, wait_for


class Tokens(unittest.TestCase):
    def test_every_kind_of_token(self):
        Browser(world).website("US", "seller", "A1KINDS")
        orders = [{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]
        restricted = token_of("A1KINDS", "na", restrictedResources=orders)
        self.assertTrue(restricted["accessToken"].startswith("Atz.sprdt|"), restricted["accessToken"][:12])
        scope = world.root.invoke("get-access-token", {"scope": "sellingpartnerapi::notifications"})
        self.assertTrue(scope["accessToken"].startswith("Atc|"))
        self.assertEqual(token_of("A1KINDS", "na")["endpoint"][:4], "http")

    def test_a_service_may_invoke_its_own_alias_and_nothing_else(self):
        Browser(world).website("US", "seller", "A1SERVICE")
        for consumer in ("orders", "billing"):
            put_consumer(consumer, applicationIds=[APPLICATION], regions=["na"], partners=["A1SERVICE"])
            world.make_alias("get-access-token", consumer)
        service = world.user("service", {
            "Effect": "Allow", "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:eu-west-1:000000000000:function:spapi-auth-get-access-token:orders",
        })
        wanted = {"sellingPartnerId": "A1SERVICE"}
        self.assertIn("accessToken", service.invoke("get-access-token:orders", wanted))
        for other in ("get-access-token:billing", "get-access-token", "administration"):
            with self.subTest(function=other), self.assertRaises(Refused) as refused:
                service.invoke(other, wanted)
            self.assertIn("AccessDenied", str(refused.exception))

    def test_no_administrator_reads_or_writes_what_is_the_functions(self):
        """Whatever IAM allows: the policies of tables, client secrets and queues deny it."""
        Browser(world).website("US", "seller", "A1GUARDED")
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        administrator = world.user("administrator", everything)
        dynamodb, secrets, sqs = (administrator.client(service) for service in ("dynamodb", "secretsmanager", "sqs"))
        key = {"grant_key": {"S": f"{APPLICATION}#na#A1GUARDED"}}
        grants, secret = {"TableName": "spapi-auth-grants"}, {"SecretId": f"spapi-auth/{APPLICATION}"}
        version = secrets.describe_secret(**secret)["VersionIdsToStages"]
        self.assertTrue(version, "secrets can be described")
        queue = sqs.get_queue_url(QueueName="spapi-auth-client-secrets")["QueueUrl"]
        dead = sqs.get_queue_url(QueueName="spapi-auth-client-secrets-dead")["QueueUrl"]
        stolen = {"Put": grants | {"Item": key | {"account": {"S": "thief"}}}}
        partner = {"KeyConditionExpression": "selling_partner_id = :p", "ExpressionAttributeValues": {":p": {"S": "A1GUARDED"}}}
        for name, attempt in {
            "GetItem": lambda: dynamodb.get_item(**grants, Key=key),
            "PutItem": lambda: dynamodb.put_item(**grants, Item=key | {"account": {"S": "thief"}}),
            "TransactWriteItems": lambda: dynamodb.transact_write_items(TransactItems=[stolen]),
            "BatchGetItem": lambda: dynamodb.batch_get_item(RequestItems={"spapi-auth-grants": {"Keys": [key]}}),
            "Query of an index": lambda: dynamodb.query(**grants, IndexName="partner", **partner),
            "Scan": lambda: dynamodb.scan(TableName="spapi-auth-history"),
            "GetSecretValue": lambda: secrets.get_secret_value(**secret),
            "PutSecretValue": lambda: secrets.put_secret_value(**secret, SecretString="stolen"),
            "UpdateSecret": lambda: secrets.update_secret(**secret, KmsKeyId="alias/aws/secretsmanager"),
            "SendMessage": lambda: sqs.send_message(QueueUrl=queue, MessageBody="forged"),
            "ReceiveMessage": lambda: sqs.receive_message(QueueUrl=queue),
            "ReceiveMessage of dead letters": lambda: sqs.receive_message(QueueUrl=dead),
        }.items():
            with self.subTest(attempt=name), self.assertRaises(ClientError) as error:
                attempt()
            self.assertIn("AccessDenied", str(error.exception), name)
        # What looks after them stays with the account.
        self.assertEqual(dynamodb.describe_table(**grants)["Table"]["TableStatus"], "ACTIVE")
        arn = dynamodb.describe_table(**grants)["Table"]["TableArn"]
        policy = dynamodb.get_resource_policy(ResourceArn=arn)["Policy"]
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy)
        dynamodb.create_backup(**grants, BackupName="by-an-administrator")
        secrets.get_resource_policy(**secret)

    def test_a_consumer_gets_what_its_policy_names(self):
        Browser(world).website("US", "seller", "A1MINE")
        Browser(world).website("US", "seller", "A1OTHERS")
        for partner, account in (("A1MINE", "tenant-mine"), ("A1OTHERS", "tenant-others")):
            administration("linkAccount", sellingPartnerId=partner, region="na", account=account)
        put_consumer("mine", applicationIds=[APPLICATION], regions=["na"], accounts=["tenant-mine"])
        world.make_alias("get-access-token", "mine")
        ask = lambda function, partner: world.root.invoke(function, {"sellingPartnerId": partner, "region": "na"})

        self.assertIn("accessToken", ask("get-access-token:mine", "A1MINE"))
        world.make_alias("get-access-token", "without-policy")
        for function, partner in (("get-access-token:mine", "A1OTHERS"), ("get-access-token:without-policy", "A1MINE"),
                                  ("get-access-token:$LATEST", "A1MINE")):
            with self.subTest(function=function), self.assertRaises(FunctionError) as error:
                ask(function, partner)
            self.assertEqual(error.exception.args[0], "RequestRefused")

    def test_the_agent_is_in_a_layer_as_an_extension(self):
        version = world.root.client("lambda").get_layer_version_by_arn(Arn=world.outputs["AgentLayer"])
        with urllib.request.urlopen(version["Content"]["Location"]) as answer:
            layer = zipfile.ZipFile(io.BytesIO(answer.read()))
        [extension] = layer.infolist()
        self.assertEqual(extension.filename, "extensions/spapi-auth-agent")
        self.assertTrue(extension.external_attr >> 16 & stat.S_IXOTH, "Lambda may start it")

    def test_another_account_may_use_an_alias_and_the_layer_of_the_agent(self):
        """The two calls of `spapi-auth consumers update --principal`."""
        client = world.root.client("lambda")
        world.make_alias("get-access-token", "abroad")
        client.add_permission(FunctionName=f"{PREFIX}get-access-token", Qualifier="abroad", StatementId="210987654321",
                              Action="lambda:InvokeFunction", Principal="210987654321")
        policy = json.loads(client.get_policy(FunctionName=f"{PREFIX}get-access-token", Qualifier="abroad")["Policy"])
        self.assertTrue(policy["Statement"][0]["Resource"].endswith(":spapi-auth-get-access-token:abroad"), policy)
        newest = client.list_layer_versions(LayerName="spapi-auth-agent", MaxItems=1)["LayerVersions"][0]
        self.assertEqual(newest["LayerVersionArn"], world.outputs["AgentLayer"])
        client.add_layer_version_permission(LayerName="spapi-auth-agent", VersionNumber=newest["Version"], StatementId="210987654321",
                                            Action="lambda:GetLayerVersion", Principal="210987654321")
        policy = client.get_layer_version_policy(LayerName="spapi-auth-agent", VersionNumber=newest["Version"])
        self.assertIn("210987654321", policy["Policy"])

    def test_a_refusal_is_a_typed_error(self):
        with self.assertRaises(FunctionError) as error:
            token_of("A1NOBODY", "na")
        self.assertEqual(error.exception.args[0], "UnknownSellingPartner")

    def test_a_refresh_token_that_amazon_replaces_is_kept(self):
        Browser(world).website("US", "seller", "A1REPLACE")
        before = grant_of("A1REPLACE")["fingerprint"]
        administration("invalidateTokens", sellingPartnerId="A1REPLACE", region="na")
        world.control("tokens", {"onRefresh": "replace"})
        self.addCleanup(world.control, "tokens", {"onRefresh": "echo"})
        token_of("A1REPLACE", "na")
        wait_for(lambda: grant_of("A1REPLACE")["fingerprint"] != before, "the other refresh token", 30)

    def test_tokens_are_invalidated_by_an_operator(self):
        Browser(world).website("US", "seller", "A1INVALID")
        before = token_of("A1INVALID", "na")["accessToken"]
        administration("invalidateTokens", sellingPartnerId="A1INVALID", region="na")
        wait_for(lambda: token_of("A1INVALID", "na")["accessToken"] != before, "another token", 70)

    def test_the_schedule_and_the_queue_refresh_what_is_due(self):
        refreshed = lambda: int(row_of_token(world.warm)["minted_at"]["N"]) > world.made_due_at
        wait_for(refreshed, "the refreshed token", 400)
        calls = world.control("calls")["tokenByPartner"]
        self.assertEqual(calls[world.warm], 2, "one exchange, one refresh")
