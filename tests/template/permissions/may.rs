//! The table of permissions.

/// What each function's role may do: actions of one service, and on what.
pub(super) const MAY: &[(&str, &[(&str, &str)])] = &[
    (
        "LoginUri",
        &[
            ("dynamodb:GetItem", "table applications"),
            ("dynamodb:BatchGetItem GetItem PutItem UpdateItem", "table authorization-requests"),
            ("dynamodb:GetItem UpdateItem", "table authorization-links"),
        ],
    ),
    (
        "CodeExchange",
        &[
            ("dynamodb:GetItem", "table applications"),
            ("dynamodb:GetItem UpdateItem", "table authorization-requests"),
            ("dynamodb:GetItem PutItem", "table grants"),
            ("dynamodb:PutItem UpdateItem", "table access-tokens"),
            ("dynamodb:PutItem", "table history"),
            ("kms:GenerateDataKey", "key for access-token"),
            ("kms:GenerateDataKey", "key for refresh-token"),
            ("kms:Decrypt", "client secret key"),
            ("secretsmanager:GetSecretValue", "secret"),
        ],
    ),
    (
        "GetAccessToken",
        &[
            ("dynamodb:BatchGetItem GetItem", "table applications"),
            ("dynamodb:BatchGetItem GetItem PutItem", "table grants"),
            ("dynamodb:Query", "index grants partner"),
            ("dynamodb:Query", "index grants account"),
            ("dynamodb:BatchGetItem GetItem PutItem UpdateItem", "table access-tokens"),
            ("dynamodb:PutItem", "table history"),
            ("kms:Decrypt GenerateDataKey", "key for access-token"),
            ("kms:Decrypt GenerateDataKey", "key for refresh-token"),
            ("kms:Decrypt", "client secret key"),
            ("secretsmanager:GetSecretValue", "secret"),
        ],
    ),
    (
        "TokenRefresher",
        &[
            ("dynamodb:BatchGetItem GetItem", "table applications"),
            ("dynamodb:BatchGetItem ConditionCheckItem GetItem PutItem UpdateItem", "table grants"),
            ("dynamodb:Query", "index grants application"),
            ("dynamodb:BatchGetItem DeleteItem GetItem PutItem UpdateItem", "table access-tokens"),
            ("dynamodb:Query", "index access-tokens due"),
            ("dynamodb:PutItem", "table history"),
            ("kms:Decrypt GenerateDataKey", "key for access-token"),
            ("kms:Decrypt GenerateDataKey", "key for refresh-token"),
            ("kms:Decrypt", "client secret key"),
            ("secretsmanager:GetSecretValue", "secret"),
            ("sqs:DeleteMessage GetQueueAttributes ReceiveMessage SendMessage", "queue refresh"),
            ("sqs:SendMessage", "queue refresh-dead"),
            ("sqs:SendMessage", "queue failed-invocations"),
        ],
    ),
    (
        "SecretRotation",
        &[
            ("dynamodb:GetItem PutItem", "table applications"),
            ("dynamodb:PutItem", "table history"),
            ("kms:Decrypt GenerateDataKey", "client secret key"),
            (
                "secretsmanager:CreateSecret GetSecretValue PutResourcePolicy PutSecretValue UpdateSecret \
                 UpdateSecretVersionStage",
                "secret",
            ),
            ("sqs:DeleteMessage GetQueueAttributes ReceiveMessage", "queue client-secrets"),
            ("sqs:SendMessage", "queue failed-invocations"),
        ],
    ),
    (
        "EventPublisher",
        &[
            ("dynamodb:DescribeStream GetRecords GetShardIterator ListStreams", "stream of history"),
            ("events:PutEvents", "event bus"),
            ("sqs:SendMessage", "queue events-dead"),
        ],
    ),
    (
        "Authorizations",
        &[
            ("dynamodb:BatchGetItem GetItem", "table applications"),
            ("dynamodb:PutItem", "table authorization-links"),
            ("dynamodb:GetItem UpdateItem", "table authorization-requests"),
            ("dynamodb:UpdateItem", "table access-tokens"),
            ("dynamodb:BatchGetItem GetItem PutItem", "table grants"),
            ("dynamodb:Query", "index grants account"),
            ("dynamodb:Query", "index grants application"),
            ("dynamodb:Query", "index grants partner"),
            ("dynamodb:PutItem Query", "table history"),
        ],
    ),
    (
        "Administration",
        &[
            ("dynamodb:BatchGetItem GetItem PutItem UpdateItem", "table applications"),
            ("dynamodb:BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem", "table grants"),
            ("dynamodb:Query", "index grants application"),
            ("dynamodb:DeleteItem GetItem PutItem UpdateItem", "table access-tokens"),
            ("dynamodb:DeleteItem PutItem Query", "table history"),
            ("dynamodb:Scan", "copy of applications"),
            ("dynamodb:Scan", "copy of grants"),
            ("dynamodb:Scan", "copy of history"),
            ("events:PutEvents", "event bus"),
            ("kms:Decrypt GenerateDataKey", "key for refresh-token"),
            ("kms:Decrypt GenerateDataKey", "client secret key"),
            (
                "secretsmanager:CreateSecret GetSecretValue PutResourcePolicy PutSecretValue UpdateSecret \
                 UpdateSecretVersionStage",
                "secret",
            ),
        ],
    ),
];
