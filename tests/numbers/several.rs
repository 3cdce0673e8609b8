//! Several groups against R (`tests/ref/several.R`): analyses of variance, tests of counts, the range of F; and drawn rows,
//! honest and spoiled.

use crate::common::golden;
use reffect::check::Status;
use reffect::check::baseline::of_several as of_variable;
use reffect::check::several_counts::tests_of_several_counts;
use reffect::check::several_groups::{BesideSeveral, SeveralMeans, SeveralRow, SeveralValues, of_several};
use reffect::check::several_means::{MeanOfGroup, f_tests};
use reffect::numeric::interval::Interval;
use reffect::numeric::rounding::Rounding;
use reffect::reported::SpreadMeaning;

fn list<T: std::str::FromStr>(text: &str) -> Vec<T> {
    text.split(';').filter_map(|one| one.parse().ok()).collect()
}

fn close(found: f64, expected: &str, what: &[String]) {
    let expected: f64 = expected.parse().unwrap();
    assert!((found - expected).abs() <= 1e-8 * expected.abs() + 1e-13, "{found} for {expected}: {what:?}");
}

fn row_of_means(means: &str, sds: &str, n: &str, beside: BesideSeveral) -> SeveralRow {
    let (means, sds, n): (Vec<_>, Vec<_>, Vec<u64>) = (list(means), list(sds), list(n));
    let shares = vec![None; n.len()];
    SeveralRow {
        values: SeveralValues::Means(SeveralMeans { means, sds, meaning: SpreadMeaning::Sd }),
        n,
        shares,
        beside,
    }
}

#[test]
fn several_groups_agree_with_r() {
    let rows = golden("several.csv");
    let (mut of_means, mut of_counts, mut ranges) = (0, 0, 0);
    for row in &rows {
        let n: Vec<u64> = list(&row[3]);
        match row[0].as_str() {
            "means" => {
                let (means, sds): (Vec<f64>, Vec<f64>) = (list(&row[1]), list(&row[2]));
                let each = means.iter().zip(&sds).zip(&n).map(|((mean, sd), n)| MeanOfGroup {
                    n: *n,
                    mean: Interval::point(*mean),
                    sd: Interval::point(*sd),
                });
                let [usual, welch] = f_tests(&each.collect::<Vec<_>>()).unwrap();
                for (found, expected) in [usual.f.lower, usual.df2.lower, usual.p.upper].into_iter().zip(&row[4..]) {
                    close(found, expected, row);
                }
                for (found, expected) in [welch.f.upper, welch.df2.upper, welch.p.lower].into_iter().zip(&row[7..]) {
                    close(found, expected, row);
                }
                of_means += 1;
            }
            "counts" => {
                let found = tests_of_several_counts(&list::<u64>(&row[1]), &n);
                let of = |name: &str| found.iter().find(|test| test.name.contains(name)).unwrap();
                close(of("Pearson").statistic.unwrap(), &row[4], row);
                close(of("Pearson").p, &row[6], row);
                close(of("likelihood").statistic.unwrap(), &row[10], row);
                close(of("Freeman").p, &row[11], row);
                close(of("Armitage").statistic.unwrap(), &row[12], row);
                close(of("Armitage").p, &row[13], row);
                of_counts += 1;
            }
            _ => {
                let printed = row_of_means(&row[1], &row[2], &row[3], BesideSeveral::default());
                let [usual, _] = f_tests(&printed.moments(Rounding::default()).unwrap().unwrap()).unwrap();
                assert_eq!(of_variable(2, &printed, Rounding::default()).map(|of| of.range), Some(usual.p));
                // R's search for the least one is iterated.
                let least: f64 = row[4].parse().unwrap();
                assert!((usual.f.lower - least).abs() <= 1e-6 * least + 1e-9, "{usual:?} {row:?}");
                close(usual.f.upper, &row[6], row);
                ranges += 1;
            }
        }
    }
    assert!(of_means >= 20 && of_counts >= 20 && ranges >= 20, "{of_means} {of_counts} {ranges}");
}

/// A generator of Lehmer's kind: uniform numbers, and from twelve of them nearly normal ones.
struct Drawn(u64);

impl Drawn {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, most: u64) -> u64 {
        (self.uniform() * most as f64) as u64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Printed means, SDs and sizes of groups, and the p of both tests of the numbers before they were rounded.
    fn groups(&mut self) -> ([String; 3], [f64; 2], [f64; 2]) {
        let k = 3 + self.below(3);
        let decimals = self.below(3) as usize;
        let apart = self.uniform() * 3.0;
        let mut texts: [Vec<String>; 3] = Default::default();
        let mut all = Vec::new();
        for _ in 0..k {
            let n = 3 + self.below(40);
            let shift = apart * self.uniform();
            let x: Vec<f64> = (0..n).map(|_| 20.0 + 3.0 * (shift + self.normal())).collect();
            let mean = x.iter().sum::<f64>() / n as f64;
            let sd = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n as f64 - 1.0)).sqrt();
            texts[0].push(format!("{mean:.decimals$}"));
            texts[1].push(format!("{sd:.decimals$}"));
            texts[2].push(n.to_string());
            all.push(MeanOfGroup { n, mean: Interval::point(mean), sd: Interval::point(sd) });
        }
        let tests = f_tests(&all).unwrap();
        (texts.map(|of| of.join(";")), tests.map(|test| test.p.lower), tests.map(|test| test.f.lower))
    }
}

#[test]
fn drawn_rows_never_fail_and_spoiled_ones_do() {
    let mut drawn = Drawn(20_261_126);
    let (mut passed, mut spoiled, mut found) = (0, 0, 0);
    for at in 0..2500 {
        let ([means, sds, n], p, f) = drawn.groups();
        let own = at % 2;
        let with_f = at % 3 == 0;
        let print = |p: f64| if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") };
        let row = |p: f64, f: f64| {
            let f = if with_f { format!("{f:.2}").parse().ok() } else { None };
            row_of_means(&means, &sds, &n, BesideSeveral { p: print(p).parse().ok(), f, ..BesideSeveral::default() })
        };
        let (status, told) = of_several(&row(p[own], f[own]), 0.95, Rounding::default()).unwrap();
        assert_eq!(status, Status::Pass, "{means} {sds} {n}: {told}");
        passed += 1;
        // A digit that moved by one place.
        let moved = if p[own] < 0.1 { p[own] * 10.0 } else { p[own] / 10.0 };
        if sds.contains('.') && (0.002..0.9).contains(&p[own]) {
            spoiled += 1;
            let verdict = of_several(&row(moved, f[own]), 0.95, Rounding::default()).unwrap();
            found += usize::from(verdict.0 != Status::Pass);
        }
    }
    println!("{passed} passed, {found} of {spoiled} spoiled ones do not");
    assert!(passed == 2500 && spoiled > 500 && found * 10 > spoiled * 9, "{found} of {spoiled}");
}
