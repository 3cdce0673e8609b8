//! `reffect fit --reconstructed`: a mixed model of the data sets behind a release's printed numbers.

use super::args::FitArgs;
use super::input::check;
use super::many::{fit_all, ranges, write};
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::diagnostic::listed;
use crate::formula::{Expr, Formula, Frame, Response};
use crate::numeric::random::Random;
use crate::numeric::random::derived_seed;
use crate::read::Dataset;
use crate::reconstruct::DataSets;
use crate::reconstruct::of_release::{Behind, behind};
use crate::reported::Release;
use std::path::Path;

/// The cells of one outcome in one arm, each with its occasion and data sets behind it.
struct Sampled {
    outcome: String,
    arm: String,
    cells: Vec<(String, Vec<Vec<f64>>)>,
}

impl Sampled {
    /// How many patients it was measured in.
    fn size(&self) -> usize {
        self.cells.iter().flat_map(|(_, sets)| sets.first()).map(Vec::len).max().unwrap_or(0)
    }
}

pub fn run(args: &FitArgs, release: &Path, common: &Common) -> Result<(), Failure> {
    let formula = Formula::parse(&args.formula)?;
    let dataset = Dataset::load(release)?;
    let all: Vec<Behind> = behind(only_release(&dataset)?, common.rounding);
    let wanted: Vec<String> = match args.model.stack.as_slice() {
        [] => response_names(&formula),
        names => names.iter().map(|name| column_name(name)).collect(),
    };
    let known = || {
        let mut known: Vec<String> = all.iter().map(|row| column_name(&row.outcome)).collect();
        known.dedup();
        format!("the outcomes are {}", known.join(", "))
    };
    let is_wanted = |row: &&Behind| wanted.contains(&column_name(&row.outcome));
    let chosen: Vec<&Behind> = all.iter().filter(is_wanted).collect();
    let of_stack = |name: &&String| !all.iter().any(|row| column_name(&row.outcome) == **name);
    if let Some(absent) = wanted.iter().find(of_stack).filter(|_| !args.model.stack.is_empty()) {
        return Err(Failure::call(format!("--stack: `{absent}` is no outcome of the release"), known()));
    }
    let Some(first) = chosen.first() else {
        return Err(Failure::call("the response of the formula is no outcome of the release", known()));
    };
    let (replicates, seed) = (args.replicates(), args.inference.seed());
    let mut ranges = ranges(args, common, first.outcome.clone(), "reconstructed data")?;
    let columns = chosen
        .iter()
        .enumerate()
        .map(|(number, row)| sampled(row, replicates, derived_seed(seed, number as u64), &mut ranges.notes))
        .collect::<Result<Vec<Sampled>, Failure>>()?;
    let occasions = |of: &Sampled| of.cells.iter().map(|(occasion, _)| occasion.clone()).collect::<Vec<_>>();
    if let Some(other) = columns.iter().find(|of| occasions(of) != occasions(&columns[0])) {
        let message = format!("{} was measured at other occasions than {}", other.outcome, columns[0].outcome);
        return Err(Failure::call(message, "take outcomes of the same occasions"));
    }
    ranges.notes.push(pairing_note(replicates, seed, wanted.len() > 1));
    ranges.notes.extend(sizes_note(&columns));
    let mut random = Random::seeded(seed);
    check(args, paired(&columns, 0, &mut Random::seeded(seed)))?;
    let tables = |replicate: usize| (paired(&columns, replicate, &mut random), Vec::new());
    fit_all(args, replicates, tables, |_| Ok(()), common, &mut ranges)?;
    write(&ranges, args, common)
}

/// The release of a call that is about one: patients of several are no single trial.
pub fn only_release(dataset: &Dataset) -> Result<&Release, Failure> {
    match dataset.releases() {
        [only] => Ok(only),
        all => {
            let names: Vec<&str> = all.iter().map(|release| release.id.as_str()).collect();
            let message = format!("one release is taken at a time, and the folder holds {}", listed(&names));
            Err(Failure::call(message, "name the file of one release"))
        }
    }
}

/// Outcomes of different numbers of patients: who lacks which is not reported.
fn sizes_note(columns: &[Sampled]) -> Option<String> {
    let most = |of: &Sampled| columns.iter().filter(|own| own.arm == of.arm).map(Sampled::size).max();
    if columns.iter().all(|of| Some(of.size()) == most(of)) {
        return None;
    }
    let told: Vec<String> = columns.iter().map(|of| format!("{} {} in {}", of.outcome, of.size(), of.arm)).collect();
    Some(format!(
        "patients with each outcome: {}; who lacks one is not reported, and in each fit it is those who come last in \
         its order",
        told.join(", ")
    ))
}

/// What was enumerated and what was drawn.
fn pairing_note(replicates: usize, seed: u64, several: bool) -> String {
    let between =
        if several { "; outcomes were paired at random too, as if they were unrelated between patients" } else { "" };
    format!(
        "{replicates} fits: in the first, values of both occasions are paired in the same order, in the second in \
         opposite order (the largest and the smallest correlation of these two data sets); in the others patients are \
         paired at random (seed {seed}){between}. The ranges are those of these fits: over every data set and \
         pairing they may be wider; `reffect reconstruct BEFORE AFTER` has the exact range of the paired t-test"
    )
}

/// The names that stand in the response.
fn response_names(formula: &Formula) -> Vec<String> {
    let sides = match &formula.response {
        Some(Response::One(expr)) => vec![expr],
        Some(Response::Pair(a, b)) => vec![a, b],
        None => Vec::new(),
    };
    sides.into_iter().flat_map(Expr::columns).map(column_name).collect()
}

/// An outcome as the name of a column: `relapse-rate` is `relapse_rate`.
pub fn column_name(outcome: &str) -> String {
    outcome.replace('-', "_")
}

/// Data sets behind the cells of a row.
fn sampled(row: &Behind, replicates: usize, seed: u64, notes: &mut Vec<String>) -> Result<Sampled, Failure> {
    let mut cells = Vec::new();
    for (number, cell) in row.cells.iter().enumerate() {
        let named = format!("{} of {} at {}", cell.text, row.outcome, cell.occasion);
        let sets: &DataSets = cell.sets.as_ref().map_err(|reason| {
            Failure::call(format!("{named} has no data sets to fit: {reason}"), "choose another outcome")
        })?;
        let other = |reason| Failure::call(format!("{named}: {reason}"), "choose another outcome");
        let count = sets.count().map_err(other)?;
        let drawn = match sets.list(replicates) {
            Some(all) => {
                notes.push(match count {
                    1 => format!("{named}: the one data set behind it"),
                    _ => format!("{named}: all {count} data sets behind it, each used about equally often"),
                });
                all
            }
            None => {
                notes.push(format!("{named}: a uniform sample of {replicates} of the {count} data sets behind it"));
                sets.sample(replicates, derived_seed(seed, number as u64)).map_err(other)?
            }
        };
        if drawn.is_empty() {
            return Err(Failure::Contradiction(format!("no data set prints as {named}")));
        }
        if !cell.is_explained {
            notes.push(format!("{named}: what follows ± is read as an SD, which the source does not say"));
        }
        cells.push((cell.occasion.clone(), drawn.iter().map(|counts| sets.values(counts)).collect()));
    }
    if cells.len() < 2 {
        let message = format!("{} is reported at one occasion only", row.outcome);
        return Err(Failure::call(message, "a model of repeated measurements needs two"));
    }
    let people: Vec<usize> = cells.iter().map(|(_, sets): &(String, Vec<Vec<f64>>)| sets[0].len()).collect();
    if let Some(at) = people.iter().position(|size| *size != people[0]) {
        let message = format!(
            "{} people have {} in {} at {} and {} at {}: who was measured twice is not reported",
            people[0], row.outcome, row.arm, cells[0].0, people[at], cells[at].0
        );
        return Err(Failure::call(message, "choose an outcome of the same people at each occasion"));
    }
    Ok(Sampled { outcome: column_name(&row.outcome), arm: row.arm.clone(), cells })
}

/// One data set for each cell: columns patient, arm, occasion, after and each outcome. The first replicate
/// pairs values by rising order, the second in opposite order, the others at random.
fn paired(columns: &[Sampled], replicate: usize, random: &mut Random) -> Frame {
    let mut arms: Vec<&str> = columns.iter().map(|of| of.arm.as_str()).collect();
    arms.dedup();
    arms.sort_unstable();
    arms.dedup();
    let mut outcomes: Vec<&str> = columns.iter().map(|of| of.outcome.as_str()).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    let (mut patients, mut names, mut occasions, mut after) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); outcomes.len()];
    let first = columns[0].cells[0].1.len().max(1);
    let (turn, round) = (replicate / first, replicate / first / first);
    let mut cells = 0;
    for arm in arms {
        let of_arm: Vec<&Sampled> = columns.iter().filter(|of| of.arm == arm).collect();
        let Some(first) = of_arm.first() else { continue };
        for (number, (occasion, _)) in first.cells.iter().enumerate() {
            let mut size = 0;
            for (at, outcome) in outcomes.iter().enumerate() {
                let Some(own) = of_arm.iter().find(|of| of.outcome == *outcome) else { continue };
                let drawn = &own.cells[number].1;
                // Each cell runs ahead of the one before it by one data set a turn, and by more in later rounds, so
                // that no two go in step.
                let ahead = cells * turn + cells * cells.saturating_sub(1) / 2 * round;
                let mut set = drawn[(replicate + ahead) % drawn.len()].clone();
                cells += 1;
                match replicate {
                    0 => {}
                    1 if number % 2 == 1 => set.reverse(),
                    1 => {}
                    _ => random.shuffle(&mut set),
                }
                size = size.max(set.len());
                values[at].extend(set);
            }
            values.iter_mut().for_each(|column| column.resize(patients.len() + size, f64::NAN));
            patients.extend((0..size).map(|patient| Some(format!("{arm}:{}", patient + 1))));
            names.extend(std::iter::repeat_n(Some(arm.to_owned()), size));
            occasions.extend(std::iter::repeat_n(Some(occasion.clone()), size));
            after.extend(std::iter::repeat_n(number as f64, size));
        }
    }
    let mut frame = Frame::default();
    frame.texts("patient", patients);
    frame.texts("arm", names);
    frame.texts("occasion", occasions);
    frame.numbers("after", after);
    for (outcome, column) in outcomes.into_iter().zip(values) {
        frame.numbers(outcome, column);
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Column;
    use std::collections::BTreeSet;

    #[test]
    fn data_sets_of_all_pairs_of_cells_come_together() {
        let cell = |number: usize| {
            let sets = (0..4).map(|set| vec![(10 * number + set) as f64]).collect();
            (format!("week {number}"), sets)
        };
        let of = |arm: &str, first: usize| Sampled {
            outcome: "score".to_owned(),
            arm: arm.to_owned(),
            cells: (first..first + 2).map(cell).collect(),
        };
        let columns = [of("a", 0), of("b", 2)];
        let mut seen: Vec<BTreeSet<(usize, usize)>> = vec![BTreeSet::new(); 16];
        for replicate in 0..64 {
            let frame = paired(&columns, replicate, &mut Random::seeded(1));
            let Some(Column::Numbers(values)) = frame.column("score") else { panic!("no scores") };
            let sets: Vec<usize> = values.iter().enumerate().map(|(at, value)| *value as usize - 10 * at).collect();
            for (one, other) in (0..4).flat_map(|one| (0..one).map(move |other| (one, other))) {
                seen[4 * one + other].insert((sets[one], sets[other]));
            }
        }
        for (one, other) in (0..4).flat_map(|one| (0..one).map(move |other| (one, other))) {
            assert_eq!(seen[4 * one + other].len(), 16, "{one} {other}");
        }
    }
}
