// Goes to every page that a partner can meet, and proves each: in English everything, in every other language what a language can break.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {accessible, keyboard, looks, narrow, text} from "./checks.mjs";
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

// A scene goes to a page, which `says` something in its title. `typical` ones stand for their kind in every language; what is `english`
// alone cannot be loaded again, or would take long.
async function prove(scene) {
  const {name, go, says = "", code = null, named = "Example Application", typical, english, except} = scene;
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
      wrong.push(...await looks(page, name, "en", except));
      for (const language of english ? [] : languages.filter((tag) => tag !== "en")) {
        await page.setExtraHTTPHeaders({"accept-language": language});
        await page.reload();
        const spoken = [...await text(page, {...about, language}), ...await narrow(page, name, language)];
        if (typical) spoken.push(...await accessible(page, except));
        wrong.push(...spoken.map((sentence) => `${language}: ${sentence}`));
      }
    }
    if (scene.then) {
      if (!english) {
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
  proved += wrong.length ? 0 : 1;
  failed += wrong.length ? 1 : 0;
  console.log(`${wrong.length ? "FAILED" : "ok"}  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  for (const sentence of wrong) console.log(`    ${sentence}`);
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
