//! Counts and proportions, against lme4, glmmTMB and an integration of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use reffect::formula::{Formula, Frame};
use reffect::mixed::glmm::{GeneralisedModel, GeneralisedOptions};
use reffect::mixed::{DataOptions, Family, Link, MixedError, ModelData, Summary};
use reffect::read::Table;
use std::collections::BTreeMap;
use std::path::Path;

fn frame(name: &str) -> Frame {
    let ending = if name == "verbagg" { "csv.gz" } else { "csv" };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/ref/glmm/{name}.{ending}"));
    Table::open(&path, None).unwrap().into_frame(&[]).unwrap().0
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
        let link = GeneralisedOptions::usual_link(family);
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
        let (family, link, points) = (self.family, self.link, self.points);
        let fit = GeneralisedModel::fit(&data, GeneralisedOptions { family, link, points, level: 0.95 }, &[])?;
        Ok(fit.summary(&data, true))
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
    let cases = reference(include_str!("ref/glmm/lme4.csv"));
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
        let sds: Vec<f64> = fit.varcorr.iter().flat_map(|term| term.sd.clone()).collect();
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
