//! Around a fit of counts and proportions: profiles, leverages, what does not change it, and hard data.

use reffect::formula::{Column, Formula, Frame};
use reffect::mixed::{DataOptions, Family, GeneralisedFit, GeneralisedModel, Link, MixedError, MixedFit, ModelData};
use reffect::read::read_frame;
use std::collections::BTreeMap;
use std::path::Path;

fn table(name: &str) -> Frame {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/{name}.csv"));
    read_frame(path).unwrap()
}

fn numbers(frame: &Frame, name: &str) -> Vec<f64> {
    match frame.column(name).unwrap() {
        Column::Numbers(values) => values.clone(),
        Column::Texts { .. } => panic!("{name} holds texts"),
    }
}

fn made(columns: &[(&str, Vec<f64>)]) -> Frame {
    let mut frame = Frame::default();
    columns.iter().for_each(|(name, values)| frame.numbers(name, values.clone()));
    frame
}

#[derive(Clone, Copy)]
struct Call<'a> {
    formula: &'a str,
    family: Family,
    link: Link,
    points: usize,
    offset: Option<&'a str>,
    weights: Option<&'a str>,
}

impl<'a> Call<'a> {
    fn new(family: Family, formula: &'a str) -> Self {
        let link = Link::usual(family);
        Self { formula, family, link, points: 1, offset: None, weights: None }
    }

    fn on(&self, frame: &Frame) -> Result<GeneralisedFit, MixedError> {
        let options = DataOptions {
            offset: self.offset.map(str::to_owned),
            weights: self.weights.map(str::to_owned),
            ..DataOptions::default()
        };
        let data = ModelData::new(Formula::parse(self.formula)?, frame, &options)?;
        GeneralisedModel::new(self.family).link(self.link).points(self.points).fit(data)
    }

    fn fit(&self, frame: &Frame) -> GeneralisedFit {
        self.on(frame).unwrap()
    }
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let difference = (found - expected).abs() / expected.abs().max(1e-2);
    assert!(difference <= tolerance, "{what}: {found} for {expected}, relative difference {difference:.1e}");
}

/// Table, family, link and formula of a model.
type Model = [String; 4];

/// A field, which one of several, and both ends of its interval.
type Value = (String, usize, f64, f64);

/// The rows of the reference table by model.
fn reference() -> BTreeMap<Model, Vec<Value>> {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/glmm/profile.csv").as_bytes());
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let key = [1, 2, 3, 4].map(|at| row[at].to_owned());
        let number = |at: usize| row[at].parse::<f64>().unwrap_or(f64::NAN);
        all.entry(key).or_default().push((row[5].to_owned(), row[6].parse().unwrap(), number(7), number(8)));
    }
    all
}

#[test]
fn profiles_and_leverages_agree_with_lme4_and_glmmtmb() {
    let mut compared = 0;
    for ([name, family, link, formula], values) in reference() {
        let frame = table(&format!("published/{name}"));
        let call = Call { link: link.parse().unwrap(), ..Call::new(family.parse().unwrap(), &formula) };
        let fit = call.on(&frame).unwrap();
        let wants_profile = values.iter().any(|of| of.0 != "leverage");
        let profiles = wants_profile.then(|| fit.profile(true).unwrap());
        let residuals = fit.residuals();
        for (field, index, lower, upper) in values {
            compared += 1;
            let what = format!("{name} {family} {link} {field} {index}");
            if field == "leverage" {
                close(residuals[index - 1].residual.unwrap().leverage.unwrap(), lower, 1e-4, &what);
                continue;
            }
            let profiles = profiles.as_ref().unwrap();
            let own = &profiles.intervals;
            let (interval, tolerance) = match field.as_str() {
                // lme4 reads its ends off splines through few points: sd, correlation, sd, coefficients.
                "confint" => {
                    let all = [own.sd[0][0], own.cor[0][0], own.sd[0][1]];
                    (all.into_iter().chain(own.fixef.iter().copied()).nth(index - 1).unwrap(), 2e-3)
                }
                // TMB's roots are searched to 1e-4.
                "coefficient" => (own.fixef[index - 1], 1e-3),
                "sd" => (own.sd[0][0], 1e-3),
                "dispersion" => (own.dispersion.unwrap(), 1e-3),
                _ => panic!("{field} is unknown"),
            };
            // In shares of the interval's width.
            let scale = |end: f64| end / (upper - lower);
            assert!((scale(interval.lower) - scale(lower)).abs() < tolerance, "{what}: {interval:?} {lower} {upper}");
            assert!((scale(interval.upper) - scale(upper)).abs() < tolerance, "{what}: {interval:?} {lower} {upper}");
        }
        // Each profile rises from 0 at its estimate to the quantile of the interval at its ends.
        for trace in profiles.iter().flat_map(|of| &of.traces) {
            assert!(trace.points.len() >= 9, "{} {}", trace.parameter, trace.points.len());
            assert!(trace.points.windows(2).all(|pair| pair[0].value < pair[1].value && pair[0].zeta < pair[1].zeta));
            let ends = trace.points.iter().filter(|point| (point.zeta.abs() - 1.959_963_985).abs() < 1e-5).count();
            assert!(ends == 2, "{}: {:?}", trace.parameter, trace.points);
        }
    }
    assert_eq!(compared, 322);
}

#[test]
fn an_interval_of_the_dispersion_is_open_towards_the_poisson_limit() {
    let patient: Vec<f64> = (0..24).map(|at| f64::from(at / 4)).collect();
    let y: Vec<f64> = (0..24).map(|at| f64::from(3 + at % 2 + (at / 2) % 2)).collect();
    let frame = made(&[("y", y), ("patient", patient)]);
    let call = Call::new(Family::NegativeBinomial2, "y ~ 1 + (1 | patient)");
    let fit = call.on(&frame).unwrap();
    let two = fit.profile(false).unwrap().intervals.dispersion.unwrap();
    assert!(fit.dispersion().is_none() && two.lower > 0.0 && two.upper == f64::INFINITY, "{two:?}");
    let call = Call { family: Family::NegativeBinomial1, ..call };
    let fit = call.on(&frame).unwrap();
    let one = fit.profile(false).unwrap().intervals.dispersion.unwrap();
    assert!(one.lower == 0.0 && one.upper > 0.0, "{one:?}");
    // Every mean is the same: φ of the one is μ/k of the other, and so are the ends of the intervals.
    let mean = fit.fixef()[0].exp();
    close(one.upper, mean / two.lower, 2e-2, "ends");
}

#[test]
fn names_and_order_and_shifts_do_not_matter() {
    let plain = table("published/epil");
    let call = Call::new(Family::NegativeBinomial2, "y ~ lbase + period + (period | subject)");
    let one = call.fit(&plain);
    // Names that sort otherwise, and the rows from the last one on.
    let rows: Vec<usize> = (0..plain.len()).rev().collect();
    let mut other = Frame::default();
    for name in ["y", "lbase", "period"] {
        let values = numbers(&plain, name);
        other.numbers(name, rows.iter().map(|&row| values[row]).collect());
    }
    let subject = numbers(&plain, "subject");
    other.texts("subject", rows.iter().map(|&row| Some(format!("症例{}", 7919.0 * subject[row] % 101.0))));
    let two = call.fit(&other);
    close(two.criterion(), one.criterion(), 1e-10, "criterion");
    close(two.fixef()[1], one.fixef()[1], 1e-6, "coefficient");
    // Days as a spreadsheet counts them.
    let mut days = plain.clone();
    days.numbers("period", numbers(&plain, "period").iter().map(|t| 44_000.0 + 14.0 * t).collect());
    let three = call.fit(&days);
    close(three.criterion(), one.criterion(), 1e-9, "criterion of days");
    close(14.0 * three.fixef()[2], one.fixef()[2], 1e-5, "slope");
    let se = |fit: &GeneralisedFit| fit.vcov()[(2, 2)].sqrt();
    close(14.0 * se(&three), se(&one), 1e-5, "standard error");
}

#[test]
fn a_shift_of_the_offset_is_one_of_the_intercept() {
    let mut frame = table("examples/relapses");
    let log: Vec<f64> = numbers(&frame, "years").iter().map(|years| years.ln()).collect();
    frame.numbers("off", log.iter().map(|log| log + 1.7).collect());
    let call = Call { offset: Some("log(years)"), ..Call::new(Family::Poisson, "relapses ~ after + (1 | patient)") };
    for family in [Family::Poisson, Family::NegativeBinomial1] {
        let one = Call { family, ..call }.fit(&frame);
        let two = Call { family, offset: Some("off"), ..call }.fit(&frame);
        close(two.criterion(), one.criterion(), 1e-10, "criterion");
        close(two.fixef()[0] + 1.7, one.fixef()[0], 1e-7, "intercept");
        close(two.fixef()[1], one.fixef()[1], 1e-7, "slope");
        close(two.theta()[0], one.theta()[0], 1e-6, "theta");
    }
}

#[test]
fn whole_weights_of_counts_are_repeated_rows() {
    let frame = table("published/epil");
    let weight: Vec<f64> = (0..frame.len()).map(|row| 1.0 + (row % 3) as f64).collect();
    let mut weighted = frame.clone();
    weighted.numbers("w", weight.clone());
    let rows: Vec<usize> =
        weight.iter().enumerate().flat_map(|(row, &times)| std::iter::repeat_n(row, times as usize)).collect();
    let repeated: Vec<(&str, Vec<f64>)> = ["y", "lbase", "subject"]
        .map(|name| (name, rows.iter().map(|&row| numbers(&frame, name)[row]).collect()))
        .to_vec();
    for family in [Family::Poisson, Family::NegativeBinomial2, Family::NegativeBinomial1] {
        let call = Call::new(family, "y ~ lbase + (1 | subject)");
        let one = Call { weights: Some("w"), ..call }.fit(&weighted);
        let two = call.fit(&made(&repeated));
        close(one.criterion(), two.criterion(), 1e-10, "criterion");
        close(one.fixef()[1], two.fixef()[1], 1e-7, "coefficient");
        close(one.vcov()[(1, 1)], two.vcov()[(1, 1)], 1e-5, "variance");
    }
}

#[test]
fn single_trials_and_their_sums_differ_by_a_constant() {
    let frame = table("published/cbpp");
    let [events, size, herd, period] = ["incidence", "size", "herd", "period"].map(|name| numbers(&frame, name));
    let mut rows: Vec<[f64; 3]> = Vec::new();
    let mut constant = 0.0;
    for at in 0..frame.len() {
        let (k, n) = (events[at] as usize, size[at] as usize);
        rows.extend((0..n).map(|trial| [f64::from(u8::from(trial < k)), herd[at], period[at]]));
        constant += (1..=k).map(|j| ((n - k + j) as f64 / j as f64).ln()).sum::<f64>();
    }
    let column = |at: usize| rows.iter().map(|row| row[at]).collect::<Vec<f64>>();
    let single = made(&[("y", column(0)), ("herd", column(1)), ("period", column(2))]);
    for (link, points) in [(Link::Logit, 1), (Link::Probit, 1), (Link::Cloglog, 9)] {
        let call = Call { link, points, ..Call::new(Family::Binomial, "y ~ factor(period) + (1 | herd)") };
        let formula = "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)";
        let (one, two) = (call.fit(&single), Call { formula, ..call }.fit(&frame));
        close(one.criterion() - 2.0 * constant, two.criterion(), 1e-10, "criterion");
        close(one.fixef()[3], two.fixef()[3], 1e-6, "coefficient");
        close(one.vcov()[(3, 3)], two.vcov()[(3, 3)], 1e-5, "variance");
    }
}

#[test]
fn hard_data_are_fitted_or_refused_with_their_reason() {
    let groups = |n: u32, each: u32| (0..n * each).map(|at| f64::from(at / each)).collect::<Vec<f64>>();
    let message = |call: &Call, frame: &Frame| call.on(frame).map(|_| ()).unwrap_err().to_string();
    // Patients that are all of one kind.
    let alike = made(&[
        ("y", (0..32).map(|at| f64::from(at / 4 % 2)).collect()),
        ("t", (0..32).map(|at| f64::from(at % 4)).collect()),
        ("id", groups(8, 4)),
    ]);
    let yes = Call::new(Family::Binomial, "y ~ t + (1 | id)");
    assert!(message(&yes, &alike).contains("one outcome alone"), "{}", message(&yes, &alike));
    // A random slope that is the intercept again.
    let mut twice = alike.clone();
    twice.numbers("one", vec![2.0; 32]);
    let follows = Call::new(Family::Poisson, "y ~ t + (one | id)");
    assert!(message(&follows, &twice).contains("one in the random part of id follows"));
    // Counts of millions: rounding is no failure.
    let large = made(&[
        (
            "y",
            (0..24u32)
                .map(|at| (3e6 * (1.0 + f64::from(at % 4)) * (1.0 + 0.1 * f64::from(at * 7 % 5))).round())
                .collect(),
        ),
        ("t", (0..24).map(|at| f64::from(at % 4)).collect()),
        ("id", groups(6, 4)),
    ]);
    for family in [Family::Poisson, Family::NegativeBinomial2, Family::NegativeBinomial1] {
        let fit = Call::new(family, "y ~ t + (1 | id)").on(&large).unwrap();
        assert!(fit.summary().converged, "{family}");
    }
    // Nothing but an intercept, or not even that, with a variance that is 0.
    let even = made(&[("y", (0..24).map(|at| f64::from(3 + at % 2)).collect()), ("id", groups(6, 4))]);
    let fit = Call::new(Family::Poisson, "y ~ 1 + (1 | id)").on(&even).unwrap();
    let intervals = fit.profile(true).unwrap().intervals;
    let half = 1.96 * fit.vcov()[(0, 0)].sqrt();
    close(intervals.fixef[0].width(), 2.0 * half, 0.1, "width");
    assert!(intervals.sd[0][0].lower == 0.0 && intervals.sd[0][0].upper > 0.0);
    let none = Call::new(Family::Poisson, "y ~ 0 + (1 | id)").on(&even).unwrap();
    assert!(none.summary().converged && none.residuals().len() == 24);
    // A log link of probabilities, whose nodes lie partly where there is no probability.
    let often = made(&[
        ("y", (0..40u32).map(|at| f64::from(u8::from(at * 7 % 10 < 3 + at / 4 % 3))).collect()),
        ("id", groups(10, 4)),
    ]);
    let log = Call { link: Link::Log, points: 9, ..Call::new(Family::Binomial, "y ~ 1 + (1 | id)") };
    assert!(message(&log, &often).contains("would exceed 1"));
    assert!(Call { points: 1, ..log }.on(&often).is_ok());
    // Counts that vary less than Poisson's, between patients that do differ: the Poisson limit.
    let level = [9.0, 1.0, 1.0, 0.0, 1.0, 3.0, 0.0];
    let counts = made(&[
        ("y", (0..14).map(|at| level[at / 2] + f64::from(u8::from(at == 1 || at == 3))).collect()),
        ("after", (0..14).map(|at| f64::from(at as u8 % 2)).collect()),
        ("id", groups(7, 2)),
    ]);
    let poisson = Call::new(Family::Poisson, "y ~ after + (1 | id)");
    let expected = poisson.fit(&counts);
    assert!(expected.theta()[0] > 0.3);
    for family in [Family::NegativeBinomial2, Family::NegativeBinomial1] {
        let fit = Call { family, ..poisson }.fit(&counts);
        assert!(fit.dispersion().is_none());
        close(fit.criterion(), expected.criterion(), 1e-9, "the limit");
    }
    // One row a patient: the variance is overdispersion, which is said.
    let rows = made(&[("y", (0..12).map(|at| f64::from(at * at % 7)).collect()), ("id", groups(12, 1))]);
    let fit = Call::new(Family::Poisson, "y ~ 1 + (1 | id)").on(&rows).unwrap();
    let notes = fit.summary().notes;
    assert!(notes.iter().any(|note| note.contains("one row")), "{notes:?}");
}
