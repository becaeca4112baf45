"""Each Python client gets tokens in its own way from TOKEN_HOST, which is the agent or the simulated Login with Amazon, and calls SP-API.

With CODES, which are authorization codes, those that can exchange one do that first.
"""

import os
from types import SimpleNamespace

import requests
import spapi
from authlib.integrations.requests_client import OAuth2Session
from sp_api.auth.access_token_client import AccessTokenClient

HOST = os.environ["TOKEN_HOST"]
CLIENT = os.environ["CLIENT_ID"]
SECRET = os.environ["CLIENT_SECRET"]
REFRESH_TOKEN = os.environ["REFRESH_TOKEN"]
CODES = os.environ.get("CODES", "").split()
SP_API = os.environ["SP_API"]
TOKEN_URL = f"{HOST}/auth/o2/token"
SCOPE = "sellingpartnerapi::notifications"


def lists_marketplaces(client, token):
    """Calls SP-API with the token."""
    headers = {"x-amz-access-token": token, "user-agent": "tests/1"}
    answer = requests.get(f"{SP_API}/sellers/v1/marketplaceParticipations", headers=headers, timeout=10)
    assert answer.status_code == 200, f"{client}: {answer.status_code} {answer.text}"
    marketplaces = [entry["marketplace"]["id"] for entry in answer.json()["payload"]]
    assert "ATVPDKIKX0DER" in marketplaces, f"{client}: {marketplaces}"
    print(f"ok  {client}")


def python_amazon_sp_api():
    AccessTokenClient.scheme, AccessTokenClient.host = "http://", HOST.removeprefix("http://")
    credentials = SimpleNamespace(refresh_token=REFRESH_TOKEN, lwa_app_id=CLIENT, lwa_client_secret=SECRET)
    if CODES:
        exchanged = AccessTokenClient(credentials=credentials).authorize_auth_code(CODES.pop())
        credentials.refresh_token = exchanged["refresh_token"]
    client = AccessTokenClient(credentials=credentials)
    lists_marketplaces("python-amazon-sp-api", client.get_auth().access_token)
    assert client.get_grantless_auth(SCOPE).access_token.startswith("Atc|")


def amzn_sp_api():
    config = spapi.SPAPIConfig(client_id=CLIENT, client_secret=SECRET, refresh_token=REFRESH_TOKEN, region="NA", scope=None)
    client = spapi.SPAPIClient(config, oauth_endpoint=TOKEN_URL, endpoint=SP_API)
    answer = spapi.SellersApi(client.api_client).get_marketplace_participations()
    assert "ATVPDKIKX0DER" in [entry.marketplace.id for entry in answer.payload], answer
    print("ok  amzn-sp-api")


def authlib():
    refresh_token = REFRESH_TOKEN
    for method in ["client_secret_basic", "client_secret_post"]:
        session = OAuth2Session(CLIENT, SECRET, token_endpoint_auth_method=method)
        if CODES:
            refresh_token = session.fetch_token(TOKEN_URL, code=CODES.pop())["refresh_token"]
        token = session.refresh_token(TOKEN_URL, refresh_token=refresh_token)
        lists_marketplaces(f"authlib, {method}", token["access_token"])
        assert session.fetch_token(TOKEN_URL, grant_type="client_credentials", scope=SCOPE)["access_token"].startswith("Atc|")


for client in [python_amazon_sp_api, amzn_sp_api, authlib]:
    client()
assert not CODES, "a client did not exchange its code"
