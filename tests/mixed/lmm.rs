//! Linear mixed models against lme4, lmerTest and pbkrtest with polished optima: `tests/ref/mixed/lmm.R`.

use crate::common::meta::table_at;
use crate::common::{Comparison, golden, number};
use reffect::formula::{Formula, Frame};
use reffect::mixed::{DataOptions, DfMethod, LinearFit, LinearMixedModel, MixedFit, ModelData};

/// The formula, the table, whether by REML, and the weights of a case.
const CASES: [(&str, &str, &str, bool, Option<&str>); 17] = [
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv", true, None),
    ("sleepstudy_ml", "Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv", false, None),
    ("sleepstudy_apart", "Reaction ~ Days + (Days || Subject)", "published/sleepstudy.csv", true, None),
    ("sleepstudy_intercept", "Reaction ~ factor(Days) + (1 | Subject)", "published/sleepstudy.csv", true, None),
    ("dyestuff", "Yield ~ 1 + (1 | Batch)", "published/dyestuff.csv", true, None),
    ("dyestuff2", "Yield ~ 1 + (1 | Batch)", "published/dyestuff2.csv", true, None),
    ("pastes", "strength ~ 1 + (1 | batch/cask)", "published/pastes.csv", true, None),
    ("penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", "published/penicillin.csv", true, None),
    ("orthodont", "distance ~ age * Sex + (age | Subject)", "published/orthodont.csv", true, None),
    (
        "orthodont_apart",
        "log(distance) ~ age + (1 | Subject) + (0 + age | Subject)",
        "published/orthodont.csv",
        true,
        None,
    ),
    ("cbpp_weighted", "incidence/size ~ factor(period) + (1 | herd)", "published/cbpp.csv", true, Some("size")),
    (
        "epil_log",
        "log1p(y) ~ lbase * trt + factor(period) + offset(0.1 * lage) + (1 | subject)",
        "published/epil.csv",
        true,
        None,
    ),
    (
        "grouseticks_log",
        "log1p(TICKS) ~ factor(YEAR) + cHEIGHT + (1 | BROOD) + (1 | LOCATION)",
        "published/grouseticks.csv",
        true,
        None,
    ),
    ("als5_slope", "alsfrs ~ month + post + (month | patient)", "examples/als-5.csv", true, None),
    ("als5_apart", "alsfrs ~ month + post + (month + post || patient)", "examples/als-5.csv", true, None),
    ("als40", "alsfrs ~ month + post + (month + post | patient)", "examples/als-40.csv", true, None),
    ("als40_slope", "alsfrs ~ month + post + (month | patient)", "examples/als-40.csv", true, None),
];

fn data(formula: &str, frame: &Frame, weights: Option<&str>) -> ModelData {
    let options = DataOptions { weights: weights.map(str::to_owned), ..DataOptions::default() };
    ModelData::new(Formula::parse(formula).unwrap(), frame, &options).unwrap()
}

fn fit(data: &ModelData, reml: bool, df: DfMethod) -> LinearFit {
    LinearMixedModel::default().reml(reml).df(df).fit(data).unwrap()
}

/// The row and the standard-error or df entry of a coefficient.
fn place(data: &ModelData, name: &str) -> usize {
    // R names the factor period, which is a number here.
    let ours = name.replace("period", "factor(period)").replace("factor(factor(period))", "factor(period)");
    data.x.names.iter().position(|known| *known == name || *known == ours).unwrap_or_else(|| panic!("{name}"))
}

fn unit(at: usize, p: usize) -> Vec<f64> {
    (0..p).map(|other| f64::from(u8::from(other == at))).collect()
}

#[test]
fn fits_are_those_of_lme4() {
    let rows = golden("mixed/lmm.csv");
    let mut comparison = Comparison::default();
    for (case, formula, file, reml, weights) in CASES {
        let frame = table_at(file);
        let data = data(formula, &frame, weights);
        let fit = fit(&data, reml, DfMethod::Satterthwaite);
        assert!(fit.converged(), "{case}");
        let kr = reml.then(|| self::fit(&data, reml, DfMethod::KenwardRoger));
        let summary = fit.summary();
        let effects = fit.ranef();
        let fitted = fit.residuals()[data.rows[0]].residual.unwrap().fitted;
        let own: Vec<&Vec<String>> = rows.iter().filter(|row| row[0] == case).collect();
        assert!(own.len() > 10, "{case}");
        for row in own {
            let (quantity, name, expected) = (row[1].as_str(), row[2].as_str(), number(&row[3]).unwrap());
            let parts = || name.split(' ').map(|part| part.parse::<usize>().unwrap() - 1).collect::<Vec<_>>();
            let (found, tolerance) = match quantity {
                "criterion" => (summary.criterion, 1e-9),
                "aic" => (summary.aic, 1e-9),
                "bic" => (summary.bic, 1e-9),
                "sigma" => (fit.sigma().unwrap(), 1e-7),
                "theta" => (summary.theta[parts()[0]], 1e-6),
                "sd" => (summary.varcorr[parts()[0]].sd[parts()[1]], 1e-6),
                "cor" => (summary.varcorr[parts()[0]].cor[(parts()[1], parts()[2])], 1e-6),
                "estimate" => (fit.fixef()[place(&data, name)], 1e-7),
                "se" => (summary.fixef[place(&data, name)].se, 1e-6),
                "satterthwaite" => (summary.fixef[place(&data, name)].df.unwrap(), 1e-5),
                "kr_se" => (kr.as_ref().unwrap().summary().fixef[place(&data, name)].se, 1e-6),
                "kr_df" => (kr.as_ref().unwrap().df(&unit(place(&data, name), data.p())).unwrap().unwrap(), 1e-5),
                "fitted" => (fitted, 1e-7),
                _ => {
                    let [group, term, level] = name.split('|').collect::<Vec<_>>()[..] else { panic!("{name}") };
                    let found = effects.iter().filter(|of| of.group == group).find_map(|of| {
                        let at = of.names.iter().position(|known| known == term)?;
                        let level = of.levels.iter().find(|known| known.level == level)?;
                        Some(if quantity == "ranef" { level.values[at] } else { level.se[at] })
                    });
                    (found.unwrap_or_else(|| panic!("{case} {name}")), 1e-6)
                }
            };
            // A variance of 0 is exactly 0 here; lme4's correlation is less exact where it is near 0.
            comparison.close(&format!("{case} {quantity} {name}"), found, expected, tolerance, 1e-8);
        }
    }
    comparison.finish(478);
}
