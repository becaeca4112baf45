// A token function without a library of SP-API: fetch, and the tokens in a Map of the module.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const { LWA_ENDPOINT, SECRET_ID, TABLE } = process.env;
const dynamodb = new DynamoDBClient();
const secret = await new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: SECRET_ID }));
const client = JSON.parse(secret.SecretString);
const tokens = new Map();

async function issued(partner) {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: TABLE, Key: { partner: { S: partner } } }));
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: Item.refresh_token.S,
    client_id: client.clientId,
    client_secret: client.clientSecret,
  });
  const answer = await fetch(`${LWA_ENDPOINT}/auth/o2/token`, { method: "POST", body, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`Login with Amazon answered ${answer.status}`);
  const token = await answer.json();
  return { accessToken: token.access_token, endsAt: Date.now() + token.expires_in * 1000 };
}

export const handler = async ({ sellingPartnerId: partner }) => {
  let kept = tokens.get(partner);
  if (!kept || kept.endsAt < Date.now() + 60_000) {
    kept = await issued(partner);
    tokens.set(partner, kept);
  }
  return { accessToken: kept.accessToken, expiresIn: Math.floor((kept.endsAt - Date.now()) / 1000) };
};
