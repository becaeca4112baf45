"""A token function without a library of SP-API: requests, and the tokens in a dictionary of the module."""

import os
import time

import requests
import stored

session = requests.Session()
tokens = {}


def handler(event, context):
    partner = event["sellingPartnerId"]
    kept = tokens.get(partner)
    if kept is None or kept["ends_at"] < time.time() + 60:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": stored.refresh_token(partner),
            "client_id": stored.CLIENT["clientId"],
            "client_secret": stored.CLIENT["clientSecret"],
        }
        answer = session.post(f"{os.environ['LWA_ENDPOINT']}/auth/o2/token", data=form, timeout=10)
        answer.raise_for_status()
        issued = answer.json()
        kept = {"accessToken": issued["access_token"], "ends_at": time.time() + issued["expires_in"]}
        tokens[partner] = kept
    return {"accessToken": kept["accessToken"], "expiresIn": int(kept["ends_at"] - time.time())}
