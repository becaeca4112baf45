"""What both Python functions keep in AWS: the client's id and secret, read once, and the partners' refresh tokens."""

import json
import os

import boto3

_secrets = boto3.client("secretsmanager")
CLIENT = json.loads(_secrets.get_secret_value(SecretId=os.environ["SECRET_ID"])["SecretString"])

_dynamodb = boto3.client("dynamodb")


def refresh_token(partner):
    row = _dynamodb.get_item(TableName=os.environ["TABLE"], Key={"partner": {"S": partner}})
    return row["Item"]["refresh_token"]["S"]
