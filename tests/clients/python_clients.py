"""Each Python client gets a token from the agent, and that token lists the seller's marketplaces."""

import os
from types import SimpleNamespace

import requests
import spapi
from authlib.integrations.requests_client import OAuth2Session
from sp_api.auth.access_token_client import AccessTokenClient

AGENT = os.environ["SPAPI_AUTH_AGENT_URL"]
KEY = os.environ["SPAPI_AUTH_AGENT_KEY"]
ENDPOINT = os.environ["SP_API_ENDPOINT"]
TOKEN_URL = f"{AGENT}/auth/o2/token"
PARTNER = "na:A1EXAMPLESELLER"
SCOPE = "sellingpartnerapi::notifications"


def lists_marketplaces(client, token):
    """Calls SP-API with the token."""
    headers = {"x-amz-access-token": token, "user-agent": "tests/1"}
    answer = requests.get(f"{ENDPOINT}/sellers/v1/marketplaceParticipations", headers=headers, timeout=10)
    assert answer.status_code == 200, f"{client}: {answer.status_code} {answer.text}"
    marketplaces = [entry["marketplace"]["id"] for entry in answer.json()["payload"]]
    assert "ATVPDKIKX0DER" in marketplaces, f"{client}: {marketplaces}"
    print(f"ok  {client}")


def python_amazon_sp_api():
    AccessTokenClient.scheme, AccessTokenClient.host = "http://", AGENT.removeprefix("http://")
    credentials = SimpleNamespace(refresh_token=PARTNER, lwa_app_id="agent", lwa_client_secret=KEY)
    client = AccessTokenClient(credentials=credentials)
    lists_marketplaces("python-amazon-sp-api", client.get_auth().access_token)
    assert client.get_grantless_auth(SCOPE).access_token.startswith("Atc|")


def amzn_sp_api():
    config = spapi.SPAPIConfig(client_id="agent", client_secret=KEY, refresh_token=PARTNER, region="NA", scope=None)
    client = spapi.SPAPIClient(config, oauth_endpoint=TOKEN_URL, endpoint=ENDPOINT)
    answer = spapi.SellersApi(client.api_client).get_marketplace_participations()
    assert "ATVPDKIKX0DER" in [entry.marketplace.id for entry in answer.payload], answer
    print("ok  amzn-sp-api")


def authlib():
    for method in ["client_secret_basic", "client_secret_post"]:
        session = OAuth2Session("agent", KEY, token_endpoint_auth_method=method)
        token = session.refresh_token(TOKEN_URL, refresh_token=PARTNER)
        lists_marketplaces(f"authlib, {method}", token["access_token"])
        assert session.fetch_token(TOKEN_URL, grant_type="client_credentials", scope=SCOPE)["access_token"].startswith("Atc|")


for client in [python_amazon_sp_api, amzn_sp_api, authlib]:
    client()
