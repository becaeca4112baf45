// The console of operators in a real browser, served by spapi-auth over the functions of the stack: each page is held against WCAG, narrow
// screens and dark mode, a person without a mouse gets from page to page, and nothing needs a script.

import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {createInterface} from "node:readline";
import {accessible, looks} from "./checks.mjs";
import {advance, application, invoke, link, order, startBrowser, Person} from "./world.mjs";

const only = process.argv[2];
const LONG = "W".repeat(80);
const of = `/console/applications/${application}`;

// Three partners, one of them disabled and with a long name.
async function arrange(browser) {
  for (const [partner, name] of [["A1SHOP", "Clocks"], ["A1CLOSED", LONG], ["A1OTHER", "Watches"]]) {
    await order("partners", {sellingPartnerId: partner, region: "na", kind: "seller", storeNames: {ATVPDKIKX0DER: name}});
    const person = await Person.meet(browser);
    await person.open(await link({account: `tenant-${partner}`}));
    await person.press("form button");
    await person.confirm(partner);
    await person.leave();
    // The first one is in the last 24 hours of spapi-auth, whose clock nothing advances.
    await invoke("get-access-token", {sellingPartnerId: partner, region: "na"});
    await advance(10 * 86400);
  }
  await invoke("administration", {
    operation: "disableGrant", applicationId: application, sellingPartnerId: "A1CLOSED", region: "na", reason: "contract ended",
  });
  await invoke("administration", {
    operation: "putConsumer", consumer: "orders", applicationIds: "all", regions: "all", accounts: {prefix: "tenant-"}, may: ["read"],
  });
}

// Starts spapi-auth console and returns the address that it prints.
async function start(...options) {
  const child = spawn(process.env.SPAPI_AUTH, ["--local", "--endpoint-url", process.env.STACK, "console", ...options]);
  child.stderr.pipe(process.stderr);
  for await (const line of createInterface({input: child.stdout})) {
    if (line.startsWith("Open  ")) return {child, address: line.slice(6)};
  }
  assert.fail("spapi-auth console prints no address");
}

const pages = [
  ["home", "/"],
  ["application", of],
  ["edit", `${of}/edit`],
  ["import", `${of}/import`],
  ["register", "/console/register"],
  ["overview", `${of}/overview`],
  ["past", `${of}/past`],
  ["grants", `${of}/grants`],
  ["grants-found", `${of}/grants?search=watch&sort=-authorized`],
  ["grant", `${of}/grants/na/A1SHOP`],
  ["grant-disabled", `${of}/grants/na/A1CLOSED`],
  ["consumers", "/console/consumers"],
  ["last-day", "/console/last-day"],
  ["not-found", "/console/nowhere"],
];

const browser = await startBrowser();
await arrange(browser);
let [proved, failed] = [0, 0];
async function prove(name, go) {
  if (only && !name.includes(only)) return;
  const began = Date.now();
  const wrong = await go().catch((error) => [error.message]);
  if (wrong.length) failed += 1;
  else proved += 1;
  console.log(`${wrong.length ? "FAILED" : "ok"}  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  for (const sentence of wrong) console.log(`    ${sentence}`);
}

// No script runs on a page; axe is brought in by the browser itself.
async function enter({address}) {
  const context = await browser.newContext({viewport: {width: 1200, height: 740}});
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    // Chromium says so of every page with a status of 400 or more.
    if (!message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) complaints.push(`loaded ${request.url()}`);
  });
  await page.goto(address);
  return {page, complaints, origin: new URL(address).origin};
}

const whole = await start();
const readOnly = await start("--read-only");
const {page, complaints, origin} = await enter(whole);

await prove("console-key", async () => {
  assert.equal(page.url(), `${origin}/`, "the key is not in the address");
  const other = await browser.newContext();
  const stranger = await other.newPage();
  assert.equal((await stranger.goto(whole.address)).status(), 403);
  const wrong = await looks(stranger, "console-without-key", "en");
  await other.close();
  return wrong;
});
for (const [name, path] of pages) {
  await prove(`console-${name}`, async () => {
    await page.goto(origin + path);
    return [...await looks(page, `console-${name}`, "en"), ...complaints.splice(0)];
  });
}
await prove("console-keyboard", async () => {
  const person = new Person();
  person.page = page;
  await page.setViewportSize({width: 1200, height: 740});
  await page.goto(`${origin}/`);
  await person.press(`#applications a[href="${of}/grants"]`);
  await page.fill("form[role=search] input[name=search]", "A1SHOP");
  await person.press("form[role=search] button");
  await person.press('a[href$="/A1SHOP"]');
  await page.locator("button[value=remove]").waitFor();
  await person.press("button[value=remove]");
  const wrong = await looks(page, "console-question", "en");
  assert.match(await page.title(), /^Remove the grant of A1SHOP\?/);
  await person.press("main form a");
  await page.setViewportSize({width: 1200, height: 740});
  await page.fill("form:has(button[value=disable]) input[name=reason]", "by keyboard");
  await person.press("button[value=disable]");
  assert.match(await page.textContent("[role=status]"), /^Disabled/);
  assert.match(await page.textContent("#history"), /by keyboard/);
  await person.press("button[value=enable]");
  assert.match(await page.textContent("[role=status]"), /^Enabled/);
  return [...wrong, ...await accessible(page), ...complaints.splice(0)];
});
await prove("console-import", async () => {
  const {refreshToken} = await order("self-authorization", {applicationId: application, sellingPartnerId: "A1OWN", region: "na", kind: "seller"});
  const person = new Person();
  person.page = page;
  await page.setViewportSize({width: 1200, height: 740});
  await page.goto(`${origin}${of}/import`);
  assert.equal(await page.getAttribute("#refreshToken", "type"), "password");
  await page.fill("#sellingPartnerId", "A1OWN");
  await page.fill("#refreshToken", refreshToken);
  await page.fill("#authorizedAt", "yesterday");
  await person.press("main form button");
  assert.match(await page.textContent("#authorizedAt-wrong"), /expected a time/);
  assert.equal(await page.inputValue("#refreshToken"), "");
  assert(!(await page.content()).includes(refreshToken), "the token is in the page");
  const wrong = await looks(page, "console-import-refused", "en");
  await page.setViewportSize({width: 1200, height: 740});
  await page.fill("#refreshToken", refreshToken);
  await page.selectOption("#kind", "self");
  await page.fill("#authorizedAt", "");
  await person.press("main form button");
  assert.match(await page.textContent("[role=status]"), /^\s*Imported/);
  assert.match(page.url(), /\/grants\/na\/A1OWN\?notice=/);
  // Chromium says so of the page with status 422.
  return [...wrong, ...complaints.splice(0)];
});
await prove("console-read-only", async () => {
  const {page, complaints, origin} = await enter(readOnly);
  const wrong = [];
  for (const [name, path] of pages) {
    await page.goto(origin + path);
    const buttons = await page.locator("form[method=post] button").count();
    if (buttons) wrong.push(`${name} has ${buttons} buttons`);
  }
  await page.goto(`${origin}${of}/grants/na/A1SHOP`);
  return [...wrong, ...await looks(page, "console-read-only", "en"), ...complaints];
});
await browser.close();
for (const {child} of [whole, readOnly]) child.kill();
console.log(`${proved} passed, ${failed} failed`);
process.exit(failed || !proved ? 1 : 0);
