"""The recipes of reminders: each brings a break of an authorization where its parameter says."""

import http.server
import json
import threading
import unittest

from scene import administration, authorizations, message_about, world
from world import REMINDER_KEY, Browser, FunctionError, queue_arn, wait_for


class Webhook(http.server.BaseHTTPRequestHandler):
    """An address of the operator's own, which remembers what came."""

    came = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Webhook.came.append((self.headers.get("x-api-key"), json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Reminders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", world.webhook_port), Webhook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        # The emulator sends no e-mail: a queue subscribes to the topic beside the address.
        sqs, sns = world.root.client("sqs"), world.root.client("sns")
        permit = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [permit]})
        cls.inbox = sqs.create_queue(QueueName="inbox", Attributes={"Policy": policy})["QueueUrl"]
        topic = next(topic["TopicArn"] for topic in sns.list_topics()["Topics"] if topic["TopicArn"].endswith(":spapi-auth-reminders"))
        cls.addresses = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(sqs, cls.inbox))
        # Amazon revoked the authorization while it was disabled, which shows when it is enabled.
        grant = {"sellingPartnerId": "A1BROKEN", "region": "na"}
        Browser(world).website("US", "seller", "A1BROKEN")
        authorizations("disableGrant", **grant)
        world.control("partner/A1BROKEN/revoke", {})
        try:
            administration("enableGrant", **grant)
            raise AssertionError("Amazon accepts what it revoked")
        except FunctionError as error:
            assert error.args[0] == "ReauthorizationRequired", error

    def is_the_break(self, event):
        """Nothing else of the partner comes: not the grant, and not that it was disabled, which happened before."""
        self.assertEqual((event["source"], event["detail-type"]), ("spapi-auth", "ReauthorizationRequired"))
        self.assertEqual(event["detail"]["sellingPartnerId"], "A1BROKEN")

    def test_a_queue_gets_the_event(self):
        self.is_the_break(message_about("A1BROKEN", world.reminder_queue))

    def test_the_topic_gets_words_and_the_link(self):
        self.assertEqual([(found["Protocol"], found["Endpoint"]) for found in self.addresses], [("email", "ops@example.com")])
        words = message_about("A1BROKEN", self.inbox)["Message"]
        self.assertIn("ReauthorizationRequired: partner A1BROKEN (na)", words)
        self.assertIn(f"To authorize again: https://{world.site}/authorize", words)

    def test_the_webhook_gets_the_event_and_its_key(self):
        calls = lambda: [call for call in Webhook.came if call[1]["detail"]["sellingPartnerId"] == "A1BROKEN"]
        (key, event), *more = wait_for(calls, "the call of the webhook", 60)
        self.assertEqual(key, REMINDER_KEY)
        self.is_the_break(event)
        self.assertEqual(more, [])
