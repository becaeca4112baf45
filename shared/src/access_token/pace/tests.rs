use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// The moments at which the requests that come at these seconds are sent, and the bucket after them.
fn sent(mut bucket: Bucket, come_at: impl IntoIterator<Item = i64>) -> (Vec<i64>, Bucket) {
    let mut sent = Vec::new();
    for now in come_at {
        let has_turn = bucket.full_at <= bucket.latest(LONGEST_WAIT, at(now)).full_at;
        match bucket.turn(LONGEST_WAIT, at(now)) {
            Turn::After(pause) => {
                assert!(has_turn, "the condition of the write says the same");
                sent.push(now + pause.as_secs());
                bucket = bucket.after_one_more(at(now));
            }
            Turn::NotBefore(_) => assert!(!has_turn, "the condition of the write says the same"),
        }
    }
    (sent, bucket)
}

#[test]
fn of_thirty_requests_at_once_eight_go_two_wait_and_the_others_hear_when() {
    let (times, bucket) = sent(Bucket::default(), [0; 30]);

    assert_eq!(times, [0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    assert_eq!(bucket.turn(LONGEST_WAIT, at(0)), Turn::NotBefore(at(3)));
    assert_eq!(bucket.turn(LONGEST_WAIT, at(3)), Turn::After(SignedDuration::ZERO));
}

#[test]
fn who_has_no_time_to_wait_hears_it_at_once() {
    let (_, bucket) = sent(Bucket::default(), [0; 8]);

    assert_eq!(bucket.turn(SignedDuration::ZERO, at(0)), Turn::NotBefore(at(1)));
}

#[test]
fn whatever_comes_no_second_has_more_than_the_burst_and_the_rate_allow() {
    let come_at = (0..600)
        .flat_map(|second: i64| std::iter::repeat_n(second, usize::try_from(second % 7 * 3 % 5).unwrap()));
    let (times, _) = sent(Bucket::default(), come_at);

    for first in 0..times.len() {
        for last in first..times.len() {
            let most = i64::from(BURST) + times[last] - times[first];
            assert!(i64::try_from(last - first + 1).unwrap() <= most, "{first} to {last}");
        }
    }
    assert!(times.len() >= 600, "nothing is lost of one a second: {}", times.len());
}

#[test]
fn one_request_a_second_never_waits() {
    assert_eq!(sent(Bucket::default(), 0..100).0, (0..100).collect::<Vec<_>>());
}

#[test]
fn a_refusal_of_amazon_empties_the_bucket_for_as_long_as_it_says() {
    for (retry_after, next) in [(None, 1), (Some(seconds(0)), 1), (Some(seconds(30)), 30)] {
        let bucket = Bucket::default().emptied(retry_after, at(0));

        assert_eq!(bucket.turn(SignedDuration::ZERO, at(0)), Turn::NotBefore(at(next)), "{retry_after:?}");
        assert_eq!(sent(bucket, [next; 9]).0, [next, next + 1, next + 2], "{retry_after:?}");
    }
    let (_, full) = sent(Bucket::default(), [0; 30]);
    assert_eq!(full.emptied(None, at(0)), full, "a refusal frees no turn");
}

#[test]
fn a_rate_that_amazon_names_replaces_the_usual_one_if_it_can_be_one() {
    let faster = Bucket::default().with_rate(Some(5.0));
    assert_eq!(faster.interval_ms(), 200);
    assert_eq!(sent(faster, [0; 30]).0.len(), 8 + 10);
    assert_eq!(sent(Bucket::default().with_rate(Some(0.5)), [0; 30]).0.len(), 8 + 1);
    for none in [None, Some(0.0), Some(-1.0), Some(f64::NAN), Some(f64::INFINITY), Some(1e9)] {
        assert_eq!(faster.with_rate(none), faster, "{none:?}");
    }
}

#[test]
fn a_row_gives_the_bucket_back() {
    let (_, bucket) = sent(Bucket::default().with_rate(Some(3.0)), [0; 5]);

    assert_eq!(Bucket::of_row(bucket.full_at_ms(), bucket.interval_ms()), bucket);
    assert_eq!(Bucket::of_row(i64::MAX, 0).interval_ms(), 1, "a row of another release stops nothing");
}
