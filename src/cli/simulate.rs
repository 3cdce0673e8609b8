//! `reffect simulate`: trials from reported or planned summaries.

use super::args::{Common, Format};
use super::failure::{Failure, tell};
use super::fit_reconstructed::column_name;
use super::interrupt::Watch;
use super::output::{Outputs, stream, write_results};
use super::simulate_args::SimulateArgs;
use crate::mixed::simulate::{PlannedArm, SimulatedRow, Steps, TrialPlan};
use crate::numeric::numeral::Numeral;
use crate::numeric::random::Random;
use crate::numeric::rounding::Rounded;
use crate::read::Dataset;
use crate::recover::sd_from_spread;
use crate::report::sheet::{Field, Sheet};
use crate::reported::{CellForm, Outcome, Release};
use std::path::Path;

/// A plan with the names of its visits.
struct Named {
    arms: Vec<PlannedArm>,
    times: Vec<f64>,
    /// The occasions of a release.
    occasions: Option<Vec<String>>,
    value: String,
    /// What was assumed of the numbers.
    notes: Vec<String>,
}

pub fn run(args: &SimulateArgs, common: &Common) -> Result<(), Failure> {
    let named = match (&args.release, &args.outcome) {
        (Some(release), Some(outcome)) => of_release(release, outcome)?,
        _ => of_arms(args),
    };
    let correlation = args.together(named.times.len()).ok_or_else(|| {
        let message = "the correlation of two visits of a patient is needed, and it is seldom reported";
        Failure::call(message, "give --r, such as --r 0.5; `reffect effect` recovers it where p or t is reported")
    })?;
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
    if !common.quiet {
        named.notes.iter().for_each(|note| tell(&format!("note: {note}")));
    }
    let several = args.replicates > 1;
    let mut header: Vec<&str> = if several { vec!["trial"] } else { Vec::new() };
    header.extend(["patient", "arm"]);
    header.extend(if named.occasions.is_some() { vec!["occasion", "after"] } else { vec!["visit"] });
    header.push(&named.value);
    let trials = Trials {
        header: header.into_iter().map(str::to_owned).collect(),
        count: args.replicates,
        rows: &mut |trial| rows(args, &plan, &named, trial),
    };
    write(trials, args.output.as_deref(), common)
}

/// So many fields go into one document that is no CSV.
const MOST_FIELDS: usize = 8_000_000;

/// Rows that come trial by trial: the names of their columns, how many trials, and the rows of each.
pub struct Trials<'a> {
    pub header: Vec<String>,
    pub count: u64,
    pub rows: &'a mut dyn FnMut(u64) -> Result<Vec<Vec<Field>>, Failure>,
}

/// Writes trials: CSV unless another form is asked for, trial by trial, so that memory does not grow with them.
pub fn write(trials: Trials<'_>, file: Option<&Path>, common: &Common) -> Result<(), Failure> {
    let Trials { header, count, rows } = trials;
    let mut sheet = Sheet::new(header);
    if !matches!(common.format(), Format::Table | Format::Csv) {
        for trial in 0..count {
            sheet.rows.extend(rows(trial)?);
            if sheet.rows.len() * sheet.header.len() > MOST_FIELDS {
                let message = format!("{count} trials are too many for one document");
                return Err(Failure::call(message, "write them as CSV, which is streamed, or take fewer --replicates"));
            }
        }
        let json = || serde_json::json!({ "rows": sheet.json() });
        let outputs = Outputs { document: &|| sheet.document(), json: &json, csv: &|| sheet.csv() };
        return write_results(&outputs, file, common);
    }
    // What is wrong with the plan is told before anything is written.
    let mut next = rows(0)?;
    let mut watch = Watch::new(Some(u128::from(count)), "trials", common.quiet);
    let streamed = stream(file, common, |mut out| {
        out.write_all(sheet.csv().as_bytes())?;
        for done in 1..=count {
            sheet.rows = next;
            out.write_all(sheet.csv_rows().as_bytes())?;
            if done == count {
                break;
            }
            if !watch.go_on(u128::from(done)) {
                out.flush()?;
                let left = if file.is_some() { "the file was not written" } else { "what was written is whole" };
                return Ok(Err(Failure::Interrupted(format!("stopped after {done} of {count} trials; {left}"))));
            }
            next = match rows(done) {
                Ok(rows) => rows,
                Err(failure) => return Ok(Err(failure)),
            };
        }
        out.flush().map(Ok)
    });
    watch.finish();
    streamed
}

fn of_arms(args: &SimulateArgs) -> Named {
    let visits = args.arm.first().map_or(0, |arm| arm.means.len());
    let times = args.visits.clone().unwrap_or_else(|| (0..visits).map(|at| at as f64).collect());
    Named { arms: args.arm.clone(), times, occasions: None, value: args.name.clone(), notes: Vec::new() }
}

fn of_release(path: &Path, wanted: &str) -> Result<Named, Failure> {
    let dataset = Dataset::load(path)?;
    let found = dataset.releases().iter().find_map(|release| Some((release, release.outcome(wanted)?)));
    let Some((release, outcome)) = found else {
        let all = dataset.releases().iter().flat_map(|release| &release.outcomes);
        let known: Vec<&str> = all.map(|outcome| outcome.id.as_str()).collect();
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
    let times = (0..occasions.len()).map(|at| at as f64).collect();
    Ok(Named { arms, times, occasions: Some(occasions), value: column_name(wanted), notes })
}

fn reported_arm(
    release: &Release,
    outcome: &Outcome,
    row: &crate::reported::OutcomeResult,
    notes: &mut Vec<String>,
) -> Result<PlannedArm, Failure> {
    let refuse = |what: String| Err(Failure::call(what, "write the arm with --arm \"NAME: n=…; mean ± SD; …\""));
    let Some(n) = release.arm(&row.arm).and_then(|arm| arm.n.as_ref()).and_then(Numeral::count) else {
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

/// The rows of one trial.
fn rows(args: &SimulateArgs, plan: &TrialPlan, named: &Named, trial: u64) -> Result<Vec<Vec<Field>>, Failure> {
    let patients: usize = plan.arms.iter().map(|arm| arm.patients).sum();
    let digits = patients.to_string().len();
    let field = |SimulatedRow { arm, patient, visit, value }| {
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
        row
    };
    let simulated = plan.simulate(&mut Random::of_replicate(args.seed, trial))?;
    Ok(simulated.into_iter().map(field).collect())
}
