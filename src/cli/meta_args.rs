//! What `reffect meta` takes.

use crate::formula::{Formula, FormulaError};
use crate::meta::{Estimator, PredictionInterval, Tau2Interval, Test};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect meta data/published/bcg.csv                           13 trials: log risk ratios, REML
  reffect meta data/published/bcg.csv --test adhoc --slab author --transf exp
  reffect meta data/published/bcg.csv --mods \"ablat + alloc\" --test knha --json
  reffect meta data/published/bcg.csv --method DL --tau2-ci QP --pi-type riley --format markdown

The columns are named as in R's metafor. By default effects stand in yi and their sampling variances in vi
(--sei names a column of standard errors instead). Ratios must be logarithms; --transf exp shows them as
ratios again. A moderator of texts is a factor with sorted levels; a numeric code needs factor().")]
pub struct MetaArgs {
    /// A table: a CSV file, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What separates the columns: a character, or tab
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "The columns")]
pub struct InputArgs {
    /// The column of effects
    #[arg(long, value_name = "COLUMN", default_value = "yi")]
    pub yi: String,
    /// The column of sampling variances
    #[arg(long, value_name = "COLUMN", default_value = "vi", conflicts_with = "sei")]
    pub vi: String,
    /// The column of standard errors, instead of variances
    #[arg(long, value_name = "COLUMN")]
    pub sei: Option<String>,
    /// The column with the names of the studies
    #[arg(long, value_name = "COLUMN")]
    pub slab: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "The model")]
pub struct ModelArgs {
    /// How tau2 is estimated: FE, EE, DL, HE, HS, HSk, SJ, ML, REML, EB, PM, PMM, GENQ, DLIT or SJIT
    #[arg(long, default_value = "REML", value_parser = |name: &str| name.parse::<Estimator>())]
    pub method: Estimator,
    /// How coefficients are tested: z, t, knha (also hk) or adhoc
    #[arg(long, default_value = "z", value_parser = |name: &str| name.parse::<Test>())]
    pub test: Test,
    /// Moderators, as the right-hand side of an R formula: "ablat + factor(alloc)"
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub mods: Option<String>,
    /// The column of weights
    #[arg(long, value_name = "COLUMN", conflicts_with = "unweighted")]
    pub weights: Option<String>,
    /// Give all studies the same weight
    #[arg(long)]
    pub unweighted: bool,
    /// A tau2 that is given and not estimated
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub tau2: Option<f64>,
    /// How the interval of tau2 is made: QP (Q-profile) or PL (profile likelihood)
    #[arg(long, value_name = "NAME", default_value = "QP", value_parser = tau2_interval)]
    pub tau2_ci: Tau2Interval,
    /// How the prediction interval is made: default, simple, t, riley or hts
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = |name: &str| name.parse::<PredictionInterval>())]
    pub pi_type: PredictionInterval,
    /// Show effects transformed in the text: exp, for logarithms of ratios
    #[arg(long, value_name = "NAME", value_parser = ["exp"])]
    pub transf: Option<String>,
}

impl ModelArgs {
    /// The formula of the moderators; the intercept alone where there is none.
    pub fn formula(&self) -> Result<Formula, FormulaError> {
        Formula::parse(self.mods.as_deref().unwrap_or("1"))
    }
}

fn tau2_interval(name: &str) -> Result<Tau2Interval, String> {
    match name.to_ascii_uppercase().as_str() {
        "QP" => Ok(Tau2Interval::QProfile),
        "PL" => Ok(Tau2Interval::ProfileLikelihood),
        "GENQ" => Err("the interval GENQ is not built yet; QP and PL are".to_owned()),
        _ => Err("one of QP or PL was expected".to_owned()),
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [one] if one.is_ascii() => Ok(*one),
        _ if matches!(text, "tab" | "\\t") => Ok(b'\t'),
        _ => Err("one character was expected, such as ; or the word tab".to_owned()),
    }
}
