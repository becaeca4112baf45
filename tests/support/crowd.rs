//! Many sellers together, as if each had authorized long ago: their grants are written without journeys.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use local::environment::environment;
use serde_json::{Value, json};
use shared::{
    access_token::{schedule::Due, store::watch_with_grant},
    amazon::marketplace::{PartnerType, Store},
    aws::{
        Aws,
        sealing::Sealer,
        transaction::{Commit, Transactions},
    },
    env::Env,
    grant::{Grant, GrantKey, GrantKind, store::GrantStore},
    ids::MarketplaceId,
    region::Region,
    secret::{RefreshToken, random_word},
};

use super::world::World;

/// A seller of a crowd.
pub fn crowd_id(number: usize) -> String {
    format!("A{number:06}CROWD")
}

impl World {
    /// So many sellers of the United States, authorized at this moment; each token is due immediately.
    pub async fn crowd(&self, count: usize) {
        let env = Env::from_pairs(environment(self.stack.ports()));
        let aws = Aws::new(self.stack.sdk_config());
        let grants = GrantStore::new(aws.dynamodb(), env.required("GRANTS_TABLE").unwrap().to_owned());
        let tokens_table = env.required("ACCESS_TOKENS_TABLE").unwrap().to_owned();
        let sealer = Sealer::new(aws.kms(), env.required("SEALING_KEY_ID").unwrap().to_owned());
        let transactions = Transactions::new(aws.dynamodb());
        let now = self.stack.clock().now();
        stream::iter(0..count)
            .map(async |number| {
                let grant = self.seller(&crowd_id(number), &sealer, now).await;
                let watch = watch_with_grant(&tokens_table, &grant.key(), &Due::at(&grant.key(), now));
                let writes = [grants.put(&grant, None), watch];
                match transactions.commit(&writes, &random_word()).await.unwrap() {
                    Commit::Made => Ok::<_, String>(()),
                    other => Err(format!("{number}: {other:?}")),
                }
            })
            .buffer_unordered(16)
            .try_collect::<()>()
            .await
            .unwrap();
    }

    async fn seller(&self, id: &str, sealer: &Sealer, now: Timestamp) -> Grant {
        let wish = json!({"applicationId": self.application(), "sellingPartnerId": id, "region": "na", "kind": "seller"});
        let answer: Value = self.control("self-authorization", wish).await;
        let refresh_token = RefreshToken::new(answer["refreshToken"].as_str().unwrap().to_owned());
        let key = GrantKey {
            application_id: self.application().parse().unwrap(),
            region: Region::Na,
            selling_partner_id: id.parse().unwrap(),
        };
        let owner = key.refresh_token_owner();
        let token = sealer.seal(refresh_token.expose(), &owner, now).await.unwrap();
        let store = Store {
            marketplace_id: MarketplaceId::try_from("ATVPDKIKX0DER".to_owned()).unwrap(),
            name: format!("Store of {id}"),
            participating: true,
        };
        Grant {
            partner_type: Some(PartnerType::Seller),
            central_host: Some("sellercentral.amazon.com".to_owned()),
            stores: vec![store],
            ..Grant::authorized(key, GrantKind::Oauth, refresh_token.fingerprint(), token, now)
        }
    }
}
