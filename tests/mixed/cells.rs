//! Models of tables that lack combinations of levels, against lmerTest (`tests/ref/mixed/empty_cells.R`), and what
//! such tables do not determine.

use crate::common::meta::table_at;
use crate::common::{Comparison, golden, number};
use reffect::formula::{Column, Contrasts, Formula, Frame};
use reffect::mixed::result::TermTest;
use reffect::mixed::{AnovaType, DataOptions, DfMethod, LinearFit, LinearMixedModel, MixedFit, ModelData};

fn frame() -> Frame {
    table_at("../tests/ref/mixed/empty_cells_data.csv")
}

fn data(formula: &str, frame: &Frame, contrasts: Contrasts) -> ModelData {
    let options = DataOptions { contrasts, ..DataOptions::default() };
    ModelData::new(Formula::parse(formula).unwrap(), frame, &options).unwrap()
}

fn fitted(formula: &str, frame: &Frame, contrasts: Contrasts) -> LinearFit {
    LinearMixedModel::default().df(DfMethod::Satterthwaite).fit(data(formula, frame, contrasts)).unwrap()
}

fn tests_of(formula: &str, frame: &Frame, contrasts: Contrasts) -> Vec<TermTest> {
    fitted(formula, frame, contrasts).anova(AnovaType::III).unwrap()
}

fn close(found: f64, expected: f64, relative: f64) -> bool {
    (found - expected).abs() <= relative * expected.abs()
}

/// Degrees of freedom of several functions are averaged over directions, in lmerTest over others by the reference
/// level: they are compared to three digits.
#[test]
fn tests_of_type_three_are_those_of_lmertest() {
    let (frame, mut comparison) = (frame(), Comparison::default());
    for row in golden("mixed/empty_cells.csv") {
        let tests = tests_of(&row[0], &frame, Contrasts::Treatment);
        let test = tests.iter().find(|test| test.term == row[1]).unwrap().test.unwrap();
        let what = format!("{} {}", row[0], row[1]);
        comparison.close(&format!("{what} F"), test.f, number(&row[2]).unwrap(), 2e-6, 1e-8);
        comparison.close(&format!("{what} num df"), test.num_df as f64, number(&row[3]).unwrap(), 0.0, 1e-12);
        comparison.close(&format!("{what} den df"), test.den_df.unwrap(), number(&row[4]).unwrap(), 2e-3, 0.0);
    }
    comparison.finish(70);
}

/// Where nothing varies between groups, F is that of least squares: R 4.2.2, with `lm` of the terms that do not contain
/// it with and without a term, over the residual variance of `lm(x ~ arm * h * k)`.
#[test]
fn tests_of_type_two_compare_what_nested_models_leave() {
    let expected = [
        ("arm", 0.6359256093, 1),
        ("h", 0.0142493349, 3),
        ("k", 0.1027194636, 2),
        ("arm:h", 0.0307274817, 2),
        ("arm:k", 1.259697432, 2),
        ("h:k", 0.2614767205, 6),
        ("arm:h:k", 0.2332579058, 3),
    ];
    let fit = fitted("x ~ arm * h * k + (1 | g)", &frame(), Contrasts::Treatment);
    let tests = fit.anova(AnovaType::II).unwrap();
    for (found, (term, f, df)) in tests.iter().zip(expected) {
        let test = found.test.unwrap();
        assert!(found.term == term && test.num_df == df && close(test.f, f, 1e-8), "{found:?}");
    }
}

/// Each h lies within one block: beside h the block says nothing, and before h all that it can.
#[test]
fn a_term_that_others_tell_has_no_test_of_type_two() {
    let mut frame = frame();
    let Some(Column::Texts { values, .. }) = frame.column("h").cloned() else { panic!("h is text") };
    let block = |level: String| if level.as_str() < "r" { "one" } else { "two" }.to_owned();
    let values = values.into_iter().map(|level| level.map(block)).collect();
    frame.insert("block", Column::Texts { values, reference: None });
    let fit = fitted("y ~ block + h + (1 | g)", &frame, Contrasts::Treatment);
    let df = |kind| -> Vec<usize> {
        fit.anova(kind).unwrap().iter().map(|of| of.test.map_or(0, |test| test.num_df)).collect()
    };
    assert_eq!((df(AnovaType::I), df(AnovaType::II)), (vec![1, 2], vec![0, 2]));
    let notes = |kind| -> Vec<Option<String>> { fit.anova(kind).unwrap().into_iter().map(|of| of.note).collect() };
    let untold = "no test of type II: the data do not tell it apart from other terms";
    assert_eq!(notes(AnovaType::II), [Some(untold.to_owned()), None]);
    assert_eq!(notes(AnovaType::I), [None, None]);
}

#[test]
fn neither_reference_levels_nor_contrasts_matter() {
    for formula in ["y ~ arm * h + x * arm + (1 | g)", "y ~ arm * h * k + (1 | g)"] {
        let expected = tests_of(formula, &frame(), Contrasts::Treatment);
        for (reference, contrasts) in [
            ("q", Contrasts::Treatment),
            ("s", Contrasts::Treatment),
            ("p", Contrasts::Sum),
            ("r", Contrasts::Sum),
            ("q", Contrasts::Helmert),
        ] {
            let mut frame = frame();
            frame.set_reference("h", reference);
            frame.set_reference("arm", "B");
            for (found, expected) in tests_of(formula, &frame, contrasts).iter().zip(&expected) {
                let (found, expected) = (found.test.unwrap(), expected.test.unwrap());
                let is_same = close(found.f, expected.f, 1e-6)
                    && found.num_df == expected.num_df
                    && close(found.den_df.unwrap(), expected.den_df.unwrap(), 1e-6);
                assert!(is_same, "{formula} {reference} {contrasts:?}: {found:?} {expected:?}");
            }
        }
    }
}

#[test]
fn notes_name_the_empty_combinations() {
    let frame = frame();
    let notes =
        |formula: &str| fitted(formula, &frame, Contrasts::Treatment).anova_notes(AnovaType::III).unwrap().join("\n");
    let told = notes("y ~ arm * h + (1 | g)");
    assert!(told.contains("1 of the 8 combinations of arm:h has no rows (armA:hq)"), "{told}");
    assert_eq!(notes("y ~ arm + h + (1 | g)"), "");
    let fit = fitted("y ~ arm * h + (1 | g)", &frame, Contrasts::Treatment);
    let told = fit.anova_notes(AnovaType::II).unwrap().join("\n");
    assert!(told.contains("has no rows (armA:hq): the test of arm:h is about those that are there"), "{told}");
    assert!(fit.anova_notes(AnovaType::I).unwrap().is_empty());
}

/// lmerTest tests the slope of the reference level there, and its F depends on which that is.
#[test]
fn notes_name_the_terms_that_lie_in_others_without_their_other_part() {
    let frame = frame();
    let notes =
        |formula: &str| fitted(formula, &frame, Contrasts::Treatment).anova_notes(AnovaType::III).unwrap().join("\n");
    let told = notes("y ~ x + x:arm + (1 | g)");
    assert!(told.contains("x is in x:arm, and arm is no term of the model: as in SAS"), "{told}");
    assert_eq!(notes("y ~ x * arm + (1 | g)"), "");
    assert_eq!(notes("y ~ arm + x:arm + (1 | g)"), "");
    let fit = fitted("y ~ x + x:arm + (1 | g)", &frame, Contrasts::Treatment);
    let told = fit.anova_notes(AnovaType::II).unwrap().join("\n");
    assert!(told.contains("the test of x is about what it adds to a model without x:arm"), "{told}");
}

#[test]
fn what_the_rows_do_not_determine_is_not_predicted() {
    let frame = frame();
    let mut new = Frame::default();
    new.texts("arm", ["A", "A", "B"].map(|arm| Some(arm.to_owned())));
    new.texts("h", ["q", "r", "q"].map(|h| Some(h.to_owned())));
    new.numbers("x", vec![0.5, f64::NAN, 0.5]);
    for contrasts in [Contrasts::Treatment, Contrasts::Sum] {
        let data = data("y ~ arm * h + x + (1 | g)", &frame, contrasts);
        let fit = LinearMixedModel::default().fit(&data).unwrap();
        let rows = fit.predict(&new).unwrap();
        for (row, told) in rows.iter().zip(["do not determine", "x is missing"]) {
            assert!(row.population.is_none() && row.conditional.is_none() && row.se.is_none());
            assert!(row.note.as_ref().unwrap().contains(told), "{row:?}");
        }
        assert!(rows[2].population.is_some() && rows[2].se.unwrap() > 0.0);
        assert!(rows[2].note.as_ref().unwrap().contains("no column g"), "{:?}", rows[2]);
    }
}

#[test]
fn a_model_that_fits_every_row_is_refused() {
    let mut frame = Frame::default();
    frame.texts("g", (0..12).map(|at| Some(format!("g{}", at / 4))));
    frame.numbers("x", (0..12).map(|at| f64::from(at % 4)).collect());
    frame.numbers("y", (0..12).map(|at| f64::from(at % 4) + [0.0, 0.7, -0.4][at as usize / 4]).collect());
    let exact = data("y ~ x + (1 | g)", &frame, Contrasts::Treatment);
    let told = LinearMixedModel::default().fit(&exact).unwrap_err().to_string();
    assert!(told.contains("fit every row exactly"), "{told}");
    // Residuals that are small beside the groups are no reason to refuse.
    let noise = |at: usize| 1e-3 * [1.0, -1.0, 0.5, -0.5][(at * 7 + at / 4) % 4];
    frame.numbers("y", (0..12).map(|at| (at % 4) as f64 + [0.0, 0.7, -0.4][at / 4] + noise(at)).collect());
    let near = data("y ~ x + (1 | g)", &frame, Contrasts::Treatment);
    let fit = LinearMixedModel::default().fit(&near).unwrap();
    assert!(fit.converged() && fit.sigma().is_some_and(|sigma| (2e-4..2e-3).contains(&sigma)), "{:?}", fit.sigma());
}
