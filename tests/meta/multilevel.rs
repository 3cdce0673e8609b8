//! Multilevel and multivariate models against metafor (`tests/ref/meta/multilevel.csv`).

use crate::common::cli::{Folder, json_of};
use crate::common::meta::{column, levels, published};
use crate::common::{Comparison, golden, number};
use reffect::formula::{Contrasts, Design, Formula, Frame};
use reffect::meta::multilevel::{
    Component, Inner, Multilevel, MultilevelFit, Robust, SamplingCovariance, SandwichKind, random_effects, robust,
    robust_univariate,
};
use reffect::meta::{Model, Problem, Test};
use std::collections::BTreeMap;

fn texts(frame: &Frame, name: &str) -> Vec<String> {
    match frame.column(name).unwrap() {
        reffect::formula::Column::Numbers(values) => values.iter().map(f64::to_string).collect(),
        reffect::formula::Column::Texts { values, .. } => values.iter().map(|v| v.clone().unwrap()).collect(),
    }
}

fn design(frame: &Frame, mods: &str) -> Problem {
    let rows: Vec<usize> = (0..frame.len()).collect();
    let terms = Formula::parse(mods).unwrap().terms;
    let matrix =
        Design::new(&terms, frame, &rows, Contrasts::Treatment).unwrap().matrix(frame, &rows, "intrcpt").unwrap();
    Problem::with_moderators(column(frame, "yi"), column(frame, "vi"), &matrix).unwrap()
}

fn structured(frame: &Frame, inner: &str, outer: &str, structure: &str) -> Component {
    let (values, inner_levels) = levels(&texts(frame, inner));
    let (groups, outer_levels) = levels(&texts(frame, outer));
    let inner_part = Inner { structure: structure.parse().unwrap(), values, levels: inner_levels };
    Component {
        name: format!("{inner} | {outer}"),
        groups,
        levels: outer_levels,
        inner: Some(inner_part),
        ..Component::default()
    }
}

struct Case {
    problem: Problem,
    model: Multilevel,
    clusters: Vec<usize>,
}

fn case(name: &str, method: &str) -> Case {
    let (base, rest) = name.split_once('-').unwrap_or((name, ""));
    let model = |components, v| Multilevel {
        components,
        v,
        restricted: method == "REML",
        test: Test::Z,
        level: 0.95,
        profile: name == "konst" && method == "REML",
    };
    match base {
        "konst" => {
            let frame = published("konstantopoulos2011.csv");
            let (district, school) = (texts(&frame, "district"), texts(&frame, "school"));
            let (outer, outer_names) = levels(&district.iter().map(|d| format!("{d:0>4}")).collect::<Vec<_>>());
            // By number, as metafor lists them.
            let both: Vec<String> = district.iter().zip(&school).map(|(d, s)| format!("{d:0>4}/{s:0>4}")).collect();
            let (inner, inner_names) = levels(&both);
            let problem = design(&frame, if rest == "year" { "I(year - 1990)" } else { "1" });
            let components = vec![
                Component::intercepts("district", outer.clone(), outer_names),
                Component::intercepts("district/school", inner, inner_names),
            ];
            Case { problem, model: model(components, SamplingCovariance::Diagonal), clusters: outer }
        }
        "berkey" => {
            let frame = published("berkey1998.csv");
            let problem = design(&frame, "0 + outcome");
            let (trial, _) = levels(&texts(&frame, "trial"));
            let v = if rest == "rho" {
                let vi = problem.vi().to_vec();
                SamplingCovariance::from_clusters(trial.clone(), |i, j| {
                    if i == j { vi[i] } else { 0.6 * (vi[i] * vi[j]).sqrt() }
                })
            } else {
                let (first, second) = (column(&frame, "v1i"), column(&frame, "v2i"));
                SamplingCovariance::from_clusters(trial.clone(), |i, j| if j % 2 == 0 { first[i] } else { second[i] })
            };
            let structure = if rest == "rho" { "UN" } else { rest };
            Case { problem, model: model(vec![structured(&frame, "outcome", "trial", structure)], v), clusters: trial }
        }
        "ishak" => {
            let frame = published("ishak2007.csv");
            let problem = design(&frame, "0 + factor(time)");
            let components = vec![structured(&frame, "time", "study", rest)];
            let (study, _) = levels(&texts(&frame, "study"));
            Case { problem, model: model(components, SamplingCovariance::Diagonal), clusters: study }
        }
        _ => panic!("{name}"),
    }
}

fn robust_value(robust: &Robust, name: &str) -> Vec<f64> {
    match name.split('_').next().unwrap() {
        "se" => robust.coefficients.iter().map(|c| c.se).collect(),
        "p" => robust.coefficients.iter().map(|c| c.p).collect(),
        "df" => robust.coefficients.iter().map(|c| c.df.unwrap()).collect(),
        _ => vec![robust.qm.unwrap().statistic],
    }
}

/// `rma(yi ~ ablat, vi, data = bcg)`, robust to what studies of one year share.
fn of_one_moderator(name: &str) -> Vec<f64> {
    let problem = crate::common::meta::problem("bcg", "ablat");
    let fit = Model::default().fit(&problem).unwrap();
    if let Some(kind) = name.split("_CR").nth(1) {
        let (clusters, _) = levels(&texts(&published("bcg.csv"), "year"));
        let kind: SandwichKind = format!("CR{kind}").parse().unwrap();
        return robust_value(&robust_univariate(&problem, &fit, &clusters, kind).unwrap(), name);
    }
    match name {
        "beta" => fit.coefficients.iter().map(|c| c.estimate).collect(),
        "se" => fit.coefficients.iter().map(|c| c.se).collect(),
        "sigma2" => vec![fit.tau2],
        "QE" => vec![fit.qe],
        "QM" => vec![fit.qm.unwrap().statistic],
        "loglik" => vec![fit.statistics.log_likelihood],
        "aic" => vec![fit.statistics.aic],
        "bic" => vec![fit.statistics.bic],
        other => panic!("{other} is no part of this fit"),
    }
}

fn found(case: &Case, fit: &MultilevelFit, name: &str) -> Vec<f64> {
    if let Some(kind) = name.split("_CR").nth(1) {
        let kind: SandwichKind = format!("CR{kind}").parse().unwrap();
        return robust_value(&robust(&case.model, &case.problem, fit, &case.clusters, kind).unwrap(), name);
    }
    let is_structured = case.model.components[0].inner.is_some();
    match name {
        "beta" => fit.coefficients.iter().map(|c| c.estimate).collect(),
        "se" => fit.coefficients.iter().map(|c| c.se).collect(),
        "sigma2" if is_structured => vec![0.0],
        "sigma2" => fit.components.iter().map(|(variances, _)| variances[0]).collect(),
        "tau2" => fit.components[0].0.clone(),
        "rho" if fit.components[0].1.is_empty() => vec![0.0],
        "rho" => fit.components[0].1.clone(),
        "QE" => vec![fit.qe],
        "QM" => vec![fit.qm.unwrap().statistic],
        "loglik" => vec![fit.statistics.log_likelihood],
        "aic" => vec![fit.statistics.aic],
        "bic" => vec![fit.statistics.bic],
        "sigma2_ci1" => fit.intervals[0].variances[0].unwrap().ends().to_vec(),
        "sigma2_ci2" => fit.intervals[1].variances[0].unwrap().ends().to_vec(),
        _ => {
            let all = random_effects(&case.model, &case.problem, fit).unwrap();
            let effects = &all[usize::from(name.contains("school"))].1;
            effects.iter().map(|e| if name.ends_with("_se") { e.se } else { e.estimate }).collect()
        }
    }
}

#[test]
fn multilevel_models_agree_with_metafor() {
    let mut comparison = Comparison::default();
    let mut fits: BTreeMap<(String, String), (Case, MultilevelFit)> = BTreeMap::new();
    for row in golden("meta/multilevel.csv") {
        let (name, position) = row[2].trim_end_matches(']').split_once('[').unwrap();
        let at = position.parse::<usize>().unwrap() - 1;
        let expected = number(&row[3]).unwrap();
        if row[0] == "bcg-ablat" {
            comparison.close(&row[..3].join(" | "), of_one_moderator(name)[at], expected, 1e-6, 1e-9);
            continue;
        }
        let (case, fit) = fits.entry((row[0].clone(), row[1].clone())).or_insert_with(|| {
            let case = case(&row[0], &row[1]);
            let fit = case.model.fit(&case.problem).unwrap();
            assert!(fit.converged, "{row:?}");
            (case, fit)
        });
        let values = found(case, fit, name);
        comparison.close(&row[..3].join(" | "), values[at], expected, 1e-6, 1e-9);
    }
    comparison.finish(300);
}

/// CR2, its degrees of freedom and the joint test against the R package clubSandwich.
#[test]
fn cr2_agrees_with_clubsandwich() {
    let mut comparison = Comparison::default();
    let problem = crate::common::meta::problem("bcg", "ablat + year");
    let fit = Model::default().fit(&problem).unwrap();
    for row in golden("meta/robust_clubsandwich.csv") {
        let (clusters, _) = levels(&texts(&published("bcg.csv"), &row[0]));
        let robust = robust_univariate(&problem, &fit, &clusters, SandwichKind::Cr2).unwrap();
        let at = || row[1][2..].parse::<usize>().unwrap() - 1;
        let found = match row[1].as_str() {
            "F" => robust.qm.unwrap().statistic,
            "df_denom" => robust.qm.unwrap().df2.unwrap(),
            "p" => robust.qm.unwrap().p,
            name if name.starts_with("se") => robust.coefficients[at()].se,
            _ => robust.coefficients[at()].df.unwrap(),
        };
        comparison.close(&row[..2].join(" "), found, number(&row[2]).unwrap(), 1e-6, 0.0);
    }
    comparison.finish(15);
}

/// An inner factor of one level has one variance and no correlation, whatever its structure: metafor 3.8-1,
/// `rma.mv(yi, vi, random = ~ one | alloc, data = dat)` of the log risk ratios of dat.bcg with one = "a" ("Inner factor
/// has only a single level, so fixed value of rho to 0"), has AIC 132.854 with every structure.
#[test]
fn one_level_correlates_with_nothing() {
    let folder = Folder::with_data("one-level");
    let table = std::fs::read_to_string(folder.path("data/published/bcg.csv")).unwrap();
    let with_one = |(at, line): (usize, &str)| format!("{line},{}\n", if at == 0 { "one" } else { "a" });
    folder.write("one.csv", table.lines().enumerate().map(with_one).collect::<String>());
    for structure in ["ID", "DIAG", "CS", "HCS", "UN"] {
        let call = ["meta", "one.csv", "--measure", "RR", "--random", "one | alloc", "--struct", structure, "--json"];
        let of = json_of(&folder.run(call));
        assert!((of["fit"]["aic"].as_f64().unwrap() - 132.854).abs() < 5e-4, "{structure}: {}", of["fit"]);
        assert!(of["rho"].is_null(), "{structure}: {}", of["rho"]);
    }
}

/// A fit of other studies, moderators or random effects than those that are given with it is an error, and no panic.
#[test]
fn a_fit_of_another_problem_is_told() {
    let yi = vec![0.1, 0.4, 0.2, 0.6, 0.3, 0.5];
    let vi = vec![0.04; 6];
    let (few, whole) = (Problem::new(yi[..5].to_vec(), vi[..5].to_vec()).unwrap(), Problem::new(yi, vi).unwrap());
    let fit = Model::default().fit(&whole).unwrap();
    assert!(robust_univariate(&few, &fit, &[0, 1, 2, 3, 4], SandwichKind::Cr1).is_err());
    let model = |rows: usize| {
        let groups: Vec<usize> = (0..rows).map(|row| row / 2).collect();
        let names = (0..3).map(|name| format!("g{name}")).collect();
        Multilevel {
            components: vec![Component::intercepts("g", groups, names)],
            v: SamplingCovariance::Diagonal,
            restricted: true,
            test: Test::Z,
            level: 0.95,
            profile: false,
        }
    };
    let (small, large) = (model(5), model(6));
    let of_large = large.fit(&whole).unwrap();
    assert!(robust(&small, &few, &of_large, &[0, 0, 1, 1, 2], SandwichKind::Cr1).is_err());
    assert!(random_effects(&small, &few, &of_large).is_err());
    let none = Multilevel { components: Vec::new(), ..large.clone() };
    let told = random_effects(&none, &whole, &of_large).unwrap_err().to_string();
    assert!(told.contains("other random effects"), "{told}");
}
