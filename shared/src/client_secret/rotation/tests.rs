use super::*;

const LEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

fn day(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
}

fn operator(insists: bool) -> Asker {
    Asker::Operator { who: Who::operator(None), insists }
}

fn heard() -> Rotation {
    Rotation { notified_at: Some(day(0)), ..Rotation::default() }
}

#[test]
fn it_is_asked_for_only_inside_the_lead_time_and_only_where_the_queue_is_heard() {
    assert!(matches!(heard().ask(Some(day(180)), LEAD, &Asker::Schedule, day(149)), Ask::Not(_)));
    assert!(matches!(heard().ask(Some(day(180)), LEAD, &Asker::Schedule, day(150)), Ask::Now(_)));
    assert!(matches!(heard().ask(None, LEAD, &Asker::Schedule, day(150)), Ask::Not(_)));
    let unheard = Rotation::default();
    assert_eq!(unheard.ask(Some(day(180)), LEAD, &Asker::Schedule, day(170)), Ask::Not(NO_NOTIFICATION_YET));
}

#[test]
fn an_operator_gets_one_at_any_time_but_must_insist_while_the_queue_was_never_heard() {
    for end in [None, Some(day(180))] {
        assert!(matches!(heard().ask(end, LEAD, &operator(false), day(0)), Ask::Now(_)));
        assert_eq!(
            Rotation::default().ask(end, LEAD, &operator(false), day(0)),
            Ask::Not(NO_NOTIFICATION_YET)
        );
        assert!(matches!(Rotation::default().ask(end, LEAD, &operator(true), day(0)), Ask::Now(_)));
    }
}

#[test]
fn a_rotation_is_requested_once_a_day_at_most_even_by_an_operator() {
    let asked = Rotation { asked_at: Some(day(150)), ..heard() };
    let almost = day(151) - SignedDuration::from_secs(1);

    assert!(matches!(asked.ask(Some(day(180)), LEAD, &operator(true), almost), Ask::Not(_)));
    assert!(matches!(asked.ask(Some(day(180)), LEAD, &Asker::Schedule, day(151)), Ask::Now(_)));
}

#[test]
fn a_refused_request_is_not_repeated_for_a_day_and_leaves_the_secret_its_life() {
    let refused = Rotation { refused_at: Some(day(150)), ..heard() };

    assert!(matches!(refused.ask(Some(day(180)), LEAD, &Asker::Schedule, day(150)), Ask::Not(_)));
    assert!(matches!(refused.ask(Some(day(180)), LEAD, &Asker::Schedule, day(151)), Ask::Now(_)));
    assert_eq!(refused.end_of(&Fingerprint::of("secret"), Some(day(180))), Some(day(180)));
    assert_eq!(refused.missed(day(152)), None);
}

#[test]
fn a_request_without_a_secret_after_an_hour_is_reported_once_and_shortens_the_secrets_life() {
    let mut rotation = Rotation { asked_at: Some(day(150)), ..heard() };
    let secret = Fingerprint::of("secret");
    assert_eq!(rotation.missed(day(150) + SignedDuration::from_mins(59)), None);
    assert_eq!(rotation.missed(day(150) + SHOULD_COME_WITHIN), Some(day(150)));
    assert_eq!(rotation.end_of(&secret, Some(day(180))), Some(day(157)));

    rotation.missed_ask = Some(day(150));
    assert_eq!(rotation.missed(day(152)), None);
    rotation.received_at = Some(day(153));
    assert_eq!(rotation.end_of(&secret, Some(day(330))), Some(day(330)));
}

#[test]
fn an_announced_end_is_believed_only_if_it_fits_what_is_known() {
    let (secret, other) = (Fingerprint::of("secret"), Fingerprint::of("other"));
    let assessed = |rotation: &Rotation, stored: Option<i64>, announced: Timestamp| {
        rotation.assess(&secret, stored.map(day), announced, day(100))
    };
    let mut dated = Rotation::default();
    dated.record_end(&secret, day(180));
    dated.record_end(&other, day(105));
    let asked = Rotation { asked_at: Some(day(99)), ..dated.clone() };
    let doubted = |announcement| matches!(announcement, Announcement::Doubted(_));

    for (rotation, stored) in [(&dated, None), (&dated, Some(150)), (&Rotation::default(), Some(180))] {
        for hours in [-24, 0, 24] {
            let announced = day(180) + SignedDuration::from_hours(hours);
            assert_eq!(assessed(rotation, stored, announced), Announcement::Believed);
        }
        for announced in [-1, 100, 107, 150, 178, 182, 280] {
            assert!(doubted(assessed(rotation, stored, day(announced))), "{stored:?} {announced}");
        }
    }
    assert_eq!(assessed(&dated, None, day(105)), Announcement::OfAnother);
    assert_eq!(assessed(&asked, None, day(106)), Announcement::Believed, "a request shortens its life");
    for (announced, is_doubted) in [(107, true), (108, false), (281, false), (282, true), (-1, true)] {
        assert_eq!(doubted(assessed(&Rotation::default(), None, day(announced))), is_doubted, "{announced}");
    }
}

#[test]
fn each_stage_is_reported_once_for_each_secret() {
    let secret = Fingerprint::of("secret");
    let mut rotation = heard();
    let mut reported = Vec::new();
    for today in 0..180 {
        if let Some(stage) = rotation.stage_to_report(&secret, Some(day(180)), day(today)) {
            reported.push((today, stage));
            rotation.reported = Some((stage, secret.clone()));
        }
    }

    assert_eq!(reported, [(90, 90), (150, 30), (173, 7)]);
    assert_eq!(rotation.stage_to_report(&Fingerprint::of("next"), Some(day(260)), day(175)), Some(90));
}

#[test]
fn the_later_end_wins_and_a_secret_without_a_date_loses_to_any() {
    assert!(replaces(Some(day(2)), Some(day(1))));
    assert!(!replaces(Some(day(1)), Some(day(2))));
    assert!(!replaces(Some(day(1)), Some(day(1))));
    assert!(replaces(Some(day(1)), None));
    assert!(!replaces(None, Some(day(1))));
}
