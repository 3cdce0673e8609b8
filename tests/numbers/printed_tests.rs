//! Printed tests against R: single ones (`tests/ref/printed_tests.R`), and those of two groups (`tests/ref/groups.R`).

use crate::common::golden;
use reffect::check::Status;
use reffect::check::reported_test::verdict;
use reffect::check::table_groups::{BesideGroups, GroupMeans, GroupValues, GroupsRow, of_groups};
use reffect::check::test_statistic::TestStatistic;
use reffect::numeric::rounding::Rounding;
use reffect::reported::SpreadMeaning;

#[test]
fn printed_tests_agree_with_r() {
    let rows = golden("printed_tests.csv");
    let (mut passed, mut failed) = (0, 0);
    for row in &rows {
        let [value, df, df2] = [1, 2, 3].map(|at| row[at].parse().ok());
        let statistic = match (row[0].as_str(), value.unwrap(), df, df2) {
            ("t", value, Some(df), _) => TestStatistic::T { value, df },
            ("r", value, Some(df), _) => TestStatistic::R { value, df },
            ("chi2", value, Some(df), _) => TestStatistic::ChiSquared { value, df },
            ("f", value, Some(df1), Some(df2)) => TestStatistic::F { value, df1, df2 },
            (_, value, ..) => TestStatistic::Z(value),
        };
        let (status, told) = verdict(&statistic, &row[4].parse().unwrap(), None, 0.05, Rounding::default());
        assert_eq!(status == Status::Pass, row[5] == "true", "{row:?} {told}");
        passed += usize::from(status == Status::Pass);
        failed += usize::from(status == Status::Fail);
    }
    // What does not fit fails, but for what may be one-sided or adjusted.
    assert!(passed > 600 && failed > 400 && failed * 5 > (rows.len() - passed) * 4, "{passed} {failed}");
}

fn row_of_groups(row: &[String]) -> GroupsRow {
    let number = |at: usize| row[at].parse().ok();
    GroupsRow {
        shares: [None, None],
        values: GroupValues::Means(Box::new(GroupMeans {
            means: [number(0).unwrap(), number(3).unwrap()],
            sds: [number(1).unwrap(), number(4).unwrap()],
            meaning: SpreadMeaning::Sd,
        })),
        n: [row[2].parse().unwrap(), row[5].parse().unwrap()],
        beside: BesideGroups {
            t: number(6),
            df: number(7),
            se: number(9),
            ci: number(10).zip(number(11)),
            p: row[8].parse().ok(),
            ..BesideGroups::default()
        },
    }
}

#[test]
fn honest_groups_of_r_never_fail() {
    let rows = golden("groups.csv");
    let mut judged = 0;
    for row in &rows {
        let groups = row_of_groups(row);
        let Some((status, told)) = of_groups(&groups, 0.95, Rounding::default()) else { continue };
        assert_ne!(status, Status::Fail, "{row:?} {told}");
        judged += usize::from(status == Status::Pass);
    }
    assert!(judged > 500, "{judged} of {}", rows.len());
}

/// The same with t half as large again: where rounding leaves anything to see, it fails.
#[test]
fn spoiled_groups_fail() {
    let (mut all, mut found) = (0, 0);
    for row in
        golden("groups.csv").iter().filter(|row| row[6].len() > 3 && row[1].contains('.') && !row[6].contains("0.0"))
    {
        let t: f64 = row[6].parse().unwrap();
        let mut spoiled = row_of_groups(row);
        spoiled.beside.t = format!("{:.2}", 1.5 * t).parse().ok();
        let verdict = of_groups(&spoiled, 0.95, Rounding::default());
        all += 1;
        found += usize::from(verdict.is_some_and(|(status, _)| status == Status::Fail));
    }
    assert!(all > 100 && found * 10 > all * 9, "{found} of {all}");
}
