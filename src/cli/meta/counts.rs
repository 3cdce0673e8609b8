//! `reffect meta --mh`, `--peto` and `--glmm`: from a table of counts to a pooled effect.

use super::args::MetaArgs;
use super::around::order;
use super::input::{
    Moderation, Studies, incomplete, input_error, is_empty, labels, lines_by_reason, moderation, moderators_of,
    numbers, of_table, open_table, study_names,
};
use super::methods::methods;
use super::subgroups::{CountedStudies, counts_in_subgroups};
use super::suspicions::shared_controls;
use crate::cli::failure::Failure;
use crate::cli::study_names::{self, Left, usual_names};
use crate::formula::{Column, Frame};
use crate::meta::deletion::without_weights;
use crate::meta::glmm::{GlmmModel, StudyLikelihood, glmm_random_studies_with_moderators, glmm_with_moderators};
use crate::meta::mantel_haenszel::{Continuity, CountMeasure, Counts, MantelHaenszel, cochran, mantel_haenszel, peto};
use crate::meta::{Estimator, Fit, MetaError, Problem, Test};
use crate::report::meta::around::{Around, CountTests};
use crate::report::meta::{Added, Facts, Moderators, Omitted, Part};
use crate::report::r_call::{self, Source};
use std::collections::HashSet;

/// A pooled effect with the names of its studies.
pub struct Pooled {
    pub result: MantelHaenszel,
    /// The names of the studies with an effect of their own.
    pub slab: Vec<String>,
    /// The rows that have no part in the analysis.
    pub omitted: Vec<Omitted>,
    /// What was asked for around the fit.
    pub around: Around,
    pub notes: Vec<String>,
    /// What of them charts and programs have to know.
    pub facts: Facts,
}

/// A model of counts with the names of its studies.
pub struct RandomCounts {
    pub fit: Fit,
    /// The studies with their raw effects, for the table, and with the moderators.
    pub studies: Studies,
    /// The model and the measure.
    pub name: String,
    /// The variance between the levels of the studies, where the model has one.
    pub sigma2: Option<f64>,
    /// The call of R that fits the same.
    pub r_call: String,
}

/// The columns of counts, in the rows that have them all.
struct CountTable {
    frame: Frame,
    rows: Vec<usize>,
    columns: Vec<Vec<f64>>,
    names: Vec<&'static str>,
    /// The columns as they are called in the file.
    in_file: Vec<String>,
    slab: Vec<String>,
    /// The lines of the studies in the file.
    lines: Vec<u64>,
    /// The lines of all rows.
    all_lines: Vec<u64>,
    notes: Vec<String>,
    /// Why a row of the file has no place among them.
    absent: Vec<Option<String>>,
}

/// Reads the one of several sets of columns that `--map` names, or the first that the table has; the error names the
/// last set.
fn read_counts(args: &MetaArgs, sets: &[&[&'static str]]) -> Result<CountTable, Failure> {
    let table = open_table(args)?;
    let has = |name: &str| table.column(name).is_some();
    let named = |set: &&&[&'static str]| set.iter().filter(|name| table.is_named(name)).count();
    let there = || sets.iter().filter(|set| set.iter().all(|name| has(name)));
    let most = there().map(|set| named(&set)).max();
    let chosen = there().find(|set| Some(named(set)) == most).or(sets.last());
    let names: Vec<&'static str> = chosen.map(|set| set.to_vec()).unwrap_or_default();
    let is_said_twice = most == Some(0) && there().count() > 1;
    let missing: Vec<&str> =
        names.iter().copied().chain(args.input.slab.as_deref()).filter(|name| !has(name)).collect();
    if !missing.is_empty() {
        return Err(input_error(table.missing(&missing)));
    }
    let in_file = names.iter().map(|name| table.in_file(name).to_owned()).collect();
    let (frame, lines) = table.into_frame(&names).map_err(input_error)?;
    let (frame, lines) = args.input.rows.of(frame, lines)?;
    let all: Vec<Vec<f64>> = names.iter().map(|name| numbers(&frame, name)).collect();
    let others = if is_said_twice { SIZES_AND_CELLS } else { &[] };
    let gaps = args.model.formula()?.terms.missing(&frame)?;
    let reason = |row: usize| {
        let of_counts = reason_to_omit(&all, row).or_else(|| contradiction(&frame, others, row)).map(str::to_owned);
        of_counts.or_else(|| gaps[row].as_ref().map(|name| format!("{name} is missing")))
    };
    let absent: Vec<Option<String>> = (0..frame.len()).map(reason).collect();
    let rows: Vec<usize> = (0..frame.len()).filter(|&row| absent[row].is_none()).collect();
    let left_out = absent.iter().zip(&lines).filter_map(|(reason, line)| Some((line, reason.as_ref()?)));
    let mut notes: Vec<String> = left_out.map(|(line, reason)| format!("line {line} left out: {reason}")).collect();
    if rows.is_empty() {
        let message = format!("no row is left to pool: {}", notes.join("; "));
        return Err(of_table(args, message, "fill what is missing"));
    }
    let slab = match &args.input.slab {
        Some(column) => study_names(&frame, column, &rows, &lines, &mut notes)?,
        None => usual_names(&frame, &rows, &[]),
    };
    let columns = all.iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect();
    let all_lines = lines;
    let lines = rows.iter().map(|&row| all_lines[row]).collect();
    Ok(CountTable { all_lines, frame, rows, columns, names, in_file, slab, lines, notes, absent })
}

/// Why a study cannot be pooled: a count is missing, or a group has no patients or no time.
fn reason_to_omit(columns: &[Vec<f64>], row: usize) -> Option<&'static str> {
    let is_empty = |group: &[Vec<f64>]| group.iter().all(|column| column[row] == 0.0);
    if columns.iter().any(|column| column[row].is_nan()) {
        Some("a count is missing")
    } else if columns.chunks_exact(2).any(is_empty) {
        Some("a group has nobody in it")
    } else {
        None
    }
}

/// Cells that are sizes together: events, non-events, and both.
const SIZES_AND_CELLS: &[[&str; 3]] = &[["ai", "bi", "n1i"], ["ci", "di", "n2i"]];

/// Why a row whose cells and sizes both stand in the table says two things.
fn contradiction(frame: &Frame, cells: &[[&str; 3]], row: usize) -> Option<&'static str> {
    let at = |name: &str| match frame.column(name) {
        Some(Column::Numbers(values)) => Some(values[row]).filter(|value| value.is_finite()),
        _ => None,
    };
    let is_wrong = |[events, others, size]: &[&str; 3]| {
        let all = at(events).zip(at(others)).zip(at(size));
        all.is_some_and(|((events, others), size)| (events + others - size).abs() > 1e-8 * size.abs())
    };
    cells.iter().any(is_wrong).then_some("cells and sizes do not add up: say by --map which are meant")
}

const TABLES: [&[&str]; 2] = [&["ai", "n1i", "ci", "n2i"], &["ai", "bi", "ci", "di"]];
const RATES: [&[&str]; 1] = [&["x1i", "t1i", "x2i", "t2i"]];

impl CountTable {
    /// Refuses counts that cannot be, with the line and the name of their study.
    fn refuse_impossible(
        &self,
        args: &MetaArgs,
        counts: &[Counts],
        is_possible: impl Fn(&Counts) -> bool,
    ) -> Result<(), Failure> {
        let Some(at) = counts.iter().position(|counts| !is_possible(counts)) else { return Ok(()) };
        let message = format!(
            "line {}: study {}: the counts are impossible: {}",
            self.lines[at],
            self.slab[at],
            counts[at].told()
        );
        Err(of_table(args, message, "events are whole numbers, and no more than there are patients"))
    }

    /// R's names of the columns with those in the file.
    fn arguments(&self) -> Vec<(&str, &str)> {
        self.names.iter().copied().zip(self.in_file.iter().map(String::as_str)).collect()
    }

    /// The rows that are not among the `kept` ones of these, with the weights that these have all the same.
    fn omitted(&self, args: &MetaArgs, kept: &[usize], weights_in_percent: &[f64]) -> Vec<Omitted> {
        let rows: Vec<usize> = kept.iter().map(|&study| self.rows[study]).collect();
        let left = |row: usize| {
            let reason = match &self.absent[row] {
                Some(reason) => format!("left out: {reason}"),
                None if rows.binary_search(&row).is_ok() => return None,
                None if args.counts.glmm.is_some() => {
                    "left out: it has no event, or nothing but events, and says nothing of a ratio".to_owned()
                }
                None => "without an effect of its own: it has no event, or nothing but events".to_owned(),
            };
            let study = self.rows.binary_search(&row).ok();
            let weight = study.and_then(|study| weights_in_percent.get(study).copied());
            let part = match &self.absent[row] {
                Some(_) if is_empty(&self.frame, row) => Part::Empty,
                None if args.counts.glmm.is_none() => Part::PooledOnly,
                _ => Part::LeftOut,
            };
            Some(Left { effect: (f64::NAN, f64::NAN), weight, reason, part })
        };
        study_names::omitted(&self.frame, args.input.slab.as_deref(), &[], &rows, left)
    }

    /// Events and sizes of two groups.
    fn two_groups(&self) -> Vec<Counts> {
        let is_cells = self.names[1] == "bi";
        (0..self.columns[0].len())
            .map(|row| {
                let [a, b, c, d] = [0, 1, 2, 3].map(|column: usize| self.columns[column][row]);
                let (size1, size2) = if is_cells { (a + b, c + d) } else { (b, d) };
                Counts { events1: a, size1, events2: c, size2 }
            })
            .collect()
    }
}

/// `--mh` and `--peto`.
pub fn pool_counts(args: &MetaArgs, level: f64) -> Result<Pooled, Failure> {
    let named = args
        .counts
        .measure
        .as_deref()
        .filter(|code| args.counts.peto && !["OR", "PETO"].iter().any(|known| known.eq_ignore_ascii_case(code)));
    if let Some(code) = named {
        return Err(Failure::call(
            format!("--peto pools odds ratios, and --measure says {code}"),
            "leave --measure out, or pool by --mh",
        ));
    }
    let measure = args.counts.count_measure();
    let is_rate = measure.as_ref().is_ok_and(|measure| measure.is_rate());
    let table = read_counts(args, if is_rate { &RATES } else { &TABLES })?;
    let counts = table.two_groups();
    table.refuse_impossible(args, &counts, |counts| counts.is_possible(is_rate))?;
    let refused = |expected| Failure::call(format!("--measure: {expected}"), "for example --mh --measure OR");
    let measure = if args.counts.peto { CountMeasure::Or } else { measure.map_err(refused)? };
    let pool = |counts: &[Counts]| {
        if args.counts.peto { peto(counts, level) } else { mantel_haenszel(measure, counts, args.counts.mh_add, level) }
    };
    // Half an event makes no effect of a table without one, as metafor's drop00 leaves these out.
    let nothing_said = |error: MetaError| match error {
        MetaError::Data(reason) => Failure::call(
            format!("the {} tables cannot be pooled: {reason}", counts.len()),
            "such tables (double zeros) say nothing of an effect, also with --mh-add; report their counts instead, or pool \
             the risks by --glmm UM.FS --measure PLO of all groups in rows of their own",
        ),
        other => other.into(),
    };
    let mut result = pool(&counts).map_err(nothing_said)?;
    if args.counts.mh && args.counts.escalc.no_correct {
        result.mh = cochran(measure, &counts, Continuity::Uncorrected);
    }
    let around = around(args, &table, &counts, &result, &pool, level)?;
    let mut notes = table.notes.clone();
    notes.extend(around.notes.iter().cloned());
    if result.studies.len() < counts.len() {
        let count = counts.len() - result.studies.len();
        let (what, have) =
            if count == 1 { ("study", "has no effect of its") } else { ("studies", "have no effect of their") };
        notes.push(format!("{count} {what} without an event, or with nothing but events, {have} own"));
    }
    let mut facts = Facts::default();
    if args.counts.mh {
        let is_added = |study: &&usize| counts[**study].corrected(measure, 0.5) != counts[**study];
        let studies: Vec<usize> = result.studies.iter().filter(is_added).copied().collect();
        facts.added = Added::to(studies.len(), 0.5, args.counts.mh_add > 0.0);
        let pooled = match args.counts.mh_add > 0.0 {
            true => "--mh-add adds to what is pooled",
            false => "what is pooled are the counts as they are",
        };
        notes.extend(note_on_added(studies.iter().map(|&study| table.lines[study]), pooled));
    }
    let instead =
        "combine its arms, or pool effects (--measure without --mh, --peto and --glmm) with --v-shared COLUMN";
    notes.extend(shared_controls(&table.frame, &table.all_lines, args.input.slab.as_deref(), instead));
    let slab = result.studies.iter().map(|&study| table.slab[study].clone()).collect();
    let omitted = table.omitted(args, &result.studies, &result.weights_in_percent);
    Ok(Pooled { result, slab, omitted, around, notes, facts })
}

/// What was asked for around pooled counts.
fn around(
    args: &MetaArgs,
    table: &CountTable,
    counts: &[Counts],
    result: &MantelHaenszel,
    pool: &dyn Fn(&[Counts]) -> Result<MantelHaenszel, MetaError>,
    level: f64,
) -> Result<Around, Failure> {
    let asked = &args.around;
    let mh = CountTests { mh: result.mh, tarone: result.tarone, breslow_day: result.breslow_day };
    let r_call = if args.counts.peto {
        r_call::peto(&table.arguments(), level)
    } else {
        let measure = args.counts.measure.as_deref().unwrap_or_default().to_ascii_uppercase();
        r_call::mantel_haenszel(&measure, &table.arguments(), args.counts.mh_add, !args.counts.escalc.no_correct, level)
    };
    let r_call = args.of_its_rows(r_call, &[]);
    let mut around = Around { mh: args.counts.mh.then_some(mh), r_call, ..Around::default() };
    if asked.predict {
        // Counts that allow no estimate allow no prediction.
        let mean = Some(result.fit.predict(&[1.0], args.model.pi_type)?).filter(|of| of.estimate.is_finite());
        around.predict = Some(vec![("mean".to_owned(), mean)]);
    }
    if let Some(column) = &asked.subgroup {
        let studies = CountedStudies {
            frame: &table.frame,
            rows: &table.rows,
            slab: &table.slab,
            counts,
            shown: &result.studies,
        };
        counts_in_subgroups(column, &studies, pool, &mut around)?;
    }
    if !asked.asked().is_empty() {
        around.methods = methods(args, &around);
    }
    // A study without an effect of its own still counts here.
    let all: Vec<usize> = (0..table.rows.len()).collect();
    around.without_part = Some(table.omitted(args, &all, &[]));
    if asked.leave_one_out {
        let groups = match &asked.delete_by {
            Some(column) => labels(&table.frame, column, &table.rows)?,
            None => table.slab.iter().enumerate().map(|(at, _)| at.to_string()).collect(),
        };
        let mut known = HashSet::new();
        let names: Vec<&String> = groups.iter().filter(|group| known.insert(group.as_str())).collect();
        let without = |name: &&String| {
            let kept: Vec<Counts> =
                counts.iter().zip(&groups).filter(|(_, group)| group != name).map(|(of, _)| *of).collect();
            pool(&kept).ok().map(|pooled| without_weights(pooled.fit))
        };
        around.are_groups = asked.delete_by.is_some();
        around.leave_one_out = Some(names.iter().map(without).collect());
        around.left_out =
            Some(if asked.delete_by.is_some() { names.into_iter().cloned().collect() } else { table.slab.clone() });
    }
    if let Some(column) = &asked.cumulative {
        let (order, note) = order(&table.frame, &table.rows, column, &table.slab)?;
        around.notes.extend(note);
        let up_to = |count: usize| {
            let chosen: Vec<Counts> = order[..count].iter().map(|&study| counts[study]).collect();
            (order[count - 1], pool(&chosen).ok().map(|pooled| without_weights(pooled.fit)))
        };
        around.cumulative = Some((1..=order.len()).map(up_to).collect());
        around.added = Some(order.iter().map(|&study| table.slab[study].clone()).collect());
    }
    Ok(around)
}

/// A model of counts with the test that is asked for.
fn tested(fit: Fit, test: Test) -> Result<Fit, Failure> {
    let too_few = || match fit.p {
        1 => Failure::call("--test t needs two studies: one has no degrees of freedom", "leave it out for z"),
        p => Failure::call(
            format!("--test t needs more studies than the {p} coefficients: {} leave no degrees of freedom", fit.k),
            "leave it out for z, or use fewer moderators",
        ),
    };
    if test == Test::T { fit.clone().with_t().ok_or_else(too_few) } else { Ok(fit) }
}

/// `--glmm`.
pub fn model_counts(args: &MetaArgs, level: f64) -> Result<RandomCounts, Failure> {
    let model = args.counts.glmm.unwrap_or(GlmmModel::UmFs);
    let measure = args.counts.measure.as_deref().unwrap_or_default().to_ascii_uppercase();
    let measure = measure.as_str();
    let (name, sets) = model_and_columns(measure, model)?;
    let table = read_counts(args, sets)?;
    let mut notes = table.notes.clone();
    let all: Vec<Counts> = if sets[0].len() == 4 {
        table.two_groups()
    } else {
        let one = |(events, size): (&f64, &f64)| Counts { events1: *events, size1: *size, events2: 0.0, size2: 1.0 };
        table.columns[0].iter().zip(&table.columns[1]).map(one).collect()
    };
    let is_rate = matches!(measure, "IRR" | "IRLN");
    table.refuse_impossible(args, &all, |counts| is_whole(counts, is_rate))?;
    // A study without an event in either group, or with nothing but events, says nothing of a ratio.
    let is_pair = sets[0].len() == 4;
    let says = |counts: &Counts| {
        let none = counts.events1 + counts.events2 == 0.0;
        let only = !is_rate && counts.events1 == counts.size1 && counts.events2 == counts.size2;
        !is_pair || !(none || only)
    };
    if is_pair {
        let instead = "combine its arms, or pool effects (--measure without --glmm) with --v-shared COLUMN";
        notes.extend(shared_controls(&table.frame, &table.all_lines, args.input.slab.as_deref(), instead));
    }
    let kept: Vec<usize> = (0..all.len()).filter(|&study| says(&all[study])).collect();
    notes.extend(note_on_silent(all.len() - kept.len()));
    let is_added = |study: &&usize| has_half_added(measure, all[**study]);
    let lines: Vec<u64> = kept.iter().filter(is_added).map(|&study| table.lines[study]).collect();
    let added = Added::to(lines.len(), 0.5, false);
    notes.extend(note_on_added(lines.into_iter(), "the model is of the counts as they are"));
    if kept.is_empty() {
        let message =
            "no study has an event in one of its groups and somebody without one: the counts say nothing of a ratio";
        return Err(MetaError::Data(message.to_owned()).into());
    }
    let mut sigma2 = None;
    let likelihood = |&study: &usize| {
        let refused = |error: MetaError| {
            let hint = "with so many events CM.AL and UM.FS give the same; or pool effects with --measure OR";
            Failure::call(format!("study {}: {error}", table.slab[study]), hint)
        };
        likelihood(measure, model, all[study]).map_err(refused)
    };
    let mut studies_with = moderated(args, &table, &kept, measure, &all, notes)?;
    studies_with.facts.added = added;
    let (problem, estimator) =
        (&studies_with.problem, if args.model.method.is_common() { args.model.method } else { Estimator::Ml });
    let fit = if model == GlmmModel::UmRs && is_pair {
        let counts: Vec<Counts> = kept.iter().map(|&study| all[study]).collect();
        let of = if is_rate { CountMeasure::Irr } else { CountMeasure::Or };
        let found = glmm_random_studies_with_moderators(of, &counts, problem, estimator, args.counts.nagq, level)?;
        sigma2 = Some(found.sigma2);
        found.fit
    } else {
        let studies: Vec<StudyLikelihood> = kept.iter().map(likelihood).collect::<Result<_, _>>()?;
        glmm_with_moderators(&studies, problem, estimator, level)?
    };
    let fit = tested(fit, args.model.test)?.with_typical_variance(problem);
    let r_call = call_of_model(args, &table, measure, name, sets, estimator, level);
    let r_call = args.of_its_rows(r_call, &studies_with.source.incomplete);
    Ok(RandomCounts { fit, studies: studies_with, name: name.to_owned(), sigma2, r_call })
}

/// Where half an event is added for the effects of single studies alone.
fn note_on_added(lines: impl Iterator<Item = u64>, pooled: &str) -> Option<String> {
    let told = lines_by_reason(lines.map(|line| (line, ""))).into_iter().next();
    told.map(|(lines, _)| {
        format!("{lines}: 0.5 was added to each count for the effects of single studies, as they are shown; {pooled}")
    })
}

/// The call of R that fits the same to the whole table.
fn call_of_model(
    args: &MetaArgs,
    table: &CountTable,
    measure: &str,
    name: &str,
    sets: &[&[&str]],
    estimator: Estimator,
    level: f64,
) -> String {
    let arguments = if sets.len() == 2 && sets[0].len() == 4 {
        table.arguments()
    } else {
        sets[0].iter().copied().zip(table.in_file.iter().map(String::as_str)).collect()
    };
    let one_of_several = sets[0].len() == 4;
    let mods = args.model.mods.as_ref().map(|formula| r_call::in_file(formula, &args.table.map));
    r_call::counts_with_random_effects(
        measure,
        &arguments,
        one_of_several.then_some(name),
        mods.as_deref(),
        estimator,
        args.model.test,
        level,
    )
}

/// What is to be known of studies that say nothing of a ratio.
fn note_on_silent(studies: usize) -> Option<String> {
    match studies {
        0 => None,
        1 => Some("1 study says nothing of a ratio: it has no event, or nothing but events".to_owned()),
        count => Some(format!("{count} studies say nothing of a ratio: they have no event, or nothing but events")),
    }
}

/// The kept ones of the studies of a table, with the moderators of their effects.
fn moderated(
    args: &MetaArgs,
    table: &CountTable,
    kept: &[usize],
    measure: &str,
    all: &[Counts],
    mut notes: Vec<String>,
) -> Result<Studies, Failure> {
    let formula = moderators_of("--mods", args.model.mods.as_deref().unwrap_or("1"))?;
    let rows: Vec<usize> = kept.iter().map(|&study| table.rows[study]).collect();
    let Moderation { design, matrix, left_out } = moderation(&formula, &table.frame, &rows, &mut notes)?;
    let (yi, vi) = kept.iter().map(|&study| crude(measure, all[study])).unzip();
    let incomplete = incomplete(&formula, &table.frame, &args.table);
    Ok(Studies {
        problem: Problem::with_moderators(yi, vi, &matrix)?,
        slab: kept.iter().map(|&study| table.slab[study].clone()).collect(),
        omitted: table.omitted(args, kept, &[]),
        frame: table.frame.clone(),
        rows,
        without_effect: table.frame.len() - kept.len(),
        moderators: Moderators { formula: args.model.mods.clone(), factors: design.factors() },
        design,
        left_out,
        source: Source { incomplete, ..Source::columns("yi", "vi", false) },
        shared: None,
        notes,
        facts: Facts::default(),
    })
}

/// The name of a model for a measure, and the sets of columns that it takes.
fn model_and_columns(
    measure: &str,
    model: GlmmModel,
) -> Result<(&'static str, &'static [&'static [&'static str]]), Failure> {
    Ok(match (measure, model) {
        ("OR", _) => (model.name(), &TABLES),
        ("IRR", GlmmModel::UmFs | GlmmModel::UmRs | GlmmModel::CmEl) => (model.name(), &RATES),
        ("IRR", _) => {
            return Err(Failure::call(
                "rate ratios are modelled by UM.FS, UM.RS or CM.EL",
                "pass --glmm CM.EL, which is exact",
            ));
        }
        ("PLO", _) => ("binomial-normal", &[&["xi", "ni"], &["ai", "n1i"]]),
        ("IRLN", _) => ("Poisson-normal", &[&["xi", "ti"], &["x1i", "t1i"]]),
        _ => return Err(Failure::call("--glmm models OR, IRR, PLO or IRLN", "for example --glmm CM.EL --measure OR")),
    })
}

/// Whether the counts are possible ones, and whole numbers, as distributions of counts need them.
fn is_whole(counts: &Counts, is_rate: bool) -> bool {
    let is_whole = |value: f64| value.fract() == 0.0;
    let sizes = is_rate || (is_whole(counts.size1) && is_whole(counts.size2));
    counts.is_possible(is_rate) && is_whole(counts.events1) && is_whole(counts.events2) && sizes
}

fn likelihood(measure: &str, model: GlmmModel, of: Counts) -> Result<StudyLikelihood, MetaError> {
    let sum = of.events1 + of.events2;
    Ok(match (measure, model) {
        ("PLO", _) => StudyLikelihood::binomial(of.events1, of.size1, 0.0),
        ("IRLN", _) => StudyLikelihood::poisson(of.events1, of.size1),
        ("OR", GlmmModel::CmEl) => StudyLikelihood::hypergeometric(of.events1, of.size1, of.events2, of.size2)?,
        ("OR", GlmmModel::UmFs) => StudyLikelihood::two_binomials((of.events1, of.size1), (of.events2, of.size2)),
        ("IRR", GlmmModel::UmFs) => StudyLikelihood::two_poissons((of.events1, of.size1), (of.events2, of.size2)),
        _ => StudyLikelihood::binomial(of.events1, sum, (of.size1 / of.size2).ln()),
    })
}

/// Whether [`crude`] adds half an event.
fn has_half_added(measure: &str, of: Counts) -> bool {
    match measure {
        "PLO" => of.events1 == 0.0 || of.events1 == of.size1,
        "IRLN" => of.events1 == 0.0,
        "IRR" => of.corrected(CountMeasure::Irr, 0.5) != of,
        _ => of.corrected(CountMeasure::Or, 0.5) != of,
    }
}

/// The effect of one study with half an event added where there is none, to be shown beside the model.
fn crude(measure: &str, of: Counts) -> (f64, f64) {
    let half =
        |events: f64, rest: f64| if events == 0.0 || rest == 0.0 { (events + 0.5, rest + 0.5) } else { (events, rest) };
    match measure {
        "PLO" => {
            let (events, rest) = half(of.events1, of.size1 - of.events1);
            ((events / rest).ln(), 1.0 / events + 1.0 / rest)
        }
        "IRLN" => {
            let events = if of.events1 == 0.0 { 0.5 } else { of.events1 };
            ((events / of.size1).ln(), 1.0 / events)
        }
        "IRR" => of.corrected(CountMeasure::Irr, 0.5).effect(CountMeasure::Irr),
        _ => of.corrected(CountMeasure::Or, 0.5).effect(CountMeasure::Or),
    }
}
