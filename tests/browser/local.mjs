// The pages that the local stack has beside those of the functions, in a real browser: the demo integrator, whose users connect with the
// keyboard alone, and what the console has on this machine. Each is held against WCAG, narrow screens and dark mode.

import assert from "node:assert/strict";
import {keyboard, looks} from "./checks.mjs";
import {advance, fails, order, Person, site, startBrowser, amazon, application} from "./world.mjs";

const only = process.argv[2];
const demo = `http://integrator.localhost:${process.env.PORT}`;

const browser = await startBrowser();
let [proved, failed] = [0, 0];
async function prove(name, go) {
  if (only && !name.includes(only)) return;
  const began = Date.now();
  const person = await Person.meet(browser);
  const complaints = watched(person.page);
  const wrong = await go(person).catch((error) => [`${error.message}\n    at ${person.page.url()}`]);
  // The pages of the console load their style, those of the functions nothing.
  wrong.push(...complaints, ...person.complaints.filter((sentence) => sentence !== `loaded ${site}/console/style.css`));
  await person.leave();
  if (wrong.length) failed += 1;
  else proved += 1;
  console.log(`${wrong.length ? "FAILED" : "ok"}  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  for (const sentence of wrong) console.log(`    ${sentence}`);
}

// What a page of the demo breaks: its policy, or a script.
function watched(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error}`));
  page.on("console", (message) => {
    const ofDemo = (message.location().url || page.url()).startsWith(demo);
    if (ofDemo && !message.text().startsWith("Failed to load resource")) complaints.push(`console: ${message.text()}`);
  });
  return complaints;
}

const shows = async (person, title) => assert.match(await person.page.title(), new RegExp(title));
const looksOf = async (person, name) => {
  const wrong = [...await keyboard(person.page), ...await looks(person.page, name, "en")];
  await person.page.setViewportSize({width: 1200, height: 740});
  await person.page.reload();
  return wrong;
};

async function signedIn(person, user) {
  await person.open(`${demo}/`);
  await person.press(`button[value=${user}]`);
  if (await person.page.locator("button[value=register]").count()) {
    await person.press("button[value=register]");
    await advance(61);
  }
}

await order("reset");
await prove("demo-link", async (person) => {
  await person.open(`${demo}/`);
  const wrong = await looksOf(person, "demo-sign-in");
  await person.press("button[value=carol]");
  wrong.push(...await looksOf(person, "demo-set-up"));
  await person.press("button[value=register]");
  await advance(61);
  await person.press('form[action="/connect"] button');
  await person.press("form button");
  await person.confirm("A1DEMO");
  await shows(person, "^Amazon is connected");
  wrong.push(...await looks(person.page, "demo-returned", "en"));
  await person.page.setViewportSize({width: 1200, height: 740});
  await person.press("main a");
  wrong.push(...await looksOf(person, "demo-connected"));
  await person.press('form[action="/check"] button');
  await shows(person, "^The connection works");
  wrong.push(...await looks(person.page, "demo-check", "en"));
  await person.page.setViewportSize({width: 1200, height: 740});
  await person.press("main a");
  await person.press('form[action="/disconnect"] button');
  assert.match(await person.page.textContent("main"), /disconnected/);
  return wrong;
});
await prove("demo-hand-off", async (person) => {
  await signedIn(person, "walter");
  await person.press('form[action="/sign-out"] button');
  await person.open(amazon(`/appstore/${application}`));
  await person.confirm("A2DEMO");
  assert(person.page.url().startsWith(`${demo}/amazon/sign-in?request=`), person.page.url());
  await person.press("button[value=walter]");
  const wrong = await looksOf(person, "demo-hand-off");
  await shows(person, "^Connect A2DEMO to Watches GmbH\\?");
  await person.press("main form button");
  await shows(person, "^You are connected");
  await person.open(`${demo}/`);
  assert.match(await person.page.textContent("main"), /A2DEMO/);
  return wrong;
});
await prove("demo-refused", async (person) => {
  await person.open(`${demo}/amazon/sign-in?request=unknown`);
  await person.press("button[value=carol]");
  await shows(person, "^This was not done");
  return looks(person.page, "demo-refused", "en");
});
for (const [name, path] of [["start", "/"], ["events", "/console/events"], ["faults", "/console/faults"], ["last-day", "/console/last-day"]]) {
  await prove(`local-${name}`, async (person) => {
    await person.open(site + path);
    return looks(person.page, `local-${name}`, "en");
  });
}
await prove("local-broken", async (person) => {
  await fails("token", "html");
  await person.open(`${site}/console/faults`);
  const wrong = await looks(person.page, "local-broken", "en");
  await order("reset");
  return wrong;
});
await prove("local-clock", async (person) => {
  await person.page.setViewportSize({width: 1200, height: 740});
  await person.open(`${site}/console/events`);
  await person.press("button[name=seconds]");
  assert.match(await person.page.textContent("[role=status]"), /clock/i);
  return looks(person.page, "local-clock", "en");
});
await browser.close();
console.log(`${proved} passed, ${failed} failed`);
process.exit(failed || !proved ? 1 : 0);
