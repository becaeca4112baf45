// The ways to every page, in phases that share how the application is set up. A partner's id occurs in one scene alone, so that scenes do not
// disturb one another.

import assert from "node:assert/strict";
import {
  advance, amazon, application, fails, home, integrator, invoke, link, order, returnUrl, signInUrl, site, storeBrokenApplication, update,
} from "./world.mjs";

const AUTHORIZE = `${site}/authorize?marketplace=US&type=seller`;
const LONG = "W".repeat(80);
const form = (which) => order("website-form", {form: which});

// From a link to Amazon's consent page, by keyboard.
async function opens(person, url) {
  await person.open(url);
  await person.press("form button");
}
async function byLink(person, partner, fields) {
  await opens(person, await link(fields));
  await person.confirm(partner);
}
// From the integrator's website to the page that ends the workflow.
async function byWebsite(person, partner) {
  await person.open(AUTHORIZE);
  await person.confirm(partner);
}
async function byAppstore(person, partner) {
  await person.open(amazon(`/appstore/${application}`));
  await person.confirm(partner);
}
const CONNECTED = "You are connected";
const connected = async (person) => assert.match(await person.page.title(), /^You are connected/);
// What Amazon's consent page would do, if it told us of a refusal.
const refuses = (person) => person.open(`${site}/callback?error=access_denied&state=${person.state()}`);
// The page's button begins the journey again, at Amazon.
async function startsAgain(person) {
  await person.press(".main a");
  assert(person.state(), person.page.url());
}

const workflows = [
  {name: "appstore", typical: true, says: CONNECTED, go: (person) => byAppstore(person, "A1APPSTORE")},
  {name: "website", says: CONNECTED, go: (person) => byWebsite(person, "A1WEBSITE")},
  {name: "vendor", says: CONNECTED, go: async (person) => {
    await person.open(`${site}/authorize?marketplace=DE&type=vendor`);
    await person.confirm("VENDOR1");
  }},
  {name: "link", typical: true, go: async (person) => person.open(await link()), then: async (person) => {
    await person.press("form button");
    await person.confirm("A1LINK");
    await connected(person);
  }},
  // Hosts that serve several countries.
  {name: "link-in-europe", go: async (person) => person.open(await link({marketplace: "DE"}))},
  {name: "link-for-a-vendor", go: async (person) => person.open(await link({marketplace: "SA", type: "vendor"}))},
  {name: "link-and-back", elsewhere: `${returnUrl}?status=authorized&result=`, go: (person) => byLink(person, "A1BACK", {returnUrl})},
  {name: "refused-and-back", elsewhere: `${returnUrl}?status=not_consented`, go: async (person) => {
    await opens(person, await link({account: "tenant-refuses", returnUrl}));
    await refuses(person);
  }},
  {name: "renewal", says: CONNECTED, go: async (person) => {
    await byLink(person, "A1RENEWAL", {account: "tenant-renewal"});
    await connected(person);
    await advance(30 * 86400);
    const renewal = await invoke("authorizations", {operation: "requestRenewal", account: "tenant-renewal"});
    await opens(person, renewal.url);
    await person.confirm("A1RENEWAL");
  }},
  {name: "renewal-at-amazon", says: CONNECTED, go: async (person) => {
    await byWebsite(person, "A1MANAGE");
    await person.open(amazon("/apps/manage?_as=A1MANAGE"));
    await Promise.all([person.page.waitForNavigation(), person.page.click("button:has-text('Re-authorize')")]);
  }},
  // Amazon sends nobody back who cancels: the partner closes the page, or goes back to the link, which still works.
  {name: "cancel", go: async (person) => {
    const url = await link({account: "tenant-cancel"});
    await opens(person, url);
    await Promise.all([person.page.waitForNavigation(), person.page.click("a:has-text('Cancel')")]);
    assert(!person.page.url().startsWith(site));
    await person.open(url);
  }, then: async (person) => {
    await person.press("form button");
    await person.confirm("A1CANCEL");
    await connected(person);
  }},
];

const questions = [
  {name: "choose-journey", typical: true, go: async (person) => {
    for (const account of ["Clocks", "Watches"]) await opens(person, await link({account, label: `${account} Ltd`}));
    await byAppstore(person, "A1CHOOSE");
  }, then: async (person) => {
    await person.press("li a");
    await connected(person);
  }},
  // A person whose journey has expired comes from the Appstore: it may mean this journey, or another.
  {name: "choose-expired", go: async (person) => {
    await opens(person, await link({account: "tenant-slow", label: "Clocks Ltd"}));
    await advance(601);
    await byAppstore(person, "A1LATE");
  }},
  {name: "choose-central", typical: true, go: (person) => person.open(
    `${site}/login?amazon_callback_uri=%2Fapps%2Fauthorize%2Fconfirm%2F${application}&amazon_state=x&selling_partner_id=A1CENTRAL`),
  then: async (person) => {
    const {page} = person;
    await page.focus("select");
    await page.keyboard.type("Germ");
    await person.press("form button");
    assert(page.url().startsWith(amazon("/apps/authorize/confirm/", "sellercentral-europe.amazon.com")), page.url());
  }},
];

const waiting = [
  // Two tabs: one exchanges the code and waits for Amazon, the other looks again by itself, until we hold it to have a look at it.
  {name: "one-moment", says: "One moment", once: true, except: ["meta-refresh"], go: async (person) => {
    await person.open(AUTHORIZE);
    await fails("token", "hang");
    const other = await person.context.newPage();
    const callback = person.page.waitForRequest((request) => request.url().startsWith(`${site}/callback?`));
    person.confirm("A1MOMENT").catch(() => {});
    await other.goto((await callback).url());
    await other.waitForNavigation();
    await other.route("**/callback?*", (route) => route.abort("aborted"));
    person.page = other;
  }, then: async (person) => {
    await order("reset");
    await advance(101);
    await person.page.unroute("**/callback?*");
    await person.press(".main a");
    await person.page.locator(".mark .done").first().waitFor();
  }},
  {name: "AUTHORIZATION_CONFLICT", code: "AUTHORIZATION_CONFLICT", typical: true, go: async (person) => {
    const seller = (storeNames) => order("partners", {sellingPartnerId: "A1CONFLICT", region: "na", kind: "seller", storeNames});
    await seller({ATVPDKIKX0DER: "Clocks"});
    await byWebsite(person, "A1CONFLICT");
    await seller({A2EUQ1WTGCTBG2: "Watches"});
    await byWebsite(person, "A1CONFLICT");
  }},
  {name: "AUTHORIZATION_DISABLED", code: "AUTHORIZATION_DISABLED", go: async (person) => {
    await byWebsite(person, "A1DISABLED");
    await invoke("authorizations", {operation: "disableGrant", sellingPartnerId: "A1DISABLED", region: "na"});
    await byWebsite(person, "A1DISABLED");
  }},
];

const errors = [
  {name: "NOT_FOUND", go: (person) => person.open(`${site}/nowhere`)},
  {name: "BAD_LINK", go: (person) => person.open(`${site}/authorize?link=damaged`)},
  {name: "MISDIRECTED", go: async (person) => {
    await person.open(`${site}/callback?amazon_callback_uri=${encodeURIComponent(
      `https://sellercentral.amazon.com/apps/authorize/confirm/${application}`)}&amazon_state=x&selling_partner_id=A1MIXED`);
  }},
  {name: "LINK_USED", typical: true, go: async (person) => {
    const url = await link({account: "tenant-used"});
    await opens(person, url);
    await person.confirm("A1USED");
    await person.open(url);
  }},
  {name: "LINK_EXPIRED", go: async (person) => {
    const url = await link({account: "tenant-late", validSeconds: 60});
    await advance(61);
    await person.open(url);
  }},
  {name: "NOT_AMAZON", go: (person) => person.open(
    `${site}/login?amazon_callback_uri=https%3A%2F%2Fevil.example%2Fconfirm%2F${application}&amazon_state=x&selling_partner_id=A1EVIL`)},
  {name: "UNKNOWN_APPLICATION", named: null, go: (person) => person.open(`${AUTHORIZE}&application=amzn1.sp.solution.unknown`)},
  {name: "START_ELSEWHERE", once: true, go: async (person) => {
    await person.open(`${integrator}/foreign`);
    await person.press("button");
  }},
  {name: "UNKNOWN_STATE", go: async (person) => {
    await person.open(AUTHORIZE);
    await person.open(`${site}/callback?state=unknown&spapi_oauth_code=x&selling_partner_id=A1UNKNOWN`);
  }},
  {name: "NOT_CONSENTED", go: async (person) => {
    await opens(person, await link({account: "tenant-no"}));
    await refuses(person);
  }},
  {name: "EXPIRED", then: startsAgain, go: async (person) => {
    await form("4a");
    await person.open(AUTHORIZE);
    await advance(601);
    await person.confirm("A1SLOW");
    await form("4b");
  }},
  {name: "OTHER_BROWSER", go: async (person) => {
    await person.open(AUTHORIZE);
    const callback = `${site}/callback?spapi_oauth_code=x&selling_partner_id=A1OTHER&state=${person.state()}`;
    await person.context.clearCookies();
    await person.open(callback);
  }},
  {name: "OTHER_PARTNER", typical: true, go: async (person) => {
    await byLink(person, "A1MINE", {account: "tenant-mine"});
    const renewal = await invoke("authorizations", {operation: "requestRenewal", account: "tenant-mine"});
    await opens(person, renewal.url);
    await person.confirm("A1OTHERS");
  }},
  {name: "INTERRUPTED", go: async (person) => {
    await opens(person, await link({account: "tenant-broken"}));
    const state = person.state();
    await person.confirm("A1BROKEN");
    await person.open(`${site}/callback?spapi_oauth_code=x&selling_partner_id=A2BROKEN&state=${state}`);
  }},
  {name: "CODE_REFUSED", then: startsAgain, go: async (person) => {
    await person.open(AUTHORIZE);
    await fails("token", "body", {status: 400, times: 1, body: JSON.stringify({error: "invalid_grant", error_description: "-"})});
    await person.confirm("A1CODE");
  }},
  {name: "APPLICATION_REFUSED", go: async (person) => {
    await person.open(AUTHORIZE);
    await fails("token", "invalid_client", {times: 1});
    await person.confirm("A1SECRET");
  }},
  {name: "INTERNAL", named: null, go: async (person) => {
    await storeBrokenApplication("amzn1.sp.solution.broken");
    await person.open(`${AUTHORIZE}&application=amzn1.sp.solution.broken`);
  }},
].map((scene) => ({code: scene.name, ...scene}));

const unavailable = {name: "UNAVAILABLE", code: "UNAVAILABLE", named: null, once: true, go: async (person) => {
  const url = await link({account: "tenant-down"});
  await fails("dynamodb", "http_error", {status: 503});
  await person.open(url);
}, then: () => order("reset")};

const help = {name: "help", named: null, typical: true, go: (person) => person.open(`${site}/help`)};

const signIn = [
  {name: "sign-in", says: CONNECTED, go: async (person) => {
    await byAppstore(person, "A1SIGNIN");
    assert(person.page.url().startsWith(`${signInUrl}?request=`), person.page.url());
    await person.press("a");
  }},
  {name: "sign-in-in-another-browser", code: "OTHER_BROWSER", go: async (person) => {
    await byAppstore(person, "A2SIGNIN");
    await person.context.clearCookies();
    await person.press("a");
  }},
];

// One of each kind, with names that no line can break at a blank.
const longNames = [
  {name: "long-link", go: async (person) => person.open(await link({account: "tenant-long", label: LONG}))},
  {name: "long-connected", go: (person) => byLink(person, "A1LONG", {account: "tenant-long", label: LONG})},
  {name: "long-choose-journey", go: async (person) => {
    for (const account of ["a", "b"]) await opens(person, await link({account, label: account + LONG.slice(1)}));
    await byAppstore(person, "A2LONG");
  }},
  {name: "long-conflict", code: "AUTHORIZATION_CONFLICT", go: async (person) => {
    await order("partners", {sellingPartnerId: "A1CONFLICT", region: "na", kind: "seller", storeNames: {A1AM78C64UM0Y8: LONG}});
    await byWebsite(person, "A1CONFLICT");
  }},
  {name: "long-APPLICATION_REFUSED", code: "APPLICATION_REFUSED", go: async (person) => {
    await person.open(AUTHORIZE);
    await fails("token", "invalid_client", {times: 1});
    await person.confirm("A3LONG");
  }},
].map((scene) => ({named: LONG, ...scene}));

// A white cross on blue, 48 pixels a side.
const LOGO =
  "iVBORw0KGgoAAAANSUhEUgAAADAAAAAwCAMAAABg3Am1AAAABlBMVEUfb7X///9ml3GnAAAAKElEQVR42mNgGAWjgIaAEQpGNQyM" +
  "BkYcYFQDfTWMptbBpWEUjAIyAADHewFB2OXVnQAAAABJRU5ErkJggg==";
const branding = {
  name: "Example Application", company: "Example GmbH", supportUrl: "mailto:support@example.com", homeUrl: home,
  logo: LOGO, returnUrls: [returnUrl], signInUrl: null,
};

export const phases = [
  {arrange: () => update(branding), scenes: [...workflows, ...questions, ...waiting, ...errors, unavailable, help]},
  {arrange: async () => {
    await order("reset");
    await update({signInUrl});
  }, scenes: signIn},
  {arrange: () => update({name: LONG, signInUrl: null}), scenes: longNames},
];
