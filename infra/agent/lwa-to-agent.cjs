// Leads Login with Amazon's host to the agent, for SDKs whose address is fixed:
//   NODE_OPTIONS="--require ./lwa-to-agent.cjs" node service.js
// SPAPI_AUTH_AGENT_URL names the agent; without it, http://127.0.0.1:2774. With SPAPI_AUTH_LOCAL_SP_API, such as
// http://127.0.0.1:9001, calls of SP-API go there too: to the local stack. Both have to be on this machine.
"use strict";
const http = require("node:http");
const https = require("node:https");
const {syncBuiltinESMExports} = require("node:module");

const agent = local(process.env.SPAPI_AUTH_AGENT_URL || "http://127.0.0.1:2774");
const spApi = process.env.SPAPI_AUTH_LOCAL_SP_API && local(process.env.SPAPI_AUTH_LOCAL_SP_API);
const request = https.request;

https.request = (...given) => {
  // `request(url, options?, callback?)` or `request(options, callback?)`
  const [first, ...rest] = given;
  const isUrl = typeof first === "string" || first instanceof URL;
  const options = isUrl ? {...urlOptions(new URL(first)), ...(typeof rest[0] === "object" ? rest.shift() : {})} : first;
  const goal = goalOf(options.hostname || options.host);
  if (!goal) return request(...given);
  const headers = Object.fromEntries(Object.entries(options.headers || {}).filter(([name]) => name.toLowerCase() !== "host"));
  const led = {...options, headers, protocol: "http:", host: goal.hostname, hostname: goal.hostname, port: goal.port, agent: undefined};
  return http.request(led, ...rest);
};
https.get = (...given) => https.request(...given).end();
syncBuiltinESMExports();

function goalOf(host) {
  if (host === "api.amazon.com") return agent;
  return /^sellingpartnerapi-(na|eu|fe)\.amazon\.com$/.test(host) ? spApi : undefined;
}

function local(text) {
  const url = new URL(text);
  if (!["127.0.0.1", "localhost"].includes(url.hostname)) throw new Error(`lwa-to-agent.cjs: ${url.origin} is not on this machine`);
  return url;
}

function urlOptions(url) {
  return {hostname: url.hostname, port: url.port, path: url.pathname + url.search};
}
