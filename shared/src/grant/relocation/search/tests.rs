use super::*;
use crate::amazon::marketplace::Marketplaces;

fn grant(sighting: Option<Sighting>) -> Grant {
    let grant = serde_json::json!({
        "application_id": "amzn1.sp.solution.1", "region": "na", "selling_partner_id": "A1", "version": 1, "revision": 1,
        "status": "active", "kind": "oauth", "draft": false, "authorized_at": 0, "renewal_due_at": 0, "fingerprint": "x",
        "region_assumed": true,
    });
    Grant { sighting, ..serde_json::from_value(grant).unwrap() }
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "the field of a grant is optional")]
fn seen(region: Region, minutes: i64) -> Option<Sighting> {
    Some(Sighting { region, at: at(minutes), reported: false })
}

fn stores(id: &str) -> Vec<Store> {
    vec![Store { marketplace_id: id.parse().unwrap(), name: "Uhren".to_owned(), participating: true }]
}

/// The answers of na, eu and fe; `-` for an empty one, `?` for none.
fn answers(listed: [&str; 3]) -> Vec<Answer> {
    let of = |(region, id): (Region, &str)| Answer {
        region,
        stores: match id {
            "?" => None,
            "-" => Some(Vec::new()),
            id => Some(stores(id)),
        },
    };
    Region::ALL.into_iter().zip(listed).map(of).collect()
}

const US: &str = "ATVPDKIKX0DER";
const DE: &str = "A1PA6795UKMFR9";
const JP: &str = "A1VC38T7YXB528";

fn shown(grant: &Grant, listed: [&str; 3], minutes: i64) -> Finding {
    let marketplaces = Marketplaces::default();
    found(grant, &answers(listed), |region, store| marketplaces.knows(region, store), at(minutes))
}

#[test]
fn a_grant_moves_after_two_answers_an_hour_apart() {
    let first = Finding::First(seen(Region::Eu, 0).unwrap());
    assert_eq!(shown(&grant(None), ["-", DE, "-"], 0), first);
    let once = grant(seen(Region::Eu, 0));
    assert_eq!(shown(&once, ["-", DE, "-"], 59), Finding::Nothing);
    assert_eq!(shown(&once, ["-", DE, "-"], 60), Finding::Elsewhere(Region::Eu, stores(DE)));
}

#[test]
fn answers_that_leave_a_doubt_move_nothing() {
    let once = grant(seen(Region::Eu, 0));
    for doubtful in [["-", "-", "-"], ["?", DE, "-"], ["-", DE, "?"], ["-", "?", "-"], ["?", "?", "?"]] {
        assert_eq!(shown(&once, doubtful, 300), Finding::Nothing, "{doubtful:?}");
    }
    assert_eq!(shown(&once, ["-", DE, JP], 300), Finding::Contradicted);
    let other = Finding::First(seen(Region::Fe, 300).unwrap());
    assert_eq!(shown(&once, ["-", "-", JP], 300), other, "another region begins again");
}

#[test]
fn stores_in_the_grants_own_region_keep_it_there() {
    assert_eq!(shown(&grant(seen(Region::Eu, 0)), [US, "-", "-"], 300), Finding::Here(stores(US)));
    assert_eq!(shown(&grant(None), ["A0NEWCOUNTRY00", "-", "-"], 0), Finding::Here(stores("A0NEWCOUNTRY00")));
    let known = Grant { region_assumed: Some(false), ..grant(seen(Region::Eu, 0)) };
    assert_eq!(shown(&known, ["-", DE, "-"], 300), Finding::Nothing, "a region that is known stays");
    assert_eq!(shown(&known, [US, "-", "-"], 300), Finding::Here(stores(US)));
}

#[test]
fn a_row_of_an_earlier_version_is_assumed_where_nothing_shows_its_region() {
    let earlier = Grant { region_assumed: None, ..grant(None) };
    assert!(earlier.is_region_assumed());
    assert!(
        !Grant { central_host: Some("sellercentral.amazon.com".to_owned()), ..earlier.clone() }
            .is_region_assumed()
    );
    assert!(!Grant { stores: stores(US), ..earlier }.is_region_assumed());
}
