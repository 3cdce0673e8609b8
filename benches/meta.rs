//! How long meta-analyses take: `cargo bench --bench meta`.
//!
//! Each line is the median of several runs, with the fastest and the slowest of the middle half. Where R with
//! metafor is installed, `benches/meta.R` times the like in the same run: the same tables of data, and effects of its own
//! random numbers, of the same number and spread.

mod measure;

use measure::measure;
use reffect::meta::bias::{Alternative, SelectionKind, selection};
use reffect::meta::deletion::leave_one_out;
use reffect::meta::glmm::{StudyLikelihood, glmm, glmm_random_studies};
use reffect::meta::mantel_haenszel::{CountMeasure, Counts};
use reffect::meta::multilevel::{Component, Multilevel, SamplingCovariance};
use reffect::meta::permutation::permutation_test;
use reffect::meta::{Model, Problem, Test};
use std::hint::black_box;

/// Effects and variances that look like those of trials, the same each time.
fn simulated(k: usize) -> (Vec<f64>, Vec<f64>) {
    let mut state = 1u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut study = || {
        let v: f64 = 0.02 + 0.3 * uniform();
        let noise: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        (0.3 + noise * (v + 0.1).sqrt(), v)
    };
    (0..k).map(|_| study()).unzip()
}

fn problem(k: usize) -> Result<Problem, reffect::meta::MetaError> {
    let (yi, vi) = simulated(k);
    Problem::new(yi, vi)
}

fn main() -> Result<(), reffect::meta::MetaError> {
    let model = Model::default();
    let few = problem(13)?;
    measure("REML, k = 13, with every interval", 2000, || model.fit(black_box(&few)));
    measure("REML, k = 1,000", 100, {
        let many = problem(1000)?;
        move || model.fit(black_box(&many))
    });
    measure("REML, k = 100,000", 10, {
        let many = problem(100_000)?;
        move || model.fit(black_box(&many))
    });
    measure("1,000 refits without one study, k = 13", 10, || {
        (0..77).map(|_| leave_one_out(&model, &few).map_or(0, |fits| fits.len())).sum::<usize>()
    });
    measure("exact permutation test, k = 13 (8,192)", 5, || permutation_test(&model, &few, 0, 1));
    for (clusters, size, runs) in [(11, 5, 20), (10_000, 10, 1)] {
        let nested = problem(clusters * size)?;
        let groups: Vec<usize> = (0..clusters * size).map(|row| row / size).collect();
        let rows: Vec<usize> = (0..clusters * size).collect();
        let names = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<String>>();
        let levels = Multilevel {
            components: vec![
                Component::intercepts("outer", groups, names(clusters)),
                Component::intercepts("inner", rows, names(clusters * size)),
            ],
            v: SamplingCovariance::Diagonal,
            restricted: true,
            test: Test::Z,
            level: 0.95,
            profile: false,
        };
        measure(&format!("three levels, {} effects in {clusters} clusters", clusters * size), runs, || {
            levels.fit(&nested)
        });
    }
    counts_and_selection()?;
    program();
    in_r();
    Ok(())
}

/// A column of a table in `data/published`.
fn published(table: &str, column: &str) -> Vec<f64> {
    let path = format!("{}/data/published/{table}.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut lines = text.lines();
    let at = lines.next().and_then(|header| header.split(',').position(|name| name == column));
    let cell = |line: &str| line.split(',').nth(at?)?.parse().ok();
    lines.filter_map(cell).collect()
}

/// Models of counts on 18 trials with many zeros, and selection models of the 13 BCG trials.
fn counts_and_selection() -> Result<(), reffect::meta::MetaError> {
    let [a, n1, c, n2] = ["ai", "n1i", "ci", "n2i"].map(|column| published("nielweise2007", column));
    let counts: Vec<Counts> = (0..a.len())
        .filter(|&i| a[i] + c[i] > 0.0)
        .map(|i| Counts { events1: a[i], size1: n1[i], events2: c[i], size2: n2[i] })
        .collect();
    let fixed = |of: &Counts| StudyLikelihood::two_binomials((of.events1, of.size1), (of.events2, of.size2));
    let exact = |of: &Counts| StudyLikelihood::hypergeometric(of.events1, of.size1, of.events2, of.size2);
    let studies: Vec<StudyLikelihood> = counts.iter().map(fixed).collect();
    measure("UM.FS, 18 trials", 20, || glmm(&studies, 0.95));
    let studies: Vec<StudyLikelihood> = counts.iter().map(exact).collect::<Result<_, _>>()?;
    measure("CM.EL, 18 trials", 20, || glmm(&studies, 0.95));
    measure("UM.RS, 18 trials, 21 × 21 points", 5, || glmm_random_studies(CountMeasure::Or, &counts, None, 0.95));
    let trials = Problem::new(published("bcg", "yi"), published("bcg", "vi"))?;
    for (name, kind) in SelectionKind::SMOOTH {
        measure(&format!("selection model {name}, k = 13"), 20, || {
            selection(&Model::default(), &trials, &kind, Alternative::Less)
        });
    }
    let schools = Problem::new(published("konstantopoulos2011", "yi"), published("konstantopoulos2011", "vi"))?;
    let districts = published("konstantopoulos2011", "district");
    let mut names = districts.clone();
    names.dedup();
    let groups = districts.iter().filter_map(|of| names.iter().position(|name| name == of)).collect();
    let rows: Vec<usize> = (0..schools.k()).collect();
    let texts = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<String>>();
    let levels = Multilevel {
        components: vec![
            Component::intercepts("district", groups, texts(names.len())),
            Component::intercepts("school", rows, texts(schools.k())),
        ],
        v: SamplingCovariance::Diagonal,
        restricted: true,
        test: Test::Z,
        level: 0.95,
        profile: false,
    };
    measure("Konstantopoulos, three levels", 50, || levels.fit(&schools));
    Ok(())
}

/// The whole program: start, reading, fitting, writing.
fn program() {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/data/published/bcg.csv");
    measure("reffect meta bcg.csv, from the start", 50, || {
        std::process::Command::new(env!("CARGO_BIN_EXE_reffect")).args(["meta", table]).output().map(|out| out.stdout)
    });
}

/// The same in R, if it is there.
fn in_r() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/meta.R");
    match std::process::Command::new("Rscript").arg(script).output() {
        Ok(output) if output.status.success() => print!("{}", String::from_utf8_lossy(&output.stdout)),
        _ => println!("R with metafor is not installed: no comparison"),
    }
}
