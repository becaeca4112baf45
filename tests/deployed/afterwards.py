"""What is true when all the flows have run."""

import time
import unittest
import urllib.parse

import permissions
from scene import CONNECTED, SIGN_IN_URL, administration, messages_in, world
from world import APPLICATION, CLIENT_ID, Browser, wait_for


class Afterwards(unittest.TestCase):
    """In the order of their names."""

    def arrival(self):
        """A browser at the integrator's sign-in, if it is sent there; a new partner each time."""
        browser, partner = Browser(world), f"A{time.monotonic_ns()}"
        appstore = world.amazon_page("sellercentral.amazon.com", f"/appstore/{APPLICATION}?_as={partner}")
        _, at = browser.follow(appstore, stop_before=SIGN_IN_URL)
        return (browser, partner, at) if at.startswith(SIGN_IN_URL) else None

    def test_0_an_arrival_from_the_appstore_signs_in(self):
        administration("updateApplication", signInUrl=SIGN_IN_URL)
        # A function keeps what it has read of an application for a minute.
        browser, partner, at = wait_for(self.arrival, "the sign-in", 70)
        request = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(at).query))["request"]
        ask = lambda operation, **more: world.root.invoke("authorizations", {"operation": operation, "request": request, **more})
        self.assertEqual(ask("describeSignIn")["sellingPartnerId"], partner)
        answer = ask("completeSignIn", account="tenant-3")
        self.assertIn(CONNECTED, browser.follow(answer["continueUrl"])[1])
        self.assertEqual(world.root.invoke("get-access-token", {"account": "tenant-3"})["sellingPartnerId"], partner)

    def test_1_all_tokens_of_an_application_are_invalidated(self):
        world.root.invoke("get-access-token", {"scope": "sellingpartnerapi::notifications"})
        self.assertIn("notBefore", administration("invalidateTokens")["application"])
        self.assertTrue(administration("disableApplication", reason="a drill")["application"]["disabled"])
        self.assertFalse(administration("enableApplication")["application"]["disabled"])
        other = {"applicationId": f"{APPLICATION}-2", "clientId": f"{CLIENT_ID}2", "name": "Another", "draft": True}
        world.root.invoke("administration", {"operation": "registerApplication", "defaultRegion": "eu", **other})

    def test_2_every_permission_was_used(self):
        rights, used = permissions.granted(world), permissions.used(world)
        self.assertEqual(rights - used - permissions.RARE, set(), "granted and not used")
        self.assertEqual(permissions.RARE - rights, set(), "no longer granted")

    def test_3_nothing_failed_on_the_way(self):
        for queue in ("client-secrets-dead", "refresh-dead", "failed-invocations", "failed-schedules"):
            with self.subTest(queue=queue):
                self.assertEqual(messages_in(f"spapi-auth-{queue}"), 0)
