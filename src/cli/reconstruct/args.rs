//! What `reffect reconstruct` takes.

use crate::cli::args::{alpha, count, exact, how_many, printed, seed};
use crate::diagnostic::did_you_mean;
use crate::numeric::numeral::{Numeral, fold};
use crate::reconstruct::ensemble::STATISTICS;
use crate::reconstruct::target::READINGS;
use crate::reconstruct::{Constraint, Fraction};
use crate::report::sets::Layout;
use crate::reported::{MeanSd, Scale, SpreadMeaning};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect reconstruct \"0.4 ± 0.8\" -n 7 --min 0 --max 8
  reffect reconstruct \"4.1 ± 1.6\" -n 7 --scale edss --count
  reffect reconstruct \"6.1 ± 2.0\" -n 7 --scale nrs --where \"> 8 = 2\" --where \"median = 5\"
  reffect reconstruct \"3.67 ± 0.58\" -n 3 --items 3 --min 1 --max 7
  reffect reconstruct \"6.1 ± 2.0\" -n 50 --scale nrs --sample 5 --seed 1
  reffect reconstruct \"19.4 ± 19.9\" -n 45 --min 0 --max 60 --sample 5     too many to be counted
  reffect reconstruct \"3.0 ± 1.2\" -n 200 --min 1 --max 5 --layout counts -o sets.csv
  reffect reconstruct \"2.9 ± 1.1\" \"0.4 ± 0.8\" -n 7 --scale count            before and after
  reffect reconstruct \"6.1 ± 2.0\" \"4.0 ± 2.1\" --n1 20 --n2 22 --scale nrs   two groups
  reffect reconstruct \"0.9 ± 1.2\" -n 7 --scale nrs --sd unknown              what can the ± be?

A data set is how many people have each value; who is who is not told by mean and SD. With two cells of the same
people, all data sets of both are paired in every possible way, and the ranges are exact; where there are too many,
they are certified bounds, and it says so. Counts of joint tables are no probabilities.

Data sets that are too many to be counted are drawn all the same, each as likely as any other, by rejection. How many
there are is then an estimate with its interval (in JSON `count_estimate`, with the decimal logarithm of the number and
its standard error as a share), and frequencies and --statistic are those of draws.

If no data set prints as reported, the exit status is 1.")]
pub struct ReconstructArgs {
    /// Mean and spread as printed: "0.4 ± 0.8"
    #[arg(value_name = "CELL", allow_hyphen_values = true, value_parser = cell)]
    pub cell: MeanSd,
    /// A second cell: the same people after, or with --n1 and --n2 a second group
    #[arg(value_name = "AFTER", allow_hyphen_values = true, value_parser = cell)]
    pub after: Option<MeanSd>,
    /// How many people
    #[arg(short, long, allow_hyphen_values = true, value_parser = count, required_unless_present_any = ["n1", "n2"])]
    pub n: Option<u64>,
    /// How many people in the first of two groups
    #[arg(long, requires = "n2", conflicts_with = "n", allow_hyphen_values = true, value_parser = count)]
    pub n1: Option<u64>,
    /// How many people in the second
    #[arg(long, requires = "n1", conflicts_with = "n", allow_hyphen_values = true, value_parser = count)]
    pub n2: Option<u64>,
    #[command(flatten)]
    pub scale: ScaleArgs,
    /// Something else that is known: "0 = 5", "> 0 = 2", ">= 5 <= 3", "11/3 <= 1", "min = 1", "median >= 2", "max = 7";
    /// with two cells "before: 0 = 5" or "after: 0 = 5" (for groups 1: and 2:)
    #[arg(long = "where", value_name = "CONSTRAINT", allow_hyphen_values = true)]
    pub constraints: Vec<String>,
    /// What the ± is: sample (SD with n − 1), population (SD with n), se, ci95 (half-width, by t or, where no data print
    /// so, by 1.96) or unknown (each of them, as far as it can be)
    #[arg(long, default_value = "sample", value_parser = sd_kind)]
    pub sd: SdKind,
    /// Count without listing
    #[arg(long, conflicts_with_all = ["sample", "nth"])]
    pub count: bool,
    /// Draw this many data sets uniformly
    #[arg(long, value_name = "HOW MANY", value_parser = how_many::<u64>, conflicts_with = "nth")]
    pub sample: Option<u64>,
    /// The seed of the draw: the same seed draws the same data sets
    #[arg(long, value_name = "NUMBER", default_value = "1", allow_hyphen_values = true, value_parser = seed)]
    pub seed: u64,
    /// Only the data set of this rank, from 1 on
    #[arg(long, value_name = "RANK", value_parser = rank)]
    pub nth: Option<u128>,
    /// List at most this many
    #[arg(long, value_name = "HOW MANY", value_parser = how_many::<u64>)]
    pub limit: Option<u64>,
    /// A statistic over the data sets: mean, sd, min, q1, median, q3, max, iqr, mad or skewness; not in CSV
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = statistic)]
    pub statistic: Vec<usize>,
    /// The p-value below which before and after differ
    #[arg(long, default_value = "0.05", allow_hyphen_values = true, value_parser = alpha)]
    pub alpha: f64,
    /// How data sets stand in CSV: values (x1 … xn) or counts (how many people have each value)
    #[arg(long, default_value = "values", value_parser = layout)]
    pub layout: Layout,
    /// Write to a file instead of standard output; a name that ends in .csv means CSV
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Which values one person can have.
#[derive(Debug, Args)]
#[command(next_help_heading = "The values that one person can have")]
pub struct ScaleArgs {
    /// edss (0, 1, 1.5 … 10), nrs (0 to 10), alsfrs-r (0 to 48), count (0, 1, 2 …) or percent (whole ones, or --step)
    #[arg(long, value_parser = scale, conflicts_with_all = ["min", "max", "items", "values"])]
    pub scale: Option<Scale>,
    /// The smallest value
    #[arg(long, allow_hyphen_values = true, value_parser = exact)]
    pub min: Option<Numeral>,
    /// The largest value; without it there is none
    #[arg(long, allow_hyphen_values = true, value_parser = exact)]
    pub max: Option<Numeral>,
    /// The step between values; whole numbers without it
    #[arg(long, allow_hyphen_values = true, value_parser = exact)]
    pub step: Option<Numeral>,
    /// Each value is the mean of this many whole-number items from --min to --max
    #[arg(long, value_parser = how_many::<u64>, conflicts_with = "step")]
    pub items: Option<u64>,
    /// These values and no others: 0,1,1.5 or 1,4/3,5/3,2
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_parser = Fraction::read, conflicts_with_all = ["min", "max", "step", "items"])]
    pub values: Vec<Fraction>,
}

/// What the ± is said to be on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SdKind {
    Known(SpreadMeaning),
    Unknown,
}

/// A cell. What begins like an option is one that is not known: cells may begin with a minus sign, so that the reader
/// of the call takes it for a cell.
fn cell(text: &str) -> Result<MeanSd, String> {
    let is_option = text.strip_prefix("--").is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    if is_option {
        let command = ReconstructArgs::augment_args(clap::Command::new("reconstruct"));
        let known: Vec<String> =
            command.get_arguments().filter_map(|of| Some(format!("--{}", of.get_long()?))).collect();
        let meant = did_you_mean(text, known.iter().map(String::as_str));
        return Err(format!("there is no option `{text}`; {}", meant.unwrap_or_else(|| "see --help".to_owned())));
    }
    if text.ends_with(".toml") {
        return Err("a mean with its spread was expected, and this is a file; `reffect plot ensemble FILE` and `reffect report \
                    FILE` show the data behind the cells of a release"
            .to_owned());
    }
    // Elsewhere the option that says what a ± is has another name.
    printed::<MeanSd>(text).map_err(|told| told.replace("--spread ", "--sd "))
}

fn sd_kind(name: &str) -> Result<SdKind, String> {
    match READINGS.iter().find(|(known, _)| *known == name) {
        Some((_, meaning)) => Ok(SdKind::Known(*meaning)),
        None if name == "unknown" => Ok(SdKind::Unknown),
        None => Err("one of sample, population, se, ci95, unknown was expected".to_owned()),
    }
}

fn scale(name: &str) -> Result<Scale, String> {
    Scale::NAMED.iter().find(|(known, _)| *known == name).map(|(_, scale)| scale.clone()).ok_or_else(|| {
        "one of edss, nrs, alsfrs-r, count, percent was expected; other scales are given by --min, --max and --step"
            .to_owned()
    })
}

fn layout(name: &str) -> Result<Layout, String> {
    match name {
        "values" => Ok(Layout::Values),
        "counts" => Ok(Layout::Counts),
        _ => Err("values or counts was expected".to_owned()),
    }
}

fn statistic(name: &str) -> Result<usize, String> {
    STATISTICS.iter().position(|(known, _)| *known == name).ok_or_else(|| {
        let names: Vec<&str> = STATISTICS.iter().map(|(name, _)| *name).collect();
        format!("one of {} was expected", names.join(", "))
    })
}

fn rank(text: &str) -> Result<u128, String> {
    text.parse().ok().filter(|rank| *rank > 0).ok_or_else(|| "a whole number from 1 on was expected".to_owned())
}

/// A constraint and the cell that it is about: 0, 1, or both where it names none.
pub fn constraint(text: &str) -> Result<(Option<usize>, Constraint), String> {
    let text = &fold(text);
    let named = [("before:", 0), ("after:", 1), ("1:", 0), ("2:", 1)];
    let found = named.iter().find_map(|(prefix, cell)| Some((text.trim().strip_prefix(prefix)?, *cell)));
    let (body, cell) = found.map_or((text.as_str(), None), |(body, cell)| (body, Some(cell)));
    body.parse()
        .map(|constraint| (cell, constraint))
        .map_err(|error: crate::reconstruct::Unreconstructable| error.to_string())
}
