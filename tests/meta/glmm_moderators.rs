//! Models of counts with moderators, and without heterogeneity, against direct integration and metafor
//! (`tests/ref/meta/glmm_moderators.csv`).

use crate::common::meta::{column, published};
use crate::common::{Comparison, golden, number};
use reffect::formula::{Contrasts, Design, Formula, Frame};
use reffect::meta::glmm::{StudyLikelihood, glmm_random_studies_with_moderators, glmm_with_moderators};
use reffect::meta::mantel_haenszel::{CountMeasure, Counts};
use reffect::meta::{Estimator, Fit, MetaError, Problem, Test};

/// Infections and catheter days of both groups with the year, Niël-Weise et al. (2008), J Antimicrob Chemother 62:7:
/// metadat's dat.nielweise2008.
pub const RATES: [[f64; 5]; 9] = [
    [7.0, 1344.0, 11.0, 1988.0, 2003.0],
    [8.0, 1600.0, 8.0, 1461.0, 1996.0],
    [3.0, 12012.0, 14.0, 10962.0, 2004.0],
    [6.0, 1536.0, 10.0, 1503.0, 2002.0],
    [1.0, 370.0, 1.0, 483.0, 2001.0],
    [1.0, 729.0, 8.0, 913.0, 2005.0],
    [17.0, 6760.0, 15.0, 6840.0, 1997.0],
    [3.0, 1107.0, 7.0, 1015.0, 2005.0],
    [2.0, 320.0, 3.0, 440.0, 1996.0],
];

/// Patients whose sheets healed of those treated: metadat's dat.pritz1997.
const PRITZ: [[f64; 2]; 14] = [
    [16.0, 17.0],
    [10.0, 12.0],
    [4.0, 8.0],
    [43.0, 58.0],
    [10.0, 10.0],
    [25.0, 42.0],
    [13.0, 14.0],
    [12.0, 12.0],
    [22.0, 41.0],
    [4.0, 5.0],
    [5.0, 6.0],
    [18.0, 23.0],
    [58.0, 68.0],
    [6.0, 10.0],
];

fn frame_of<const N: usize>(names: [&str; N], rows: &[[f64; N]]) -> Frame {
    let mut frame = Frame::default();
    names.iter().enumerate().for_each(|(at, name)| frame.numbers(name, rows.iter().map(|row| row[at]).collect()));
    frame
}

fn table(name: &str) -> Frame {
    match name {
        "nielweise2008" => frame_of(["x1i", "t1i", "x2i", "t2i", "year"], &RATES),
        "pritz1997" => frame_of(["xi", "ni"], &PRITZ),
        _ => {
            let mut frame = published(&format!("{name}.csv"));
            if frame.column("n1i").is_none() {
                let sum = |a, b| column(&frame, a).iter().zip(column(&frame, b)).map(|(a, b)| a + b).collect();
                let (n1, n2) = (sum("ai", "bi"), sum("ci", "di"));
                frame.numbers("n1i", n1);
                frame.numbers("n2i", n2);
            }
            frame
        }
    }
}

fn likelihood(model: &str, [x1, n1, x2, n2]: [f64; 4], is_rate: bool) -> StudyLikelihood {
    match model {
        "PLO" => StudyLikelihood::binomial(x1, n1, 0.0),
        "IRLN" => StudyLikelihood::poisson(x1, n1),
        "UM.FS" if is_rate => StudyLikelihood::two_poissons((x1, n1), (x2, n2)),
        "UM.FS" => StudyLikelihood::two_binomials((x1, n1), (x2, n2)),
        "CM.AL" => StudyLikelihood::binomial(x1, x1 + x2, (n1 / n2).ln()),
        _ => StudyLikelihood::hypergeometric(x1, n1, x2, n2).unwrap(),
    }
}

/// The fit of one row of the golden file.
fn fitted(data: &str, model: &str, mods: &str, method: &str) -> Fit {
    let frame = table(data);
    let names = match data {
        "nielweise2008" => ["x1i", "t1i", "x2i", "t2i"],
        "pritz1997" => ["xi", "ni", "xi", "ni"],
        _ => ["ai", "n1i", "ci", "n2i"],
    };
    let columns = names.map(|name| column(&frame, name));
    let counts = |row: usize| [0, 1, 2, 3].map(|at: usize| columns[at][row]);
    let rows: Vec<usize> = (0..frame.len()).filter(|&row| counts(row)[0] + counts(row)[2] > 0.0).collect();
    let design = Design::new(&Formula::parse(mods).unwrap().terms, &frame, &rows, Contrasts::Treatment).unwrap();
    let matrix = design.matrix(&frame, &rows, "intrcpt").unwrap();
    let problem = Problem::with_moderators(vec![0.0; rows.len()], vec![1.0; rows.len()], &matrix).unwrap();
    let estimator = if method == "FE" { Estimator::Fe } else { Estimator::Ml };
    if model == "UM.RS" {
        let of = |&row: &usize| {
            let [events1, size1, events2, size2] = counts(row);
            Counts { events1, size1, events2, size2 }
        };
        let all: Vec<Counts> = rows.iter().map(of).collect();
        let found = glmm_random_studies_with_moderators(CountMeasure::Or, &all, &problem, estimator, None, 0.95);
        return found.unwrap().fit;
    }
    let studies: Vec<StudyLikelihood> =
        rows.iter().map(|&row| likelihood(model, counts(row), data == "nielweise2008")).collect();
    glmm_with_moderators(&studies, &problem, estimator, 0.95).unwrap()
}

/// Direct integration to the digits that its differences leave; metafor's searches end up to a hundredth of a standard
/// error away (0.5 % of one for UM.FS of nielweise2007), and its tests of heterogeneity are those of models without a
/// search.
#[test]
fn moderators_of_counts_agree_with_direct_integration_and_metafor() {
    let mut comparison = Comparison::default();
    let rows = golden("meta/glmm_moderators.csv");
    for row in &rows {
        let [by, data, model, mods, method] = [0, 1, 2, 3, 4].map(|at: usize| row[at].as_str());
        let fit = fitted(data, model, mods, method);
        let name = |what: &str| format!("{by} {data} {model} ~ {mods} {method}: {what}");
        let numbers = |at: usize| row[at].split(' ').map(|text| number(text).unwrap()).collect::<Vec<f64>>();
        let (estimates, ses) = (numbers(5), numbers(6));
        assert_eq!(estimates.len(), fit.p);
        let is_direct = by == "direct";
        for (of, (estimate, se)) in fit.coefficients.iter().zip(estimates.iter().zip(&ses)) {
            let absolute = if is_direct { 1e-6 * se } else { 1e-2 * se };
            comparison.close(&name(&of.name), of.estimate, *estimate, 0.0, absolute);
            comparison.close(&name("se"), of.se, *se, if is_direct { 2e-6 } else { 1e-3 }, 0.0);
        }
        let relative = if is_direct { 2e-6 } else { 2e-3 };
        comparison.close(&name("tau2"), fit.tau2, number(&row[7]).unwrap(), relative, 1e-10);
        let qm = fit.qm.unwrap().statistic;
        comparison.close(&name("QM"), qm, number(&row[11]).unwrap(), if is_direct { 5e-6 } else { 1e-2 }, 0.0);
        if let Some(expected) = number(&row[8]) {
            comparison.close(&name("log-likelihood"), fit.statistics.log_likelihood, expected, 1e-9, 0.0);
        }
        if let (Some(likelihood), Some(wald)) = (number(&row[9]), number(&row[10])) {
            comparison.close(&name("QE"), fit.qe, likelihood, 1e-6, 0.0);
            comparison.close(&name("QE_Wld"), fit.qe_wald.unwrap().statistic, wald, 1e-5, 0.0);
        }
    }
    assert_eq!(rows.iter().filter(|row| row[0] == "direct").count(), 32);
    comparison.finish(300);
}

/// With an intercept for each level and no heterogeneity, each level has what its own studies give.
#[test]
fn levels_without_an_intercept_have_their_own_fits() {
    let all = [(3.0, 40.0), (5.0, 52.0), (9.0, 38.0), (14.0, 61.0), (2.0, 20.0)]
        .map(|(events, time)| StudyLikelihood::poisson(events, time));
    let names = vec!["a".to_owned(), "b".to_owned()];
    let columns = vec![vec![1.0, 1.0, 0.0, 0.0, 1.0], vec![0.0, 0.0, 1.0, 1.0, 0.0]];
    let problem = Problem::with_columns(vec![0.0; 5], vec![1.0; 5], names, columns, false).unwrap();
    let fit = glmm_with_moderators(&all, &problem, Estimator::Ee, 0.95).unwrap();
    let rates: [(f64, f64); 2] = [(10.0, 112.0), (23.0, 99.0)];
    for (of, (events, time)) in fit.coefficients.iter().zip(rates) {
        assert!((of.estimate - (events / time).ln()).abs() < 1e-9, "{of:?}");
        assert!((of.se - 1.0 / events.sqrt()).abs() < 1e-7, "{of:?}");
    }
    assert_eq!((fit.tau2, fit.residual_df(), fit.model.estimator), (0.0, 3.0, Estimator::Ee));
    // The test of both levels together, and with t as F.
    let z2: f64 = fit.coefficients.iter().map(|of| of.statistic.powi(2)).sum();
    assert!((fit.qm.unwrap().statistic - z2).abs() < 1e-6 * z2);
    let by_t = fit.with_t().unwrap();
    let f = by_t.qm.unwrap();
    assert!((f.statistic - 0.5 * z2).abs() < 1e-6 * z2 && f.df2 == Some(3.0) && by_t.model.test == Test::T);
}

/// The likelihood, the coefficients and τ² do not depend on the unit of a moderator, nor on where it begins.
#[test]
fn a_moderator_in_another_unit_gives_the_same() {
    let plain = fitted("bcg", "CM.EL", "ablat", "ML");
    let moved = fitted("bcg", "CM.EL", "I(1e5 + 1e-3 * ablat)", "ML");
    assert!((plain.coefficients[1].estimate - 1e-3 * moved.coefficients[1].estimate).abs() < 1e-9);
    assert!((plain.tau2 - moved.tau2).abs() < 1e-9);
    assert!((plain.statistics.log_likelihood - moved.statistics.log_likelihood).abs() < 1e-8);
}

fn refused(studies: &[StudyLikelihood], columns: Vec<Vec<f64>>, estimator: Estimator) -> String {
    let names = (0..columns.len()).map(|at| format!("x{at}")).collect();
    let k = columns[0].len();
    let fit = Problem::with_columns(vec![0.0; k], vec![1.0; k], names, columns, true)
        .and_then(|problem| glmm_with_moderators(studies, &problem, estimator, 0.95));
    fit.map(|fit| format!("{fit:?}")).unwrap_err().to_string()
}

#[test]
fn designs_that_counts_cannot_answer_are_refused() {
    let of = |counts: &[(f64, f64)]| -> Vec<StudyLikelihood> {
        counts.iter().map(|(events, n)| StudyLikelihood::binomial(*events, *n, 0.0)).collect()
    };
    let ones = vec![1.0; 5];
    let group = vec![0.0, 0.0, 1.0, 1.0, 1.0];
    let counts = of(&[(3.0, 40.0), (5.0, 52.0), (9.0, 38.0), (14.0, 61.0), (2.0, 20.0)]);
    let twice = vec![ones.clone(), group.clone(), group.iter().map(|x| 1.0 - x).collect()];
    assert!(refused(&counts, twice, Estimator::Ml).contains("x2 follows from those before it"));
    let columns = vec![ones.clone(), group];
    assert!(refused(&counts, columns.clone(), Estimator::Dl).contains("fitted by ML, FE or EE"));
    assert!(refused(&counts[..4], columns.clone(), Estimator::Ml).contains("4 entries"));
    // No event in one of the groups of studies.
    let none = of(&[(3.0, 40.0), (5.0, 52.0), (0.0, 38.0), (0.0, 61.0), (0.0, 20.0)]);
    let told = refused(&none, columns.clone(), Estimator::Ml);
    assert!(told.contains("no bound on a coefficient") && told.contains("leave that moderator out"), "{told}");
    // At both ends in either group, the likelihood rises with tau2 without end.
    let ends = of(&[(0.0, 12.0), (5.0, 5.0), (0.0, 8.0), (6.0, 6.0), (0.0, 9.0)]);
    let told = refused(&ends, columns, Estimator::Ml);
    assert!(told.contains("no maximum in tau2"), "{told}");
    let many = (0..6).map(|power| (0..5).map(|x| f64::from(x).powi(power)).collect()).collect();
    assert!(refused(&counts, many, Estimator::Ml).contains("6 coefficients cannot be estimated from 5 studies"));
}

/// As many coefficients as studies: nothing is left for τ², and every study is met.
#[test]
fn no_more_studies_than_coefficients_have_no_tau2() {
    let counts = [(3.0, 40.0), (9.0, 52.0)].map(|(events, n)| StudyLikelihood::binomial(events, n, 0.0));
    let names = vec!["a".to_owned(), "b".to_owned()];
    let columns = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
    let problem = Problem::with_columns(vec![0.0; 2], vec![1.0; 2], names, columns, false).unwrap();
    let fit: Result<Fit, MetaError> = glmm_with_moderators(&counts, &problem, Estimator::Ml, 0.95);
    let fit = fit.unwrap();
    assert!((fit.coefficients[1].estimate - (9.0f64 / 43.0).ln()).abs() < 1e-9);
    assert!(fit.tau2 == 0.0 && fit.qe < 1e-9 && fit.qe_wald.is_none());
    assert!(fit.notes.iter().any(|note| note.contains("nothing is known of it")), "{:?}", fit.notes);
    assert!(fit.with_t().is_none());
}

#[cfg(feature = "cli")]
mod command {
    use crate::common::cli::{Folder, json_of, stderr, stdout, within};

    fn bcg(args: &[&str]) -> serde_json::Value {
        let folder = Folder::with_data("glmm-moderators");
        let all = [&["meta", "data/published/bcg.csv", "--measure", "OR", "--json", "--glmm"], args].concat();
        let output = folder.run(&all);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)
    }

    /// metafor 3.8-1, r <- rma.glmm(measure = "OR", …, model = "CM.AL", mods = ~ ablat, nAGQ = 25) with a tight search,
    /// as in the golden file; predict(r, c(13, 55)) of it, and I² from vt = 0.0374508.
    #[test]
    fn the_command_has_tests_and_predictions() {
        let fit = bcg(&["CM.AL", "--mods", "ablat", "--newmods", "ablat=13;ablat=55", "--contrast", "far=1,40"]);
        assert_eq!((&fit["p"], &fit["QE_df"], &fit["formula"]), (&2.into(), &11.0.into(), &"ablat".into()));
        within(&fit["QE"], 30.013_386_69, 1e-8);
        within(&fit["QE_Wld"], 29.894_624_56, 1e-6);
        within(&fit["QM"], 31.169_32, 1e-5);
        within(&fit["I2"], 45.973, 1e-3);
        for (at, x) in [13.0, 55.0].into_iter().enumerate() {
            let estimate = 0.292_968_601_587 - 0.029_931_489_113_8 * x;
            within(&fit["predict"][at]["estimate"], estimate, 1e-6);
            let [ci, pi] = ["ci", "pi"].map(|name| fit["predict"][at][name][1].as_f64().unwrap());
            assert!(estimate < ci && ci < pi, "{ci} {pi}");
        }
        within(&fit["contrasts"][0]["estimate"], 0.292_968_601_587 - 40.0 * 0.029_931_489_113_8, 1e-6);
        assert!(fit["prediction"].is_null());
        assert!(fit["r_call"].as_str().unwrap().contains("model = \"CM.AL\", mods = ~ ablat"));
    }

    /// metafor 3.8-1: rma.glmm(measure = "OR", …, model = "UM.FS", method = "EE"), whose AIC counts 13 levels and one
    /// effect.
    #[test]
    fn a_model_without_heterogeneity_has_no_tau2() {
        let fit = bcg(&["UM.FS", "--method", "EE", "--mods", "ablat"]);
        assert_eq!(
            (&fit["tau2"], &fit["I2"], &fit["prediction"]),
            (&0.0.into(), &0.0.into(), &serde_json::Value::Null)
        );
        within(&fit["fit"]["aic"], 193.355_74, 1e-5);
        within(&fit["fit"]["bic"], 212.227_19, 1e-5);
        assert!(fit["r_call"].as_str().unwrap().contains("method = \"EE\""));
        let text = Folder::with_data("glmm-ee");
        let text = stdout(&text.run([
            "meta",
            "data/published/bcg.csv",
            "--measure",
            "OR",
            "--glmm",
            "UM.FS",
            "--method",
            "EE",
        ]));
        assert!(
            text.contains("Equal-effects meta-analysis") && text.contains("without heterogeneity (tau² is 0)"),
            "{text}"
        );
        assert!(text.contains("Q by Wald, 12 df") && !text.contains("tau² (variance"), "{text}");
    }

    /// A row without the moderator has no part, and a column that follows from others is named.
    #[test]
    fn rows_without_a_moderator_are_left_out() {
        let folder = Folder::new("glmm-gaps");
        folder.write("t.csv", "xi,ni,dose,half\n3,40,1,0.5\n5,52,2,1\n9,38,,1\n14,61,4,2\n2,20,1,0.5\n6,33,3,1.5\n");
        let args = ["meta", "t.csv", "--glmm", "--measure", "PLO", "--mods", "dose + half", "--json"];
        let fit = json_of(&folder.run(args));
        assert_eq!((&fit["k"], &fit["p"]), (&5.into(), &2.into()));
        let notes = fit["notes"].to_string();
        assert!(notes.contains("line 4 left out: dose is missing"), "{notes}");
        assert!(notes.contains("follows from the columns before it: half"), "{notes}");
        assert!(fit["r_call"].as_str().unwrap().contains("dose"), "{}", fit["r_call"]);
        let refused = folder.run([
            "meta",
            "t.csv",
            "--glmm",
            "--measure",
            "PLO",
            "--mods",
            "dose",
            "--test",
            "t",
            "--subset",
            "dose > 2",
        ]);
        assert!(stderr(&refused).contains("more studies than the 2 coefficients"), "{}", stderr(&refused));
    }
}
