//! `reffect convert`: what an analysis needs from what was reported instead.

use super::args::{Common, level};
use super::failure::Failure;
use super::output::{is_silent, row_format, stream};
use super::row_stream::{Frame, RowOutcome, Tally, Work, write_rows};
use super::table_args::{KeptColumns, TableReading};
use super::usual_names::EffectColumns;
use crate::diagnostic::{Diagnostic, Diagnostics, Refused};
use crate::read::{Column, Row, Table};
use crate::recover::{
    Association, FiveNumbers, OfMean, QuantileMethod, Rescaling, SdOfMean, Wald, combined, sd_of_difference,
    sd_of_mean, table_from_margins, variance_from_interval, variance_from_p, variance_from_z,
};
use crate::report::convert::{Conversion, Converted};
use crate::report::measures::RowFormat;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect convert data/quartiles.csv --to mean-sd
  reffect convert data/quartiles.csv --to mean-sd --method qe --json
  reffect convert data/odds-ratios.csv --to yi-vi --transf log
  reffect convert data/quartiles.csv --to mean-sd --as m1i,sd1i --format csv
  reffect convert data/examples/differences.csv --to group-sds

Columns, in any capitals. mean-sd: n with min q1 median q3 max (all, the range or the quartiles; --method as in metafor's conv.fivenum),
or n with mean and one of sd, se, ci.lb and ci.ub, t, p, f. group-sds: n1i and n2i with m1i and m2i, or their difference md,
and one of se, ci.lb and ci.ub, t, p, f of the difference. yi-vi: out (or yi) with vi, sei (or se), ci.lb and ci.ub, zval (or z) or
pval (or p). 2x2: ni, n1i and n2i, the totals of the first row and the first column, with ori, ri or x2i, the odds ratio, phi
or χ² with the sign of phi. combined: n1i, m1i, sd1i, n2i, m2i and sd2i. Where a row has several, the first of these that is there is used, and what --map names
before the rest.")]
pub struct ConvertArgs {
    /// A CSV file, or - for standard input
    #[arg(value_name = "FILE")]
    pub path: PathBuf,
    /// What is wanted
    #[arg(long, value_enum)]
    pub to: Target,
    /// How means and SDs come from quantiles
    #[arg(long, value_enum, default_value_t = Method::Default)]
    pub method: Method,
    /// Give mean and SD also where the quantiles are significantly skewed
    #[arg(long)]
    pub no_test: bool,
    /// Another scale for estimates, with their intervals, or their variances by the delta method: log and exp (ratios), logit
    /// and ilogit, arcsin and iarcsin (proportions), sqrt and isqrt (rates), rtoz and ztor (correlations), dtolnor and
    /// lnortod (d and log odds ratios, by π/√3), dtorpb and rpbtod (d and correlations, with n1i and n2i where they are
    /// known)
    #[arg(long, value_name = "NAME", value_parser = rescaling)]
    pub transf: Option<Rescaling>,
    /// What the results are called, as m1i,sd1i for the first of two groups: in CSV a second call adds the other
    /// group's
    #[arg(long = "as", value_name = "NAMES", value_delimiter = ',')]
    pub names: Vec<String>,
    /// χ² was computed without Yates' correction for continuity
    #[arg(long)]
    pub no_yates: bool,
    /// The level of the confidence intervals in the file; without it --level
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub ci_level: Option<f64>,
    #[command(flatten)]
    pub table: TableReading,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// Mean and standard deviation
    MeanSd,
    /// The SD that two groups have in common, from what stands beside the difference of their means: once for each
    /// group, as the effects of two groups read it
    GroupSds,
    /// An estimate and its sampling variance
    YiVi,
    /// The cells of a 2×2 table
    #[value(name = "2x2")]
    TwoByTwo,
    /// Size, mean and SD of two groups together, such as two arms that are compared with one control
    Combined,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// luo/wan/shi
    #[default]
    Default,
    /// Luo et al. (2018), Wan et al. (2014) and Shi et al. (2020), for normal data; skewed rows are refused
    #[value(name = "luo/wan/shi", alias = "luo-wan-shi")]
    LuoWanShi,
    /// Quantile estimation, McGrath et al. (2020): the best of five distributions
    Qe,
    /// Box–Cox, McGrath et al. (2020): a power of the data is normal
    Bc,
    /// The method for unknown non-normal distributions, Cai et al. (2021)
    Mln,
}

impl From<Method> for QuantileMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::Default | Method::LuoWanShi => Self::LuoWanShi,
            Method::Qe => Self::Qe,
            Method::Bc => Self::Bc,
            Method::Mln => Self::Mln,
        }
    }
}

fn rescaling(name: &str) -> Result<Rescaling, String> {
    name.parse().map_err(|refused: Refused| refused.to_string())
}

pub fn run(args: &ConvertArgs, common: &Common) -> Result<(), Failure> {
    refuse_what_does_not_apply(args)?;
    let format = row_format(common)?;
    let input = |diagnostic: Diagnostic| Failure::Input(Diagnostics(vec![diagnostic]));
    let table = args.table.open(&args.path).map_err(input)?;
    let columns = Columns::of(&table, args).map_err(input)?;
    refuse_without_columns(args, &columns)?;
    let conversion = conversion(args)?;
    let results: Vec<&str> = conversion.names.iter().chain(&conversion.about).map(String::as_str).collect();
    let kept = match format {
        RowFormat::Csv => KeptColumns::of(&table, &results),
        _ => KeptColumns::default(),
    };
    let frame = Frame {
        head: [kept.header(), conversion.head(format).into_bytes()].concat(),
        separator: format.separator(),
        is_numbered: format.is_numbered(),
    };
    let ci_level = args.ci_level.unwrap_or(common.level);
    let work = |(): &mut (), row: &Row<'_>, number: u64, out: &mut Vec<u8>| {
        let read = columns.read(row);
        let is_readable = read.is_ok();
        let converted = read.map_err(|diagnostic| diagnostic.to_string()).and_then(|found| {
            let mut converted = match args.to {
                Target::MeanSd => mean_sd(&found, args, ci_level),
                Target::GroupSds => group_sds(&found, ci_level),
                Target::YiVi => yi_vi(&found, args, ci_level),
                Target::TwoByTwo => two_by_two(&found, args),
                Target::Combined => of_both(&found),
            }?;
            converted.notes.extend(found.note_of_passed_over());
            Ok(converted)
        });
        let failed = |reason| Converted { notes: vec![reason], ..Converted::default() };
        let converted = converted.unwrap_or_else(failed);
        kept.write(row, out);
        conversion.row(format, out, &converted, number);
        if is_readable { RowOutcome::of(converted.has_value()) } else { RowOutcome::Unreadable }
    };
    let tally = stream(args.output.as_deref(), common, |mut out| {
        let tail = |tally: Tally, stopped: Option<&Failure>| {
            format.tail(tally.rows, tally.without, stopped.map(Failure::on_rows).as_slice())
        };
        write_rows(
            table,
            &mut *out,
            Work { frame, state: (), row: work, tail },
            is_silent(args.output.as_deref(), common),
        )
    })?;
    tally.all_readable()
}

/// What the values are called.
fn conversion(args: &ConvertArgs) -> Result<Conversion, Failure> {
    let (names, whole): (&[&str], bool) = match args.to {
        Target::MeanSd => (&["mean", "sd"], false),
        Target::GroupSds => (&["sd1i", "sd2i"], false),
        Target::YiVi => (&["yi", "vi"], false),
        Target::TwoByTwo => (&["ai", "bi", "ci", "di"], true),
        Target::Combined => (&["n", "mean", "sd"], false),
    };
    if args.names.is_empty() {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        return Ok(Conversion { names, about: ["method", "notes"].map(str::to_owned), whole });
    }
    let own = &args.names;
    let is_twice = |at: usize| own[..at].contains(&own[at]);
    if own.len() != names.len() || own.iter().any(String::is_empty) || (0..own.len()).any(is_twice) {
        let message = format!("--as {} names no columns for {}", own.join(","), names.join(", "));
        return Err(Failure::call(message, format!("give {} different names with commas between them", names.len())));
    }
    let about = ["method", "notes"].map(|name| format!("{}_{name}", own[0]));
    Ok(Conversion { names: own.clone(), about, whole })
}

/// Refuses what has no effect on any row of a table with these columns.
fn refuse_without_columns(args: &ConvertArgs, columns: &Columns) -> Result<(), Failure> {
    if args.ci_level.is_some() && !(columns.has("ci.lb") && columns.has("ci.ub")) {
        let message = "--ci-level has no effect on a table without the columns ci.lb and ci.ub";
        return Err(Failure::call(message, "leave it out, or name the columns with --map"));
    }
    if args.no_yates && !columns.has("x2i") {
        let message = "--no-yates has no effect on a table without the column x2i";
        return Err(Failure::call(message, "leave it out, or name the column with --map"));
    }
    let has_quantiles = (columns.has("q1") && columns.has("q3")) || (columns.has("min") && columns.has("max"));
    let of_quantiles = [("--method", args.method != Method::default()), ("--no-test", args.no_test)];
    match of_quantiles.into_iter().find(|(_, is_given)| *is_given && !has_quantiles) {
        Some((name, _)) => {
            let message = format!("{name} has no effect on a table without the columns q1 and q3, or min and max");
            Err(Failure::call(message, "leave it out, or name the columns with --map"))
        }
        None => Ok(()),
    }
}

fn refuse_what_does_not_apply(args: &ConvertArgs) -> Result<(), Failure> {
    if args.no_test && matches!(args.method, Method::Bc | Method::Mln) {
        return Err(Failure::call("--no-test has no effect on a method that allows for skewed data", "leave it out"));
    }
    if args.ci_level.is_some() && matches!(args.to, Target::TwoByTwo | Target::Combined) {
        return Err(Failure::call("--ci-level does not apply here", "leave it out"));
    }
    for (given, target, name) in [
        (args.no_test, Target::MeanSd, "--no-test"),
        (args.method != Method::default(), Target::MeanSd, "--method"),
        (args.transf.is_some(), Target::YiVi, "--transf"),
        (args.no_yates, Target::TwoByTwo, "--no-yates"),
    ] {
        if given && args.to != target {
            return Err(Failure::call(format!("{name} does not apply here"), "leave it out"));
        }
    }
    Ok(())
}

/// Names of columns, some with a second name.
const NAMES: [(&str, &str); 30] = [
    ("min", ""),
    ("q1", ""),
    ("median", ""),
    ("q3", ""),
    ("max", ""),
    ("n", ""),
    ("mean", ""),
    ("sd", ""),
    ("se", ""),
    ("ci.lb", "ci_lower"),
    ("ci.ub", "ci_upper"),
    ("t", ""),
    ("p", ""),
    ("f", ""),
    ("md", ""),
    ("out", "yi"),
    ("vi", ""),
    ("sei", "se"),
    ("zval", "z"),
    ("pval", "p"),
    ("ni", ""),
    ("n1i", ""),
    ("n2i", ""),
    ("ori", ""),
    ("ri", ""),
    ("x2i", ""),
    ("m1i", ""),
    ("sd1i", ""),
    ("m2i", ""),
    ("sd2i", ""),
];

/// Every name that a column may have.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().flat_map(|(name, other)| [name, other]).filter(|name| !name.is_empty())
}

/// Ways to the same answer, the ones of a line excluding each other. What `--map` names of a line comes before what
/// merely has a known name: in a table of two arms, that may be the other arm's.
const RIVALS: [&[&[&str]]; 5] = [
    &[&["min", "q1", "median", "q3", "max"], &["mean", "sd", "se", "ci.lb", "ci.ub", "t", "p", "f"]],
    &[&["sd"], &["se"], &["ci.lb", "ci.ub"], &["t"], &["p"], &["f"]],
    &[&["md"], &["m1i", "m2i"]],
    &[&["vi"], &["sei"], &["ci.lb", "ci.ub"], &["zval"], &["pval"]],
    &[&["ori"], &["ri"], &["x2i"]],
];

/// Which columns of a file are known.
struct Columns {
    known: Vec<(&'static str, Column)>,
    /// Names that `--map` gave to columns.
    mapped: Vec<&'static str>,
}

/// The numbers of one row under the names of their columns.
struct Found {
    numbers: Vec<(&'static str, f64)>,
    /// What gave way to columns that were named.
    passed_over: Vec<&'static str>,
}

impl Columns {
    fn of(table: &Table, args: &ConvertArgs) -> Result<Self, Diagnostic> {
        let place = |(name, other): (&'static str, &str)| {
            Some((name, table.column(name).or_else(|| table.column(other).filter(|_| !other.is_empty()))?))
        };
        let is_mapped = |(name, other): &(&'static str, &'static str)| {
            let is_named = |called: &str| [name, other].iter().any(|known| called.eq_ignore_ascii_case(known));
            args.table.map.iter().any(|(called, _)| is_named(called))
        };
        let mapped = NAMES.into_iter().filter(is_mapped).map(|(name, _)| name).collect();
        let columns = Self { known: NAMES.into_iter().filter_map(place).collect(), mapped };
        let lacks = |names: &[&'static str]| -> Vec<&'static str> {
            names.iter().copied().filter(|name| !columns.has(name)).collect()
        };
        let sets: &[&[&'static str]] = match args.to {
            Target::MeanSd => &[
                &["q1", "q3", "n"],
                &["min", "max", "n"],
                &["mean", "sd"],
                &["mean", "se", "n"],
                &["mean", "ci.lb", "ci.ub", "n"],
                &["mean", "t", "n"],
                &["mean", "p", "n"],
                &["mean", "f", "n"],
            ],
            Target::GroupSds => &[
                &["n1i", "n2i", "se"],
                &["n1i", "n2i", "ci.lb", "ci.ub"],
                &["m1i", "m2i", "n1i", "n2i", "t"],
                &["m1i", "m2i", "n1i", "n2i", "p"],
                &["m1i", "m2i", "n1i", "n2i", "f"],
                &["md", "n1i", "n2i", "t"],
                &["md", "n1i", "n2i", "p"],
                &["md", "n1i", "n2i", "f"],
            ],
            Target::YiVi => {
                &[&["out", "ci.lb", "ci.ub"], &["out", "zval"], &["out", "pval"], &["out", "vi"], &["out", "sei"]]
            }
            Target::TwoByTwo => {
                &[&["ni", "n1i", "n2i", "ori"], &["ni", "n1i", "n2i", "ri"], &["ni", "n1i", "n2i", "x2i"]]
            }
            Target::Combined => &[&["n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"]],
        };
        let missing = sets.iter().map(|set| lacks(set)).min_by_key(Vec::len).unwrap_or_default();
        if missing.is_empty() {
            return Ok(columns);
        }
        // What lacks least is named, and what would serve instead.
        if let (Target::YiVi, Some(columns)) = (args.to, EffectColumns::of(table)) {
            let Diagnostic { message, place, .. } = table.missing(&lacks(&["out", "ci.lb", "ci.ub"]));
            let hint = Some(format!("it looks like effects with their intervals: {}", columns.to_yi_vi()));
            return Err(Diagnostic { message, place, hint });
        }
        let Diagnostic { message, place, hint } = table.missing(&missing);
        let all = sets.iter().map(|set| set.join(" ")).collect::<Vec<_>>().join("; ");
        let hint = Some(format!("{}; any of these sets will do: {all}", hint.unwrap_or_default()));
        Err(Diagnostic { message, place, hint })
    }

    fn has(&self, name: &str) -> bool {
        self.known.iter().any(|(known, _)| *known == name)
    }

    fn read(&self, row: &Row<'_>) -> Result<Found, Diagnostic> {
        row.whole()?;
        let mut numbers = Vec::with_capacity(self.known.len());
        for (name, column) in &self.known {
            numbers.extend(row.number(*column)?.map(|value| (*name, value)));
        }
        let mut found = Found { numbers, passed_over: Vec::new() };
        for ways in RIVALS.iter().filter(|_| !self.mapped.is_empty()) {
            found.pass_over(ways, &self.mapped);
        }
        Ok(found)
    }
}

impl Found {
    /// Drops the ways of which nothing was named by `--map`, where another one was named and this row has it.
    fn pass_over(&mut self, ways: &[&[&str]], mapped: &[&str]) {
        let is_named = |way: &&&[&str]| way.iter().any(|name| mapped.contains(name));
        let has_named = ways
            .iter()
            .filter(is_named)
            .any(|way| way.iter().any(|name| mapped.contains(name) && self.get(name).is_some()));
        if has_named {
            let unnamed: Vec<&str> = ways.iter().filter(|way| !is_named(way)).copied().flatten().copied().collect();
            let gone = self.numbers.extract_if(.., |(name, _)| unnamed.contains(name)).map(|(name, _)| name);
            self.passed_over.extend(gone);
        }
    }

    fn note_of_passed_over(&self) -> Option<String> {
        let names = self.passed_over.join(", ");
        (!names.is_empty()).then(|| format!("by the columns that --map names; {names} were passed over"))
    }

    fn get(&self, name: &str) -> Option<f64> {
        self.numbers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The first that is there of what tells the standard error of a mean or a difference.
    fn beside(&self, level: f64) -> Option<OfMean> {
        let of = |name: &str| self.get(name);
        let interval = of("ci.lb").zip(of("ci.ub")).map(|(lower, upper)| OfMean::Interval { lower, upper, level });
        let of_test = || of("t").map(OfMean::T).or(of("p").map(OfMean::P)).or(of("f").map(OfMean::F));
        of("se").map(OfMean::Se).or(interval).or_else(of_test)
    }

    fn need(&self, name: &str) -> Result<f64, String> {
        self.get(name).ok_or_else(|| format!("missing: {name}"))
    }
}

fn mean_sd(found: &Found, args: &ConvertArgs, ci_level: f64) -> Result<Converted, String> {
    let has = |names: [&str; 2]| names.iter().all(|name| found.get(name).is_some());
    let has_quantiles = has(["min", "max"]) || has(["q1", "q3"]);
    let has_precision =
        has(["ci.lb", "ci.ub"]) || ["sd", "se", "t", "p", "f"].iter().any(|name| found.get(name).is_some());
    if found.get("mean").is_some() && (has_precision || !has_quantiles) {
        return from_mean(found, ci_level);
    }
    if !has_quantiles {
        return Err("missing: min and max, or q1 and q3, or a mean with sd, se, ci.lb and ci.ub, t, p or f".to_owned());
    }
    let of = |name: &str| found.get(name);
    // One end alone says nothing.
    let both = |low: &str, high: &str| if has([low, high]) { [of(low), of(high)] } else { [None, None] };
    let ([min, max], [q1, q3]) = (both("min", "max"), both("q1", "q3"));
    let numbers = FiveNumbers { min, q1, median: of("median"), q3, max, n: found.need("n")? };
    let method = QuantileMethod::from(args.method);
    let recovered = numbers.mean_and_sd_by(method)?;
    let mut notes = recovered.notes;
    // Below 0, quantile estimation knows normal distributions only.
    let is_negative = numbers.min.or(numbers.q1).is_some_and(|least| least < 0.0);
    if method == QuantileMethod::LuoWanShi || method == QuantileMethod::Qe && is_negative {
        notes.push("estimated for normal data: less precise than a mean and an SD that were reported".to_owned());
        if let Some(test) = numbers.skewness().filter(|test| test.is_significant) {
            let skewed = format!("skewed (Shi 2023): {:.3} reaches {:.3}", test.statistic, test.critical);
            if !args.no_test {
                let other = if is_negative { "" } else { "; --method qe, bc and mln allow for it" };
                return Err(format!(
                    "{skewed}; mean and SD for normal data would mislead (--no-test gives them{other})"
                ));
            }
            notes.push(skewed);
        }
    } else {
        notes.push("estimated: less precise than a mean and an SD that were reported".to_owned());
    }
    if recovered.mean.is_none() && found.get("mean").is_none() {
        notes.push("no mean: the median is missing".to_owned());
    }
    let mean = found.get("mean");
    if let Some(mean) = mean {
        for (low, high) in [("min", "max"), ("q1", "q3")] {
            if let (Some(lower), Some(upper)) = (found.get(low), found.get(high))
                && !(lower..=upper).contains(&mean)
            {
                return Err(format!(
                    "the mean, {mean}, lies outside of {low} and {high}, {lower} to {upper}: no SD of such data is estimated"
                ));
            }
        }
        notes.push("the mean is the reported one".to_owned());
    }
    let values = vec![mean.or(recovered.mean), Some(recovered.sd)];
    // "mean: …; SD: …": of a reported mean the second alone was used.
    let method = match recovered.method.split_once("; ") {
        Some((_, of_sd)) if mean.is_some() => of_sd,
        _ => recovered.method,
    };
    Ok(Converted { values, method: Some(method.to_owned()), notes })
}

/// From the first that is there of SD, SE, interval, t, p and F.
fn from_mean(found: &Found, ci_level: f64) -> Result<Converted, String> {
    let mean = found.need("mean")?;
    if let Some(sd) = found.get("sd") {
        if !(sd.is_finite() && sd >= 0.0) {
            return Err(format!("as reported gives {sd}, which is no SD"));
        }
        let values = vec![Some(mean), Some(sd)];
        return Ok(Converted { values, method: Some("as reported".to_owned()), notes: Vec::new() });
    }
    let n = found.need("n")?;
    let of = found.beside(ci_level).ok_or("missing: sd, se, ci.lb and ci.ub, t, p or f")?;
    let SdOfMean { sd, method, note } = sd_of_mean(mean, n, of)?;
    let notes = note.into_iter().chain(turned("mean", mean, of)).collect();
    Ok(Converted { values: vec![Some(mean), Some(sd)], method: Some(method.to_owned()), notes })
}

/// The SD of both groups from the first that is there of the difference's SE, interval, t, p and F.
fn group_sds(found: &Found, ci_level: f64) -> Result<Converted, String> {
    let of_means = found.get("m1i").zip(found.get("m2i")).map(|(first, second)| first - second);
    let difference = of_means.or(found.get("md"));
    let n = [found.need("n1i")?, found.need("n2i")?];
    let of = found.beside(ci_level).ok_or("missing: se, ci.lb and ci.ub, t, p or f of the difference")?;
    let difference = match (difference, of) {
        (Some(difference), _) => difference,
        // A standard error and an interval need no difference.
        (None, OfMean::Interval { lower, upper, .. }) => 0.5 * (lower + upper),
        (None, OfMean::Se(_)) => 0.0,
        (None, _) => return Err("missing: m1i and m2i, or md".to_owned()),
    };
    let SdOfMean { sd, method, note } = sd_of_difference(difference, n, of)?;
    let same = "the SDs of both groups are taken as the same".to_owned();
    let notes = note.into_iter().chain(turned("difference", difference, of)).chain([same]).collect();
    Ok(Converted { values: vec![Some(sd); 2], method: Some(method.to_owned()), notes })
}

/// What is to be known of a t of the other sign.
fn turned(what: &str, value: f64, of: OfMean) -> Option<String> {
    let is_turned = matches!(of, OfMean::T(t) if t * value < 0.0);
    is_turned.then(|| format!("t has the other sign than the {what}: taken as that of the opposite difference"))
}

/// From the first that is there of variance, SE, interval, z and p. The ends of an interval change their scale with the
/// estimate, in the middle of which it lies there; z and p are those of the new scale.
fn yi_vi(found: &Found, args: &ConvertArgs, ci_level: f64) -> Result<Converted, String> {
    let sizes = found.get("n1i").zip(found.get("n2i")).map(<[f64; 2]>::from);
    let scale = |name: &str| -> Result<Option<f64>, String> {
        match found.get(name).zip(args.transf) {
            Some((value, transf)) => Ok(Some(transf.of(value, sizes).map_err(|refused| format!("{name}: {refused}"))?)),
            None => Ok(found.get(name)),
        }
    };
    let yi = scale("out")?.ok_or("missing: out")?;
    let variance = found.get("vi").or_else(|| found.get("sei").map(|se| se * se.abs()));
    let wald: Wald = match (variance, args.transf, scale("ci.lb")?, scale("ci.ub")?) {
        (Some(vi), Some(transf), ..) => transf.with_variance(found.need("out")?, vi, sizes)?,
        (Some(vi), None, ..) if vi.is_finite() && vi > 0.0 => {
            Wald { yi, vi, method: if found.get("vi").is_some() { "as reported" } else { "v = SE²" }, note: None }
        }
        (Some(vi), None, ..) => return Err(format!("a variance of {vi}: a number above 0 was expected")),
        (None, _, Some(lower), Some(upper)) => variance_from_interval(yi, lower, upper, ci_level)?,
        (None, ..) => match (found.get("zval"), found.get("pval")) {
            (Some(z), _) => variance_from_z(yi, z)?,
            (None, Some(p)) => variance_from_p(yi, p)?,
            (None, None) => return Err("missing: vi, sei, ci.lb and ci.ub, zval or pval".to_owned()),
        },
    };
    let notes = wald.note.into_iter().collect();
    Ok(Converted { values: vec![Some(wald.yi), Some(wald.vi)], method: Some(wald.method.to_owned()), notes })
}

fn of_both(found: &Found) -> Result<Converted, String> {
    let first = [found.need("n1i")?, found.need("m1i")?, found.need("sd1i")?];
    let second = [found.need("n2i")?, found.need("m2i")?, found.need("sd2i")?];
    let whole = [("n1i", first[0]), ("n2i", second[0])];
    if let Some((name, n)) = whole.into_iter().find(|(_, n)| *n < 1.0 || n.fract() != 0.0) {
        return Err(format!("{name} = {n}: a number of people, 1 or more, was expected"));
    }
    if let Some((name, sd)) = [("sd1i", first[2]), ("sd2i", second[2])].into_iter().find(|(_, sd)| *sd < 0.0) {
        return Err(format!("{name} = {sd}: an SD is never below 0"));
    }
    let all = combined(first, second).ok_or("one person in each group has no SD within it")?;
    let method = "combined (Cochrane Handbook, table 6.5.a)".to_owned();
    Ok(Converted { values: all.map(Some).to_vec(), method: Some(method), notes: Vec::new() })
}

fn two_by_two(found: &Found, args: &ConvertArgs) -> Result<Converted, String> {
    let (known, method) = match (found.get("ori"), found.get("ri"), found.get("x2i")) {
        (Some(odds), ..) => (Association::OddsRatio(odds), "from the odds ratio (Bonett 2007)"),
        (None, Some(phi), _) => (Association::Phi(phi), "from phi"),
        (None, None, Some(statistic)) => (Association::ChiSquared { statistic, corrected: !args.no_yates }, "from χ²"),
        (None, None, None) => return Err("missing: ori, ri or x2i".to_owned()),
    };
    let cells = table_from_margins(found.need("ni")?, found.need("n1i")?, found.need("n2i")?, known)?;
    let notes = vec!["rounded to whole numbers".to_owned()];
    Ok(Converted { values: cells.map(|cell| Some(cell as f64)).to_vec(), method: Some(method.to_owned()), notes })
}
