"""Each workflow that connects a partner, from the browser to a token."""

import unittest
import urllib.parse

from scene import CONNECTED, RETURN_URL, authorizations, grant_of, token_of, world
from world import APPLICATION, Browser, wait_for


class Connecting(unittest.TestCase):
    def test_the_website_workflow_in_both_forms(self):
        for form in ("4a", "4b"):
            world.control("website-form", {"form": form})
            for marketplace, region, kind in (("US", "na", "seller"), ("DE", "eu", "vendor")):
                partner = f"A{marketplace}{form.upper()}"
                with self.subTest(form=form, partner=partner):
                    status, page = Browser(world).website(marketplace, kind, partner)
                    self.assertEqual((status, CONNECTED in page), (200, True), page)
                    token = token_of(partner, region)
                    self.assertTrue(token["accessToken"].startswith("Atza|"))

    def test_a_journey_that_only_its_browser_knows(self):
        """Amazon may name an address that names no marketplace."""
        world.control("website-form", {"form": "4b", "callbackUri": "amazon.com"})
        self.addCleanup(world.control, "website-form", {"form": "4b", "callbackUri": "central"})
        self.assertIn(CONNECTED, Browser(world).website("JP", "seller", "A1BARE")[1])
        self.assertEqual(token_of("A1BARE", "fe")["region"], "fe")

    def test_the_appstore_workflow(self):
        page = world.amazon_page("sellercentral.amazon.com", f"/appstore/{APPLICATION}?_as=A1APPSTORE")
        self.assertIn(CONNECTED, Browser(world).follow(page)[1])
        self.assertEqual(token_of("A1APPSTORE", "na")["region"], "na")

    def test_a_link_ends_in_a_grant_of_its_account(self):
        made = authorizations("createAuthorizationLink", account="tenant-2", label="Shop two", marketplace="US", returnUrl=RETURN_URL)
        link = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(made["url"]).query))["link"]
        browser = Browser(world)
        self.assertEqual(browser.open(made["url"], method="HEAD")[0], 200)
        status, _, page = browser.open(made["url"])
        self.assertEqual((status, "Shop two" in page), (200, True), page)
        status, consent, page = browser.open(made["url"].split("?")[0], form={"link": link})
        self.assertEqual(status, 303, page)
        _, back = browser.follow(f"{consent}&_as=A1LINK", stop_before=RETURN_URL)
        result = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["result"]

        world.root.invoke("authorizations", {"operation": "completeAuthorization", "result": result, "account": "tenant-2"})

        found = world.root.invoke("get-access-token", {"account": "tenant-2"})
        self.assertEqual(found["sellingPartnerId"], "A1LINK")

    def test_re_authorization_replaces_the_token_of_the_same_grant(self):
        Browser(world).website("US", "seller", "A1AGAIN")
        before = token_of("A1AGAIN", "na")["accessToken"]
        page = world.amazon_page("sellercentral.amazon.com", f"/apps/manage/{APPLICATION}/reauthorize?_as=A1AGAIN")
        self.assertIn(CONNECTED, Browser(world).follow(page)[1])
        # An environment caches a token for a minute at most.
        wait_for(lambda: token_of("A1AGAIN", "na")["accessToken"] != before, "the new token", 70)
        self.assertEqual(grant_of("A1AGAIN")["version"]["N"], "2")
