//! Counts and proportions, against lme4, glmmTMB and an integration of its own.

use reffect::formula::{Formula, Frame};
use reffect::mixed::{DataOptions, Family, GeneralisedModel, Link, MixedError, MixedFit, ModelData, Summary};
use reffect::read::read_frame;
use std::collections::BTreeMap;
use std::path::Path;

fn frame(name: &str) -> Frame {
    let file = match name {
        "verbagg" => "tests/ref/glmm/verbagg.csv.gz".to_owned(),
        "relapses" => "data/examples/relapses.csv".to_owned(),
        published => format!("data/published/{published}.csv"),
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    read_frame(path).unwrap()
}

struct Call<'a> {
    formula: &'a str,
    offset: Option<&'a str>,
    weights: Option<&'a str>,
    family: Family,
    link: Link,
    points: usize,
}

impl<'a> Call<'a> {
    fn new(family: Family, formula: &'a str) -> Self {
        let link = Link::usual(family);
        Self { formula, offset: None, weights: None, family, link, points: 1 }
    }

    fn on(&self, frame: &Frame) -> Result<Summary, MixedError> {
        let options = DataOptions {
            offset: self.offset.map(str::to_owned),
            weights: self.weights.map(str::to_owned),
            binary_response: self.family == Family::Binomial,
            ..DataOptions::default()
        };
        let data = ModelData::new(Formula::parse(self.formula)?, frame, &options)?;
        let model = GeneralisedModel::new(self.family).link(self.link).points(self.points);
        Ok(model.fit(data)?.summary())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Case {
    program: String,
    data: String,
    family: String,
    link: String,
    points: usize,
    formula: String,
    offset: String,
}

fn reference(text: &str) -> BTreeMap<Case, Vec<(String, usize, f64)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut cases: BTreeMap<Case, Vec<(String, usize, f64)>> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let text = |at: usize| row[at].to_owned();
        let case = Case {
            program: text(0),
            data: text(1),
            family: text(2),
            link: text(3),
            points: text(4).parse().unwrap(),
            formula: text(5),
            offset: text(6),
        };
        cases.entry(case).or_default().push((text(7), text(8).parse().unwrap(), text(9).parse().unwrap()));
    }
    cases
}

#[test]
fn agrees_with_lme4_and_glmmtmb() {
    let cases = reference(include_str!("../ref/glmm/lme4.csv"));
    assert_eq!(cases.values().map(Vec::len).sum::<usize>(), 242);
    let mut wrong = Vec::new();
    for (case, values) in &cases {
        let call = Call {
            offset: (!case.offset.is_empty()).then_some(case.offset.as_str()),
            link: case.link.parse().unwrap(),
            points: case.points,
            ..Call::new(case.family.parse().unwrap(), &case.formula)
        };
        let fit = call.on(&frame(&case.data)).unwrap();
        if !fit.converged {
            wrong.push(format!("{case:?} did not converge"));
        }
        // glmmTMB's terms stand as in the formula, these by falling number of levels.
        let mut sds: Vec<f64> = fit.varcorr.iter().flat_map(|term| term.sd.clone()).collect();
        if case.data == "grouseticks" && sds.len() == 3 {
            sds.swap(0, 1);
        }
        for (field, index, value) in values {
            let at = index - 1;
            let (found, tolerance) = match field.as_str() {
                "criterion" => (fit.criterion, 1e-8),
                "estimate" => (fit.fixef[at].estimate, 1e-4),
                // Both take second derivatives by differences; glmer's are coarse.
                "se" => (fit.fixef[at].se, if case.program == "lme4" { 5e-3 } else { 1e-4 }),
                "theta" => (fit.theta[at], 1e-4),
                "sd" => (sds[at], 1e-4),
                "dispersion" => (fit.dispersion.unwrap_or(f64::INFINITY), 1e-4),
                _ => panic!("{field} is unknown"),
            };
            let difference = (found - value).abs() / value.abs().max(1e-2);
            if difference > tolerance {
                wrong.push(format!(
                    "{} {} {} {} agq {} {field} {index}: {found} for {value}, {difference:.1e}",
                    case.program, case.data, case.family, case.link, case.points
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases: {wrong:#?}", wrong.len(), cases.len());
}

#[test]
fn agrees_with_an_integration_of_its_own() {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/glmm/brute.csv").as_bytes());
    let mut fits: BTreeMap<String, Summary> = BTreeMap::new();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for row in reader.records() {
        let row = row.unwrap();
        let exact = &row[0] == "exact";
        let key = format!("{} {} {} {}", &row[0], &row[1], &row[2], &row[3]);
        let fit = fits.entry(key.clone()).or_insert_with(|| {
            let call = Call {
                offset: (!row[5].is_empty()).then_some(&row[5]),
                link: row[3].parse().unwrap(),
                points: if exact { 40 } else { 1 },
                ..Call::new(row[2].parse().unwrap(), &row[4])
            };
            call.on(&frame(&row[1])).unwrap()
        });
        let at = row[7].parse::<usize>().unwrap() - 1;
        let value: f64 = row[8].parse().unwrap();
        let (found, tolerance) = match &row[6] {
            "criterion" => (fit.criterion, 1e-10),
            "theta" => (fit.theta[at], 1e-6),
            "estimate" => (fit.fixef[at].estimate, 1e-6),
            "se" => (fit.fixef[at].se, 1e-5),
            field => panic!("{field} is unknown"),
        };
        compared += 1;
        if (found - value).abs() > tolerance * value.abs() {
            wrong.push(format!("{key} {} {}: {found} for {value}", &row[6], &row[7]));
        }
    }
    assert!(wrong.is_empty() && compared == 72, "{wrong:#?}");
}

fn numbers(columns: &[(&str, &[f64])]) -> Frame {
    let mut frame = Frame::default();
    columns.iter().for_each(|(name, values)| frame.numbers(name, values.to_vec()));
    frame
}

#[test]
fn scale_shift_and_order_do_not_matter() {
    let call = Call::new(Family::Poisson, "y ~ lbase * trt + lage + (period | subject)");
    let plain = frame("epil");
    let one = call.on(&plain).unwrap();
    let column = |name: &str| match plain.column(name).unwrap() {
        reffect::formula::Column::Numbers(values) => values.clone(),
        reffect::formula::Column::Texts { .. } => panic!("{name} holds texts"),
    };
    let mut moved = plain.clone();
    moved.numbers("lage", column("lage").iter().map(|x| 24_000.0 * x - 7e6).collect());
    moved.numbers("period", column("period").iter().map(|x| 1e5 * x).collect());
    let two = call.on(&moved).unwrap();
    assert!((one.criterion - two.criterion).abs() < 1e-9 * one.criterion, "{} {}", one.criterion, two.criterion);
    assert!((one.fixef[3].estimate / two.fixef[3].estimate / 24_000.0 - 1.0).abs() < 1e-6);
    assert!((one.fixef[2].se / two.fixef[2].se - 1.0).abs() < 1e-6);
    assert!((one.varcorr[0].sd[1] / two.varcorr[0].sd[1] / 1e5 - 1.0).abs() < 1e-6);
    let rows: Vec<usize> = (0..plain.len()).rev().collect();
    let mut reversed = Frame::default();
    for name in ["y", "lbase", "lage", "period", "subject"] {
        let values = column(name);
        reversed.numbers(name, rows.iter().map(|&row| values[row]).collect());
    }
    let reffect::formula::Column::Texts { values, .. } = plain.column("trt").unwrap() else { panic!() };
    reversed.texts("trt", rows.iter().map(|&row| values[row].clone()));
    let three = call.on(&reversed).unwrap();
    assert!((one.criterion - three.criterion).abs() < 1e-9 * one.criterion);
    assert!((one.fixef[2].estimate - three.fixef[2].estimate).abs() < 1e-7);
}

#[test]
fn a_variance_of_zero_is_exactly_zero_and_said() {
    // Counts less varied than Poisson's: nothing is left for the patients.
    let patient: Vec<f64> = (0..24).map(|at| f64::from(at / 4)).collect();
    let y: Vec<f64> = (0..24).map(|at| f64::from(3 + at % 2 + (at / 2) % 2)).collect();
    let x: Vec<f64> = (0..24).map(|at| f64::from(at % 4)).collect();
    let table = numbers(&[("y", &y), ("x", &x), ("patient", &patient)]);
    for family in [Family::Poisson, Family::NegativeBinomial2, Family::NegativeBinomial1] {
        let fit = Call::new(family, "y ~ x + (1 | patient)").on(&table).unwrap();
        assert!(fit.singular && fit.converged && fit.theta == [0.0], "{family} {:?}", fit.theta);
        assert!(fit.notes.iter().any(|note| note.contains("singular")), "{:?}", fit.notes);
        let limit = fit.notes.iter().any(|note| note.contains("Poisson limit"));
        assert_eq!(limit, family != Family::Poisson, "{:?}", fit.notes);
        assert!(fit.dispersion.is_none());
        // Without random effects: the Poisson regression, whose score equations hold.
        let mean = |row: usize| (fit.fixef[0].estimate + fit.fixef[1].estimate * x[row]).exp();
        let score: f64 = (0..24).map(|row| x[row] * (y[row] - mean(row))).sum();
        assert!(score.abs() < 1e-7, "{score}");
    }
}

#[test]
fn no_variance_of_intercept_and_slope_is_exactly_zero() {
    let patient: Vec<f64> = (0..24).map(|at| f64::from(at / 4)).collect();
    let y: Vec<f64> = (0..24).map(|at| f64::from(3 + at % 2 + (at / 2) % 2)).collect();
    let x: Vec<f64> = (0..24).map(|at| f64::from(at % 4)).collect();
    let table = numbers(&[("y", &y), ("x", &x), ("patient", &patient)]);
    let fit = Call::new(Family::Poisson, "y ~ x + (x | patient)").on(&table).unwrap();
    assert!(fit.singular && fit.converged && fit.theta == [0.0; 3], "{:?}", fit.theta);
    assert_eq!(fit.varcorr[0].sd, [0.0, 0.0]);
    // Patients differ in their slopes alone, all starting from the same level.
    let y: Vec<f64> = (0..24).map(|at| f64::from(4 + (at % 4) * [0, 5, 1, 7, 2, 9][at as usize / 4])).collect();
    let table = numbers(&[("y", &y), ("x", &x), ("patient", &patient)]);
    let fit = Call::new(Family::Poisson, "y ~ x + (x | patient)").on(&table).unwrap();
    assert!(fit.converged && fit.varcorr[0].sd[1] > 0.1, "{:?}", fit.varcorr);
    let alone = Call::new(Family::Poisson, "y ~ x + (0 + x | patient)").on(&table).unwrap();
    assert!(fit.criterion <= alone.criterion + 1e-8, "{} {}", fit.criterion, alone.criterion);
}

#[test]
fn proportions_with_weights_are_the_same_as_events() {
    let table = frame("cbpp");
    let column = |name: &str| match table.column(name).unwrap() {
        reffect::formula::Column::Numbers(values) => values.clone(),
        reffect::formula::Column::Texts { .. } => panic!("{name} holds texts"),
    };
    let mut shares = table.clone();
    let share = column("incidence").iter().zip(column("size")).map(|(k, n)| k / n).collect();
    shares.numbers("share", share);
    let events = Call::new(Family::Binomial, "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)");
    let weighted = Call { weights: Some("size"), ..Call::new(Family::Binomial, "share ~ factor(period) + (1 | herd)") };
    let (one, two) = (events.on(&shares).unwrap(), weighted.on(&shares).unwrap());
    assert_eq!(one.criterion, two.criterion);
    assert_eq!(one.vcov, two.vcov);
}

#[test]
fn what_has_no_meaning_is_refused() {
    let y = [1.0, 2.0, 0.0, 3.0, 1.0, 4.0];
    let x = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
    let id = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0];
    let message = |call: &Call, y: &[f64]| {
        let table = numbers(&[("y", y), ("x", &x), ("id", &id), ("one", &[1.0; 6])]);
        call.on(&table).map(|_| ()).unwrap_err().to_string()
    };
    let poisson = Call::new(Family::Poisson, "y ~ x + (1 | id)");
    let binomial = Call::new(Family::Binomial, "y ~ x + (1 | id)");
    assert!(message(&poisson, &[1.0, -2.0, 0.0, 3.0, 1.0, 4.0]).contains("row 2: the response is -2"));
    assert!(message(&poisson, &[1.0, 2.5, 0.0, 3.0, 1.0, 4.0]).contains("whole number"));
    assert!(message(&poisson, &[0.0; 6]).contains("every count is 0"));
    assert!(message(&binomial, &y).contains("0 or 1"));
    assert!(message(&binomial, &[0.0; 6]).contains("0 throughout"));
    // All events under one condition.
    assert!(message(&poisson, &[0.0, 2.0, 0.0, 3.0, 0.0, 4.0]).contains("separation: x predicts"));
    assert!(message(&binomial, &x).contains("separation"));
    let two = Call { points: 5, ..Call::new(Family::Poisson, "y ~ x + (x | id)") };
    assert!(message(&two, &y).contains("--agq"));
    let link = Call { link: Link::Probit, ..Call::new(Family::Poisson, "y ~ x + (1 | id)") };
    assert!(message(&link, &y).contains("does not go with"));
    assert!(message(&Call { points: 5, ..Call::new(Family::Poisson, "y ~ x") }, &y).contains("--agq"));
    assert!(message(&Call::new(Family::Poisson, "y ~ x + (1 | one)"), &y).contains("one level"));
    let pair = Call::new(Family::Poisson, "cbind(y, x) ~ 1 + (1 | id)");
    assert!(message(&pair, &y).contains("cbind"));
}

/// Independent rows, such as one count for each patient, need no random part.
#[test]
fn without_random_effects_it_is_a_generalised_linear_model() {
    let cases = reference(include_str!("../ref/glmm/glm.csv"));
    assert_eq!(cases.values().map(Vec::len).sum::<usize>(), 122);
    for (case, values) in &cases {
        let call = Call {
            offset: (!case.offset.is_empty()).then_some(case.offset.as_str()),
            link: case.link.parse().unwrap(),
            ..Call::new(case.family.parse().unwrap(), &case.formula)
        };
        let fit = call.on(&frame(&case.data)).unwrap();
        assert!(
            fit.converged && fit.varcorr.is_empty() && fit.method == "ML" && !fit.kind.contains("mixed"),
            "{case:?}"
        );
        // glm and Newton's method solve to the last digits; the others go as far as their optimisers do.
        let tolerance = match case.program.as_str() {
            "glm" | "Newton" => 1e-8,
            "glm.nb" => 1e-5,
            _ => 1e-4,
        };
        for (field, index, value) in values {
            let at = index - 1;
            let found = match field.as_str() {
                "criterion" => fit.criterion,
                "estimate" => fit.fixef[at].estimate,
                "se" => fit.fixef[at].se,
                "dispersion" => fit.dispersion.unwrap(),
                _ => panic!("{field} is unknown"),
            };
            let difference = (found - value).abs() / value.abs().max(1e-2);
            assert!(difference < tolerance, "{case:?} {field} {index}: {found} for {value}, {difference:.1e}");
        }
    }
}

/// A random effect that varies nothing leaves the model of independent rows.
#[test]
fn a_variance_of_0_leaves_the_model_of_independent_rows() {
    let mut frame = Frame::default();
    frame.numbers("y", [3.0, 5.0, 4.0, 4.0, 2.0, 6.0, 8.0, 6.0, 7.0, 7.0, 9.0, 5.0].to_vec());
    frame.numbers("x", (0..12).map(|at| f64::from(at / 6)).collect());
    frame.numbers("id", (0..12).map(|at| f64::from(at / 2)).collect());
    let with = Call::new(Family::Poisson, "y ~ x + (1 | id)").on(&frame).unwrap();
    let without = Call::new(Family::Poisson, "y ~ x").on(&frame).unwrap();
    assert!(with.singular && !without.singular);
    assert!((with.criterion - without.criterion).abs() < 1e-9);
    for (one, two) in with.fixef.iter().zip(&without.fixef) {
        assert!((one.estimate - two.estimate).abs() < 1e-8 && (one.se - two.se).abs() < 1e-7, "{one:?} {two:?}");
    }
    // Sums are 24 and 42 in 6 rows each.
    assert!((without.fixef[1].estimate - (42f64 / 24.0).ln()).abs() < 1e-9);
    assert!((without.fixef[1].se - (1f64 / 42.0 + 1.0 / 24.0).sqrt()).abs() < 1e-7);
}

#[test]
fn before_and_after_has_the_conditional_test_beside_it() {
    let call = Call { offset: Some("log(years)"), ..Call::new(Family::Poisson, "relapses ~ after + (1 | patient)") };
    let fit = call.on(&frame("relapses")).unwrap();
    let table = &fit.extras.tables[0];
    assert_eq!(table.key, "conditional");
    let row = &table.rows[0];
    // The conditional estimate does not shrink; the model's is close to it.
    assert!((row.estimate - fit.fixef[1].estimate).abs() < 0.05, "{row:?}");
    assert!(row.ci.lower < row.estimate && row.estimate < row.ci.upper);
    let with_slope = call.formula.replace("(1 |", "(after |");
    let other = Call { formula: &with_slope, offset: Some("log(years)"), ..Call::new(Family::Poisson, "") };
    assert!(other.on(&frame("relapses")).unwrap().extras.tables.is_empty());
}

/// `glmer(y ~ lbase * trt + lage + factor(V4) + (factor(V4) | subject), epil, poisson)` with `bobyqa` and
/// `rhoend = 1e-9` in lme4 1.1-31: -2 ln L = 1321.51607761, where 1321.51524910 is reached here. In `(f || g)` and in
/// `(1 | g) + (0 + f | g)` the intercepts stand for what the levels of f can do as well.
#[test]
fn random_effects_that_stand_for_each_other_are_named() {
    let frame = frame("epil");
    let fitted = |random: &str| {
        let formula = Formula::parse(&format!("y ~ lbase * trt + lage + factor(V4) + {random}")).unwrap();
        let data = ModelData::new(formula, frame.clone(), &DataOptions::default()).unwrap();
        GeneralisedModel::new(Family::Poisson).fit(data).unwrap()
    };
    let whole = fitted("(factor(V4) | subject)");
    assert!(whole.summary().converged && (whole.criterion() / 1_321.516_077_61 - 1.0).abs() < 1e-6);
    for random in ["(factor(V4) || subject)", "(1 | subject) + (0 + factor(V4) | subject)"] {
        let fit = fitted(random);
        assert!((fit.criterion() / whole.criterion() - 1.0).abs() < 1e-9, "{random}");
        for (own, other) in fit.coefficients().iter().zip(whole.coefficients()) {
            assert!((own.estimate - other.estimate).abs() < 1e-5 && (own.se / other.se - 1.0).abs() < 1e-5, "{random}");
        }
        let summary = fit.summary();
        let is_told = |note: &String| {
            note.contains("((Intercept) | subject)") && note.contains("their random effects stand for each other")
        };
        assert!(!summary.converged && summary.notes.iter().any(is_told), "{:?}", summary.notes);
    }
    // A variance of 0 leaves no other values.
    let bare = fitted("(1 | subject) + (0 + lbase | subject)");
    assert!(!bare.summary().notes.iter().any(|note| note.contains("do not determine")));
}
