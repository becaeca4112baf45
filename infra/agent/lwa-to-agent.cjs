// Leads Login with Amazon's host to the agent, for SDKs whose address is fixed:
//   NODE_OPTIONS="--require ./lwa-to-agent.cjs" node service.js
// SPAPI_AUTH_AGENT_URL names the agent; without it, http://127.0.0.1:2774.
"use strict";
const http = require("node:http");
const https = require("node:https");

const agent = new URL(process.env.SPAPI_AUTH_AGENT_URL || "http://127.0.0.1:2774");
const request = https.request;

https.request = (...given) => {
  // `request(url, options?, callback?)` or `request(options, callback?)`
  const [first, ...rest] = given;
  const isUrl = typeof first === "string" || first instanceof URL;
  const options = isUrl ? {...urlOptions(new URL(first)), ...(typeof rest[0] === "object" ? rest.shift() : {})} : first;
  if ((options.hostname || options.host) !== "api.amazon.com") return request(...given);
  const headers = Object.fromEntries(Object.entries(options.headers || {}).filter(([name]) => name.toLowerCase() !== "host"));
  const led = {...options, headers, protocol: "http:", host: agent.hostname, hostname: agent.hostname, port: agent.port, agent: undefined};
  return http.request(led, ...rest);
};

function urlOptions(url) {
  return {hostname: url.hostname, port: url.port, path: url.pathname + url.search};
}
