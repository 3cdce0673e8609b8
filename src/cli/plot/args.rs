//! What `reffect plot` takes.

use crate::chart::Theme;
use crate::cli::args::{between, number};
use crate::cli::chosen::ChosenArgs;
use crate::cli::meta::args::measure_code;
use crate::cli::table_args::{EscalcArgs, SubsetArgs, TableReading};
use crate::report::meta::Transformation;
use crate::report::plots::Arrangement;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect plot before-after data/nmo-tocilizumab-2014.toml -o nmo.svg
  reffect plot before-after data/nmo-tocilizumab-2014.toml -o nmo.png --lang ja --scale 2
  reffect plot sensitivity data/nmo-tocilizumab-2014.toml -o r.svg --data r.csv
  reffect plot proportion data/nmo-tocilizumab-2014.toml -o shares.svg
  reffect plot overview data -o overview.svg
  reffect plot between-arms data/trials -o arms.svg --data arms.csv
  reffect plot before-after data/nmo-tocilizumab-2014.toml --outcome edss,fatigue -o two.svg
  reffect plot reported data/trials -o effects.svg --data effects.csv
  reffect plot forest data/published/bcg.csv --measure RR --columns alloc -o forest.svg
  reffect plot forest data/published/bcg.csv --transf exp --subgroup alloc -o forest.pdf
  reffect plot forest data/published/bcg.csv --measure RR --sides \"less TB,more TB\" -o f.svg
  reffect plot funnel data/published/hackshaw1998.csv --transf exp --trimfill -o funnel.svg
  reffect plot regression data/published/bcg.csv --mods ablat -o bubble.svg --theme dark
  reffect plot labbe data/published/nielweise2007.csv --measure OR -o labbe.svg
  reffect plot cumulative data/published/bcg.csv --order year -o order.svg --journal lancet:2
  reffect plot rate data/nmo-tocilizumab-2014.toml -o rates.svg
  reffect effect --before \"2.9 ± 1.1\" --after \"0.4 ± 0.8\" -n 7 --json \\
    | reffect plot before-after - -o news.svg

What each kind takes (a result is a .json file, or - for standard input):
  before-after, overview, proportion
      releases, one or several; the first two also a result of
      `effect --before … --after … --json`
  estimation, sensitivity, rounding
      releases, of which one has means and SDs before and after, or the same result
  ensemble
      such releases, or a result of `reconstruct BEFORE AFTER … --json`
  between-arms
      releases, one or several, with two arms that report means with SDs, or a result of
      `effect --group1 … --group2 … --json`
  reported
      releases, one or several, that report effects themselves ([[estimate]])
  rate
      a release whose outcome has `exposure`, or a result of `effect --rate1 …`
  proportion
      also a result of `effect --proportion 5/7 --json`
  forest, funnel, radial, regression
      a table with columns as for `meta` (also by standard input), or a result of `meta --json`
      (regression: with --mods). A table takes the options above under “Meta-analyses of a
      table”; what else `meta` can do (--random, --scale, --mh, --peto, --glmm, --aggregate,
      --cluster, --tau2, --unweighted …) is drawn of its result:
      reffect meta … --json | reffect plot KIND - -o FILE
  baujat, qq, leave-one-out, cumulative, gosh
      a table, or a result of `meta` with --baujat, --influence, --leave-one-out,
      --cumulative COLUMN or --gosh; of a table, gosh draws every subset of two studies or more,
      or those among 8191 random ones (seed 1) where there are more
  labbe
      a table with the events of both groups, and --measure RR, OR or RD; no result, which
      does not hold these events
  profile
      a table for tau2, or a result of `meta --profile --json` or `fit --ci profile --json`
  trajectory
      a table with --response, --time and --subject, followed, if you like, by a result of
      `fit --predict TABLE --json`; --group COLUMN tells arms apart
  residuals
      a result of `fit --residuals --json`, or a table with --subject, which names the rows, and
      such a result; of a normal model also a table with --response and a result of
      `fit --predict TABLE --json`
  caterpillar
      a result of `fit --ranef --json`
  means
      a result of `fit --emmeans FACTOR:FACTOR --json`; --time names the factor along the axis,
      --group the one that tells lines apart

Marginal means:
  reffect fit \"change ~ arm * visit + (1 | patient)\" data/examples/visits.csv \\
    --emmeans arm:visit --json | reffect plot means - -o means.svg

Counts on the command line:
  reffect effect --rate1 20/7 --rate2 3/7 --json | reffect plot rate - -o r.svg

Studies are named by --slab; without it by author and year, by a column such as study or trial, and in multilevel models
by the columns of --random.")]
pub struct PlotArgs {
    /// Which chart
    #[arg(value_enum, hide_possible_values = true)]
    pub kind: ChartKind,
    /// Release files, folders of them, tables (.csv, .tsv), results (.json), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where to write: FILE.svg, FILE.png or FILE.pdf; the text of an SVG and of a PDF can be searched and copied
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Write the plotted numbers there, as CSV with full precision
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    #[command(flatten)]
    pub chosen: ChosenArgs,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(flatten)]
    pub pooled: PooledArgs,
    #[command(flatten)]
    pub fitted: FittedArgs,
    /// The correlations at which intervals are drawn, instead of the usual scenarios
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_parser = crate::cli::args::correlation)]
    pub r: Vec<f64>,
    /// Where an estimation chart shows the difference: gardner-altman (beside the means) or cumming (below)
    #[arg(long, value_name = "NAME", default_value = "gardner-altman", value_parser = arrangement)]
    pub arrangement: Arrangement,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "The picture")]
pub struct LookArgs {
    /// A font file (TTF, OTF) for characters that the built-in font lacks; without one they are drawn as 〓
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// The width in pixels; without it the chart chooses
    #[arg(long, value_name = "PIXELS", allow_hyphen_values = true, value_parser = pixels)]
    pub width: Option<f64>,
    /// The height in pixels; without it the height follows the content. In a low picture (800 × 600) texts and free
    /// space become smaller; what finds no place at all is refused with the height that it needs
    #[arg(long, value_name = "PIXELS", allow_hyphen_values = true, value_parser = pixels)]
    pub height: Option<f64>,
    /// How many dots of a PNG make a pixel
    #[arg(long, default_value = "1", value_name = "FACTOR", allow_hyphen_values = true, value_parser = scale)]
    pub scale: f64,
    /// Colours: default, print (black and white) or dark
    #[arg(long, default_value = "default", value_name = "NAME", value_parser = theme)]
    pub theme: NamedTheme,
    /// The width on paper: lancet:1 (75 mm), lancet:2 (154 mm), nature:1 (89 mm), nature:2 (183 mm), plos (190.5 mm),
    /// or such as 85mm; texts become 7 pt and larger, a PNG has 300 dots an inch
    #[arg(long, value_name = "PRESET", conflicts_with_all = ["width", "scale"], value_parser = journal)]
    pub journal: Option<Millimetres>,
    /// The headline
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub title: String,
    /// The source, written under the chart
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub source: String,
    /// The names of two groups
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub groups: Vec<String>,
    /// The unit of a rate, such as "relapses per person-year"
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub unit: String,
}

/// The columns and options of `reffect meta`, as far as charts need them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Meta-analyses of a table, as in `reffect meta`")]
pub struct PooledArgs {
    /// The column of effects
    #[arg(long, value_name = "COLUMN")]
    pub yi: Option<String>,
    /// The column of sampling variances
    #[arg(long, value_name = "COLUMN")]
    pub vi: Option<String>,
    /// The column of standard errors, instead of variances
    #[arg(long, value_name = "COLUMN", conflicts_with = "vi")]
    pub sei: Option<String>,
    /// The column with the names of the studies; without it author with year, or such as study or trial
    #[arg(long, value_name = "COLUMN")]
    pub slab: Option<String>,
    #[command(flatten)]
    pub rows: SubsetArgs,
    /// The measure that is made of each study's numbers
    #[arg(long, value_name = "CODE", value_parser = measure_code)]
    pub measure: Option<String>,
    #[command(flatten)]
    pub escalc: EscalcArgs,
    /// The column of weights
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// How tau2 is estimated
    #[arg(long, value_name = "CODE")]
    pub method: Option<String>,
    /// How coefficients are tested
    #[arg(long, value_name = "NAME")]
    pub test: Option<String>,
    /// Moderators, as the right-hand side of an R formula
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub mods: Option<String>,
    /// The moderator of a regression chart; without it the first
    #[arg(long, value_name = "NAME")]
    pub moderator: Option<String>,
    /// Groups of a forest plot
    #[arg(long, value_name = "COLUMN")]
    pub subgroup: Option<String>,
    /// The order of a cumulative analysis; of the studies of a forest plot a column of the table, yi (effects from the
    /// lowest on) or prec (the most precise first), and with - before it the other way round: -yi
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub order: Option<String>,
    /// Text columns of a forest plot, with other headings after =: "alloc=Allocation,year"
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Where the axis of a chart of rows (forest, cumulative, leave-one-out) begins and ends, in the numbers that it
    /// shows (ratios, per cent): 0.1,10; what goes on beyond ends in an arrow
    #[arg(long, value_name = "LOWER,UPPER", allow_hyphen_values = true, value_delimiter = ',', num_args = 1, value_parser = number)]
    pub xlim: Vec<f64>,
    /// Fill in the studies that trim and fill finds missing
    #[arg(long)]
    pub trimfill: bool,
    /// exp: effects are logarithms of ratios, as measures of ratios are anyway; ilogit, iprobit, iarcsin, ipft: logits
    /// and the like of proportions, shown in per cent; ztor, ztor2: Fisher's z, shown as correlations or R²; isqrt,
    /// iirft: roots of rates; iahw, iabt: transformed alphas (all but exp in forest, cumulative, leave-one-out)
    #[arg(long, value_name = "NAME", value_parser = |name: &str| name.parse::<Transformation>())]
    pub transf: Option<Transformation>,
    /// What the effect is called
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub effect: String,
    /// What the lower and the higher side of no effect mean: "favours vaccine,favours control"
    #[arg(long, value_name = "LOWER,HIGHER", value_delimiter = ',', num_args = 1)]
    pub sides: Vec<String>,
    /// How many decimals the numbers beside the rows have; without it as many as all of them need
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=8))]
    pub digits: Option<u8>,
    #[command(flatten)]
    pub table: TableReading,
}

/// The columns of a table behind a mixed model.
#[derive(Debug, Args)]
#[command(next_help_heading = "Mixed models")]
pub struct FittedArgs {
    /// The column of times; of marginal means the factor that is across, without it the second one
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// The column that says whose a row is
    #[arg(long, value_name = "COLUMN")]
    pub subject: Option<String>,
    /// The column of values; of a fitted model without it the response of the formula
    #[arg(long, value_name = "COLUMN")]
    pub response: Option<String>,
    /// The time at which something changes
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = number)]
    pub change_at: Option<f64>,
    /// The column of groups of a trajectory chart, such as arms; the factor that tells marginal means apart; the
    /// grouping factor of a caterpillar chart, without it the first
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// The effect of a caterpillar chart; without it the first
    #[arg(long, value_name = "NAME")]
    pub term: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartKind {
    /// Each outcome before and after, with the difference at several correlations
    BeforeAfter,
    /// Every outcome of several releases as a ratio of after to before
    Overview,
    /// The data sets that can be behind before and after
    Ensemble,
    /// Means with the density of their difference: Gardner–Altman and Cumming
    Estimation,
    /// Two arms against one another: Hedges' g of every outcome at every occasion that both report
    BetweenArms,
    /// Effects that the source reports itself: ratios and differences with their printed intervals
    Reported,
    /// Estimate and interval against the unreported correlation
    Sensitivity,
    /// How far rounding alone moves each result
    Rounding,
    /// Proportions: an icon a person, and intervals
    Proportion,
    /// Events per person-time, exact intervals, and their ratio
    Rate,
    /// Studies with their weights, and the pooled effect
    Forest,
    /// Effects against standard errors
    Funnel,
    /// Effects against a moderator
    Regression,
    /// Which studies make the heterogeneity
    Baujat,
    /// Standardised effects against precision (Galbraith)
    Radial,
    /// Risks of both groups against one another
    Labbe,
    /// Pooled effect and heterogeneity of all subsets of two studies or more, or of those among 8191 random ones (seed
    /// 1) where there are more
    Gosh,
    /// The pooled effect as studies come in
    Cumulative,
    /// The pooled effect without each study
    LeaveOneOut,
    /// Residuals against normal quantiles
    Qq,
    /// The likelihood of tau2
    Profile,
    /// A line for each person, and the model's mean
    Trajectory,
    /// Random effects with intervals
    Caterpillar,
    /// Residuals of a mixed model
    Residuals,
    /// Marginal means of a mixed model with intervals
    Means,
}

impl ChartKind {
    /// Its name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Whether it is drawn of releases.
    pub fn is_of_releases(self) -> bool {
        let of_values = matches!(
            self,
            Self::BeforeAfter | Self::Overview | Self::Ensemble | Self::Estimation | Self::Sensitivity | Self::Rounding
        );
        of_values || matches!(self, Self::BetweenArms | Self::Reported | Self::Proportion | Self::Rate)
    }
}

/// A theme by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTheme(pub Theme);

/// A width on paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Millimetres(pub f64);

fn theme(name: &str) -> Result<NamedTheme, String> {
    Theme::named(name).map(NamedTheme).ok_or_else(|| format!("one of {} was expected", Theme::NAMES.join(", ")))
}

/// Widths of one and of two columns, in millimetres. Nature: its formatting guide
/// (nature.com/nature/for-authors/formatting-guide). The Lancet: its artwork guidelines
/// (thelancet.com/submission-guidelines). PLOS: the widest figure that its figure check lets through,
/// 7.5 inches (pace.apexcovantage.com/Home/Guidelines).
const JOURNALS: [(&str, f64); 5] =
    [("lancet:1", 75.0), ("lancet:2", 154.0), ("nature:1", 89.0), ("nature:2", 183.0), ("plos", 190.5)];

fn journal(name: &str) -> Result<Millimetres, String> {
    let known = JOURNALS;
    let preset = known.iter().find(|(known, _)| *known == name).map(|(_, width)| *width);
    let own = || between(name.strip_suffix("mm")?.trim_end(), 69.9, 600.1);
    preset.or_else(own).map(Millimetres).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        format!("one of {}, or a width of 70 to 600 mm such as 85mm was expected", names.join(", "))
    })
}

fn arrangement(name: &str) -> Result<Arrangement, String> {
    match name {
        "gardner-altman" => Ok(Arrangement::GardnerAltman),
        "cumming" => Ok(Arrangement::Cumming),
        _ => Err("gardner-altman or cumming was expected".to_owned()),
    }
}

fn pixels(text: &str) -> Result<f64, String> {
    between(text, 0.0, 1e5).ok_or_else(|| "a number of pixels above 0 was expected, such as 640".to_owned())
}

fn scale(text: &str) -> Result<f64, String> {
    between(text, 0.0, 16.5).ok_or_else(|| "a factor above 0 and up to 16 was expected, such as 2".to_owned())
}
