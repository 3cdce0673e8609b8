//! Baseline tables against R (`tests/ref/baseline.R`): the range of each p by every corner of the printed numbers, and
//! Stouffer's combination.

use crate::common::golden;
use reffect::check::baseline::{combine, of_variable};
use reffect::check::table_groups::{BesideGroups, GroupMeans, GroupValues, GroupsRow};
use reffect::numeric::rounding::Rounding;
use reffect::reported::SpreadMeaning;

fn close(found: f64, expected: &str, what: &[String]) {
    let expected: f64 = expected.parse().unwrap();
    assert!((found - expected).abs() <= 1e-8 * expected.abs() + 1e-13, "{found} for {expected}: {what:?}");
}

#[test]
fn baseline_tables_agree_with_r() {
    let rows = golden("baseline.csv");
    assert!(rows.len() >= 40);
    let number = |text: &String| text.parse().unwrap();
    for table in 1..=12 {
        let own: Vec<_> = rows.iter().filter(|row| row[0] == table.to_string()).collect();
        let variables = own.iter().map(|row| {
            let groups = GroupsRow {
                values: GroupValues::Means(Box::new(GroupMeans {
                    means: [number(&row[1]), number(&row[4])],
                    sds: [number(&row[2]), number(&row[5])],
                    meaning: SpreadMeaning::Sd,
                })),
                n: [row[3].parse().unwrap(), row[6].parse().unwrap()],
                shares: [None, None],
                beside: BesideGroups::default(),
            };
            let found = of_variable(2, &groups, Rounding::default()).unwrap();
            close(found.range.lower, &row[7], row);
            close(found.range.upper, &row[8], row);
            found
        });
        let found = combine(variables.collect()).unwrap();
        let row = own[0];
        close(found.z, &row[9], row);
        for (combined, at) in [(found.as_different, 10), (found.as_alike, 13)] {
            close(combined.p, &row[at], row);
            close(combined.range.lower, &row[at + 1], row);
            close(combined.range.upper, &row[at + 2], row);
        }
    }
}
