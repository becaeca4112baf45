// Goes to every page that a partner can meet, and proves each: in English everything, in every other language what a language can break.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {accessible, keyboard, looks, narrow, ordered, text} from "./checks.mjs";
import {phases} from "./scenes.mjs";
import {Person, startBrowser, startIntegrator} from "./world.mjs";

// What `pattern` finds in a function of the pages' source. So the languages and codes are those of the product, whatever they are.
function inSource(file, name, pattern) {
  const source = readFileSync(new URL(`../../shared/src/browser/page/${file}`, import.meta.url), "utf8");
  const [, body] = source.match(new RegExp(`fn ${name}\\(.*?\\{\n(.*?)\n    \\}\n`, "s"));
  return [...body.matchAll(pattern)].map(([, found]) => found);
}
const languages = inSource("language.rs", "tag", /Self::\w+ => "([\w-]+)"/g);
assert(languages.length > 1 && languages.includes("en"), `the languages of the pages: ${languages}`);
const codes = inSource("message.rs", "support_code", /Some\("(\w+)"\)/g);
const reached = phases.flatMap(({scenes}) => scenes.map(({code}) => code));
assert.deepEqual(codes.filter((code) => !reached.includes(code)), [], "every page with a code for support has a scene");

const only = process.argv[2];
const browser = await startBrowser();
const integrator = await startIntegrator();
let [proved, failed] = [0, 0];

// These languages differ most in their letters, their direction and the length of their words.
const WALKED = ["de", "ja", "ar"];

// A scene goes to a page, which `says` something in its title. `typical` ones stand for their kind in every language. A page that is there
// `once` cannot be loaded again, so a person for each walked language goes there.
async function prove(scene) {
  const {name, go, says = "", code = null, named = "Example Application", typical, once, except} = scene;
  const person = await Person.meet(browser);
  const began = Date.now();
  const wrong = [];
  try {
    await go(person);
    const {page} = person;
    if (scene.elsewhere) {
      if (!page.url().startsWith(scene.elsewhere)) wrong.push(`it ends at ${page.url()}`);
    } else {
      const about = {named, code, language: "en"};
      wrong.push(...await text(page, about));
      if (!(await page.title()).includes(says)) wrong.push(`the title is ${await page.title()}`);
      wrong.push(...await keyboard(page));
      wrong.push(...await ordered(page, "en"), ...await looks(page, name, "en", except));
      for (const language of once ? [] : languages.filter((tag) => tag !== "en")) {
        await page.setExtraHTTPHeaders({"accept-language": language});
        await page.reload();
        const spoken = [
          ...await text(page, {...about, language}), ...await ordered(page, language), ...await narrow(page, name, language),
        ];
        if (typical) spoken.push(...await accessible(page, except));
        wrong.push(...spoken.map((sentence) => `${language}: ${sentence}`));
      }
    }
    if (scene.then) {
      if (!once) {
        await person.page.setExtraHTTPHeaders({});
        await person.page.reload();
      }
      await scene.then(person);
    }
  } catch (error) {
    wrong.push(`${error.message}\n    at ${person.page.url()}`);
  }
  wrong.push(...person.complaints);
  await person.leave();
  for (const language of once ? WALKED : []) {
    wrong.push(...(await walk(scene, language)).map((sentence) => `${language}: ${sentence}`));
  }
  proved += wrong.length ? 0 : 1;
  failed += wrong.length ? 1 : 0;
  console.log(`${wrong.length ? "FAILED" : "ok"}  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  for (const sentence of wrong) console.log(`    ${sentence}`);
}

async function walk({name, go, then, code = null, named = "Example Application"}, language) {
  const person = await Person.meet(browser, language);
  const wrong = [];
  try {
    await go(person);
    wrong.push(...await text(person.page, {named, code, language}), ...await narrow(person.page, name, language));
    await then?.(person);
  } catch (error) {
    wrong.push(`${error.message}\n    at ${person.page.url()}`);
  }
  wrong.push(...person.complaints);
  await person.leave();
  return wrong;
}

for (const {arrange, scenes} of phases) {
  const wanted = scenes.filter(({name}) => !only || name.includes(only));
  if (wanted.length === 0) continue;
  await arrange();
  for (const scene of wanted) await prove(scene);
}
await browser.close();
integrator.close();
console.log(`${proved} passed, ${failed} failed`);
process.exit(failed || !proved ? 1 : 0);
