use serde_json::json;

use super::*;
use crate::{amazon::marketplace::Store, grant::Status};

fn meant(whose: &str, region: Option<Region>) -> Meant {
    let whose = match whose.strip_prefix('@') {
        Some(account) => Whose::Account(account.parse().unwrap()),
        None => Whose::Partner(whose.parse().unwrap()),
    };
    let application_id = "amzn1.sp.solution.1".parse().unwrap();
    let location = Location { region, marketplace: None };
    Meant {
        application_id,
        whose,
        location,
        partner_type: None,
        even_removed: false,
        reach: Reach::everything(),
    }
}

fn grant(partner: &str, region: &str, account: &str, status: &str) -> Grant {
    serde_json::from_value(json!({
        "application_id": "amzn1.sp.solution.1", "region": region, "selling_partner_id": partner, "version": 1,
        "revision": 1, "status": status, "kind": "oauth", "draft": false, "account": account,
        "authorized_at": 0, "renewal_due_at": 0, "fingerprint": "x",
    }))
    .unwrap()
}

fn seller_in_two_regions() -> Vec<Grant> {
    vec![
        grant("A1", "na", "tenant-1", "active"),
        grant("A1", "eu", "tenant-2", "disabled"),
        grant("A2", "eu", "tenant-2", "active"),
        grant("A2", "fe", "tenant-1", "removed"),
        grant("A3", "fe", "tenant-4", "active"),
        grant("A4", "fe", "tenant-4", "active"),
    ]
}

#[test]
fn the_one_that_fits_is_chosen_by_its_row() {
    for (whose, region, partner) in [
        ("A1", Some(Region::Eu), "A1"),
        ("@tenant-1", None, "A1"),
        ("@tenant-2", None, "A2"),
        ("A2", None, "A2"),
    ] {
        let found = chosen(seller_in_two_regions(), &meant(whose, region)).unwrap();
        assert_eq!(found.selling_partner_id.as_str(), partner, "{whose}");
    }
}

#[test]
fn of_several_the_error_names_the_field_that_would_decide() {
    for (whose, region, error) in [
        ("A1", None, "several authorizations fit; add region"),
        ("@tenant-4", None, "several authorizations fit; name sellingPartnerId in place of account"),
        ("A2", Some(Region::Fe), "this selling partner has not authorized the application"),
        ("@tenant-3", None, "this selling partner has not authorized the application"),
    ] {
        let refused = chosen(seller_in_two_regions(), &meant(whose, region)).unwrap_err().to_string();
        assert!(refused.starts_with(error), "{whose}: {refused}");
    }
}

#[test]
fn a_removed_grant_and_a_grant_of_another_application_fit_only_where_they_are_asked_for() {
    let wanted = Meant { even_removed: true, ..meant("A2", Some(Region::Fe)) };
    assert_eq!(chosen(seller_in_two_regions(), &wanted).unwrap().status, Status::Removed);

    let other = Meant { application_id: "amzn1.sp.solution.2".parse().unwrap(), ..meant("@tenant-1", None) };
    assert!(matches!(chosen(seller_in_two_regions(), &other), Err(Error::UnknownSellingPartner)));
}

#[test]
fn a_request_names_a_partner_or_an_account() {
    let (partner, account) = ("A1".parse().unwrap(), "tenant-1".parse().unwrap());
    assert!(Whose::of(None, None).unwrap().is_none());
    assert!(Whose::of(Some(partner), Some(account)).unwrap_err().to_string().starts_with("account: "));
}

const JP: &str = "A1VC38T7YXB528";
const AU: &str = "A39IBJ37TRP1C6";

/// A grant of the account `t` in the region `fe`. A store with a `-` before it is one in which the seller does not sell.
fn of_account(partner: &str, partner_type: Option<PartnerType>, status: Status, stores: &[&str]) -> Grant {
    let store = |id: &&str| Store {
        marketplace_id: id.trim_start_matches('-').parse().unwrap(),
        name: "Store".to_owned(),
        participating: !id.starts_with('-'),
    };
    Grant {
        status,
        partner_type,
        stores: stores.iter().map(store).collect(),
        ..grant(partner, "fe", "t", "active")
    }
}

/// The partner that is chosen, or the error.
fn of_the_account(grants: &[Grant], marketplace: Option<&str>, partner_type: Option<PartnerType>) -> String {
    let marketplace = marketplace.map(|id| id.parse().unwrap());
    let location = Location::of(None, marketplace, &Marketplaces::default()).unwrap();
    let meant = Meant { location, partner_type, ..meant("@t", None) };
    match chosen(grants.to_vec(), &meant) {
        Ok(grant) => grant.selling_partner_id.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_marketplace_chooses_the_seller_that_lists_it_and_the_table_need_not_know_it() {
    let (seller, active) = (Some(PartnerType::Seller), Status::Active);
    let two = [
        of_account("A1JP", seller, active, &[JP]),
        of_account("A1AU", seller, active, &[AU, "A0NEWCOUNTRY99"]),
    ];

    for (marketplace, answer) in [
        (Some(JP), "A1JP"),
        (Some(AU), "A1AU"),
        (Some("A0NEWCOUNTRY99"), "A1AU"),
        (
            Some("A0OTHERCOUNTRY"),
            "marketplaceId: expected the id of a marketplace of Amazon, or of one of the grant's stores",
        ),
        (
            Some("A19VAU5U5O7RUS"),
            "marketplaceId: expected a marketplace that the selling partner takes part in",
        ),
        (None, "several authorizations fit; add marketplaceId"),
    ] {
        assert_eq!(of_the_account(&two, marketplace, None), answer, "{marketplace:?}");
    }
    let both = [two[0].clone(), of_account("A1BOTH", seller, active, &[JP, AU])];
    let ambiguous = "several authorizations fit; name sellingPartnerId in place of account";
    assert_eq!(of_the_account(&both, Some(JP), None), ambiguous);
    let idle = [two[0].clone(), of_account("A1IDLE", seller, active, &["-A1VC38T7YXB528", AU])];
    assert_eq!(of_the_account(&idle, Some(JP), None), "A1JP", "the other one does not sell there");
}

#[test]
fn a_partner_type_chooses_between_seller_and_vendor_and_an_unknown_type_may_be_either() {
    let active = Status::Active;
    let (seller, vendor) = (Some(PartnerType::Seller), Some(PartnerType::Vendor));
    let two = [of_account("A1JP", seller, active, &[JP]), of_account("VJP01", vendor, active, &[])];

    assert_eq!(of_the_account(&two, None, seller), "A1JP");
    assert_eq!(of_the_account(&two, None, vendor), "VJP01");
    assert_eq!(of_the_account(&two, Some(JP), None), "A1JP", "the vendor's stores are not known");
    assert_eq!(of_the_account(&two, None, None), "several authorizations fit; add partnerType");
    let imported = [of_account("A1JP", seller, active, &[JP]), of_account("A9JP", None, active, &[])];
    assert_eq!(of_the_account(&imported, None, seller), "A1JP");
    assert_eq!(of_the_account(&imported, None, vendor), "A9JP");
    let none = "this selling partner has not authorized the application";
    assert!(of_the_account(&two[..1], None, vendor).starts_with(none));
}

#[test]
fn an_error_names_nothing_that_would_choose_none() {
    let (seller, vendor, active) = (Some(PartnerType::Seller), Some(PartnerType::Vendor), Status::Active);
    let by_id = "several authorizations fit; name sellingPartnerId in place of account";
    let unverified = |partner| of_account(partner, seller, active, &[]);
    let idle = of_account("A1JP", seller, Status::Disabled, &["-A1VC38T7YXB528"]);
    let not_active = [idle, unverified("A2JP"), unverified("A3JP")];
    assert_eq!(of_the_account(&not_active, None, None), by_id);
    assert_eq!(of_the_account(&not_active, Some(JP), None), by_id);
    // The marketplace is in another region.
    let elsewhere = [of_account("A1JP", seller, active, &["A1PA6795UKMFR9"]), unverified("A2JP")];
    assert_eq!(of_the_account(&elsewhere, None, None), by_id);
    let all = [
        unverified("A1JP"),
        unverified("A2JP"),
        of_account("V1", vendor, active, &[]),
        of_account("V2", vendor, active, &[]),
    ];
    assert_eq!(of_the_account(&all, None, None), by_id);
    assert_eq!(of_the_account(&all[..3], None, None), "several authorizations fit; add partnerType");
    assert_eq!(of_the_account(&all[..3], None, vendor), "V1");
}

#[test]
fn of_two_in_one_region_the_only_active_one_is_chosen() {
    let seller = Some(PartnerType::Seller);
    let new = of_account("A2JP", seller, Status::Active, &[JP]);
    for old in [Status::Disabled, Status::ReauthorizationRequired, Status::Removed] {
        let old = of_account("A1JP", seller, old, &[JP]);
        for marketplace in [None, Some(JP)] {
            assert_eq!(of_the_account(&[old.clone(), new.clone()], marketplace, None), "A2JP");
        }
        let unverified = of_account("A3JP", seller, Status::Active, &[]);
        assert_eq!(of_the_account(&[old, unverified], Some(JP), None), "A3JP");
    }
    let neither = [
        of_account("A1JP", seller, Status::Disabled, &[JP]),
        of_account("A2JP", seller, Status::ReauthorizationRequired, &[JP]),
    ];
    let ambiguous = "several authorizations fit; name sellingPartnerId in place of account";
    assert_eq!(of_the_account(&neither, None, None), ambiguous);
    let vendor = of_account("VJP01", Some(PartnerType::Vendor), Status::Active, &[]);
    assert_eq!(
        of_the_account(&[neither[0].clone(), vendor], Some(JP), None),
        "A1JP",
        "a vendor is no seller"
    );
}

/// The grants of the partner `A1` in the three regions: each with its status, and where it was moved to or from.
fn moved(rows: [(&str, &str, Option<Region>, Option<Region>); 3]) -> Vec<Grant> {
    let row = |(region, status, moved_to, moved_from)| Grant {
        moved_to,
        moved_from,
        ..grant("A1", region, "tenant-1", status)
    };
    rows.into_iter().map(row).collect()
}

#[test]
fn a_region_from_which_the_grant_was_moved_leads_to_where_it_is_unless_a_grant_is_there_again() {
    let (na, eu, fe) = (Some(Region::Na), Some(Region::Eu), Some(Region::Fe));
    let twice = moved([("na", "removed", eu, None), ("eu", "removed", fe, na), ("fe", "active", None, eu)]);
    let found = |rows: &[Grant], whose: &str, region| {
        chosen(rows.to_vec(), &meant(whose, region))
            .map(|grant| grant.region)
            .map_err(|error| error.to_string())
    };

    for region in [na, eu, fe, None] {
        assert_eq!(found(&twice, "A1", region), Ok(Region::Fe), "{region:?}");
    }
    // An index finds no pointer by an account.
    assert_eq!(found(&twice[2..], "@tenant-1", eu), Ok(Region::Fe));
    let mut again = twice.clone();
    again[0] = grant("A1", "na", "tenant-1", "active");
    assert_eq!(found(&again, "A1", na), Ok(Region::Na));
    assert_eq!(found(&again, "A1", eu), Ok(Region::Fe));
    let mut other = twice;
    other.push(grant("A2", "fe", "tenant-1", "active"));
    assert_eq!(found(&other[2..], "@tenant-1", eu), Ok(Region::Fe), "the other was not moved");
}
