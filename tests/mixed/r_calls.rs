//! The calls of R that fits name. Each was run in R 4.2.2 with lme4 1.1-31, nlme and glmmTMB: coefficients agree to 1e-5
//! (`glmer` ends within 5e-4) and likelihoods where the program has the same constants.

use crate::common::cli::{Folder, json_of, stderr};
use serde_json::Value;

fn r_call(folder: &Folder, formula: &str, table: &str, args: &[&str]) -> Value {
    let table = format!("data/{table}.csv");
    let output = folder.run([&["fit", formula, table.as_str(), "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{formula}: {}", stderr(&output));
    json_of(&output)["r_call"].clone()
}

#[test]
fn fits_name_their_call_of_r() {
    let folder = Folder::with_data("fit-r-calls");
    let cbpp = "cbind(incidence, size - incidence) ~ period + (1 | herd)";
    for (formula, table, args, expected) in [
        (
            "Reaction ~ Days + (Days || Subject)",
            "published/sleepstudy",
            &["--ml"][..],
            "lme4::lmer(Reaction ~ Days + (Days || Subject), data = data, REML = FALSE)",
        ),
        (
            "Reaction ~ ns(Days, df = 3) + (1 | who)",
            "published/sleepstudy",
            &["--map", "who=Subject"],
            "lme4::lmer(Reaction ~ splines::ns(Days, df = 3) + (1 | Subject), data = data)",
        ),
        (
            "distance ~ age * Sex + (1 | Subject)",
            "published/orthodont",
            &["--ref", "Sex=Male", "--subset", "age > 8", "--contrasts", "helmert"],
            "lme4::lmer(distance ~ age * Sex + (1 | Subject), data = transform(subset(data, age > 8), Sex = \
             relevel(factor(Sex), ref = \"Male\")), contrasts = list(Sex = \"contr.helmert\"))",
        ),
        (
            cbpp,
            "published/cbpp",
            &["--family", "binomial", "--agq", "9"],
            "lme4::glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), data = data, family = binomial, nAGQ = 9)",
        ),
        // glmer takes expected second derivatives here, and glmmTMB observed ones.
        (
            cbpp,
            "published/cbpp",
            &["--family", "binomial", "--link", "probit"],
            "glmmTMB::glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), data = data, \
             family = binomial(link = \"probit\"))",
        ),
        (
            "TICKS ~ factor(YEAR)",
            "published/grouseticks",
            &["--family", "nbinom1"],
            "glmmTMB::glmmTMB(TICKS ~ factor(YEAR), data = data, family = glmmTMB::nbinom1)",
        ),
        (
            "relapses ~ after + (1 | patient)",
            "examples/relapses",
            &["--family", "poisson", "--offset", "log(years)"],
            "lme4::glmer(relapses ~ after + (1 | patient), data = data, family = poisson, offset = log(years))",
        ),
        // A formula of gls is evaluated within each subject: numbers of visits stand in the table.
        (
            "change ~ visit",
            "examples/visits",
            &["--residual", "us", "--time", "visit", "--subject", "patient"],
            "nlme::gls(change ~ visit, data = transform(data, .visit = as.integer(factor(visit))), method = \"REML\", \
             correlation = nlme::corSymm(form = ~ .visit | patient), weights = nlme::varIdent(form = ~ 1 | visit))",
        ),
        (
            "distance ~ age * Sex + (age | Subject)",
            "published/orthodont",
            &["--residual", "idh", "--time", "age", "--subject", "Subject", "--ml"],
            "nlme::lme(distance ~ age + Sex + age:Sex, data = data, random = ~ age | Subject, method = \"ML\", weights = \
             nlme::varIdent(form = ~ 1 | age))",
        ),
        (
            "distance ~ age * Sex + (1 | Subject)",
            "published/orthodont",
            &["--residual", "ar1", "--time", "age", "--subject", "Subject"],
            "nlme::lme(distance ~ age + Sex + age:Sex, data = transform(data, .visit = as.integer(factor(age))), \
             random = ~ 1 | Subject, method = \"REML\", correlation = nlme::corAR1(form = ~ .visit | Subject))",
        ),
    ] {
        assert_eq!(r_call(&folder, formula, table, args), expected);
    }
}

#[test]
fn fits_that_no_single_call_gives_have_none() {
    let folder = Folder::with_data("fit-no-r-calls");
    let visits = ["--residual", "toep", "--time", "visit", "--subject", "patient"];
    assert!(r_call(&folder, "change ~ visit", "examples/visits", &visits).is_null());
    let change = ["--change-at", "0", "--time", "month"];
    assert!(r_call(&folder, "alsfrs ~ month + (1 | patient)", "examples/als-40", &change).is_null());
}
