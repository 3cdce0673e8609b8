//! What `reffect fit` takes.

use crate::cli::args::{how_many, numeral, seed};
use crate::cli::table_args::{SubsetArgs, TableReading};
use crate::formula::Contrasts;
use crate::mixed::options::{
    Adjustment, AnovaType, DfMethod, Family, Information, IntervalMethod, Link, Pairs, ResidualStructure,
};
use crate::numeric::numeral::Numeral;
use crate::reconstruct::Fraction;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect fit \"Reaction ~ Days + (Days | Subject)\" data/published/sleepstudy.csv
  reffect fit \"Reaction ~ Days + (Days | Subject)\" data/published/sleepstudy.csv --df kenward-roger
  reffect fit \"strength ~ 1 + (1 | batch/cask)\" data/published/pastes.csv --ci profile
  reffect fit \"alsfrs ~ month + (1 | patient)\" data/examples/als-40.csv --change-at 0 --time month
  reffect fit \"edss ~ after + (1 | patient)\" --reconstructed data/nmo-tocilizumab-2014.toml
  reffect fit \"distance ~ age * Sex + (age | Subject)\" data/published/orthodont.csv --anova 3
  reffect fit \"change ~ visit\" data/examples/visits.csv --residual us --time visit --subject patient
  reffect fit \"relapses ~ after + (1 | patient)\" data/examples/relapses.csv --family poisson
  reffect fit \"y ~ lbase * trt + lage + (1 | subject)\" data/published/epil.csv --family nbinom2
  reffect fit \"TICKS ~ factor(YEAR)\" data/published/grouseticks.csv --family nbinom2
  reffect fit \"distance ~ age * Sex + (age | Subject)\" data/published/orthodont.csv --emmeans Sex --at age=8,14
  reffect fit \"distance ~ age * Sex + (age | Subject)\" data/published/orthodont.csv --slopes age:Sex
  reffect fit \"Reaction ~ ns(Days, df = 3) + (1 | Subject)\" data/published/sleepstudy.csv --influence Subject

The formula is lme4's: (1 | g), (x | g), (x || g), (0 + x | g), (1 | a/b), (1 | a) + (1 | b). Of
a factor f, (f || g) is (1 | g) + (0 + f | g), as in lme4: the effects of its levels stay
correlated. Columns of texts are factors with sorted levels; a numeric code needs factor().
Grouping columns are always factors. Curves are poly(x, 2) and ns(x, df = 3) or ns(x, knots =
c(2, 5)), also with raw = TRUE and Boundary.knots = c(0, 9), and bs(x, df = 5, degree = 3).
Factors are made by factor(arm, levels = c('placebo', 'drug')), relevel(arm, ref = 'placebo'),
ordered(dose) or ordered(grade, levels = c('mild', 'severe')) with R's polynomials over the levels
as contrasts (.L, .Q, .C, ^4, whatever --contrasts is),
cut(age, c(0, 40, 65, Inf)) and interaction(arm, sex); numbers by I(x > 5), I(arm == 'drug'),
pmax(x - 5, 0), ifelse(x > 5, x - 5, 0), round(x, 1), floor(x), x %% 7 and x %/% 7: as in R.
CSV holds one table: the fixed effects with contrasts, or what --anova, --emmeans, --slopes,
--compare, --predict, --ranef, --influence or --residuals ask for; --table names another one:
fixef, varcorr (SDs and correlations, with the intervals of --ci profile and bootstrap), anova,
means, differences, slopes, slope-differences, compare, predict, ranef, influence, residuals,
model (log-likelihood, AIC, BIC, R², ICC and the like).
With a log, logit or cloglog link estimates have their ratio with its interval beside them (ratio,
ratio_ci; rate, odds, risk or hazard ratios), and means and predictions their value on the scale
of the response (response, population_response, conditional_response).
In the rows of --residuals, observed is the value of the response, fitted the fitted value with
the random effects, response the one minus the other, pearson that times the root of its weight
(of counts and proportions over the root of the variance, with --residual over its SD), scaled in
units of its SD, with --residual each visit given those before. Groups, subject, time and what
varies by group say which row it is (in JSON under columns). Where a row of --residuals or
--predict has no numbers, notes says why. In JSON r_call is the call of R (lme4, nlme's gls,
glmmTMB, glm) that fits the same model to the table as data; null where no single call does.
With --residual the formula may have random effects as well: they and the residuals add up, as in
nlme's lme(random =, correlation =, weights =). The groups lie within each other and the subjects,
as in (1 | patient) or (1 | centre/patient) with --subject patient. Where one can stand for the
other, as a random intercept for cs, toep or us, the model is refused. --residual id
--residual-by arm is a residual SD for each arm, --residual idh one for each visit.

The JSON of --reconstructed and of --each is about many fits. It has title, formula, outcome, alpha, df_method and
notes; fitted, failed, singular and unconverged count the fits; fixef[] has for each coefficient, contrast and difference
section (what it belongs to, such as \"means of arm\"; empty for coefficients), name, the ranges [lowest, highest] of
estimate, se, statistic and p over all fits, tested (how many have a p for it), significant (how many have p below
alpha), share (the part of those tested), and mean and sd of the estimates.")]
pub struct FitArgs {
    /// The model, in lme4's language: "y ~ month * arm + (month | patient)"
    #[arg(value_name = "FORMULA")]
    pub formula: String,
    /// A table: a CSV file, also one that is compressed with gzip, or - for standard input
    #[arg(value_name = "FILE", required_unless_present = "reconstructed")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub table: TableReading,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub model: FitModelArgs,
    #[command(flatten)]
    pub inference: InferenceArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Reading the table")]
pub struct ReadingArgs {
    #[command(flatten)]
    pub rows: SubsetArgs,
    /// The level of a factor that the others are compared with; may be repeated
    #[arg(long = "ref", value_name = "COLUMN=LEVEL", value_parser = column_and_level)]
    pub reference: Vec<(String, String)>,
    /// How factors become columns: treatment, sum or helmert
    #[arg(long, value_name = "NAME", default_value = "treatment", value_parser = contrasts)]
    pub contrasts: Contrasts,
    /// An offset: a column, or an expression such as "log(years)"
    #[arg(long, value_name = "EXPRESSION", allow_hyphen_values = true)]
    pub offset: Option<String>,
    /// The column of weights; trials where the response is a proportion
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "The model")]
pub struct FitModelArgs {
    /// Maximum likelihood instead of restricted maximum likelihood
    #[arg(long)]
    pub ml: bool,
    /// The distribution of the response: gaussian, binomial, poisson, nbinom2 or nbinom1; all but gaussian also without
    /// a random part, for independent rows
    #[arg(long, default_value = "gaussian", value_parser = |name: &str| name.parse::<Family>())]
    pub family: Family,
    /// The link: identity, log, logit, probit or cloglog; by default the usual one of the family
    #[arg(long, value_name = "NAME", value_parser = |name: &str| name.parse::<Link>())]
    pub link: Option<Link>,
    /// Points of adaptive Gauss–Hermite quadrature; 1 is Laplace's approximation
    #[arg(long, value_name = "POINTS", default_value = "1", value_parser = how_many::<u64>)]
    pub agq: u64,
    /// The covariance of residuals within a subject: id, idh, cs, csh, ar1, ar1h, car1, toep, toeph or us; in place of
    /// random effects, or beside them
    #[arg(long, value_name = "CODE", value_parser = |code: &str| code.parse::<ResidualStructure>())]
    pub residual: Option<ResidualStructure>,
    /// The column of visits for --residual, or of time for --change-at; for --residual also several with colons
    /// between them, as in outcome:visit; --residual id needs none
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// The column of subjects for --residual
    #[arg(long, value_name = "COLUMN", requires = "residual")]
    pub subject: Option<String>,
    /// A column whose levels have residual covariances of their own
    #[arg(long, value_name = "COLUMN", requires = "residual")]
    pub residual_by: Option<String>,
    /// Let the slope over --time change at this time: slopes before and after, and their difference; where the formula
    /// has time beside a factor such as an arm, for each of its levels, with the differences between them
    #[arg(long, value_name = "TIME", requires = "time", allow_hyphen_values = true,
        value_parser = numeral)]
    pub change_at: Option<Numeral>,
    /// Several outcomes of the same patients together: their columns one below the other, as the columns outcome
    /// and value
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub stack: Vec<String>,
    /// Fit the model to data sets behind a release's printed numbers (--replicates of them), with the columns
    /// patient, arm, occasion, after and the outcomes; the range of everything
    #[arg(long, value_name = "RELEASE", conflicts_with_all = ["file", "change_at", "compare", "predict", "anova", "contrast", "emmeans", "slopes", "table", "ranef", "residuals", "influence"])]
    pub reconstructed: Option<PathBuf>,
    /// Fit the model to the rows of each level of this column, such as simulated trials: the range of each coefficient,
    /// contrast (--contrast) and difference (--emmeans, --slopes), and how often p is below 1 − level; where rows lack
    /// the level that the others of a factor are compared with, that is told, and they are not fitted
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["reconstructed", "compare", "predict", "anova", "table", "ranef", "residuals", "influence"])]
    pub each: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Inference")]
pub struct InferenceArgs {
    /// Degrees of freedom: satterthwaite, kenward-roger, residual or none; satterthwaite for gaussian
    /// REML fits, none otherwise
    #[arg(long, value_name = "METHOD", value_parser = |name: &str| name.parse::<DfMethod>())]
    pub df: Option<DfMethod>,
    /// Intervals: wald, profile or bootstrap
    #[arg(long, value_name = "METHOD", default_value = "wald",
        value_parser = |name: &str| name.parse::<IntervalMethod>())]
    pub ci: IntervalMethod,
    /// How many responses the bootstrap simulates, or data sets --reconstructed draws; 1000 by default
    #[arg(long, value_name = "N", value_parser = how_many::<u64>)]
    pub replicates: Option<u64>,
    /// The seed of what is drawn at random; 1 by default
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, value_parser = seed)]
    pub seed: Option<u64>,
    /// Under --df kenward-roger with --residual: observed information as SAS and mmrm take it (the default without
    /// random effects), or expected as in Kenward and Roger's paper (the default with them)
    #[arg(long, value_name = "KIND", value_parser = |name: &str| name.parse::<Information>())]
    pub information: Option<Information>,
    /// F tests of the terms as SAS numbers them: 1 for what a term adds to those in front of it, 2 for what it adds to
    /// those that do not contain it, 3 for a term over the mean of the levels of those that contain it, also where
    /// combinations have no rows
    #[arg(long, value_name = "TYPE", value_parser = anova_type)]
    pub anova: Option<AnovaType>,
    /// A contrast of coefficients with its name: by their names, "d = armactive + 0.5*visitV6:armactive", or a weight
    /// for each, "change=0,1,1"; may be repeated
    #[arg(long, value_name = "NAME=SUM", allow_hyphen_values = true, value_parser = name_and_text)]
    pub contrast: Vec<(String, String)>,
    /// Means for each level of a factor, or for each combination as in "arm:visit", over the other factors with
    /// equal weights; with the differences of the first one's levels; may be repeated
    #[arg(long, value_name = "FACTOR")]
    pub emmeans: Vec<String>,
    /// The slope over a covariate, or its slope for each level of a factor as in month:arm, with the differences of the
    /// first factor's levels; may be repeated. Of a curve, where the covariate is at its mean or at --at
    #[arg(long, value_name = "COVARIATE[:FACTOR]")]
    pub slopes: Vec<String>,
    /// Where a covariate or factor is held for --emmeans, --slopes and the slopes of --change-at, instead of its mean
    /// or all of its levels: month=12 or arm=placebo, or month=6,12 for each of them; may be repeated
    #[arg(long, value_name = "COLUMN=VALUES", allow_hyphen_values = true, value_parser = column_and_texts)]
    pub at: Vec<(String, Vec<String>)>,
    /// Which differences --emmeans, --slopes and --change-at give: all of the first factor's levels, or first for those
    /// with the first level; beyond 50 levels it is first
    #[arg(long, value_name = "WHICH", default_value = "all", value_parser = |name: &str| name.parse::<Pairs>())]
    pub pairs: Pairs,
    /// Adjust p and intervals for several differences, those within one combination of the other factors, and for the
    /// contrasts of --contrast: none, bonferroni, holm (which has no intervals), tukey for all pairs, dunnett for those
    /// with the first level (--pairs first), or mvt, the multivariate t distribution with the tests' correlations
    #[arg(long, value_name = "METHOD", default_value = "none", value_parser = |name: &str| name.parse::<Adjustment>())]
    pub adjust: Adjustment,
    /// The table that CSV holds, by its name (see below)
    #[arg(long, value_name = "NAME", conflicts_with_all = ["reconstructed", "each", "simulate"])]
    pub table: Option<String>,
    /// Compare with this model: AIC, BIC and log-likelihood of both, and the likelihood-ratio test where one lies
    /// within the other; may be repeated
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub compare: Vec<String>,
    /// Predict the rows of another table, on the scale of the link, and of counts and proportions on that of the
    /// response as well; a row is left open where it lacks a value, or the data do not determine it
    #[arg(long, value_name = "NEW.csv")]
    pub predict: Option<PathBuf>,
    /// Show the random effects of each level
    #[arg(long)]
    pub ranef: bool,
    /// Fitted values, residuals and leverage of each row
    #[arg(long)]
    pub residuals: bool,
    /// Simulate this many responses from the fitted model, in new groups, and write them instead of the fit: CSV
    /// with the columns of the table and `trial`
    #[arg(long, value_name = "N", value_parser = how_many::<u64>, conflicts_with_all = ["reconstructed", "each"])]
    pub simulate: Option<u64>,
    /// Fit again without each level of this group: coefficients, Cook's distance, standard deviations
    #[arg(long, value_name = "GROUP")]
    pub influence: Option<String>,
}

/// Without --replicates.
const REPLICATES: u64 = 1000;

impl FitArgs {
    pub fn replicates(&self) -> usize {
        usize::try_from(self.inference.replicates.unwrap_or(REPLICATES)).unwrap_or(usize::MAX)
    }
}

impl InferenceArgs {
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(1)
    }
}

fn column_and_level(text: &str) -> Result<(String, String), String> {
    let (column, level) = text.split_once('=').ok_or("COLUMN=LEVEL was expected, such as arm=placebo")?;
    Ok((column.trim().to_owned(), level.trim().to_owned()))
}

fn contrasts(name: &str) -> Result<Contrasts, String> {
    match name {
        "treatment" => Ok(Contrasts::Treatment),
        "sum" => Ok(Contrasts::Sum),
        "helmert" => Ok(Contrasts::Helmert),
        _ => Err("treatment, sum or helmert was expected".to_owned()),
    }
}

fn anova_type(name: &str) -> Result<AnovaType, String> {
    match name {
        "1" | "I" => Ok(AnovaType::I),
        "2" | "II" => Ok(AnovaType::II),
        "3" | "III" => Ok(AnovaType::III),
        _ => Err("1, 2 or 3 was expected".to_owned()),
    }
}

fn column_and_texts(text: &str) -> Result<(String, Vec<String>), String> {
    let expected = "a column and values were expected, such as \"month=12\", \"month=6,12\" or \"arm=placebo\"";
    let (name, values) = text.rsplit_once('=').ok_or(expected)?;
    let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
    if values.iter().any(String::is_empty) {
        return Err(expected.to_owned());
    }
    Ok((name.trim().to_owned(), values))
}

/// The number of a text; thirds have no decimal fraction: 1/3.
pub fn number_of(text: &str) -> Result<f64, String> {
    match text.contains('/') {
        true => Fraction::read(text)
            .map(|of| of.numerator() as f64 / of.denominator() as f64)
            .map_err(|refused| refused.to_string()),
        false => numeral(text.trim()).map(|numeral| numeral.value()),
    }
}

/// A name and what it stands for; names of coefficients may hold an equals sign, names of contrasts may not.
fn name_and_text(text: &str) -> Result<(String, String), String> {
    let expected = "a name and a sum of coefficients were expected, such as \"d = x + 0.5*y\", or a weight for each, such \
                    as \"change=0,1,1\"";
    let (name, rest) = text.split_once('=').ok_or(expected)?;
    Ok((name.trim().to_owned(), rest.trim().to_owned()))
}
