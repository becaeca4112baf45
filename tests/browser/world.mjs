// The system under test as its people meet it: the stack's addresses, the controls of the simulated Amazon, the functions, the integrator's
// own site, and persons with a browser each.

import assert from "node:assert/strict";
import {createServer} from "node:http";
import {createRequire} from "node:module";

const require = createRequire(`${process.env.BROWSER}/`);
const {chromium} = require("playwright-core");

const port = Number(process.env.PORT);
export const site = `http://127.0.0.1:${port}`;
export const application = "amzn1.sp.solution.11111111-2222-4333-8444-555555555555";
const control = `http://127.0.0.1:${port + 1}/_control`;
const aws = `http://127.0.0.1:${port + 2}`;

// The integrator's site.
export const integrator = `http://127.0.0.1:${port + 5}`;
export const returnUrl = `${integrator}/return`;
export const signInUrl = `${integrator}/sign-in`;
// No page opens it; its links lead there.
export const home = "https://app.example.com/";

export const amazon = (path, host = "sellercentral.amazon.com") => `http://${host}.localhost:${port + 1}${path}`;

async function post(url, body, headers = {}) {
  const answer = await fetch(url, {method: "POST", body: JSON.stringify(body), headers});
  const text = await answer.text();
  assert(answer.ok, `${url}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

// Calls a control of the simulated Amazon or of the stack.
export const order = (call, body = {}) => post(`${control}/${call}`, body);
export const advance = (seconds) => order("advance", {seconds});
export const fails = (endpoint, fault, more = {}) => order("faults", {endpoint, fault, ...more});

// Invokes a function; a function error is a failure.
export async function invoke(name, payload) {
  const answer = await post(`${aws}/2015-03-31/functions/${name}/invocations`, payload);
  assert(!answer.errorType, `${name} ${payload.operation}: ${JSON.stringify(answer)}`);
  return answer;
}

// Changes the application, and waits until every function knows it.
export async function update(fields) {
  await invoke("administration", {operation: "updateApplication", applicationId: application, ...fields});
  await advance(61);
}

export async function link(fields = {}) {
  const answer = await invoke("authorizations", {
    operation: "createAuthorizationLink", account: "tenant-1", label: "Clocks Ltd", marketplace: "US", ...fields,
  });
  return answer.url;
}

// Writes a row of the application table that no function can read.
export const storeBrokenApplication = (id) =>
  post(`${aws}/`, {TableName: "spapi-auth-applications", Item: {application_id: {S: id}}}, {
    "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.PutItem",
    authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    "x-amz-date": "20260101T000000Z",
  });

// The integrator's site: a page to come back to, its sign-in, which accepts everyone, and a page that abuses our form.
export async function startIntegrator() {
  const page = (title) => `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>`;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, integrator);
    const html = (text) => response.setHeader("content-type", "text/html").end(text);
    if (url.pathname === "/sign-in") {
      const signedIn = await invoke("authorizations", {
        operation: "completeSignIn", request: url.searchParams.get("request"), account: "tenant-9",
      });
      html(`${page("Sign in")}<a href="${signedIn.continueUrl.replaceAll("&", "&amp;")}">Continue</a>`);
    } else if (url.pathname === "/foreign") {
      html(`${page("Foreign")}<form method="post" action="${site}/authorize"><input name="link" value="x"><button>Go</button></form>`);
    } else {
      html(page("Integrator"));
    }
  });
  await new Promise((listening) => server.listen(port + 5, "127.0.0.1", listening));
  return server;
}

export const startBrowser = () => chromium.launch({executablePath: process.env.CHROMIUM});

const ours = (url) => url === site || url.startsWith(`${site}/`);
const known = (url) => {
  const {origin, hostname} = new URL(url);
  return [site, integrator, new URL(home).origin].includes(origin) || hostname.endsWith(".localhost");
};

// A person with a browser of their own, of whose every step on our pages complaints are kept.
export class Person {
  static async meet(browser, language) {
    const person = new Person();
    person.complaints = [];
    person.context = await browser.newContext({viewport: {width: 360, height: 740}, ...(language && {locale: language})});
    person.context.on("page", (page) => person.watch(page));
    person.page = await person.context.newPage();
    return person;
  }

  watch(page) {
    page.on("pageerror", (error) => this.complaints.push(`error: ${error}`));
    page.on("console", (message) => {
      const at = message.location().url || page.url();
      // Chromium says so of every page with a status of 400 or more.
      const ofStatus = message.text().startsWith("Failed to load resource: the server responded with a status of");
      if (ours(at) && !(ofStatus && ours(at) && at.split("#")[0] === page.url().split("#")[0])) {
        this.complaints.push(`console: ${message.text()}`);
      }
    });
    page.on("request", (request) => {
      const url = request.url();
      if (request.isNavigationRequest()) {
        if (!known(url)) this.complaints.push(`went to ${url}`);
      } else if (ours(request.frame().url()) && !url.startsWith("data:")) {
        this.complaints.push(`loaded ${url}`);
      }
    });
  }

  open(url) {
    return this.page.goto(url);
  }

  // Presses Tab until the element is reached, then Enter, as a person without a mouse does.
  async press(selector) {
    const target = this.page.locator(selector).first();
    await target.waitFor();
    for (let tabs = 0; tabs < 60; tabs += 1) {
      await this.page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) {
        await Promise.all([this.page.waitForNavigation(), this.page.keyboard.press("Enter")]);
        return;
      }
    }
    assert.fail(`Tab never reaches ${selector} on ${this.page.url()}`);
  }

  // Signs in on a page of Amazon's and confirms.
  async confirm(partner) {
    const {page} = this;
    const listed = page.locator(`input[name=_as][value="${partner}"]`);
    if (await listed.count()) await listed.check();
    else await page.fill("input[name=_other]", partner);
    await Promise.all([page.waitForNavigation(), page.click("button[type=submit]")]);
    const login = page.locator("a", {hasText: /^Login to .* now$/});
    if (await login.count()) await Promise.all([page.waitForNavigation(), login.click()]);
  }

  // The state of the journey whose consent page is shown.
  state() {
    return new URL(this.page.url()).searchParams.get("state");
  }

  leave() {
    return this.context.close();
  }
}
