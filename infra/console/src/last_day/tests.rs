use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The cells of the table's row of an hour.
fn row(page: &str, hour: &str) -> Vec<String> {
    let (_, rest) = page.split_once(&format!("<th scope=\"row\">{hour}</th>")).unwrap();
    let cells = rest.split_once("</tr>").unwrap().0.split("<td>").skip(1);
    cells.map(|cell| cell.trim_end_matches("</td>").to_owned()).collect()
}

/// The heights of the bars' parts of a class in the picture of this number.
fn heights(page: &str, picture: usize, class: &str) -> Vec<u64> {
    let picture =
        page.split("<svg class=\"picture\"").nth(picture + 1).unwrap().split_once("</svg>").unwrap().0;
    let begin = format!("<rect class=\"{class}\"");
    let rects = picture.split(&begin).skip(1);
    rects
        .map(|rect| rect.split_once("height=\"").unwrap().1.split_once('"').unwrap().0.parse().unwrap())
        .collect()
}

#[test]
fn a_day_is_three_pictures_and_a_table_of_the_same_numbers() {
    let now = at("2026-11-22T13:30:00Z");
    let before = at("2026-11-22T12:59:00Z");
    let mut day = Day::until(now);
    for (series, at, value) in [
        (Series::Stored, now, 30),
        (Series::Fetched, now, 10),
        (Series::Stored, before, 10),
        (Series::Refreshed, before, 7),
        (Series::Calls, now, 10),
        (Series::Milliseconds, now, 2000),
        (Series::Longest, now, 800),
    ] {
        day.add(series, at, value);
    }

    let page = pictures(&day).into_string();

    assert_eq!(row(&page, "2026-11-22 13:00"), ["40", "30", "10", "0", "10", "200", "800"]);
    assert_eq!(row(&page, "2026-11-22 12:00"), ["10", "10", "0", "7", "0", "-", "-"]);
    assert_eq!(row(&page, "2026-11-21 14:00"), ["0", "0", "0", "0", "0", "-", "-"]);
    for sentence in [
        "50 tokens: 40 that were stored, and 10 that Amazon issued for the request.",
        "10 tokens were fetched for a request, and the refresher made 7 calls for tokens before they ended.",
        "took 200 ms on average, and 800 ms at most.",
    ] {
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
    let last = |picture, class| heights(&page, picture, class)[22..].to_owned();
    assert_eq!((last(0, "first"), last(0, "second")), (vec![30, 90], vec![0, 30]), "10 and 30 + 10 of 40");
    assert_eq!((last(1, "first"), last(1, "second")), (vec![0, 120], vec![84, 0]), "7 and 10 of 10");
    assert_eq!((last(2, "first"), last(2, "second")), (vec![0, 30], vec![0, 90]), "200 and 800 of 800");
    assert_eq!(page.matches("role=\"img\"").count(), 3);
    assert!(
        page.contains(
            "aria-label=\"Bars: tokens handed out in each of the last 24 hours; the highest is 40\""
        )
    );
    assert!(page.contains("<title>2026-11-22 13:00: 200 ms on average, 800 ms at most</title>"));
}

#[test]
fn one_token_among_many_is_seen_and_a_day_without_anything_has_no_bar() {
    let now = at("2026-11-22T13:30:00Z");
    let mut day = Day::until(now);
    let nothing = pictures(&day).into_string();
    assert_eq!(heights(&nothing, 0, "first"), [0; HOURS]);
    assert!(nothing.contains("No call to Login with Amazon was made."));

    day.add(Series::Stored, now, 1_000_000);
    day.add(Series::Fetched, now, 1);
    assert_eq!(heights(&pictures(&day).into_string(), 0, "second")[23], 1);
}
