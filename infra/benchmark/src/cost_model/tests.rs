use super::*;

/// What the README publishes of the refresher, which is measured again with its tables.
const PUBLISHED: Counted = Counted {
    writes: 2.002,
    seconds: 1.0 / 154.0,
    processor: 0.000_21,
    kms_of_environment: 4.0,
    token_row: 900.0,
    grant_row: 1_100.0,
};

#[test]
fn the_readme_has_the_tables_that_the_model_computes() {
    let readme = include_str!("../../README.md");
    let computed = CostModel(PUBLISHED).to_string();
    // The prices are in `prices.rs`.
    let (computed, _) = computed.split_once("\n| Price |").unwrap();
    let missing: Vec<_> =
        computed.lines().filter(|line| !readme.lines().any(|known| known == *line)).collect();
    assert!(missing.is_empty(), "infra/benchmark/README.md lacks these lines:\n{}", missing.join("\n"));
}

#[test]
fn the_first_readme_has_the_idle_cost_that_the_model_computes() {
    let idle = total(&CostModel(PUBLISHED).lines(&USES[0]));
    let readme = include_str!("../../../../README.md");
    assert!(readme.contains(&format!("[about {idle:.0} US$ a month idle]")), "{idle}");
}

#[test]
fn the_environments_of_the_refresher_are_those_of_the_template() {
    let template = include_str!("../../../template.yaml");
    let (_, parameter) = template.split_once("  RefresherEnvironments:\n").unwrap();
    let (_, default) = parameter.split_once("Default: ").unwrap();
    assert_eq!(default.lines().next(), Some(format!("{REFRESHERS}").as_str()));
}

#[test]
fn the_published_counts_are_those_of_the_readme() {
    let readme = include_str!("../../README.md");
    for line in ["| DynamoDB, writes | 3.002 | 2.002 | 2.1 |", "| KMS | 1.002 | 0.004 | 0.02 |"] {
        assert!(readme.contains(line), "{line}");
    }
    assert!(readme.contains("| 16 | 100 ms | 10,000 | 154 | 160 | 96 % | 0.21 ms |"));
}

#[test]
fn more_partners_cost_more_and_each_of_them_less() {
    let model = CostModel(PUBLISHED);
    let dollars = |partners: f64, requested: f64| {
        total(&model.lines(&Use { partners, ..used("", requested, CALLERS_ASK) }))
    };
    for requested in [0.0, 0.2, 1.0] {
        for partners in [1e3, 1e4, 1e5, 1e6] {
            let (few, many) = (dollars(partners, requested), dollars(partners * 10.0, requested));
            assert!(few < many && many < few * 10.0, "{partners} {requested}: {few} {many}");
        }
    }
}

#[test]
fn environments_are_as_many_as_the_busy_minutes_need() {
    assert!(environments(0.0, 1.0) < 1.0, "nothing to do");
    assert!((environments(1.0 / 3600.0, 0.007) - 1.0).abs() < f64::EPSILON, "a request an hour");
    // 20 requests a second of 7 ms, ten minutes: of 12,000 requests, 4.8 find three environments busy, and 0.2 find four.
    assert!((environments(20.0 / 3.0, 0.007) - 4.0).abs() < f64::EPSILON);
    let many = environments(1_000.0, 0.1);
    assert!(many > 300.0 && many < 400.0, "three times a hundred at once, and some more: {many}");
}

#[test]
fn a_stack_without_partners_opens_no_data_key() {
    let model = CostModel(PUBLISHED);
    assert!(model.refreshers(&USES[0]) < 1.0 && USES[0].environments() < 1.0);
    assert!(model.refreshers(&USES[1]) >= 1.0 && USES[1].environments() >= 1.0);
}
