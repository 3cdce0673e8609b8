//! `reffect meta --v-shared`: several effects of one study against the same group.

use super::args::MetaArgs;
use super::input::{is_missing, labels, lines_by_reason};
use crate::cli::failure::Failure;
use crate::diagnostic::listed;
use crate::effect::measures::{
    EffectMeasure, Family, Field, GroupParts, Inputs, Options, group_parts, measures_by_group,
};
use crate::formula::Frame;
use crate::numeric::format::significant;
use crate::numeric::matrix::Matrix;
use std::collections::{BTreeMap, BTreeSet};

/// The covariances of the sampling errors of effects that share groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// By two rows of the table, the smaller first; the same row twice where its variance is another than that of the
    /// measure.
    pub covariances: BTreeMap<(usize, usize), f64>,
}

/// A group of patients: its name, or the numbers that it has as the second group of its rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Named(String),
    Second(Vec<u64>),
    /// A group that stands in one row alone.
    Own(usize),
}

/// One row with an effect.
struct Row<'a> {
    at: usize,
    line: u64,
    inputs: &'a Inputs,
    yi: f64,
    vi: f64,
    parts: GroupParts,
    groups: [Group; 2],
}

/// What the rows of a table are made of.
pub struct OfTable<'a> {
    pub frame: &'a Frame,
    pub lines: &'a [u64],
    pub measure: &'static EffectMeasure,
    pub options: Options,
    /// What the measure was computed from, row by row.
    pub inputs: &'a [Inputs],
    /// Effects and variances, NaN where there are none.
    pub yi: &'a [f64],
    pub vi: &'a [f64],
}

/// The fields that describe each of both groups.
fn fields_of(family: Family) -> [&'static [Field]; 2] {
    match family {
        Family::Counts => [&[Field::Ai, Field::Bi, Field::N1i], &[Field::Ci, Field::Di, Field::N2i]],
        Family::TwoRates => [&[Field::X1i, Field::T1i], &[Field::X2i, Field::T2i]],
        _ => [&[Field::M1i, Field::Sd1i, Field::N1i], &[Field::M2i, Field::Sd2i, Field::N2i]],
    }
}

/// The covariances of the effects of a table, with what is to be known of them.
pub fn shared(args: &MetaArgs, table: &OfTable<'_>, notes: &mut Vec<String>) -> Result<Option<Shared>, Failure> {
    let Some(column) = &args.levels.v_shared else { return Ok(None) };
    let measure = table.measure;
    if !measures_by_group().any(|code| code == measure.code) {
        let codes: Vec<&str> = measures_by_group().collect();
        return Err(Failure::call(
            format!("--v-shared has no formula for {}: its variance is no sum of parts of both groups", measure.code),
            format!("it is for {}; other measures take --v-cluster with --v-rho", listed(codes)),
        ));
    }
    // A row without a study is left out, and told so elsewhere.
    let is_whole = |at: &usize| !table.vi[*at].is_nan() && !is_missing(table.frame, column, *at);
    let with_effect: Vec<usize> = (0..table.yi.len()).filter(is_whole).collect();
    let studies = labels(table.frame, column, &with_effect)?;
    let names = group_names(args, table.frame, &with_effect)?;
    let (mut by_study, mut unknown): (BTreeMap<&str, Vec<Row<'_>>>, Vec<u64>) = (BTreeMap::new(), Vec::new());
    for (place, (&at, study)) in with_effect.iter().zip(&studies).enumerate() {
        let line = table.lines[at];
        let inputs = &table.inputs[at];
        let groups = match &names {
            Some([first, second]) => [first, second].map(|names| Group::Named(names[place].clone())),
            None => [Group::Own(at), second_group(measure, inputs).unwrap_or(Group::Own(at))],
        };
        if matches!(groups[1], Group::Own(_)) {
            unknown.push(line);
        }
        // Every row with a variance has its parts.
        if let Ok(parts) = group_parts(measure, inputs, &table.options) {
            let row = Row { at, line, inputs, yi: table.yi[at], vi: table.vi[at], parts, groups };
            by_study.entry(study).or_default().push(row);
        }
    }
    if !unknown.is_empty() {
        let lines = unknown.iter().map(|line| (*line, ""));
        let told: Vec<String> = lines_by_reason(lines).into_iter().map(|(lines, _)| lines).collect();
        notes.push(format!(
            "{} share no group with others: the numbers of their second group are not all there; --v-groups names groups",
            told.join("; ")
        ));
    }
    let mut found =
        Found { own_sd: measure.family == Family::TwoGroups && is_by_pooled_sd(measure), ..Found::default() };
    for (study, rows) in &by_study {
        found.add(study, rows, measure)?;
    }
    if found.shared.covariances.is_empty() {
        return Err(nothing_shared(args, column, &by_study));
    }
    notes.extend(found.notes(args, column));
    Ok(Some(found.shared))
}

/// Whether its differences are divided by an SD that is pooled over both groups.
fn is_by_pooled_sd(measure: &EffectMeasure) -> bool {
    matches!(measure.code, "SMD" | "D2ORL" | "D2ORN")
}

/// The names of both groups of some rows.
fn group_names(args: &MetaArgs, frame: &Frame, rows: &[usize]) -> Result<Option<[Vec<String>; 2]>, Failure> {
    match args.levels.v_groups.as_slice() {
        [] => Ok(None),
        [first, second] => Ok(Some([labels(frame, first, rows)?, labels(frame, second, rows)?])),
        several => Err(Failure::call(
            format!("--v-groups takes two columns, and {} were named", several.len()),
            "the names of the first and of the second group of each row: --v-groups treatment,control",
        )),
    }
}

/// The second group of a row by its numbers; none where one is missing.
fn second_group(measure: &EffectMeasure, inputs: &Inputs) -> Option<Group> {
    let numbers = numbers_of(measure, inputs, 1)?;
    Some(Group::Second(numbers.into_iter().map(|value| (value + 0.0).to_bits()).collect()))
}

/// The numbers of a group; of counts the events and the members.
fn numbers_of(measure: &EffectMeasure, inputs: &Inputs, place: usize) -> Option<Vec<f64>> {
    let fields = fields_of(measure.family)[place];
    if measure.family == Family::Counts {
        let events = inputs.get(fields[0])?;
        let size = inputs.get(fields[2]).or_else(|| Some(events + inputs.get(fields[1])?))?;
        return Some(vec![events, size]);
    }
    let needed = fields.iter().filter(|field| measure.fields().contains(field));
    needed.map(|field| inputs.get(*field)).collect()
}

/// What was found in all studies.
#[derive(Default)]
struct Found {
    shared: Shared,
    /// The studies with the lines of their rows.
    told: Vec<String>,
    /// The least and the largest correlation.
    range: Option<(f64, f64)>,
    /// Whether differences are divided by an SD that may be one of all groups of a study.
    own_sd: bool,
    /// The studies in which it is.
    of_one_sd: Vec<String>,
}

impl Found {
    fn add(&mut self, study: &str, rows: &[Row<'_>], measure: &EffectMeasure) -> Result<(), Failure> {
        same_numbers(study, rows, measure)?;
        let size = if self.own_sd && shares_any(rows) { size_of_one_sd(rows) } else { None };
        let covariance = |a: &Row<'_>, b: &Row<'_>| covariance(a, b, size);
        let k = rows.len();
        let mut matrix = Matrix::from_fn(k, k, |i, j| if i == j { rows[i].vi } else { 0.0 });
        for i in 0..k {
            if size.is_some() && k > 1 {
                matrix[(i, i)] = covariance(&rows[i], &rows[i]);
                self.shared.covariances.insert((rows[i].at, rows[i].at), matrix[(i, i)]);
            }
            for j in 0..i {
                let of = covariance(&rows[i], &rows[j]);
                (matrix[(i, j)], matrix[(j, i)]) = (of, of);
                if of != 0.0 {
                    self.shared.covariances.insert((rows[j].at, rows[i].at), of);
                }
            }
        }
        let correlations: Vec<f64> = (0..k)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .filter(|at| matrix[*at] != 0.0)
            .map(|(i, j)| matrix[(i, j)] / (matrix[(i, i)] * matrix[(j, j)]).sqrt())
            .collect();
        if correlations.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = rows.iter().map(|row| row.line.to_string()).collect();
        refuse_singular(study, &lines, &matrix)?;
        for r in correlations {
            let (least, most) = self.range.unwrap_or((r, r));
            self.range = Some((least.min(r), most.max(r)));
        }
        self.told.push(format!("{study} (lines {})", listed(lines)));
        self.of_one_sd.extend(size.map(|_| study.to_owned()));
        Ok(())
    }

    fn notes(&self, args: &MetaArgs, column: &str) -> Vec<String> {
        /// So many studies are named.
        const MOST_NAMED: usize = 5;
        let some = |all: &[String]| {
            let more = all.len().saturating_sub(MOST_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{more}", all[..all.len().min(MOST_NAMED)].join("; "))
        };
        let how = match args.levels.v_groups.as_slice() {
            [first, second] => format!("the same name in {first} or {second}"),
            _ => "the same numbers of the second group".to_owned(),
        };
        let correlated = self.range.map_or_else(String::new, |(least, most)| {
            let (least, most) = (significant(least, 2), significant(most, 2));
            if least == most { format!(" ({least})") } else { format!(" ({least} to {most})") }
        });
        let count = self.told.len();
        let s = if count == 1 { "" } else { "s" };
        let mut notes = vec![format!(
            "rows of {count} level{s} of {column} share a group, by {how}: {}. Their effects are correlated{correlated} as far as \
             that group's own part in their variances reaches (Gleser and Olkin 2009); covariances are in --json",
            some(&self.told)
        )];
        if !self.of_one_sd.is_empty() {
            notes.push(format!(
                "all groups of {} have the same SD, which is taken as one SD of all of them: variances and covariances have \
                 the size of the whole study in it",
                some(&self.of_one_sd)
            ));
        }
        notes
    }
}

fn shares_any(rows: &[Row<'_>]) -> bool {
    let share = |a: &Row<'_>, b: &Row<'_>| a.groups.iter().any(|group| b.groups.contains(group));
    (0..rows.len()).any(|i| (0..i).any(|j| share(&rows[i], &rows[j])))
}

/// The covariance of two effects of a study, or the variance of one; `size` is that of the whole study where one SD of
/// all its groups divides all differences.
fn covariance(a: &Row<'_>, b: &Row<'_>, size: Option<f64>) -> f64 {
    let with = |of: &Row<'_>| match size {
        // Gleser & Olkin (2009): the part of the SD has the size of the study, and not that of both groups.
        Some(_) => GroupParts { spread: [0.0; 2], ..of.parts },
        None => of.parts,
    };
    let (one, other) = (with(a), with(b));
    let mut sum = 0.0;
    for (i, group) in a.groups.iter().enumerate() {
        for (j, same) in b.groups.iter().enumerate() {
            if group == same && (a.at != b.at || i == j) {
                sum += one.covariance(i, &other, j);
            }
        }
    }
    let of_sd = |row: &Row<'_>, size: f64| {
        let both = group_sizes(row).iter().sum::<f64>();
        let spread: f64 = row.parts.spread.iter().map(|w| w * w).sum();
        row.yi.signum() * (spread * both / size).sqrt()
    };
    sum + size.map_or(0.0, |size| of_sd(a, size) * of_sd(b, size))
}

fn group_sizes(row: &Row<'_>) -> [f64; 2] {
    [Field::N1i, Field::N2i].map(|field| row.inputs.get(field).unwrap_or(f64::NAN))
}

/// The size of a study whose groups all have the same SD, and thus one that is pooled over all of them.
fn size_of_one_sd(rows: &[Row<'_>]) -> Option<f64> {
    let sds = rows.iter().flat_map(|row| [Field::Sd1i, Field::Sd2i].map(|field| row.inputs.get(field)));
    let sds: Vec<f64> = sds.collect::<Option<_>>()?;
    let mut sizes: BTreeMap<(usize, &Group), f64> = BTreeMap::new();
    for row in rows {
        for (place, (group, size)) in row.groups.iter().zip(group_sizes(row)).enumerate() {
            // A group without a name is another one in each place.
            let place = if matches!(group, Group::Named(_)) { 0 } else { place };
            sizes.insert((place, group), size);
        }
    }
    sds.windows(2).all(|pair| pair[0] == pair[1]).then(|| sizes.values().sum())
}

/// Refuses groups of one name with different numbers.
fn same_numbers(study: &str, rows: &[Row<'_>], measure: &EffectMeasure) -> Result<(), Failure> {
    let mut known: BTreeMap<&Group, (u64, Vec<f64>)> = BTreeMap::new();
    for row in rows {
        if row.groups[0] == row.groups[1] {
            return Err(Failure::call(
                format!("line {}: --v-groups gives both groups of {study} the same name", row.line),
                "name the two groups that are compared",
            ));
        }
        for (place, group) in row.groups.iter().enumerate() {
            let (Group::Named(name), Some(numbers)) = (group, numbers_of(measure, row.inputs, place)) else { continue };
            let (line, first) = known.entry(group).or_insert_with(|| (row.line, numbers.clone()));
            let is_other = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-9 * a.abs().max(b.abs());
            if first.iter().zip(&numbers).any(is_other) {
                let told = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
                return Err(Failure::call(
                    format!(
                        "the group {name} of {study} has the numbers {} in line {line} and {} in line {}",
                        told(first),
                        told(&numbers),
                        row.line
                    ),
                    "one group has the same numbers in each row: correct them, or give several outcomes or times names of \
                     their own",
                ));
            }
        }
    }
    Ok(())
}

/// Refuses effects that follow from each other.
fn refuse_singular(study: &str, lines: &[String], matrix: &Matrix) -> Result<(), Failure> {
    let (values, _) = matrix.symmetric_eigen();
    let (least, most) = (values.first().copied().unwrap_or(1.0), values.last().copied().unwrap_or(1.0));
    if least > 1e-10 * most {
        return Ok(());
    }
    Err(Failure::call(
        format!(
            "the effects of {study} (lines {}) follow from each other: A against B, A against C and B against C of the same \
             groups are two effects, and not three",
            listed(lines)
        ),
        "leave one of them out",
    ))
}

/// The error where no two rows share a group.
fn nothing_shared(args: &MetaArgs, column: &str, by_study: &BTreeMap<&str, Vec<Row<'_>>>) -> Failure {
    if by_study.values().all(|rows| rows.len() < 2) {
        let message = format!("--v-shared {column}: no level of {column} has two rows with an effect");
        return Failure::call(message, "name the column that tells which rows belong to one study");
    }
    if !args.levels.v_groups.is_empty() {
        let message = format!("--v-shared {column}: no two rows of a level of {column} name the same group");
        return Failure::call(message, "see that --v-groups names the columns of both groups; or leave --v-shared out");
    }
    let firsts = |rows: &Vec<Row<'_>>| {
        let of = |row: &Row<'_>| {
            let fields = [Field::Ai, Field::X1i, Field::M1i, Field::N1i, Field::T1i];
            fields.map(|field| row.inputs.get(field).map(f64::to_bits))
        };
        rows.len() - rows.iter().map(of).collect::<BTreeSet<_>>().len()
    };
    let hint = if by_study.values().map(firsts).sum::<usize>() > 0 {
        "the first groups repeat: --v-groups COLUMN,COLUMN with the names of both groups takes either side"
    } else {
        "name the groups with --v-groups COLUMN,COLUMN, or leave --v-shared out"
    };
    Failure::call(
        format!("--v-shared {column}: no two rows of a level of {column} have the same numbers in their second group"),
        hint,
    )
}

impl Shared {
    /// The covariances of pairs of rows that R keeps, under the numbers that it gives them.
    pub fn pairs_in_r(&self, numbers: &[Option<usize>]) -> Vec<(usize, usize, f64)> {
        let one = |(&(i, j), &value): (&(usize, usize), &f64)| Some((numbers[i]?, numbers[j]?, value));
        self.covariances.iter().filter_map(one).collect()
    }

    /// Puts the variances that are others than those of the measure.
    pub fn put_variances(&self, vi: &mut [f64]) {
        for (&(i, j), &value) in &self.covariances {
            if i == j {
                vi[i] = value;
            }
        }
    }

    /// The covariance of two rows of the table.
    pub fn of(&self, i: usize, j: usize) -> f64 {
        self.covariances.get(&(i.min(j), i.max(j))).copied().unwrap_or(0.0)
    }
}
