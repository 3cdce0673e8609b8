//! `reffect reconstruct`: the data sets behind a cell, or behind two.

pub(super) mod args;

use crate::check::grimmer::grimmer;
use crate::check::nearby::nearby;
use crate::cli::args::{Common, Format};
use crate::cli::failure::{Failure, tell};
use crate::cli::interrupt::Watch;
use crate::cli::output::{Outputs, stream, write_results};
use crate::diagnostic::keep_each_once;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Numeral;
use crate::reconstruct::ensemble::{STATISTICS, over};
use crate::reconstruct::independent::Independent;
use crate::reconstruct::paired::{JointTables, Paired};
use crate::reconstruct::target::READINGS;
use crate::reconstruct::{Constraint, DataSets, Grid, Summary, Unreconstructable};
use crate::report::document::Document;
use crate::report::json;
use crate::report::reconstruct::{CellFound, FailedReading, Found, Listing};
use crate::report::sets::{bytes_a_line, ranges_csv, write_csv, write_listed};
use crate::reported::{Scale, SpreadMeaning};
use args::{ReconstructArgs, ScaleArgs, SdKind, constraint};
use std::path::Path;

/// So many joint tables are visited, which takes some seconds.
const MOST_TABLES: u64 = 200_000_000;

/// So many values of listed data sets go into one JSON document.
const MOST_LISTED_VALUES: u128 = 8_000_000;

/// The screen shows the first data sets alone, unless --limit says how many.
const SHOWN: usize = 20;

/// A listing larger than this is refused.
const MOST_BYTES: f64 = 50e9;

/// A statistic over more than two million data sets is computed for so many drawn ones.
const DRAWN: usize = 100_000;

pub fn run(args: &ReconstructArgs, common: &Common) -> Result<(), Failure> {
    let (grid, assumed) = grid(&args.scale)?;
    let common = &as_named(common, args.output.as_deref());
    let is_csv = common.format() == Format::Csv;
    let meanings: Vec<SpreadMeaning> = match args.sd {
        SdKind::Known(meaning) => vec![meaning],
        SdKind::Unknown => READINGS.map(|(_, meaning)| meaning).to_vec(),
    };
    let is_listing = is_csv && args.after.is_none() && meanings.len() == 1;
    refuse_without_effect(args, is_csv, is_listing, common)?;
    if let ([meaning], true) = (&meanings[..], is_listing) {
        assumed.iter().filter(|_| !common.quiet).for_each(|assumed| tell(assumed));
        return list(args, &grid, *meaning, common);
    }
    let (mut found, failed) = of_readings(args, &grid, &meanings, common)?;
    refuse_unused_seed(&found, common)?;
    found.iter_mut().for_each(|found| found.notes.extend(assumed.map(str::to_owned)));
    if is_csv && !common.quiet {
        failed.iter().for_each(|one| tell(&one.text()));
        notes_of_ranges(&found).iter().for_each(|note| tell(note));
    }
    let json = || json::reconstruct_document(&found, &failed, args.sd == SdKind::Unknown);
    let outputs = Outputs {
        document: &|| {
            let mut all = Document::default();
            found.iter().for_each(|found| all.append(found.document()));
            all.list(failed.iter().map(FailedReading::text).collect());
            all
        },
        json: &json,
        csv: &|| ranges_csv(&json()),
    };
    write_results(&outputs, args.output.as_deref(), common)?;
    let is_empty = |found: &Found| {
        [Some(&found.before), found.after.as_ref()].into_iter().flatten().any(|cell| cell.count == Ok(0))
    };
    if found.iter().all(is_empty) {
        let left = if failed.is_empty() { "" } else { " in any reading of the ± that can be" };
        return Err(Failure::Contradiction(format!("no data set prints as reported{left}")));
    }
    Ok(())
}

/// What is found under each reading of the ±, and the readings under which nothing can be: the call fails where none is
/// left.
fn of_readings(
    args: &ReconstructArgs,
    grid: &Grid,
    meanings: &[SpreadMeaning],
    common: &Common,
) -> Result<(Vec<Found>, Vec<FailedReading>), Failure> {
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for meaning in meanings {
        match find(args, grid, *meaning, common) {
            Ok(one) => found.push(one),
            Err(reason) => failures.push((*meaning, reason)),
        }
    }
    if found.is_empty() && !failures.is_empty() {
        return Err(failures.swap_remove(0).1);
    }
    let failed = failures.into_iter().map(|(meaning, reason)| FailedReading {
        meaning,
        reason: match reason {
            Failure::Call { message, .. } => message,
            other => other.message(),
        },
    });
    Ok((found, failed.collect()))
}

/// What is to be known of ranges whose table has no place for it: why a count or a range is empty.
fn notes_of_ranges(found: &[Found]) -> Vec<String> {
    let mut notes = Vec::new();
    for one in found {
        for cell in [Some(&one.before), one.after.as_ref()].into_iter().flatten() {
            notes.extend(cell.count.as_ref().err().map(|reason| format!("{}: not counted: {reason}", cell.text)));
            notes.extend(cell.failing.clone());
        }
        let document = json::reconstruct_document(std::slice::from_ref(one), &[], false);
        let of_both = document["notes"].as_array().into_iter().flatten();
        notes.extend(of_both.filter_map(|note| note.as_str().map(str::to_owned)));
    }
    keep_each_once(&mut notes);
    notes
}

/// Refuses a seed with which nothing was drawn, which is known only of data sets that have been counted.
fn refuse_unused_seed(found: &[Found], common: &Common) -> Result<(), Failure> {
    let mut cells = found.iter().flat_map(|found| [Some(&found.before), found.after.as_ref()]).flatten();
    let is_used = cells.any(|cell| cell.listing == Listing::Drawn || !cell.statistics.is_empty());
    if common.given.has("seed") && !is_used { Err(without_draws()) } else { Ok(()) }
}

fn without_draws() -> Failure {
    Failure::call(
        "--seed has no effect: nothing is drawn with it",
        "add --sample HOW_MANY or --statistic NAME, or leave it out; the draws for an estimated number have a seed of \
         their own",
    )
}

/// Refuses options that change nothing in what is asked for.
fn refuse_without_effect(
    args: &ReconstructArgs,
    is_csv: bool,
    is_listing: bool,
    common: &Common,
) -> Result<(), Failure> {
    let given = |option: &str| common.given.has(option);
    if args.n1.is_some() && args.after.is_none() {
        return Err(Failure::call("--n1 and --n2 are for two cells", "give the second cell, or -n"));
    }
    if given("alpha") && (args.after.is_none() || args.n1.is_some()) {
        return Err(Failure::call(
            "--alpha is the p-value of before and after, and there is one cell or two groups",
            "leave it out, or give the cell of the same people after",
        ));
    }
    if given("layout") && (!is_listing || args.count) {
        return Err(Failure::call(
            "--layout says how the data sets of one cell stand in CSV",
            match is_csv {
                true => "this CSV lists none: leave it out",
                false => "pass --format csv, or leave it out",
            },
        ));
    }
    let listings = [("limit", args.limit.is_some()), ("sample", args.sample.is_some()), ("nth", args.nth.is_some())];
    if let (true, false, Some((option, _))) = (is_csv, is_listing, listings.iter().find(|(_, is_given)| *is_given)) {
        return Err(Failure::call(
            format!("--{option} has no place in CSV whose lines are counts and ranges"),
            "leave it out, or pass --format json; the data sets of one cell with one reading of the ± can be listed",
        ));
    }
    let is_listed = !args.count && args.nth.is_none() && !(is_csv && args.after.is_none());
    if given("seed") && args.sample.is_none() && args.statistic.is_empty() && !is_listed {
        return Err(without_draws());
    }
    if is_csv && !args.statistic.is_empty() {
        return Err(Failure::call(
            "--statistic has no place in CSV, whose lines are data sets, or ranges over the pairings of two cells",
            "leave it out, or pass --format json",
        ));
    }
    if given("limit") && args.after.is_some() {
        return Err(Failure::call("--limit is for listing the data sets of one cell", "leave it out beside two cells"));
    }
    if given("limit") && (args.count || args.sample.is_some() || args.nth.is_some()) {
        return Err(Failure::call(
            "--limit is for listing in order",
            "leave it out beside --count, --sample and --nth",
        ));
    }
    Ok(())
}

/// The format that the name of the output file says, where none was asked for.
fn as_named(common: &Common, output: Option<&Path>) -> Common {
    let ending = output.and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    if common.given.has("format") {
        return common.clone();
    }
    match (common.format(), ending.as_deref()) {
        (Format::Table, Some("json")) => common.with_format(Format::Json),
        (Format::Table, Some("csv")) => common.with_format(Format::Csv),
        _ => common.clone(),
    }
}

fn refused(reason: Unreconstructable) -> Failure {
    let hint = match &reason {
        Unreconstructable::NoSteps(_) => "give the values that one person can have: --min, --max and --step",
        Unreconstructable::Scale(_) => "look at --min, --max, --step, --items or --values",
        Unreconstructable::Summary(_) => "look at the cell and -n; --sd says what the ± is",
        Unreconstructable::Constraint(_) => "look at --where",
        Unreconstructable::TooLarge(_) => "give more digits, fewer values or more --where",
    };
    Failure::call(reason.to_string(), hint)
}

/// The values that one person can have, and what was assumed of them.
fn grid(args: &ScaleArgs) -> Result<(Grid, Option<&'static str>), Failure> {
    let whole = Decimal::from_integer;
    let decimal = |numeral: &Option<Numeral>| numeral.as_ref().map(Numeral::decimal);
    match (&args.scale, decimal(&args.step)) {
        (Some(Scale::Percent), step) => {
            let assumed = "the percentage of one person is taken as a whole number; --step says otherwise";
            let grid = Grid::range(Some(whole(0)), Some(whole(100)), step.unwrap_or(whole(1))).map_err(refused)?;
            return Ok((grid, step.is_none().then_some(assumed)));
        }
        (Some(_), Some(_)) => {
            let hint = "leave one of them out; --scale percent is the only one that takes --step";
            return Err(Failure::call("--scale has steps of its own, and --step is given", hint));
        }
        (Some(scale), None) => return Ok((Grid::of_scale(scale).map_err(refused)?, None)),
        (None, _) => {}
    }
    if !args.values.is_empty() {
        return Ok((Grid::of_fractions(&args.values).map_err(refused)?, None));
    }
    let (min, max) = (decimal(&args.min), decimal(&args.max));
    if min.is_none() && max.is_none() {
        let hint = "give --scale edss, nrs, alsfrs-r, count or percent, or --min and --max, or --values";
        return Err(Failure::call("the values that one person can have are not known", hint));
    }
    let grid = match args.items {
        None => Grid::range(min, max, decimal(&args.step).unwrap_or(whole(1))).map_err(refused)?,
        Some(items) => {
            let whole =
                |end: Option<Decimal>| end.and_then(Decimal::to_integer).and_then(|end| i64::try_from(end).ok());
            let (Some(min), Some(max), Ok(items)) = (whole(min), whole(max), u32::try_from(items)) else {
                let hint = "give the smallest and the largest rating of an item: --min 1 --max 7";
                return Err(Failure::call("--items needs --min and --max as whole numbers", hint));
            };
            Grid::items(items, min, max).map_err(refused)?
        }
    };
    Ok((grid, None))
}

/// What is said of data sets whose interval is made otherwise than by t.
const BY_NORMAL: &str =
    "no data print so with the interval made by t; these are those of one made by the normal quantile, 1.96";

/// The data sets of the cell of this index, and whether they are those of an interval by the normal quantile.
fn sets(
    args: &ReconstructArgs,
    index: usize,
    grid: &Grid,
    meaning: SpreadMeaning,
    common: &Common,
) -> Result<(Summary, DataSets, bool), Failure> {
    let cell = if index == 0 { &args.cell } else { args.after.as_ref().unwrap_or(&args.cell) };
    let n = [args.n1, args.n2][index.min(1)].or(args.n).unwrap_or_default();
    let summary =
        Summary { mean: cell.mean.clone(), spread: cell.spread.clone(), meaning, n, rounding: common.rounding };
    let mut constraints: Vec<Constraint> = Vec::new();
    for text in &args.constraints {
        let (cell, constraint) = constraint(text).map_err(|message| Failure::call(message, "look at --where"))?;
        match cell {
            Some(_) if args.after.is_none() => {
                return Err(Failure::call(
                    format!("--where \"{text}\" names one of two cells, and there is one"),
                    "give two cells, or leave the name out",
                ));
            }
            None if args.after.is_some() => {
                let hint = format!("write \"before: {text}\" or \"after: {text}\"");
                return Err(Failure::call(format!("--where \"{text}\" does not say which cell it is about"), hint));
            }
            Some(cell) if cell != index => {}
            _ => constraints.push(constraint),
        }
    }
    let (sets, is_by_normal) = match args.sd {
        SdKind::Known(_) => DataSets::by_either(&summary, grid, &constraints),
        SdKind::Unknown => DataSets::new(&summary, grid, &constraints).map(|sets| (sets, false)),
    }
    .map_err(refused)?;
    Ok((summary, sets, is_by_normal))
}

fn find(args: &ReconstructArgs, grid: &Grid, meaning: SpreadMeaning, common: &Common) -> Result<Found, Failure> {
    let (before, is_by_normal) = cell(args, 0, grid, meaning, common)?;
    let mut found = Found {
        meaning,
        before,
        after: None,
        paired: None,
        tables: None,
        independent: None,
        are_groups: args.n1.is_some(),
        uncompared: None,
        notes: Vec::new(),
    };
    found.notes.extend(is_by_normal.then(|| format!("{}: {BY_NORMAL}", found.before.text)));
    if args.after.is_none() {
        return Ok(found);
    }
    let (after, is_by_normal) = cell(args, 1, grid, meaning, common)?;
    found.notes.extend(is_by_normal.then(|| format!("{}: {BY_NORMAL}", after.text)));
    if args.n1.is_some() {
        match Independent::new(&found.before.sets, &after.sets) {
            Ok(independent) => found.independent = independent,
            Err(reason) => found.uncompared = Some(reason.to_string()),
        }
    } else {
        match Paired::new(&found.before.sets, &after.sets, args.alpha) {
            Ok(paired) => found.paired = paired,
            Err(reason) => found.uncompared = Some(reason.to_string()),
        }
        if found.paired.is_some() {
            found.tables = JointTables::new(&found.before.sets, &after.sets, args.alpha, MOST_TABLES);
        }
    }
    found.after = Some(after);
    Ok(found)
}

fn cell(
    args: &ReconstructArgs,
    index: usize,
    grid: &Grid,
    meaning: SpreadMeaning,
    common: &Common,
) -> Result<(CellFound, bool), Failure> {
    let (summary, sets, is_by_normal) = sets(args, index, grid, meaning, common)?;
    let count = sets.count();
    let (listed, listing) = listed(args, &sets, count.as_ref().ok().copied(), common)?;
    let printed =
        summary.spread.as_ref().map_or(summary.mean.to_string(), |spread| format!("{} ± {spread}", summary.mean));
    let mut statistics = Vec::new();
    for position in &args.statistic {
        let (name, statistic) = STATISTICS[*position];
        statistics.push((name, over(&sets, DRAWN, args.seed, statistic).map_err(refused)?));
    }
    let failing = (count == Ok(0)).then(|| why_none(&summary, grid, &args.constraints));
    let (about, frequencies) = (sets.estimated_count(), sets.frequencies());
    let constraints = args.constraints.clone();
    let found = CellFound {
        text: printed,
        rounding: summary.rounding,
        constraints,
        frequencies,
        sets,
        count,
        about,
        listed,
        listing,
        statistics,
        failing,
    };
    Ok((found, is_by_normal))
}

fn listed(
    args: &ReconstructArgs,
    sets: &DataSets,
    count: Option<u128>,
    common: &Common,
) -> Result<(Vec<Vec<u32>>, Listing), Failure> {
    if let Some(rank) = args.nth {
        let found = sets.nth(rank - 1).map_err(|reason| match (reason, sets.count()) {
            (Unreconstructable::Summary(_), Ok(count)) => {
                let message = format!("there is no data set of rank {rank}: there {}", is_or_are(count));
                Failure::call(message, "ranks are counted from 1 on")
            }
            (reason, _) => Failure::call(reason.to_string(), "take a smaller rank, or draw one with --sample 1"),
        });
        return Ok((vec![found?], Listing::Nth(rank)));
    }
    if let Some(how_many) = args.sample {
        fits_memory(u128::from(how_many), sets)?;
        return Ok((sets.sample(how_many as usize, args.seed).map_err(refused)?, Listing::Drawn));
    }
    if args.count {
        return Ok((Vec::new(), Listing::None));
    }
    let all = count.unwrap_or(u128::MAX);
    let most = match common.format() {
        Format::Json => all.min(args.limit.map_or(u128::MAX, u128::from)),
        _ => all.min(args.limit.map_or(SHOWN as u128, u128::from)),
    };
    // With two cells it is the ranges over their pairings that are asked for.
    if args.after.is_some() && args.limit.is_none() && fits_memory(most, sets).is_err() {
        return Ok((Vec::new(), Listing::None));
    }
    fits_memory(most, sets)?;
    // The first ones of more than can be counted are all but the same.
    if count.is_none()
        && args.limit.is_none()
        && let Ok(drawn) = sets.sample(SHOWN, args.seed)
    {
        return Ok((drawn, Listing::Drawn));
    }
    let mut listed = Vec::new();
    let ended = sets.for_each_quickly(|counts| {
        if listed.len() as u128 == most {
            return std::ops::ControlFlow::Break(());
        }
        listed.push(counts.to_vec());
        std::ops::ControlFlow::Continue(())
    });
    if ended.is_continue() || listed.len() as u128 == most {
        return Ok((listed, Listing::First));
    }
    // They are so rare among all that a search takes too long to come to them in their order.
    match (common.format(), sets.sample(SHOWN, args.seed)) {
        (Format::Json, _) if args.after.is_some() && args.limit.is_none() => Ok((Vec::new(), Listing::None)),
        (Format::Json, _) => {
            let message = format!("a search of some seconds has found {} data sets of {most}", listed.len());
            Err(Failure::call(message, "use --count, --sample 1000 or a smaller --limit"))
        }
        (_, Ok(drawn)) => Ok((drawn, Listing::Drawn)),
        (_, Err(_)) => Ok((Vec::new(), Listing::None)),
    }
}

fn fits_memory(how_many: u128, sets: &DataSets) -> Result<(), Failure> {
    if how_many.saturating_mul(u128::from(sets.n())) <= MOST_LISTED_VALUES {
        return Ok(());
    }
    let how_many = if how_many == u128::MAX {
        "more data sets than can be counted,".to_owned()
    } else {
        format!("{how_many} data sets")
    };
    let message = format!("{how_many} of {} values are too many for one document", sets.n());
    Err(Failure::call(message, "use --count, --sample 1000, --limit 1000, or stream them: -o FILE.csv"))
}

/// How many there are, with the verb.
fn is_or_are(count: u128) -> String {
    format!("{} {count}", if count == 1 { "is" } else { "are" })
}

/// Why no data set prints so: the constraints, how far the numbers come, and which slip would explain it.
fn why_none(summary: &Summary, grid: &Grid, constraints: &[String]) -> String {
    if !constraints.is_empty()
        && let Ok(free) = DataSets::new(summary, grid, &[])
    {
        match (free.count(), free.existence()) {
            (Ok(0), _) | (Err(_), Some(false)) => {}
            (Ok(count), _) => return format!("Without --where there {}", is_or_are(count)),
            (Err(_), Some(true)) => return "Without --where there are some, too many to be counted".to_owned(),
            (Err(_), None) => return "Whether there is any without --where, a search does not decide".to_owned(),
        }
    }
    if let Some(beyond) = beyond(summary, grid) {
        return beyond;
    }
    let stage = match grimmer(summary, grid.lattice()) {
        Ok(found) if found.is_consistent() => {
            "Whole numbers exist that print so, and none of them on this scale".to_owned()
        }
        Ok(found) => format!("The reason: {}", found.finding()),
        Err(reason) => reason.to_string(),
    };
    let near = nearby(summary, grid);
    let near: Vec<String> = near.iter().take(5).map(ToString::to_string).collect();
    if near.is_empty() {
        return stage;
    }
    let free = if constraints.is_empty() { "" } else { " and without --where" };
    format!("{stage}; one digit away{free}, there are data for {}", near.join(", "))
}

/// Why a mean lies outside its scale.
fn beyond(summary: &Summary, grid: &Grid) -> Option<String> {
    let (first, last) = summary.totals(grid.denominator()).ok()?;
    let n = i128::from(summary.n);
    match grid.limits() {
        (Some(low), _) if last < n * i128::from(low) => {
            Some(format!("The mean {} lies below the smallest value {}", summary.mean, grid.text(low)))
        }
        (_, Some(high)) if first > n * i128::from(high) => {
            Some(format!("The mean {} lies above the largest value {}", summary.mean, grid.text(high)))
        }
        _ => None,
    }
}

/// Streams data sets as CSV.
fn list(args: &ReconstructArgs, grid: &Grid, meaning: SpreadMeaning, common: &Common) -> Result<(), Failure> {
    let (_, sets, is_by_normal) = sets(args, 0, grid, meaning, common)?;
    if is_by_normal && !common.quiet {
        tell(BY_NORMAL);
    }
    let count = sets.count();
    if args.count || args.sample.is_some() || args.nth.is_some() {
        let (listed, _) = listed(args, &sets, count.as_ref().ok().copied(), common)?;
        one_by_one(args, &sets, &listed, common)?;
        return some_of(&count);
    }
    let expected = args.limit.map(u128::from).into_iter().chain(count.as_ref().ok().copied()).min();
    let bytes = expected.map_or(f64::INFINITY, |lines| lines as f64 * bytes_a_line(&sets, args.layout) as f64);
    if bytes > MOST_BYTES {
        let size = if bytes.is_finite() {
            format!("about {:.0} GB", bytes / 1e9)
        } else {
            "more than can be counted".to_owned()
        };
        let hint = "use --limit, --sample, or --layout counts";
        return Err(Failure::call(format!("the list would be {size}"), hint));
    }
    let mut watch = Watch::new(expected, "data sets", common.quiet);
    // An interruption is an error inside, so that no half of a file stays behind.
    let streamed = stream(args.output.as_deref(), common, |mut out| {
        let written = write_csv(&sets, args.layout, args.limit.map(u128::from), &mut out, |done| watch.go_on(done))?;
        out.flush()?;
        if !watch.is_interrupted() {
            return Ok(Ok(()));
        }
        let of = expected.map(|total| format!(" of {total}")).unwrap_or_default();
        let left = match &args.output {
            Some(path) => format!("{} was not written", path.display()),
            None => "every row that was written is whole".to_owned(),
        };
        Ok(Err(Failure::Interrupted(format!("stopped after {written}{of} data sets; {left}"))))
    });
    watch.finish();
    streamed?;
    some_of(&count)
}

/// Fails where there is no data set.
fn some_of(count: &Result<u128, Unreconstructable>) -> Result<(), Failure> {
    match count {
        Ok(0) => Err(Failure::Contradiction("no data set prints as reported".to_owned())),
        _ => Ok(()),
    }
}

/// Drawn data sets, or one of a rank, as CSV.
fn one_by_one(args: &ReconstructArgs, sets: &DataSets, listed: &[Vec<u32>], common: &Common) -> Result<(), Failure> {
    let count = args.count.then(|| sets.count());
    let about = match &count {
        Some(Err(reason)) => Some(sets.estimated_count().ok_or_else(|| refused(reason.clone()))?),
        _ => None,
    };
    if let (Some(Err(reason)), false) = (&count, common.quiet) {
        tell(&format!("not counted, and estimated by draws: {reason}"));
    }
    stream(args.output.as_deref(), common, |mut out| {
        match (&count, about) {
            (Some(Ok(count)), _) => writeln!(out, "count\n{count}")?,
            (_, Some(about)) => {
                writeln!(out, "count,count_log10,count_relative_se\n,{},{}", about.log10, about.relative_se)?;
            }
            _ => write_listed(sets, args.layout, listed, &mut out)?,
        }
        out.flush().map(Ok)
    })
}
