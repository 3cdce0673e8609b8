//! What `reffect meta` takes.

use super::given::{OrNa, or_na};
use super::known::{KnownCorrelation, known_correlation};
use super::releases::unexplained;
use crate::cli::args::{correlation, how_many, number, seed};
use crate::cli::table_args::{EscalcArgs, SubsetArgs, TableReading};
use crate::diagnostic::Refused;
use crate::effect::measures::measure;
use crate::formula::{Formula, FormulaError};
use crate::meta::bias::{Alternative, FailSafeKind, RegressionModel, SelectionKind, Side, TrimFillEstimator};
use crate::meta::glmm::GlmmModel;
use crate::meta::mantel_haenszel::CountMeasure;
use crate::meta::multilevel::{SandwichKind, Structure};
use crate::meta::{Estimator, PredictionInterval, Tau2Interval, Test};
use crate::report::meta::Transformation;
use crate::report::r_call;
use crate::reported::SpreadMeaning;
use clap::Args;
use clap::builder::ArgPredicate;
use std::convert::Infallible;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect meta data/published/bcg.csv                           13 trials: log risk ratios, REML
  reffect meta data/published/bcg.csv --test adhoc --slab author --transf exp
  reffect meta data/published/bcg.csv --mods \"ablat + alloc\" --test knha --json
  reffect meta data/published/bcg.csv --method DL --tau2-ci QP --pi-type riley --format markdown
  reffect meta data/published/bcg.csv --mods ablat --predict --newmods \"ablat=13;ablat=55\"
  reffect meta data/published/bcg.csv --leave-one-out --influence --egger --trimfill --json
  reffect meta data/published/bcg.csv --subgroup alloc
  reffect meta data/published/bcg.csv --scale ablat
  reffect meta data/published/hackshaw1998.csv --selmodel stepfun --steps 0.05,0.5
  reffect meta data data/trials --outcome relapse-rate --measure ROMC --r 0.5 --no-test
  reffect meta data data/trials --outcome alsfrs-r-change --measure MD --unexplained se
  reffect meta data/published/hine1989.csv --mh --measure OR
  reffect meta data/published/nielweise2007.csv --glmm CM.EL --measure OR
  reffect meta data/published/bcg.csv --glmm UM.FS --measure OR --mods ablat --predict
  reffect meta data/published/konstantopoulos2011.csv --random \"1 | district/school\" --ranef
  reffect meta data/published/ishak2007.csv --random \"1 | study/time\" --sigma2 20,NA
  reffect meta data/published/berkey1998.csv --random \"1 | trial\" --v-cluster trial --v-rho 0.5
  reffect meta data/published/konstantopoulos2011.csv --random \"1 | district/school\" --influence
  reffect meta data/published/gleser2009.csv --measure OR --v-shared study
  reffect meta data/published/berkey1998.csv --random \"outcome | trial\" --mods \"0 + outcome\"

The columns are named as in R's metafor; --map ai=events,n1i=patients says which is which where
a table has other names. Capitals do not matter where only one column fits (Yi, N1i); formulas
take names exactly. By default effects are in yi and their sampling variances in vi (--sei names
a column of standard errors instead). Studies are named by --slab; without it by author and
year, or by a column slab, author (authors, authorName), study, Study or Subgroup, trial or
name, in any capitals, where that tells all of them apart. Ratios must be logarithms; --transf
exp shows them as ratios again. A text moderator is a factor with sorted levels; a numeric code
needs factor().

CSV holds one table: the coefficients, or what the only option around the fit asks for; --table
names another one: coefficients, model (one row: tau2, I2, Q, tests, likelihood and criteria),
studies (effects, variances, weights, moderators and what was left out), vcov, variances (those of
--random and their correlations, with intervals, and I² of each), mh (the tests of --mh), and every
option around the fit under its own name without the dashes, such as leave-one-out, influence,
trimfill or profile. What is numbered there (dfbetas_1, p_1) is in the order of the coefficients.")]
pub struct MetaArgs {
    /// A table: a CSV file, or - for standard input; or releases: files and folders, with --outcome
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub table: TableReading,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The table that --format csv holds, by its name (see below)
    #[arg(long = "table", value_name = "NAME")]
    pub csv_table: Option<String>,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub releases: ReleaseArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub levels: LevelArgs,
    #[command(flatten)]
    pub counts: CountArgs,
    #[command(flatten)]
    pub around: AroundArgs,
    #[command(flatten)]
    pub bias: BiasArgs,
}

impl LevelArgs {
    /// Whether effects share random effects or sampling errors.
    pub fn is_dependent(&self) -> bool {
        !self.random.is_empty() || self.v_cluster.is_some() || self.v_shared.is_some()
    }
}

impl MetaArgs {
    /// A call of R with the rows of --subset in which some columns are there.
    pub fn of_its_rows(&self, call: String, needed: &[String]) -> String {
        let subset = self.input.rows.in_r(&self.table.map);
        let all: Vec<String> = subset.into_iter().chain(r_call::complete_cases(needed)).collect();
        r_call::of_rows(call, (!all.is_empty()).then(|| all.join(" & ")).as_deref())
    }
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
    #[command(flatten)]
    pub rows: SubsetArgs,
    /// Combine the effects within each level of a column into one, before the model is fitted
    #[arg(long, value_name = "COLUMN", requires = "rho")]
    pub aggregate: Option<String>,
    /// The correlation of the sampling errors within it. Without --aggregate, of the random effects of "outcome |
    /// trial": given and not estimated, one for all, or a number or NA for each as for --tau2
    #[arg(long, value_name = "R", allow_hyphen_values = true, value_delimiter = ',', value_parser = or_na)]
    pub rho: Vec<OrNa>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Releases")]
pub struct ReleaseArgs {
    /// The outcome whose effects are pooled, or a reported effect, or for PR and PLO a number that is a part of a
    /// whole; where releases name it differently, all names with commas between
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub outcome: Vec<String>,
    /// The occasion that counts; without it the last one that is reported
    #[arg(long, value_name = "ID", requires = "outcome")]
    pub occasion: Option<String>,
    /// The correlation of before and after that is assumed for changes (MC, SMCC, SMCR, ROMC and others) of releases
    /// that report nothing of the change from which it follows
    #[arg(long, value_name = "R", requires = "outcome", allow_hyphen_values = true, value_parser = correlation)]
    pub r: Option<f64>,
    /// Prefer the effects that releases report themselves ([[estimate]]) to those computed from their values
    #[arg(long, requires = "outcome")]
    pub reported: bool,
    /// What to take an unexplained ± for: sd, se or ci95
    #[arg(long, value_name = "NAME", requires = "outcome", value_parser = unexplained)]
    pub unexplained: Option<SpreadMeaning>,
    /// Pool medians also where their quartiles or range are significantly skewed (Shi 2023), as
    /// `reffect convert --no-test` gives their mean and SD; without it they are refused
    #[arg(long, requires = "outcome")]
    pub no_test: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "The model")]
pub struct ModelArgs {
    /// How tau2 is estimated: FE, EE, DL, HE, HS, HSk, SJ, ML, REML, EB, PM, PMM, GENQ, GENQM, DLIT
    /// or SJIT
    #[arg(long, default_value = "REML", value_parser = |name: &str| name.parse::<Estimator>())]
    pub method: Estimator,
    /// How coefficients are tested: z, t, knha (also hk) or adhoc
    #[arg(long, default_value = "z", value_parser = |name: &str| name.parse::<Test>())]
    pub test: Test,
    /// Moderators, as the right-hand side of an R formula: "ablat + factor(alloc)"
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub mods: Option<String>,
    /// Moderators of tau2 on the log scale, as for --mods: a location-scale model
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true,
        conflicts_with_all = ["weights", "unweighted", "tau2"])]
    pub scale: Option<String>,
    /// The column of weights
    #[arg(long, value_name = "COLUMN", conflicts_with = "unweighted")]
    pub weights: Option<String>,
    /// Give all studies the same weight
    #[arg(long)]
    pub unweighted: bool,
    /// Use this tau2 instead of estimating it; of "outcome | trial" in --random, one for all, or for each level a
    /// number, or NA where it is estimated: 0.1,NA
    #[arg(long, value_name = "NUMBERS", allow_hyphen_values = true, value_delimiter = ',', value_parser = or_na)]
    pub tau2: Vec<OrNa>,
    /// How the interval of tau2 is made: QP (Q-profile), PL (profile likelihood) or GENQ (generalised Q)
    #[arg(long, value_name = "NAME", default_value = "QP", value_parser = |name: &str| name.parse::<Tau2Interval>())]
    pub tau2_ci: Tau2Interval,
    /// How the prediction interval is made: default, simple, t, riley or hts
    #[arg(long, value_name = "NAME", default_value = "default",
        value_parser = |name: &str| name.parse::<PredictionInterval>())]
    pub pi_type: PredictionInterval,
    /// Show effects transformed, in the text and in columns of their own in CSV: exp (logarithms of ratios), ilogit
    /// (logits), ztor (Fisher's z), ztor2 (ZR2), iprobit (PRZ), iarcsin (PAS), ipft (PFT, for the harmonic mean of ni),
    /// isqrt (IRS), iirft (IRFT, for that of ti), iahw (AHW), iabt (ABT)
    #[arg(long, value_name = "NAME", value_parser = |name: &str| name.parse::<Transformation>())]
    pub transf: Option<Transformation>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Effects that depend on each other")]
pub struct LevelArgs {
    /// Random effects: "1 | district/school" (nested), or "outcome | trial" with --struct; may be repeated
    #[arg(long, value_name = "FORMULA")]
    pub random: Vec<String>,
    /// The covariance of the effects of "outcome | trial": ID, DIAG, CS, HCS, UN, AR or HAR
    #[arg(long = "struct", value_name = "CODE", requires = "random",
        value_parser = |code: &str| code.parse::<Structure>())]
    pub structure: Option<Structure>,
    /// The known correlations of the effects of a term "1 | COLUMN" of --random, such as those of species by their
    /// phylogeny: a square table with the levels in its header, and if there is one more column, in the first; may be
    /// repeated. A second term "1 | COLUMN" has independent effects
    #[arg(long, value_name = "COLUMN=FILE", requires = "random", value_parser = known_correlation)]
    pub known_cor: Vec<KnownCorrelation>,
    /// Use these variances of the terms "1 | group" of --random instead of estimating them, in their order, and NA for
    /// those that are estimated: 0.1,NA
    #[arg(long, value_name = "NUMBERS", requires = "random", allow_hyphen_values = true, value_delimiter = ',', value_parser = or_na)]
    pub sigma2: Vec<OrNa>,
    /// As --tau2, for the second of two terms such as "outcome | trial"
    #[arg(long, value_name = "NUMBERS", requires = "random", allow_hyphen_values = true, value_delimiter = ',', value_parser = or_na)]
    pub gamma2: Vec<OrNa>,
    /// As --rho, for the second of two terms such as "outcome | trial"
    #[arg(long, value_name = "NUMBERS", requires = "random", allow_hyphen_values = true, value_delimiter = ',', value_parser = or_na)]
    pub phi: Vec<OrNa>,
    /// The columns of a block-diagonal covariance of sampling errors: v1i,v2i
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub v_block: Vec<String>,
    /// The column whose levels are the blocks of dependent sampling errors; without --random the effects are fixed
    #[arg(long, value_name = "COLUMN")]
    pub v_cluster: Option<String>,
    /// The correlation of the sampling errors of a block
    #[arg(long, value_name = "R", conflicts_with = "v_block", allow_hyphen_values = true, value_parser = correlation)]
    pub v_rho: Option<f64>,
    /// The correlation of sampling errors one unit of time apart; further apart it is a power of it
    #[arg(long, value_name = "PHI", requires = "v_time", conflicts_with_all = ["v_block", "v_rho"], allow_hyphen_values = true, value_parser = number)]
    pub v_phi: Option<f64>,
    /// The column of times for --v-phi
    #[arg(long, value_name = "COLUMN", requires = "v_phi")]
    pub v_time: Option<String>,
    /// The column of studies of which several rows were compared with the same group: with --measure, rows of one study
    /// with the same numbers in the second group (ci n2i, x2i t2i or m2i sd2i n2i) share it, and their effects have the
    /// covariance that follows from that group's part in the variances (Gleser & Olkin 2009); without --random the
    /// effects are fixed
    #[arg(long, value_name = "COLUMN", requires = "measure", conflicts_with = "aggregate")]
    pub v_shared: Option<String>,
    /// The columns with the names of the first and of the second group of each row, for --v-shared: rows of one study
    /// share the groups of one name on either side, such as A against B and B against C
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "v_shared")]
    pub v_groups: Vec<String>,
    /// Make standard errors robust to any dependence within the levels of a column
    #[arg(long, value_name = "COLUMN")]
    pub cluster: Option<String>,
    /// How: CR0, CR1 (times n/(n - p)) or CR2 (adjusted residuals, Satterthwaite's df)
    #[arg(long, value_name = "NAME", default_value = "CR2", requires = "cluster",
        value_parser = |name: &str| name.parse::<SandwichKind>())]
    pub vcov: SandwichKind,
    /// Predict the random effects of --random
    #[arg(long, requires = "random")]
    pub ranef: bool,
    /// Test against other random effects, one part within the other, by the likelihood ratio; may be repeated for a
    /// part of several terms
    #[arg(long, value_name = "FORMULA", requires = "random")]
    pub compare_random: Vec<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Counts, pooled without effects of single studies")]
pub struct CountArgs {
    /// Pool counts by Mantel & Haenszel: columns ai n1i ci n2i, ai bi ci di, or for rates x1i t1i x2i t2i; --no-correct
    /// leaves out the continuity correction of its test
    #[arg(long, requires = "measure", conflicts_with_all = ["peto", "mods", "weights", "unweighted", "tau2"])]
    pub mh: bool,
    /// What is added to each cell of studies with an empty one before pooling; 0 is usual
    #[arg(long, value_name = "NUMBER", default_value = "0", requires = "mh", conflicts_with = "peto", allow_hyphen_values = true,
        value_parser = number)]
    pub mh_add: f64,
    /// Pool log odds ratios by Peto's one-step method: its measure is OR, also where it is not named
    #[arg(long, conflicts_with_all = ["mods", "weights", "unweighted", "tau2"])]
    pub peto: bool,
    /// A model with a normal random effect and exact likelihoods, by maximum likelihood: UM.FS, UM.RS, CM.AL or
    /// CM.EL for OR (all but CM.AL for IRR); for PLO (xi, ni) and IRLN (xi, ti) there is one. --mods are moderators of
    /// the effect, --method FE or EE leaves its variance between studies out (tau2 is 0), --test z or t
    #[arg(long, value_name = "MODEL", requires = "measure", num_args = 0..=1, default_missing_value = "UM.FS",
        value_parser = |name: &str| name.parse::<GlmmModel>(),
        conflicts_with_all = ["mh", "peto", "weights", "unweighted", "tau2"])]
    pub glmm: Option<GlmmModel>,
    /// The points of the quadrature of UM.RS in each direction, 1 to 61 (21 without it); 1 is the Laplace approximation
    #[arg(long, value_name = "POINTS", requires = "glmm", allow_hyphen_values = true, value_parser = how_many::<usize>)]
    pub nagq: Option<usize>,
    /// The measure that is made of each study's numbers, with the columns of `reffect effect --measure`; what --mh
    /// pools: OR, RR, RD, IRR or IRD; what --glmm models: OR, IRR, PLO or IRLN
    #[arg(long, value_name = "CODE", conflicts_with = "sei", value_parser = measure_code)]
    pub measure: Option<String>,
    #[command(flatten)]
    pub escalc: EscalcArgs,
}

/// The code of a measure as it is usually written, also where it is typed in small letters or under another name; what
/// is none is refused where it is known what it is for.
pub fn measure_code(text: &str) -> Result<String, Infallible> {
    let known = measure(text).or_else(|_| measure(&text.to_ascii_uppercase()));
    Ok(known.map_or(text, |of| of.code).to_owned())
}

impl CountArgs {
    /// Whether counts are pooled, and not effects.
    pub fn any(&self) -> bool {
        self.mh || self.peto || self.glmm.is_some()
    }

    /// The measure under its code, where effects are computed from what stands in the rows.
    pub fn code(&self) -> Option<&str> {
        if self.peto { Some("OR") } else { self.measure.as_deref() }
    }

    /// The measure of `--mh`.
    pub fn count_measure(&self) -> Result<CountMeasure, Refused> {
        self.measure.as_deref().unwrap_or_default().parse()
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Around the fit")]
pub struct AroundArgs {
    /// Predict: the mean, or the fitted value of each study, or with --newmods those of new studies
    #[arg(long, default_value_if("newmods", ArgPredicate::IsPresent, "true"))]
    pub predict: bool,
    /// Predict for new studies with these moderators: "ablat=33,year=1970;ablat=50,year=1970"
    #[arg(long, value_name = "VALUES")]
    pub newmods: Option<String>,
    /// Fit without each study in turn
    #[arg(long)]
    pub leave_one_out: bool,
    /// Add one study at a time, in the order of a column
    #[arg(long, value_name = "COLUMN")]
    pub cumulative: Option<String>,
    /// What each study does to the fit
    #[arg(long)]
    pub influence: bool,
    /// Predict the true effect of each study (BLUP)
    #[arg(long)]
    pub blup: bool,
    /// Variance inflation factors of the moderators
    #[arg(long)]
    pub vif: bool,
    /// The points of a Baujat plot
    #[arg(long)]
    pub baujat: bool,
    /// Fit every subset of the studies
    #[arg(long)]
    pub gosh: bool,
    /// Fit at most this many subsets, chosen at random where there are more
    #[arg(long, value_name = "COUNT", default_value = "20000", requires = "gosh", allow_hyphen_values = true, value_parser = how_many::<usize>)]
    pub gosh_subsets: usize,
    /// Test against a model with other moderators, one within the other, by the likelihood ratio
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub compare: Option<String>,
    /// Test a combination of the coefficients: "NAME=0,1,-1", a number for each; may be repeated
    #[arg(long, value_name = "NAME=NUMBERS", allow_hyphen_values = true)]
    pub contrast: Vec<String>,
    /// Test some coefficients together: their numbers from 1 on ("2:3", "2,4"), or a part of their names ("alloc"),
    /// which takes all that have it, interactions included; may be repeated
    #[arg(long, value_name = "WHICH")]
    pub btt: Vec<String>,
    /// The column whose levels --leave-one-out takes out together, and --influence of a model with --random; there the
    /// outermost groups without it
    #[arg(long, value_name = "COLUMN")]
    pub delete_by: Option<String>,
    /// The profile likelihoods of tau2, or of the variances and correlations of --random: their values with the highest
    /// log-likelihood over all others, in --json and CSV; `reffect plot profile` draws those of a result
    #[arg(long)]
    pub profile: bool,
    /// A permutation test; all permutations where there are at most 20,000
    #[arg(long)]
    pub permutest: bool,
    /// How many random permutations are taken where there are too many
    #[arg(long, value_name = "COUNT", default_value = "1000", requires = "permutest", allow_hyphen_values = true, value_parser = how_many::<usize>)]
    pub permutations: usize,
    /// Where the random numbers begin
    #[arg(long, value_name = "NUMBER", default_value = "1", allow_hyphen_values = true, value_parser = seed)]
    pub seed: u64,
    /// Pool each level of a column, and test between them; with --mh and --peto by the inverse variances of the pooled
    /// effects
    #[arg(long, value_name = "COLUMN", conflicts_with = "mods")]
    pub subgroup: Option<String>,
    /// One tau2 for all subgroups: their effects, each with its test, are those of the model with the column as
    /// moderator; the test between them is by χ², and a note has the model's F test where --test is not z
    #[arg(long, requires = "subgroup")]
    pub common_tau2: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Small studies and publication")]
pub struct BiasArgs {
    /// Trim and fill
    #[arg(long)]
    pub trimfill: bool,
    /// How missing studies are counted: L0, R0 or Q0
    #[arg(long, value_name = "NAME", default_value = "L0", requires = "trimfill",
        value_parser = |name: &str| name.parse::<TrimFillEstimator>())]
    pub trimfill_estimator: TrimFillEstimator,
    /// On which side studies are missing; without it a regression decides
    #[arg(long, value_name = "SIDE", requires = "trimfill", value_parser = |name: &str| name.parse::<Side>())]
    pub trimfill_side: Option<Side>,
    /// Egger's regression test
    #[arg(long)]
    pub egger: bool,
    /// Its regression: rma (with tau2) or lm (the original)
    #[arg(long, value_name = "NAME", default_value = "rma", requires = "egger",
        value_parser = |name: &str| name.parse::<RegressionModel>())]
    pub egger_model: RegressionModel,
    /// Its predictor: sei, vi, ni, ninv, sqrtni or sqrtninv; numbers of patients stand in ni, or n1i and n2i
    #[arg(long, value_name = "NAME", default_value = "sei", requires = "egger",
        value_parser = ["sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"])]
    pub egger_predictor: String,
    /// Begg's rank correlation
    #[arg(long)]
    pub begg: bool,
    /// Harbord's test of counts: columns as for OR
    #[arg(long)]
    pub harbord: bool,
    /// Peters' test of counts: columns as for OR
    #[arg(long)]
    pub peters: bool,
    /// The fail-safe number of studies
    #[arg(long)]
    pub fsn: bool,
    /// Which: rosenthal, orwin, rosenberg or general (of the model)
    #[arg(long, value_name = "NAME", default_value = "rosenthal", requires = "fsn",
        value_parser = |name: &str| name.parse::<FailSafeKind>())]
    pub fsn_type: FailSafeKind,
    /// The effect that Orwin's and the general number aim at; without it half of the mean (Orwin), or p = 0.05
    #[arg(long, value_name = "NUMBER", requires = "fsn", allow_hyphen_values = true, value_parser = number)]
    pub fsn_target: Option<f64>,
    /// The test of excess significance
    #[arg(long)]
    pub tes: bool,
    /// The interval of Henmi and Copas
    #[arg(long)]
    pub hc: bool,
    /// A selection model, by maximum likelihood: stepfun, beta, halfnorm, negexp, logistic or power
    #[arg(long, value_name = "NAME", value_parser = |name: &str| name.parse::<SelectionKind>())]
    pub selmodel: Option<SelectionKind>,
    /// The ends of the intervals of p-values of stepfun; 0.025 without it
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', requires = "selmodel")]
    pub steps: Vec<f64>,
    /// Weights of the intervals of p-values of stepfun that are given and not estimated, from the first on:
    /// "1,0.5,0.25" or "NAME=1,0.5,0.25"; may be repeated, a row for each. vevea-woods stands for the four sets of
    /// Vevea & Woods (2005), with their steps
    #[arg(long, value_name = "WEIGHTS", requires = "selmodel")]
    pub delta: Vec<String>,
    /// Which effects have small p-values in it: greater, less or two-sided
    #[arg(long, value_name = "NAME", default_value = "greater", requires = "selmodel",
        value_parser = |name: &str| name.parse::<Alternative>())]
    pub selmodel_alternative: Alternative,
}

impl BiasArgs {
    /// The flags of what was asked for.
    pub fn asked(&self) -> Vec<&'static str> {
        let all = [
            ("--trimfill", self.trimfill),
            ("--egger", self.egger),
            ("--begg", self.begg),
            ("--harbord", self.harbord),
            ("--peters", self.peters),
            ("--fsn", self.fsn),
            ("--tes", self.tes),
            ("--hc", self.hc),
            ("--selmodel", self.selmodel.is_some()),
        ];
        all.into_iter().filter_map(|(name, is_asked)| is_asked.then_some(name)).collect()
    }
}

impl AroundArgs {
    /// The flags of what was asked for.
    pub fn asked(&self) -> Vec<&'static str> {
        let all = [
            ("--predict", self.predict),
            ("--leave-one-out", self.leave_one_out),
            ("--cumulative", self.cumulative.is_some()),
            ("--influence", self.influence),
            ("--blup", self.blup),
            ("--vif", self.vif),
            ("--baujat", self.baujat),
            ("--gosh", self.gosh),
            ("--compare", self.compare.is_some()),
            ("--contrast", !self.contrast.is_empty()),
            ("--btt", !self.btt.is_empty()),
            ("--profile", self.profile),
            ("--permutest", self.permutest),
            ("--subgroup", self.subgroup.is_some()),
        ];
        all.into_iter().filter_map(|(name, is_asked)| is_asked.then_some(name)).collect()
    }
}

impl ModelArgs {
    /// The formula of the moderators; the intercept alone where there is none.
    pub fn formula(&self) -> Result<Formula, FormulaError> {
        Formula::parse(self.mods.as_deref().unwrap_or("1"))
    }
}
