"""What operators do, and what the queues and schedules do for them."""

import json
import time
import unittest

from scene import administration, authorizations, message_about, messages_in, put_consumer, refusal_of, token_of, world
from world import APPLICATION, PREFIX, Browser, queue_arn, wait_for


class Operating(unittest.TestCase):
    def test_a_new_client_secret_comes_through_the_queue(self):
        secrets = world.root.client("secretsmanager")

        def current():
            read = secrets.get_secret_value(SecretId=f"spapi-auth/{APPLICATION}", VersionStage="AWSCURRENT")
            return json.loads(read["SecretString"])["clientSecret"]

        new = world.control(f"rotate/{APPLICATION}", {})["newClientSecret"]
        wait_for(lambda: current() == new, "the new client secret", 60)
        # Now that one that Amazon accepted has come through the queue, a new one may be asked for.
        answer = administration("rotateClientSecret")
        self.assertTrue(answer["asked"], answer)
        wait_for(lambda: current() != new, "the secret that was asked for", 60)

    def test_an_authorization_is_listed_disabled_enabled_and_removed(self):
        Browser(world).website("US", "seller", "A1STATUS")
        token_of("A1STATUS", "na")
        grant = {"sellingPartnerId": "A1STATUS", "region": "na"}
        self.assertIn(APPLICATION, json.dumps(world.root.invoke("authorizations", {"operation": "listApplications"})))
        self.assertIn("A1STATUS", json.dumps(authorizations("listGrants")))

        authorizations("disableGrant", **grant)
        wait_for(lambda: refusal_of("A1STATUS") == "AuthorizationDisabled", "the end of its tokens", 70)
        administration("enableGrant", **grant)
        wait_for(lambda: refusal_of("A1STATUS") is None, "a token", 70)
        administration("removeGrant", **grant)
        wait_for(lambda: refusal_of("A1STATUS") == "UnknownSellingPartner", "the end of its tokens", 70)

        history = json.dumps(authorizations("getHistory", **grant))
        for event in ("Granted", "Disabled", "Enabled", "Removed"):
            self.assertIn(f"Authorization{event}", history)

        self.assertTrue(administration("eraseGrant", **grant)["erased"])
        self.assertFalse(administration("eraseGrant", **grant)["erased"])

    def test_an_authorization_that_lapses_is_told_of(self):
        Browser(world).website("US", "seller", "A1LAPSE")
        world.root.client("dynamodb").update_item(
            TableName="spapi-auth-grants", Key={"grant_key": {"S": f"{APPLICATION}#na#A1LAPSE"}},
            UpdateExpression="SET renewal_due_at = :soon",
            ExpressionAttributeValues={":soon": {"N": str(int(time.time()) + 5 * 24 * 3600)}},
        )
        world.root.invoke("token-refresher", {"task": "renewals"})
        history = lambda: json.dumps(authorizations("getHistory", sellingPartnerId="A1LAPSE", region="na"))
        wait_for(lambda: "AuthorizationExpiring" in history(), "the reminder", 30)

    def test_a_message_that_nobody_understands_goes_to_the_dead_letters_with_the_reason(self):
        sqs = world.root.client("sqs")
        queues = [sqs.get_queue_url(QueueName=f"spapi-auth-{name}")["QueueUrl"] for name in ("refresh", "refresh-dead")]
        sqs.send_message(QueueUrl=queues[0], MessageBody="sing")
        wait_for(lambda: messages_in("spapi-auth-refresh-dead"), "the message", 30)
        found = sqs.receive_message(QueueUrl=queues[1], MessageAttributeNames=["All"])["Messages"][0]
        self.assertIn("not a message", found["MessageAttributes"]["reason"]["StringValue"])
        sqs.delete_message(QueueUrl=queues[1], ReceiptHandle=found["ReceiptHandle"])

    def test_a_refresh_token_made_elsewhere_is_imported(self):
        own = {"applicationId": APPLICATION, "sellingPartnerId": "A1IMPORT", "region": "eu", "kind": "seller"}
        token = world.control("self-authorization", own)["refreshToken"]
        administration("importGrant", sellingPartnerId="A1IMPORT", refreshToken=token, kind="self", account="tenant-1")
        found = world.root.invoke("get-access-token", {"account": "tenant-1"})
        self.assertEqual((found["sellingPartnerId"], found["region"]), ("A1IMPORT", "eu"))
        for grant in (authorizations("getGrant", account="tenant-1"), authorizations("getGrant", sellingPartnerId="A1IMPORT")):
            self.assertEqual(grant["grant"]["kind"], "self")
        findings = administration("examine")
        self.assertIn(world.outputs["RedirectUri"], json.dumps(findings))

    def test_events_reach_a_rule_on_the_bus_and_the_same_ones_again_when_they_are_replayed(self):
        sqs, events = world.root.client("sqs"), world.root.client("events")
        queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
        arn = queue_arn(sqs, queue)
        bus = world.outputs["EventBusName"]
        pattern = {"detail-type": ["AuthorizationGranted"], "source": ["spapi-auth"]}
        events.put_rule(Name="granted", EventBusName=bus, EventPattern=json.dumps(pattern))
        events.put_targets(Rule="granted", EventBusName=bus, Targets=[{"Id": "listener", "Arn": arn}])

        Browser(world).website("US", "seller", "A1EVENTS")
        first = message_about("A1EVENTS", queue)
        administration("replayEvents", **{
            "sellingPartnerId": "A1EVENTS", "region": "na", "from": "2000-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z",
        })
        again = message_about("A1EVENTS", queue)

        self.assertEqual((first["source"], first["detail-type"]), ("spapi-auth", "AuthorizationGranted"))
        self.assertEqual(again["detail"], first["detail"])

    def test_the_stack_can_be_deployed_again(self):
        put_consumer("lost", applicationIds=[APPLICATION], regions=["na"], partners=["A1LOST"])
        world.make_alias("authorizations", "without-policy")
        deployed = world.run_deploy("--skip-build")
        self.assertEqual(deployed.returncode, 0, deployed.stderr)
        self.assertIn(world.outputs["LoginUri"], deployed.stdout)
        # As after a function was replaced, which loses its aliases.
        for function in ("get-access-token", "authorizations"):
            self.assertIn(f"Made the alias {PREFIX}{function}:lost", deployed.stderr)
            world.root.client("lambda").get_alias(FunctionName=PREFIX + function, Name="lost")
        self.assertIn(f"The alias {PREFIX}authorizations:without-policy has no policy", deployed.stderr)
        self.assertEqual(world.deploy("--skip-build", "--dry-run").strip(), "No changes")
