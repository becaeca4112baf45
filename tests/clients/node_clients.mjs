// Each JavaScript client gets a token from the agent, and that token lists the seller's marketplaces. The three SDKs are unchanged:
// infra/agent/lwa-to-agent.cjs, which node is told to require, leads them to the agent.

import assert from "node:assert/strict";
import {createRequire} from "node:module";

const require = createRequire(`${process.env.CLIENTS}/`);
const {SPAPI_AUTH_AGENT_URL: agent, SPAPI_AUTH_AGENT_KEY: key, SP_API_ENDPOINT: endpoint} = process.env;
const partner = "na:A1EXAMPLESELLER";
const scope = "sellingpartnerapi::notifications";

async function listsMarketplaces(client, token) {
  const headers = {"x-amz-access-token": token, "user-agent": "tests/1"};
  const answer = await fetch(`${endpoint}/sellers/v1/marketplaceParticipations`, {headers});
  assert.equal(answer.status, 200, client);
  const marketplaces = (await answer.json()).payload.map((entry) => entry.marketplace.id);
  assert(marketplaces.includes("ATVPDKIKX0DER"), `${client}: ${marketplaces}`);
  console.log(`ok  ${client}`);
}

{
  const {SellingPartnerApiAuth} = require("@sp-api-sdk/auth");
  const secrets = {clientId: "agent", clientSecret: key};
  const auth = new SellingPartnerApiAuth({...secrets, refreshToken: partner});
  await listsMarketplaces("@sp-api-sdk/auth", await auth.getAccessToken());
  const grantless = new SellingPartnerApiAuth({...secrets, scopes: [scope]});
  assert((await grantless.getAccessToken()).startsWith("Atc|"));
}
{
  const {SellingPartner} = require("amazon-sp-api");
  const credentials = {SELLING_PARTNER_APP_CLIENT_ID: "agent", SELLING_PARTNER_APP_CLIENT_SECRET: key};
  const client = new SellingPartner({region: "na", refresh_token: partner, credentials});
  await client.refreshAccessToken();
  await listsMarketplaces("amazon-sp-api", client.access_token);
  await client.refreshAccessToken(scope);
}
{
  const {LwaAuthClient} = await import(`${process.env.CLIENTS}/node_modules/@amazon-sp-api-release/amazon-sp-api-sdk-js/helper/LwaAuthClient.mjs`);
  const client = new LwaAuthClient("agent", key, partner);
  await listsMarketplaces("Amazon's JS SDK", await client.getAccessToken());
}
{
  const {ClientCredentials, AuthorizationCode} = require("simple-oauth2");
  for (const authorizationMethod of ["header", "body"]) {
    const config = {
      client: {id: "agent", secret: key},
      auth: {tokenHost: agent, tokenPath: "/auth/o2/token"},
      options: {authorizationMethod},
    };
    const stored = new AuthorizationCode(config).createToken({refresh_token: partner});
    const {token} = await stored.refresh();
    await listsMarketplaces(`simple-oauth2, ${authorizationMethod}`, token.access_token);
    const grantless = await new ClientCredentials(config).getToken({scope});
    assert(grantless.token.access_token.startsWith("Atc|"));
  }
}
