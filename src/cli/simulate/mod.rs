//! `reffect simulate`: trials from reported or planned summaries.

pub(super) mod args;

use crate::cli::args::{Common, Format};
use crate::cli::failure::{Failure, tell};
use crate::cli::fit::reconstructed::{column_name, only_release};
use crate::cli::interrupt::Watch;
use crate::cli::output::{Outputs, only_check, stream, write_results};
use crate::effect::contrast::{ContrastOptions, Correlation};
use crate::effect::of_release::effects;
use crate::mixed::simulate::{PlannedArm, SimulatedRow, Steps, TrialPlan};
use crate::numeric::numeral::Numeral;
use crate::numeric::random::Random;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::read::Dataset;
use crate::recover::sd_from_spread;
use crate::report::number::{fixed, interval};
use crate::report::sheet::{Field, Sheet, SheetWriter};
use crate::reported::{CellForm, Outcome, Release};
use args::SimulateArgs;
use std::io;
use std::path::Path;

/// A plan with the names of its visits.
struct Named {
    arms: Vec<PlannedArm>,
    times: Vec<f64>,
    /// The occasions of a release.
    occasions: Option<Vec<String>>,
    value: String,
    /// The correlation of two visits that follows from a change that the release reports.
    recovered: Option<f64>,
    /// What was assumed of the numbers.
    notes: Vec<String>,
}

pub fn run(args: &SimulateArgs, common: &Common) -> Result<(), Failure> {
    if args.release.is_none() && args.outcome.is_some() {
        let message = "--outcome has no effect on arms that are written out";
        return Err(Failure::call(message, "leave it out, or name a release; --name names the column of values"));
    }
    let named = match (&args.release, &args.outcome) {
        (Some(release), Some(outcome)) => of_release(release, outcome, args.r.is_none(), common.rounding)?,
        _ => of_arms(args)?,
    };
    let correlation = args.together(named.times.len(), named.recovered).ok_or_else(|| {
        let message = "the correlation of two visits of a patient is needed, and it is seldom reported";
        let hint = "give --r, such as --r 0.5; of a release it is recovered where one arm reports its change, and by \
                    `reffect effect` from a p or t";
        Failure::call(message, hint)
    })?;
    refuse_for_one_visit(named.times.len(), common)?;
    let value = |of: &Option<Numeral>| of.as_ref().map(Numeral::value);
    let (min, max, step) = (value(&args.min), value(&args.max), value(&args.step));
    let has_scale = min.is_some() || max.is_some() || step.is_some();
    let plan = TrialPlan {
        arms: named.arms.clone(),
        times: named.times.clone(),
        correlation,
        dropout: args.dropout.clone().unwrap_or_default(),
        scale: has_scale.then_some(Steps { min, max, step }),
        exact: args.exact,
    };
    let header = header(args, &named);
    if named.value.is_empty() || header[..header.len() - 1].contains(&named.value) {
        let message = format!(
            "the column of values cannot be called `{}` beside {}",
            named.value,
            header[..header.len() - 1].join(", ")
        );
        return Err(Failure::call(message, "give it another --name"));
    }
    write(header, &named.notes, args.output.as_deref(), common, |each| rows(args, &plan, &named, each))
}

/// What concerns two visits has no effect on one.
fn refuse_for_one_visit(visits: usize, common: &Common) -> Result<(), Failure> {
    let options = ["r", "correlation", "dropout"];
    match options.iter().find(|option| visits < 2 && common.given.has(option)) {
        Some(option) => {
            let message = format!("--{option} has no effect on patients with one visit");
            Err(Failure::call(message, "leave it out, or give each arm a mean ± SD for each visit"))
        }
        None => Ok(()),
    }
}

/// Where rows go.
pub type EachRow<'a> = dyn FnMut(Vec<Field>) -> Result<(), Stop> + 'a;

/// Why no more rows are written.
pub enum Stop {
    Output(io::Error),
    Interrupted,
    TooMany,
}

/// So many rows are laid out as one Markdown table.
const MOST_LAID_OUT: u64 = 1_000_000;

/// Writes a sheet row by row: CSV unless another form is asked for. Only Markdown needs all rows at once. The notes
/// stand in JSON, and are told beside the other forms.
pub fn write(
    header: Vec<String>,
    notes: &[String],
    file: Option<&Path>,
    common: &Common,
    rows: impl FnOnce(&mut EachRow<'_>) -> Result<Result<(), Stop>, Failure>,
) -> Result<(), Failure> {
    if !common.quiet && common.format() != Format::Json {
        notes.iter().for_each(|note| tell(&format!("note: {note}")));
    }
    let is_json = match common.format() {
        Format::Junit | Format::Github => return Err(only_check()),
        Format::Markdown => return write_markdown(Sheet::new(header), file, common, rows),
        format => format == Format::Json,
    };
    let mut watch = Watch::new(None, "rows", common.quiet);
    let mut count = 0_u64;
    let streamed = stream(file, common, |out| {
        let mut writer = if is_json { SheetWriter::json(out, header) } else { SheetWriter::csv(out, header) };
        let written = rows(&mut |row| {
            writer.row(&row).map_err(Stop::Output)?;
            count += 1;
            if watch.go_on(u128::from(count)) { Ok(()) } else { Err(Stop::Interrupted) }
        });
        match written {
            Ok(Ok(())) => writer.finish(notes).map(Ok),
            Ok(Err(Stop::Output(error))) => Err(error),
            Ok(Err(Stop::Interrupted | Stop::TooMany)) => {
                let left = match (file, is_json) {
                    (Some(_), _) => "the file was not written",
                    (None, true) => "the document has no end",
                    (None, false) => "what was written is whole",
                };
                Ok(Err(Failure::Interrupted(format!("stopped after {count} rows; {left}"))))
            }
            Err(failure) => Ok(Err(failure)),
        }
    });
    watch.finish();
    streamed
}

fn write_markdown(
    mut sheet: Sheet,
    file: Option<&Path>,
    common: &Common,
    rows: impl FnOnce(&mut EachRow<'_>) -> Result<Result<(), Stop>, Failure>,
) -> Result<(), Failure> {
    let written = rows(&mut |row| {
        sheet.rows.push(row);
        if sheet.rows.len() as u64 <= MOST_LAID_OUT { Ok(()) } else { Err(Stop::TooMany) }
    })?;
    if written.is_err() {
        let message = format!("more than {MOST_LAID_OUT} rows are too many for one Markdown table");
        return Err(Failure::call(message, "write them as CSV or JSON, which are streamed"));
    }
    let document = || sheet.document();
    let outputs = Outputs { document: &document, json: &|| sheet.json(), csv: &|| sheet.csv() };
    write_results(&outputs, file, common)
}

fn of_arms(args: &SimulateArgs) -> Result<Named, Failure> {
    let twice = |at: &usize| args.arm[..*at].iter().any(|arm| arm.plan.name == args.arm[*at].plan.name);
    if let Some(at) = (0..args.arm.len()).find(twice) {
        let message = format!("two arms are called {}", args.arm[at].plan.name);
        return Err(Failure::call(message, "give each arm a name of its own"));
    }
    let of_arms: Vec<bool> = args.arm.iter().map(|arm| arm.is_percent).collect();
    if of_arms.contains(&true) && of_arms.contains(&false) {
        let message = "the means of one arm are percentages, and those of another are not";
        return Err(Failure::call(message, "give all in the same unit"));
    }
    let times = args.visits.as_deref().unwrap_or_default();
    let visits = args.arm.first().map_or(0, |arm| arm.plan.means.len());
    if let (Some(arm), true) = (args.arm.first(), args.visits.is_some() && times.len() != visits) {
        let message = format!("{} has {visits} means, and there are {} visits (--visits)", arm.plan.name, times.len());
        return Err(Failure::call(message, "give a time for each mean"));
    }
    if let Some((one, two)) = times.iter().zip(times.iter().skip(1)).find(|(one, two)| two <= one) {
        let message = format!("--visits: {two} stands behind {one}");
        return Err(Failure::call(message, "give the times in their order, each once"));
    }
    let times = args.visits.clone().unwrap_or_else(|| (0..visits).map(|at| at as f64).collect());
    Ok(Named {
        arms: args.arm.iter().map(|arm| arm.plan.clone()).collect(),
        times,
        occasions: None,
        value: args.name.clone(),
        recovered: None,
        notes: Vec::new(),
    })
}

fn of_release(path: &Path, wanted: &str, with_recovered: bool, rounding: Rounding) -> Result<Named, Failure> {
    let dataset = Dataset::load(path)?;
    let release = only_release(&dataset)?;
    let Some(outcome) = release.outcome(wanted) else {
        let known: Vec<&str> = release.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
        let message = format!("there is no outcome `{wanted}`");
        return Err(Failure::call(message, format!("the outcomes are {}", known.join(", "))));
    };
    if outcome.results.is_empty() {
        let message = format!("{wanted} is reported without a mean at any occasion");
        return Err(Failure::call(message, "write the arms with --arm \"NAME: n=…; mean ± SD; …\""));
    }
    let mut notes = Vec::new();
    let mut occasions: Vec<String> = Vec::new();
    let mut arms = Vec::new();
    for row in &outcome.results {
        let names: Vec<String> = row.cells.iter().map(|(occasion, _)| occasion.clone()).collect();
        if occasions.is_empty() {
            occasions = names;
        } else if occasions != names {
            let message = format!("the arms of {wanted} are reported at different occasions");
            return Err(Failure::call(message, "write the arms with --arm"));
        }
        arms.push(reported_arm(release, outcome, row, &mut notes)?);
    }
    let recovered = recovered(release, wanted, rounding).filter(|_| with_recovered);
    match &recovered {
        Some((_, note)) => notes.push(note.clone()),
        None => {
            let changes = outcome.results.iter().flat_map(|row| &row.changes);
            notes.extend(changes.map(|(occasion, change)| {
                format!("the change {change} up to {occasion} is reported as well, and is not simulated")
            }));
        }
    }
    let times = (0..occasions.len()).map(|at| at as f64).collect();
    let recovered = recovered.map(|(r, _)| r);
    Ok(Named { arms, times, occasions: Some(occasions), value: column_name(wanted), recovered, notes })
}

/// The correlation that the reported change of the only arm has, with a note on where it comes from; none where several
/// arms or occasions may have several.
fn recovered(release: &Release, wanted: &str, rounding: Rounding) -> Option<(f64, String)> {
    let effects = effects(release, &ContrastOptions::default(), rounding);
    let mut own = effects.contrasts.iter().filter(|named| named.outcome == wanted);
    let (only, None) = (own.next()?, own.next()) else { return None };
    let Correlation::Recovered { found, from } = &only.contrast.correlation else { return None };
    let (r, range) = (found.r.value, interval(found.r.range));
    Some((r, format!("r = {} is recovered from {from}; rounding allows {range}", fixed(r, 3))))
}

fn reported_arm(
    release: &Release,
    outcome: &Outcome,
    row: &crate::reported::OutcomeResult,
    notes: &mut Vec<String>,
) -> Result<PlannedArm, Failure> {
    let refuse = |what: String| Err(Failure::call(what, "write the arm with --arm \"NAME: n=…; mean ± SD; …\""));
    if row.cells.is_empty() {
        return refuse(format!(
            "of {} in the arm {} only changes are reported, and no value at an occasion",
            outcome.id, row.arm
        ));
    }
    let sizes: Vec<Option<u64>> = row.cells.iter().map(|(_, cell)| release.size_at(&row.arm, cell)).collect();
    if sizes.windows(2).any(|two| two[0] != two[1]) {
        return refuse(format!("the occasions of {} in the arm {} have different n", outcome.id, row.arm));
    }
    let Some(n) = sizes.first().copied().flatten() else {
        return refuse(format!("how many patients the arm {} has is not reported", row.arm));
    };
    let (mut means, mut sds) = (Vec::new(), Vec::new());
    for (occasion, cell) in &row.cells {
        let CellForm::PlusMinus { center, spread, meaning } = &cell.form else {
            return refuse(format!("{} of {} at {occasion} is no mean with an SD", cell.text, outcome.id));
        };
        let sd = match sd_from_spread(Rounded::exact(spread.value()), *meaning, n) {
            Ok(sd) => sd,
            Err(reason) => return refuse(format!("{} of {} at {occasion}: {reason}", cell.text, outcome.id)),
        };
        if let Some(note) = sd.note {
            notes.push(format!("{} at {occasion}: {note}", cell.text));
        }
        means.push(center.value());
        sds.push(sd.sd.value);
    }
    Ok(PlannedArm { name: row.arm.clone(), patients: usize::try_from(n).unwrap_or(usize::MAX), means, sds })
}

fn header(args: &SimulateArgs, named: &Named) -> Vec<String> {
    let mut header: Vec<&str> = if args.replicates > 1 { vec!["trial"] } else { Vec::new() };
    header.extend(["patient", "arm"]);
    header.extend(if named.occasions.is_some() { vec!["occasion", "after"] } else { vec!["visit"] });
    header.push(&named.value);
    header.into_iter().map(str::to_owned).collect()
}

fn rows(
    args: &SimulateArgs,
    plan: &TrialPlan,
    named: &Named,
    each: &mut EachRow<'_>,
) -> Result<Result<(), Stop>, Failure> {
    let patients: usize = plan.arms.iter().map(|arm| arm.patients).sum();
    let digits = patients.to_string().len();
    for trial in 0..args.replicates {
        let mut random = Random::of_replicate(args.seed, trial);
        let written = plan.for_each(&mut random, |SimulatedRow { arm, patient, visit, value }| {
            let mut row = Vec::new();
            if args.replicates > 1 {
                row.push(Field::Number((trial + 1) as f64));
            }
            row.push(Field::Text(format!("P{:0digits$}", patient + 1)));
            row.push(Field::Text(plan.arms[arm].name.clone()));
            if let Some(occasions) = &named.occasions {
                row.push(Field::Text(occasions[visit].clone()));
            }
            row.extend([Field::Number(plan.times[visit]), Field::Number(value)]);
            each(row)
        })?;
        if written.is_err() {
            return Ok(written);
        }
    }
    Ok(Ok(()))
}
