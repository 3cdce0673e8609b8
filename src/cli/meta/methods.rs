//! How what was asked for around a meta-analysis is computed, in the words of a section on methods, and what is to be
//! known of tests of small studies.

use super::args::{BiasArgs, MetaArgs};
use super::releases::is_release;
use crate::meta::bias::{Alternative, FailSafeKind, RegressionModel, SelectionKind, Side};
use crate::meta::glmm::{GlmmModel, POINTS};
use crate::meta::multilevel::SandwichKind;
use crate::report::meta::around::Around;

/// What the call of R leaves out.
const MODEL_ONLY: &str = "The R call reproduces the model only, not these additional analyses.";

/// The sentences on a multilevel model: how its tests are robust, and what the call of R leaves out.
pub fn of_levels(args: &MetaArgs) -> impl Iterator<Item = String> {
    let has_more = !args.around.asked().is_empty() || !args.levels.compare_random.is_empty();
    robust(args).into_iter().chain(has_more.then(|| MODEL_ONLY.to_owned()))
}

/// How the integrals of UM.RS are computed, and what R makes of them.
fn points_of_quadrature(args: &MetaArgs) -> Option<String> {
    let is_meant = args.counts.glmm == Some(GlmmModel::UmRs) && !args.model.method.is_common();
    is_meant.then(|| match args.counts.nagq.unwrap_or(POINTS) {
        1 => "The integrals are Laplace's approximations, as R's are.".to_owned(),
        points => {
            format!(
                "The quadrature has {points} points in each direction; R takes Laplace's approximation here (--nagq 1)."
            )
        }
    })
}

/// A sentence for each method beyond the fit itself.
pub fn methods(args: &MetaArgs, around: &Around) -> Vec<String> {
    let asked = &args.around;
    let mut all: Vec<String> = points_of_quadrature(args).into_iter().collect();
    let is_alone = all.len();
    if let (Some(column), Some(of)) = (&asked.subgroup, &around.subgroup) {
        let tau2 = if of.common_tau2 { "one tau² for all" } else { "a tau² of its own in each" };
        all.push(match args.counts.mh || args.counts.peto {
            true => format!(
                "Subgroups by {column}, each pooled so, compared by Q with the inverse variances of their effects."
            ),
            false if args.model.method.is_common() => format!("Subgroups by {column}, compared by Q between them."),
            false => format!("Subgroups by {column}, {tau2}, compared by Q between them."),
        });
    }
    if let Some(formula) = &asked.compare {
        all.push(format!("Likelihood-ratio test against {formula}, both models fitted by maximum likelihood."));
    }
    if let Some(of) = &around.permutest {
        all.push(match of.exact {
            true => format!("Permutation test: all {} permutations.", of.permutations),
            false => format!("Permutation test: {} random permutations, seed {}.", of.permutations, asked.seed),
        });
    }
    if let Some(of) = &around.gosh {
        let failed = match of.failed {
            0 => String::new(),
            count => format!(", {count} of which allowed no fit"),
        };
        all.push(match of.exact {
            true => format!("The model was fitted to every subset of the studies{failed}."),
            false => {
                let count = of.subsets.len() + of.failed;
                format!("The model was fitted to {count} random subsets of the studies, seed {}{failed}.", asked.seed)
            }
        });
    }
    if let Some(column) = &asked.cumulative {
        all.push(format!("The cumulative fits take up studies in the order of {column}."));
    }
    all.extend(of_small_studies(&args.bias, around));
    if all.len() > is_alone || !asked.asked().is_empty() {
        all.push(MODEL_ONLY.to_owned());
    }
    all.splice(0..0, robust(args));
    if args.paths.iter().any(|path| is_release(path)) {
        all.push(
            "Its `data` has the columns yi and vi, with the effects of the studies as --json lists them.".to_owned(),
        );
    }
    all
}

/// How standard errors are made robust.
pub fn robust(args: &MetaArgs) -> Option<String> {
    let column = args.levels.cluster.as_ref()?;
    let how = match args.levels.vcov {
        SandwichKind::Cr0 => "CR0, without a correction, with clusters less coefficients as degrees of freedom",
        SandwichKind::Cr1 => "CR1, times n/(n − p) for n clusters, with n − p degrees of freedom",
        SandwichKind::Cr2 => "CR2 with Satterthwaite's degrees of freedom",
    };
    Some(format!("Standard errors robust to dependence within {column}: {how}."))
}

fn of_small_studies(bias: &BiasArgs, around: &Around) -> Vec<String> {
    let mut all = Vec::new();
    if around.trimfill.is_some() {
        let estimator = bias.trimfill_estimator;
        let side = match bias.trimfill_side {
            Some(Side::Left) => "on the left as asked for",
            Some(Side::Right) => "on the right as asked for",
            None => "on the side that the regression on the standard errors points to",
        };
        all.push(format!("Trim and fill (Duval and Tweedie 2000) with the estimator {estimator}, {side}."));
    }
    if around.egger.is_some() {
        let model = match bias.egger_model {
            RegressionModel::Rma => "meta-regression with the estimator and test of the model",
            RegressionModel::Lm => "weighted least squares with a multiplicative variance, as published in 1997,",
        };
        let predictor = match bias.egger_predictor.as_str() {
            "sei" => "the standard errors",
            "vi" => "the sampling variances",
            "ni" => "the numbers of patients",
            "ninv" => "the reciprocal numbers of patients",
            "sqrtni" => "the roots of the numbers of patients",
            _ => "the reciprocal roots of the numbers of patients",
        };
        all.push(format!("Egger's test: {model} on {predictor}."));
    }
    if around.harbord.is_some() {
        all.push("Harbord's test: score of the log odds ratio over its variance, by weighted regression.".to_owned());
    }
    if around.peters.is_some() {
        all.push("Peters' test: weighted regression of the log odds ratio on the reciprocal of patients.".to_owned());
    }
    if around.fsn.is_some() {
        all.push(match bias.fsn_type {
            FailSafeKind::Rosenthal => "Fail-safe number of Rosenthal (1979), one-sided α of 0.05.".to_owned(),
            FailSafeKind::Orwin => "Fail-safe number of Orwin (1983), weights 1/v.".to_owned(),
            FailSafeKind::Rosenberg => "Fail-safe number of Rosenberg (2005).".to_owned(),
            FailSafeKind::General => "Fail-safe number of the model itself.".to_owned(),
        });
    }
    if around.tes.is_some() {
        all.push("Test of excess significance of Ioannidis and Trikalinos (2007).".to_owned());
    }
    if around.hc.is_some() {
        all.push("Interval of Henmi and Copas (2010) around the mean with weights 1/v.".to_owned());
    }
    if around.selmodel_given.is_some() {
        all.push(
            "Sensitivity to selection by p-values: step functions with given weights (Vevea and Woods 2005), by maximum \
             likelihood."
                .to_owned(),
        );
    }
    if let Some(of) = &around.selmodel {
        let steps = match &of.kind {
            SelectionKind::Steps(ends) => {
                let inner: Vec<String> = ends.iter().filter(|end| **end < 1.0).map(f64::to_string).collect();
                format!(" with steps at {}", inner.join(", "))
            }
            _ => String::new(),
        };
        let side = match bias.selmodel_alternative {
            Alternative::Less => "one-sided p-values for low effects",
            Alternative::TwoSided => "two-sided p-values",
            _ => "one-sided p-values for high effects",
        };
        all.push(format!("Selection model {}{steps} of {side}, by maximum likelihood.", of.kind.name()));
    }
    all
}

/// Fewer studies than this are too few for tests of asymmetry: Cochrane Handbook, 13.3.5.4.
const FEWEST: usize = 10;

/// What is to be known of tests and pictures of small studies.
pub fn cautions(args: &MetaArgs, k: usize) -> Vec<String> {
    let bias = &args.bias;
    let asked: Vec<&str> = bias
        .asked()
        .into_iter()
        .filter(|flag| ["--egger", "--begg", "--harbord", "--peters", "--trimfill"].contains(flag))
        .collect();
    let mut notes = Vec::new();
    if !asked.is_empty() && k < FEWEST {
        notes.push(format!(
            "fewer than {FEWEST} studies are too few for {}: asymmetry can hardly be told from chance (Cochrane Handbook, \
             13.3.5.4)",
            asked.join(", ")
        ));
    }
    if bias.begg && args.model.mods.is_some() {
        notes.push("Begg's test is that of the effects themselves, without the moderators".to_owned());
    }
    if bias.egger && bias.egger_predictor == "sei" {
        match args.counts.code() {
            Some("OR") if !bias.harbord && !bias.peters => notes.push(
                "a log odds ratio goes with its own standard error, so that Egger's test finds asymmetry too often; \
                 --harbord and --peters avoid that"
                    .to_owned(),
            ),
            Some("SMD") => notes.push(
                "a standardised mean difference goes with its own standard error, so that Egger's test finds asymmetry \
                 too often; --egger-predictor sqrtninv avoids that"
                    .to_owned(),
            ),
            _ => {}
        }
    }
    notes
}
