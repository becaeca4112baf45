// What every page is held against. Each check returns sentences that say what is wrong; none is the proof.

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const require = createRequire(`${process.env.BROWSER}/`);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// 320 CSS pixels are the width at which WCAG 2.2 section 1.4.10 wants no scrolling.
const WIDTHS = [320, 360, 1200];
const SCHEMES = ["light", "dark"];
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const picture = (page, name, language, width, scheme) =>
  page.screenshot({path: `${process.env.BROWSER}/pages/${name}.${language}.${width}.${scheme}.png`, fullPage: true});

// Language, direction and title, and that the page fits into a narrow screen.
export async function text(page, {language, named, code}) {
  const found = await page.evaluate(() => ({
    language: document.documentElement.lang,
    direction: getComputedStyle(document.documentElement).direction,
    title: document.title,
    code: document.querySelector("footer code")?.textContent ?? null,
    headings: document.querySelectorAll("h1").length,
  }));
  const {direction} = new Intl.Locale(language).textInfo;
  const wrong = [];
  if (found.language !== language) wrong.push(`lang is ${found.language} instead of ${language}`);
  if (found.direction !== direction) wrong.push(`${language} runs ${found.direction}`);
  if (named && !found.title.includes(named)) wrong.push(`the title does not name ${named}: ${found.title}`);
  if (found.code !== code) wrong.push(`the support code is ${found.code} instead of ${code}`);
  if (found.headings !== 1) wrong.push(`${found.headings} headings of the first level`);
  return wrong;
}

// Lists of countries have the order of the language. Japanese is ordered by reading, which an alphabet does not show.
const READ = [["日本", "ニホン"], ["南", "ミナミ"]];
export async function ordered(page, language) {
  const lists = await page.$$eval("optgroup", (lists) => lists.map((list) => [...list.children].map(({label}) => label.split(" – ")[0])));
  const read = (name) => READ.reduce((text, [written, reading]) => text.replace(written, reading), name);
  const {compare} = new Intl.Collator(language);
  const wrong = lists.flatMap((names) => names.slice(1).filter((name, index) => compare(read(names[index]), read(name)) > 0));
  return wrong.map((name) => `${name} is listed too late`);
}

export async function narrow(page, name, language) {
  await page.setViewportSize({width: 320, height: 740});
  const wrong = await fits(page, 320);
  await page.setViewportSize({width: 360, height: 740});
  await picture(page, name, language, 360, "light");
  return wrong;
}

async function fits(page, width) {
  const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
  return scrolled > width ? [`at ${width} pixels it is ${scrolled} wide`] : [];
}

// Every width in light and dark: it fits, and has no violation of WCAG. Leaves the pictures.
export async function looks(page, name, language, except) {
  const wrong = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({colorScheme});
    for (const width of WIDTHS) {
      await page.setViewportSize({width, height: 740});
      wrong.push(...await fits(page, width));
      await picture(page, name, language, width, colorScheme);
    }
  }
  return [...wrong, ...await accessible(page, except)];
}

// No violation of WCAG in light and dark, on a narrow screen.
export async function accessible(page, except = []) {
  const wrong = [];
  await page.setViewportSize({width: 320, height: 740});
  await page.evaluate(axe);
  const rules = Object.fromEntries([["target-size", {enabled: true}], ...except.map((rule) => [rule, {enabled: false}])]);
  const options = {runOnly: {type: "tag", values: WCAG}, rules};
  for (const colorScheme of [...SCHEMES].reverse()) {
    await page.emulateMedia({colorScheme});
    const {passes, violations} = await page.evaluate((options) => window.axe.run(document, options), options);
    if (!passes.some(({id}) => id === "color-contrast")) wrong.push(`${colorScheme}: axe has looked at no text`);
    wrong.push(...violations.map(({id, help, nodes}) => `${colorScheme}: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`));
  }
  return wrong;
}

// Tab reaches every link, list and button in the order in which they are seen, each shows that it has the focus, Enter follows links and
// buttons, and the arrow keys choose from a list.
const WAYS = "a[href], select, button";
export async function keyboard(page) {
  const wrong = [];
  const ways = await page.$$eval(WAYS, (elements) => elements.map((element) => {
    const {top, left, right} = element.getBoundingClientRect();
    const list = element.matches("select");
    const said = list ? element.labels[0]?.textContent : element.textContent.trim();
    return {list, said, to: element.href ?? element.form.action, top, start: document.dir === "rtl" ? -right : left};
  }));
  for (const [before, after] of ways.slice(1).map((way, index) => [ways[index], way])) {
    if (after.top < before.top || (after.top === before.top && after.start < before.start)) {
      wrong.push(`"${after.said}" is seen before "${before.said}" and reached after it`);
    }
  }
  let asked = null;
  const stays = (route) => {
    if (!route.request().isNavigationRequest()) return route.continue();
    asked = route.request().url();
    return route.abort("aborted");
  };
  await page.route("**/*", stays);
  for (const [index, {list, said, to}] of ways.entries()) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate((WAYS) => {
      const element = document.activeElement;
      const {outlineStyle, outlineWidth} = getComputedStyle(element);
      const shown = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return {index: [...document.querySelectorAll(WAYS)].indexOf(element), shown};
    }, WAYS);
    if (focused.index !== index) wrong.push(`Tab does not reach "${said}" in its turn`);
    else if (!focused.shown) wrong.push(`"${said}" does not show that it has the focus`);
    if (list) {
      await page.keyboard.press("ArrowDown");
      if (!await page.evaluate(() => document.activeElement.value)) wrong.push(`the arrow keys choose nothing from "${said}"`);
      continue;
    }
    if (!to.startsWith("http")) continue;
    asked = null;
    await page.keyboard.press("Enter");
    for (let waited = 0; asked === null && waited < 500; waited += 1) await page.waitForTimeout(20);
    // What is in a form comes after its address.
    const leads = asked === to || (asked?.startsWith(`${to}?`) && !to.includes("?"));
    if (!leads) wrong.push(`Enter on "${said}" leads to ${asked} instead of ${to}`);
  }
  await page.unroute("**/*", stays);
  return wrong;
}
