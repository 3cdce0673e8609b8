//! What the program takes.

use super::convert::ConvertArgs;
use super::effect::args::{ChangeArgs, ControlArgs, CountArgs, EstimateArgs, GroupArgs};
use super::failure::Failure;
use super::given::Given;
use super::output::Capture;
use super::reconstruct::args::ReconstructArgs;
use super::table_args::{TableArgs, TableReading};
use crate::numeric::numeral::{Comparison, Numeral, NumeralError, fold, plain_number};
use crate::numeric::rounding::Rounding;
use crate::reported::LARGEST_COUNT;
use crate::reported::{Lang, MeanSpread, SpreadMeaning};
use clap::builder::PossibleValue;
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;

/// Statistics for trial numbers as they were reported.
///
/// A press release says "relapse rate 2.9 ± 1.1 → 0.4 ± 0.8, n = 7". reffect says how large that
/// effect is and how sure one can be, with what sampling, the rounding of the printed digits and the
/// unreported correlation each contribute. It assumes nothing that was not reported.
#[derive(Debug, Parser)]
#[command(name = "reffect", version, arg_required_else_help = true, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

const EXAMPLES: &str = "\
Examples:
  reffect report data -o plots                    everything that five releases allow, with charts
  reffect show data/nmo-tocilizumab-2014.toml     what one release says, and where
  reffect effect --before \"2.9 ± 1.1\" --after \"0.4 ± 0.8\" -n 7
  reffect plot before-after data/nmo-tocilizumab-2014.toml -o nmo.svg

`reffect help COMMAND` shows more.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what releases report: source, arms, outcomes, numbers, statements, and where each stands
    Show(ShowArgs),
    /// Compute effect sizes from releases, or from numbers on the command line
    Effect(Box<EffectArgs>),
    /// Convert what was reported to what an analysis needs: quartiles to mean and SD, intervals to variances
    Convert(ConvertArgs),
    /// Check that numbers fit: transcription, totals, GRIM, GRIMMER, existing data, claims; releases and tables
    Check(CheckArgs),
    /// Find every data set behind a printed mean and SD, and what they make of before and after
    Reconstruct(Box<ReconstructArgs>),
    /// Print the page of a check: what it does, why, an example, what to do
    Explain(ExplainArgs),
    /// Draft a release file from the text of its source: every number that looks like a result, with its place
    Transcribe(super::transcribe::TranscribeArgs),
    /// Pool the effects of several studies: meta-analysis and meta-regression
    Meta(Box<super::meta::args::MetaArgs>),
    /// Fit a mixed model of repeated measurements, in lme4's formula language
    Fit(Box<super::fit::args::FitArgs>),
    /// Simulate trials from numbers of patients, means, SDs, correlation and dropout
    Simulate(Box<super::simulate::args::SimulateArgs>),
    /// Draw a chart: of releases, meta-analyses, counts or mixed models
    Plot(Box<super::plot::args::PlotArgs>),
    /// Do everything: summary, charts and one page for the browser
    Report(ReportArgs),
    /// Print completions for a shell: bash, elvish, fish, powershell or zsh
    Completions(super::shell::CompletionsArgs),
    /// Print the manual page of the program or of a command
    Man(super::shell::ManArgs),
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Common {
    /// How results are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Short for --format json
    #[arg(long, global = true)]
    json: bool,
    /// The level of confidence intervals: 0.95, or 95 in per cent
    #[arg(long, global = true, default_value = "0.95", allow_hyphen_values = true, value_parser = level)]
    pub level: f64,
    /// How the printed numbers were rounded: up-or-down (a half may have gone either way), half-away,
    /// half-down (2.5 to 2 and −2.5 to −3), half-even, floor or ceil
    #[arg(long, global = true, default_value_t, value_parser = |name: &str| name.parse::<Rounding>())]
    pub rounding: Rounding,
    /// The language of charts, of the report's page and of the names in releases: en or ja
    #[arg(long, global = true, default_value_t, value_parser = |code: &str| code.parse::<Lang>())]
    pub lang: Lang,
    /// Print no text and no notes, only errors; json, csv, junit and github are printed
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Colours in error messages; NO_COLOR is honoured
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Where results go instead of standard output, when a command is run for an expectation
    #[arg(skip)]
    pub capture: Option<Capture>,
    /// The options that the call gives.
    #[arg(skip)]
    pub given: Given,
}

impl Common {
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }

    /// Whether standard output gets nothing: `--quiet` silences what is for people, and a document for programs is
    /// what its caller asked for.
    pub fn is_mute(&self) -> bool {
        self.quiet && matches!(self.format(), Format::Table | Format::Markdown)
    }

    /// Refuses `--json` beside another format.
    pub fn refuse_two_formats(&self) -> Result<(), Failure> {
        let format = self.format.to_possible_value();
        match format.as_ref().map(PossibleValue::get_name) {
            Some(name) if self.json && self.given.has("format") && self.format != Format::Json => Err(Failure::call(
                format!("--json is short for --format json, and --format {name} is another"),
                "leave one of them out",
            )),
            _ => Ok(()),
        }
    }

    pub fn with_format(&self, format: Format) -> Self {
        Self { format, json: false, ..self.clone() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal
    Table,
    /// One JSON document with full precision
    Json,
    /// One row a value, with full precision
    Csv,
    /// Markdown
    Markdown,
    /// JUnit XML (check)
    Junit,
    /// Annotations of GitHub Actions (check)
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// The same for the errors of the call.
    pub fn choice(self) -> ColorChoice {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect show data
  reffect show data/als-muse-2023.toml --lang ja
  reffect show data --format csv -o numbers.csv")]
pub struct ShowArgs {
    /// Release files, folders of them, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the releases as release files, in one fixed form
    #[arg(long)]
    pub toml: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect effect data                              every contrast, proportion and refusal
  reffect effect data --outcome edss               those of one outcome; --arm for one arm
  reffect effect --before \"5.1 ± 1.7\" --after \"4.1 ± 1.6\" -n 7
  reffect effect --before \"5.1 ± 1.7\" --after \"4.1 ± 1.6\" -n 7 --r 0.5,0.8 --json
  reffect effect --before \"5.1 ± 1.7\" --after \"4.1 ± 1.6\" -n 7 --p 0.03
  reffect effect --before 0.47 --after 0.25 -n 5   means without SDs: what they allow
  reffect effect --change \"−1.0 ± 1.5\" -n 7        a mean change with its own SD: no r is needed
  reffect effect --group1 \"0.4 ± 0.8\" --n1 7 --group2 \"2.1 ± 1.2\" --n2 8
  reffect effect --estimate \"0.21 (0.06–0.76)\" --kind hazard-ratio --estimate-p \"p = 0.017\"
  reffect effect --proportion 5/7
  reffect effect --rate1 3/7 --rate2 20/7          events over person-time
  reffect effect --table 5,2,1,6                   2×2: events and non-events of both groups
  reffect effect --table 88/257,56/255             the same as events/total of each group
  reffect effect --paired-table 0,0,5,2            pairs: yes/yes, yes/no, no/yes, no/no
  reffect effect --measure RR data/published/bcg.csv         a measure for each row of a table
  reffect effect --measure IRR data/examples/stroke.csv --map x1i=ev1,t1i=py1,x2i=ev2,t2i=py2
  reffect effect --measures                        every measure with its columns and formulas
                                                   (also: reffect help measures)

The correlation r between before and after is almost never reported, and most results hang on it. Without
--r, results that need none come first, then what would follow at several r; none of them is a default.
Given a t, p, SD, SE or CI of the change, r is recovered; if it comes out beyond ±1 the numbers contradict
each other, and the exit status is 1.

--control-before, --control-after and --control-n add a control group to --before and --after: d_ppc2.

Before/after: MC ROMC dpre gpre SMCR SMCRH dav gav SMCRP SMCRPH dav_lakens dz gz SMCC drm grm VRC CVRC, with
after − before in the numerator. Two groups: MD d g SMD SMDH SMD1 SMD1H ROM VR CVR, with group 1 − group 2; MD
has Welch's interval. Capitals are metafor's codes with its definitions; ratios are natural logarithms. Without -n
there are no intervals, and what needs no n is given: MC, ROMC without its correction, dpre, dav, dav_lakens, VRC, and
dz and drm at each --r. A row of a table without sizes has an effect and no variance in the same way (MD, MC, and with
--no-correct ROM or SMD1).

How an interval is made is its ci_method: z is estimate ± normal quantile × SE, t the same with Student's t,
nct the limits of the noncentrality of t (Steiger & Fouladi 1997), bonett normal with the SE of Bonett
(2008), eq. 10, printed that of the release itself, mover a difference's by the intervals of both arms (Zou &
Donner 2008), where no n is reported; none where no interval is defined.

Numbers needed to treat: of a 2×2 table, 1/(p1 − p2), for patients whose risk without treatment is that of group 2;
at another baseline risk it is another number. Of two means, 1/(P(X1 > X2) − P(X1 < X2)) from d (Kraemer & Kupfer
2006): how many pairs of patients for one more that does better in group 1, if both groups are normal with one SD; it
supposes no threshold and no baseline risk. Where the interval of the difference holds 0, that of the number runs
through infinity.")]
#[command(group = clap::ArgGroup::new("two").args(["group1", "estimate"]))]
pub struct EffectArgs {
    /// Release files, folders of them, or - for standard input; with --measure, one table (CSV)
    #[arg(value_name = "PATH", conflicts_with_all = ["before", "after", "proportion"])]
    pub paths: Vec<PathBuf>,
    /// Mean and spread before, as printed: "2.9 ± 1.1", "2.9 (SE 0.4)", "2.9 (95% CI 1.9 to 3.9)", or a mean alone
    #[arg(long, requires = "after", allow_hyphen_values = true, value_parser = printed::<MeanSpread>)]
    pub before: Option<MeanSpread>,
    /// Mean and spread after
    #[arg(long, requires = "before", allow_hyphen_values = true, value_parser = printed::<MeanSpread>)]
    pub after: Option<MeanSpread>,
    /// How many were measured twice
    #[arg(short, long, conflicts_with_all = ["paths", "group1"], allow_hyphen_values = true, value_parser = count)]
    pub n: Option<u64>,
    /// What stands behind ±: sd (unless given), population-sd, se or ci95 (half-width)
    #[arg(long, conflicts_with_all = ["paths", "proportion"], value_parser = plus_minus)]
    pub spread: Option<SpreadMeaning>,
    /// The p-value for which the needed correlation is given
    #[arg(long, default_value = "0.05", allow_hyphen_values = true, value_parser = alpha)]
    pub alpha: f64,
    /// A part and its whole: 5/7
    #[arg(long, value_name = "K/N", conflicts_with_all = ["before", "n"])]
    pub proportion: Option<String>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub correlation: CorrelationArgs,
    /// Where a given r was borrowed from, as results are to name it: "Smith 2019, table 2"
    #[arg(long, value_name = "TEXT", requires = "r", help_heading = "The correlation between before and after")]
    pub r_source: Option<String>,
    #[command(flatten)]
    pub control: ControlArgs,
    #[command(flatten)]
    pub change: ChangeArgs,
    #[command(flatten)]
    pub groups: GroupArgs,
    #[command(flatten)]
    pub estimate: EstimateArgs,
    #[command(flatten)]
    pub counts: CountArgs,
    #[command(flatten)]
    pub table: TableArgs,
    #[command(flatten)]
    pub chosen: super::chosen::ChosenArgs,
}

/// What is known of the correlation between before and after: one of these, or nothing.
#[derive(Debug, Args)]
#[command(next_help_heading = "The correlation between before and after")]
#[group(id = "correlation", multiple = false)]
pub struct CorrelationArgs {
    /// The correlation between before and after, one or several
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_parser = correlation)]
    pub r: Vec<f64>,
    /// Recover r from the statistic of the paired t-test
    #[arg(long, allow_hyphen_values = true, value_parser = numeral)]
    pub t: Option<Numeral>,
    /// Recover r from the two-sided p of the paired t-test
    #[arg(long, allow_hyphen_values = true, value_parser = printed::<Comparison>)]
    pub p: Option<Comparison>,
    /// Recover r from the SD of change
    #[arg(long, allow_hyphen_values = true, value_parser = not_negative)]
    pub sd_change: Option<Numeral>,
    /// Recover r from the SE of the mean change
    #[arg(long, allow_hyphen_values = true, value_parser = not_negative)]
    pub se: Option<Numeral>,
    /// Recover r from the confidence interval of the mean change, of the level of --level
    #[arg(long, value_name = "LOWER,UPPER", allow_hyphen_values = true, value_parser = ci)]
    pub ci: Option<(Numeral, Numeral)>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect check data
  reffect check data/examples/release.toml --sources data/examples   also each quote in its text
  reffect check data --verbose --json
  reffect check data --strict           exit status 1 also for what is not decidable
  reffect check data --format junit -o checks.xml
  reffect check data --update           what to rewrite for expectations to hold; or --accept
  reffect check data/examples/means.csv --verbose    means, SDs and percentages, a verdict a row
  reffect check data data/examples/means.csv         releases, and tables below them
  reffect check data/examples/baseline.csv --baseline   are two groups too alike at baseline?
  reffect check data/examples/results.txt --verbose     tests and effects of a text

Releases: quote-number, total, percentage, grim, grimmer, sd-limits, existence, median, plus-minus, slope, interval,
p-value, estimate, change, claim, to-do (a draft that is not finished), and with --sources quote-source and source-hash.
`reffect explain CODE` tells what each does. A check passes, fails, or is not decidable and says why. The exit status
is 1 if one fails; with --strict also if one is not decidable, which an unfinished draft is as well.

Expectations stand as [[expect]] in a release file, or in NAME.expect.toml: a result, its value as it was printed,
and the source of that (check: expectation). An inconsistency is accepted by [[ignore]] with check, subject and
reason; it stays visible. A file that cannot be read is told, the others are checked, and the exit status is 2.

Tables (.csv, .tsv; capitals in the names of columns do not matter, and S.D., p.value and other spellings are read where they
leave no doubt; a note names what is not read): columns x or mean, n, and where there are any sd, items, percent (true where x
is one; 12 (34.3%) in x is a count with its share), min, max, step (whole numbers without it; any where there is none), or
in their place scale (edss, nrs, alsfrs-r, percent, count, continuous) or values (0 1 1.5 2); median with n, which lies in
ci_lower to ci_upper where no mean is there; se, ci_lower and ci_upper; p with t and df, z, f with df1 and df2, chi2 and df, or r and df, and sided (one, two); p may be < .001, .000, n.s.,
0.42 (ns), 0.04* or 4.7e-78. Two groups: m1i, sd1i, n1i, m2i, sd2i, n2i (61.2 ± 9.8 in m1i will do) with t, df, p, se, ci_lower and
ci_upper of their difference, or counts ai, n1i, ci, n2i (20 (40%) in ai will do) with chi2 and p. Three groups and more: m1i, sd1i,
n1i … m9i, sd9i, n9i with f, df1, df2 and p, or counts x1i, n1i … x9i, n9i with chi2, df and p. Means and SDs of groups
are held against the scale where min, max, step, items, scale or values name it, and an estimate beside groups of means whose
measure is MD is held against them as well. Tests with their p may stand alone, without x and n, and so may an estimate with its measure
(hazard-ratio, mean-difference and others, as in releases), ci_lower and ci_upper or \"0.21 (0.06–0.76)\" in one, p, sided, se, t or
z (the estimate over its se), n1 and n2 (or n1i and n2i; n of a correlation or a change), and test where the p is that of another test than that of the interval (Mann-Whitney, log-rank). A row gets true, false or nothing for grim, grimmer, debit (where min is 0, max 1 and step 1),
exists, median, groups, spread, p_value and interval. The exit status is 1 where a row is inconsistent, whatever else there is, and
2 where none is and a row could not be read. --baseline adds {\"baseline\": {\"k\", \"z\", \"as_different\", \"as_alike\",
\"variables\"}} with p and p_interval each: the probability, by Stouffer's method, that chance makes groups as different, and as
alike. Of a folder without releases the tables are checked. Several tables are read one
after the other, and every verdict names its file; their JSON is {\"tables\": [{\"file\", \"rows\", \"total\",
\"inconsistent\", \"undecided\", \"notes\"}], \"total\", \"inconsistent\"}, which beside releases stands in their document. CSV holds tables or releases.

Texts (.txt, .md, or --text), English or Japanese: every t(18) = 2.31, p = .03; F(2, 45) = 3.2, p < .05; χ2(1, N = 90) = 3.9,
p = .048; r(58) = .28, p = .03; z = 2.1, p = .036 or ns; every effect whose words name its measure, with its interval or its SE,
as hazard ratio 0.21 (95% CI 0.06–0.76; p = 0.017) or difference −0.45; 95% CI …; every count with its percentage, as 8 of 60 (13.3%); each
with its line. A p of one side passes where the text says \"one-sided\" or \"one-tailed\". What stands in different sentences is
not held against each other: `reffect transcribe` drafts a release for that. JSON: {\"rows\": [{\"line\", \"text\",
\"p_value\", \"interval\", \"grim\", \"notes\"}], \"total\", \"inconsistent\", \"undecided\"}, of several {\"texts\": [ … ]}.")]
pub struct CheckArgs {
    /// Release files, tables (.csv, .tsv), folders of either, texts (.txt, .md), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder with the texts of the sources
    #[arg(long, value_name = "DIR")]
    pub sources: Option<PathBuf>,
    /// Only the checks of these codes; where none of them is made of such input, they are refused
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// All checks but those of these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// What the column sd of a table is: sample or population
    #[arg(long, value_name = "KIND", default_value = "sample", value_parser = sd_kind)]
    pub sd: SpreadMeaning,
    /// Read the paths as texts, of folders those in them, and check the tests, effects and percentages that they report;
    /// .txt and .md are read so without it
    #[arg(long)]
    pub text: bool,
    /// Combine the p of every row of the means of groups, as of a table of baseline values: do the groups differ more
    /// than chance makes them, or less (Carlisle 2017)?
    #[arg(long)]
    pub baseline: bool,
    #[command(flatten)]
    pub table: TableReading,
    /// Show also what holds
    #[arg(long)]
    pub verbose: bool,
    /// End with exit status 1 also where something is not decidable, or a draft is not finished; refuse columns that
    /// nothing reads and that may be meant for others
    #[arg(long)]
    pub strict: bool,
    /// Show what would have to be rewritten for the expectations to hold
    #[arg(long)]
    pub update: bool,
    /// The same, and write it
    #[arg(long)]
    pub accept: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect explain grim
  reffect explain            the codes of all checks")]
pub struct ExplainArgs {
    /// The code of a check; without one, all codes
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect report data -o plots                     then open plots/index.html
  reffect report data -o plots --quiet
  reffect report data -o plots --lang ja           the page begins in Japanese
  reffect report data -o plots --format markdown   also plots/index.md, with links to the charts
  reffect report data --format markdown            the report as Markdown, with no charts
  reffect report data -o plots --outcome edss      charts of this outcome only; texts cover all")]
pub struct ReportArgs {
    /// Release files, folders of them, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder for index.html and the charts; it is made if need be. Charts of these releases that an earlier run
    /// wrote and this one does not draw are removed
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// A font file (TTF, OTF) for characters that the built-in font lacks; without one they are drawn as 〓
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    #[command(flatten)]
    pub chosen: super::chosen::ChosenArgs,
}

/// A printed number or expression; its error says what to write.
pub fn printed<T: FromStr<Err = NumeralError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(told)
}

/// A number by itself: none that is said to be approximate or a bound.
pub fn exact(text: &str) -> Result<Numeral, String> {
    let numeral: Numeral = printed(text)?;
    numeral.exact().map_err(told)?;
    Ok(numeral)
}

/// The same where nothing is in per cent.
pub fn numeral(text: &str) -> Result<Numeral, String> {
    match exact(text)? {
        numeral if numeral.is_percent() => Err("a number without a sign of per cent was expected".to_owned()),
        numeral => Ok(numeral),
    }
}

fn told(error: NumeralError) -> String {
    match &error.hint {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    }
}

fn not_negative(text: &str) -> Result<Numeral, String> {
    match exact(text)? {
        numeral if numeral.decimal().signum() < 0 => Err("an SD or SE is never below 0".to_owned()),
        numeral => Ok(numeral),
    }
}

fn sd_kind(name: &str) -> Result<SpreadMeaning, String> {
    match name {
        "sample" => Ok(SpreadMeaning::Sd),
        "population" => Ok(SpreadMeaning::PopulationSd),
        _ => Err("sample or population was expected".to_owned()),
    }
}

pub fn how_many<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let count = count(text).ok().and_then(|count| T::try_from(count).ok());
    count.ok_or_else(|| "a whole number from 1 on was expected".to_owned())
}

/// Where random numbers begin.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "a whole number was expected, such as 1".to_owned())
}

pub fn count(text: &str) -> Result<u64, String> {
    let read = text.parse::<Numeral>().ok().filter(|read| read.exact().is_ok() && !read.is_percent());
    let count = read.and_then(|read| read.decimal().to_integer()).filter(|count| *count > 0);
    let count = count.ok_or_else(|| "a number of patients was expected, such as 7".to_owned())?;
    let within = Some(count).filter(|count| *count <= LARGEST_COUNT).and_then(|count| u64::try_from(count).ok());
    within.ok_or_else(|| format!("at most {LARGEST_COUNT} patients can be read"))
}

pub(super) fn level(text: &str) -> Result<f64, String> {
    // 95 is meant in per cent.
    let in_percent = || between(text, 1.0, 100.0).map(|percent| percent / 100.0);
    let expected = "a level between 0 and 1 was expected, such as 0.95, or one in per cent, such as 95";
    between(text, 0.0, 1.0).or_else(in_percent).ok_or_else(|| expected.to_owned())
}

pub fn alpha(text: &str) -> Result<f64, String> {
    between(text, 0.0, 1.0).ok_or_else(|| "a p-value between 0 and 1 was expected, such as 0.05".to_owned())
}

/// A plain number between two others, ends excluded.
pub(super) fn between(text: &str, lower: f64, upper: f64) -> Option<f64> {
    plain(text).filter(|value| *value > lower && *value < upper)
}

/// A plain number, in any width and with any minus sign.
pub(super) fn plain(text: &str) -> Option<f64> {
    plain_number(fold(text).trim())
}

/// A number, as the value of an option.
pub(super) fn number(text: &str) -> Result<f64, String> {
    plain(text).ok_or_else(|| "a number was expected, such as 0.5".to_owned())
}

pub(super) fn correlation(text: &str) -> Result<f64, String> {
    match plain(text) {
        Some(value) if (-1.0..=1.0).contains(&value) => Ok(value),
        Some(_) => Err("a correlation lies between −1 and 1".to_owned()),
        None => Err("a correlation was expected, such as 0.5".to_owned()),
    }
}

fn plus_minus(name: &str) -> Result<SpreadMeaning, String> {
    let known = SpreadMeaning::ALL.into_iter().filter(|(_, meaning)| meaning.fits_plus_minus());
    let known: Vec<_> = known.filter(|(_, meaning)| *meaning != SpreadMeaning::Unexplained).collect();
    known.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        format!("one of {} was expected", names.join(", "))
    })
}

fn ci(text: &str) -> Result<(Numeral, Numeral), String> {
    let expected = "two numbers with a comma between them were expected, such as \"-3.4,-1.6\"";
    let text = fold(text);
    let (lower, upper) = text.split_once(',').ok_or(expected)?;
    let (lower, upper) = (exact(lower)?, exact(upper)?);
    if lower.decimal() > upper.decimal() {
        return Err("the lower end stands first".to_owned());
    }
    Ok((lower, upper))
}
