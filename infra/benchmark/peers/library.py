"""A token function with python-amazon-sp-api, with the cache of tokens that it has by default."""

import functools
import os

import stored
from sp_api.auth import AccessTokenClient
from sp_api.base import CredentialProvider

SCHEME, HOST = os.environ["LWA_ENDPOINT"].split("://")


class Client(AccessTokenClient):
    # The library has no argument for another endpoint.
    scheme = SCHEME + "://"
    host = HOST


@functools.lru_cache(maxsize=128)
def client_of(partner):
    credentials = {
        "refresh_token": stored.refresh_token(partner),
        "lwa_app_id": stored.CLIENT["clientId"],
        "lwa_client_secret": stored.CLIENT["clientSecret"],
    }
    return Client(credentials=CredentialProvider(credentials=credentials).credentials)


def handler(event, context):
    token = client_of(event["sellingPartnerId"]).get_auth()
    return {"accessToken": token.access_token, "expiresIn": token.expires_in}
