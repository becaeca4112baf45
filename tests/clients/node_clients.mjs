// Each JavaScript client gets tokens in its own way from TOKEN_HOST, which is the agent or the simulated Login with Amazon, and calls
// SP-API. The three SDKs are unchanged: infra/agent/lwa-to-agent.cjs, which node is told to require, leads them there. With CODES,
// which are authorization codes, those that can exchange one do that first.

import assert from "node:assert/strict";
import {createRequire} from "node:module";

const require = createRequire(`${process.env.CLIENTS}/`);
const {TOKEN_HOST: host, CLIENT_ID: client, CLIENT_SECRET: secret, REFRESH_TOKEN: refreshToken, SP_API: spApi} = process.env;
const codes = (process.env.CODES ?? "").split(/\s+/).filter(Boolean);
const scope = "sellingpartnerapi::notifications";

async function listsMarketplaces(client, token) {
  const headers = {"x-amz-access-token": token, "user-agent": "tests/1"};
  const answer = await fetch(`${spApi}/sellers/v1/marketplaceParticipations`, {headers});
  assert.equal(answer.status, 200, client);
  const marketplaces = (await answer.json()).payload.map((entry) => entry.marketplace.id);
  assert(marketplaces.includes("ATVPDKIKX0DER"), `${client}: ${marketplaces}`);
  console.log(`ok  ${client}`);
}

{
  const {SellingPartnerApiAuth} = require("@sp-api-sdk/auth");
  const auth = new SellingPartnerApiAuth({clientId: client, clientSecret: secret, refreshToken});
  await listsMarketplaces("@sp-api-sdk/auth", await auth.getAccessToken());
  const grantless = new SellingPartnerApiAuth({clientId: client, clientSecret: secret, scopes: [scope]});
  assert((await grantless.getAccessToken()).startsWith("Atc|"));
}
{
  const {SellingPartner} = require("amazon-sp-api");
  const credentials = {SELLING_PARTNER_APP_CLIENT_ID: client, SELLING_PARTNER_APP_CLIENT_SECRET: secret};
  let refresh_token = refreshToken;
  if (codes.length) {
    const before = new SellingPartner({region: "na", credentials, options: {only_grantless_operations: true}});
    refresh_token = (await before.exchange(codes.pop())).refresh_token;
  }
  const seller = new SellingPartner({region: "na", refresh_token, credentials});
  await seller.refreshAccessToken();
  await listsMarketplaces("amazon-sp-api", seller.access_token);
  await seller.refreshAccessToken(scope);
}
{
  const {LwaAuthClient} = await import(`${process.env.CLIENTS}/node_modules/@amazon-sp-api-release/amazon-sp-api-sdk-js/helper/LwaAuthClient.mjs`);
  await listsMarketplaces("Amazon's JS SDK", await new LwaAuthClient(client, secret, refreshToken).getAccessToken());
  assert((await new LwaAuthClient(client, secret, null, scope).getAccessToken()).startsWith("Atc|"));
}
{
  const {ClientCredentials, AuthorizationCode} = require("simple-oauth2");
  for (const authorizationMethod of ["header", "body"]) {
    const config = {
      client: {id: client, secret},
      auth: {tokenHost: host, tokenPath: "/auth/o2/token"},
      options: {authorizationMethod},
    };
    const flow = new AuthorizationCode(config);
    const stored = codes.length ? await flow.getToken({code: codes.pop()}) : flow.createToken({refresh_token: refreshToken});
    const {token} = await stored.refresh();
    await listsMarketplaces(`simple-oauth2, ${authorizationMethod}`, token.access_token);
    const grantless = await new ClientCredentials(config).getToken({scope});
    assert(grantless.token.access_token.startsWith("Atc|"));
  }
}
assert.equal(codes.length, 0, "a client did not exchange its code");
