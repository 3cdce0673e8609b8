//! Effects that a measure makes of the numbers of a table: `reffect meta --measure`.

use super::args::MetaArgs;
use super::input::{Done, Read, input_error, lines_by_reason, need, numbers};
use super::shared::{OfTable, shared};
use super::suspicions::shared_controls;
use crate::cli::failure::Failure;
use crate::cli::table_args::fields_in;
use crate::effect::measures::{Back, EffectMeasure, Field, Inputs, Options, Reason, Survey, YiVi, escalc, measure};
use crate::read::Table;
use crate::report::r_call::Source;
use crate::report::transformation::Transformation;

/// The measure of a code, which may be written in small letters.
pub fn measure_of(code: &str) -> Result<&'static EffectMeasure, Failure> {
    let known = measure(code).or_else(|message| measure(&code.to_ascii_uppercase()).map_err(|_| message));
    known.map_err(|message| Failure::call(message, "see `reffect effect --measures`"))
}

/// Effects and variances that a measure makes of each row; a row without them is noted and left out.
pub fn computed(table: Table, code: &str, args: &MetaArgs) -> Result<Read, Failure> {
    let measure = measure_of(code)?;
    let mut options = args.counts.escalc.options();
    options.check(measure).map_err(|message| Failure::call(message, "leave that option out"))?;
    let fields = fields_in(measure, &table).map_err(input_error)?;
    need(&table, args.model.weights.as_deref().into_iter().chain(args.input.slab.as_deref()))?;
    let mut needed: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    needed.extend(args.model.weights.as_deref());
    let in_file: Vec<String> = fields.iter().map(|field| table.in_file(field.name()).to_owned()).collect();
    let (frame, lines) = table.into_frame(&needed).map_err(input_error)?;
    let (mut frame, lines) = args.input.rows.of(frame, lines)?;
    let columns: Vec<(Field, Vec<f64>)> = fields.iter().map(|field| (*field, numbers(&frame, field.name()))).collect();
    let inputs: Vec<Inputs> = (0..frame.len()).map(|row| inputs_of(&columns, row)).collect();
    if options.needs_all_rows(measure) {
        let mut survey = Survey::default();
        inputs.iter().for_each(|row| survey.add(measure, row, &options));
        options.across = survey.across();
    }
    let Effects { yi, mut vi, unweighted, reasons, added } = effects(measure, &options, &inputs, &columns);
    let reasons = lines.iter().zip(&reasons).filter_map(|(line, reason)| Some((*line, reason.as_deref()?)));
    let reasons = lines_by_reason(reasons);
    let mut notes: Vec<String> = reasons.into_iter().map(|(lines, reason)| format!("{lines}: {reason}")).collect();
    if frame.column("ni").is_none() {
        frame.numbers("ni", inputs.iter().map(|row| measure.size(row).unwrap_or(f64::NAN)).collect());
    }
    let of_table = OfTable { frame: &frame, lines: &lines, measure, options, inputs: &inputs, yi: &yi, vi: &vi };
    let shared = shared(args, &of_table, &mut notes)?;
    if let Some(shared) = &shared {
        shared.put_variances(&mut vi);
    }
    let levels = &args.levels;
    if [&levels.v_cluster, &levels.v_shared, &levels.cluster, &args.input.aggregate].iter().all(|of| of.is_none()) {
        let instead = "--v-shared COLUMN, the column of studies, takes account of what they share; or combine its arms";
        notes.extend(shared_controls(&frame, &lines, args.input.slab.as_deref(), instead));
    }
    let back = if args.model.transf.is_none() { way_back(measure.back) } else { String::new() };
    notes.insert(
        0,
        format!("effects are made of the table: {}, {}{back}", measure.code, measure.name_where(options.correct)),
    );
    let names = [measure.code.to_owned(), "a variance above 0".to_owned()];
    let columns: Vec<(&str, &str)> =
        fields.iter().zip(&in_file).map(|(field, column)| (field.name(), &**column)).collect();
    let source = Source { unweighted, ..Source::measure(measure.code, &columns, &in_r(args)) };
    Ok(Read { frame, lines, names, yi, vi, notes, slab: None, source, shared, done: Done { added, ..Done::default() } })
}

/// What stands in the columns of a row.
fn inputs_of(columns: &[(Field, Vec<f64>)], row: usize) -> Inputs {
    let mut inputs = Inputs::default();
    columns.iter().for_each(|(field, values)| inputs.set(*field, Some(values[row]).filter(|value| !value.is_nan())));
    inputs
}

/// Effects and variances row by row, NaN where there are none.
#[derive(Default)]
struct Effects {
    yi: Vec<f64>,
    vi: Vec<f64>,
    /// The rows, counted from 1 on, of effects with a variance of 0.
    unweighted: Vec<usize>,
    /// Why there is none, or what was done to the numbers.
    reasons: Vec<Option<String>>,
    /// The rows to whose counts a constant was added, with it.
    added: Vec<(usize, f64)>,
}

fn effects(measure: &EffectMeasure, options: &Options, inputs: &[Inputs], columns: &[(Field, Vec<f64>)]) -> Effects {
    let mut all = Effects::default();
    for (row, inputs) in inputs.iter().enumerate() {
        let (effect, variance, reason) = match escalc(measure, inputs, options) {
            Ok(YiVi { yi, vi: Some(vi), note }) if vi > 0.0 => {
                if let Some(Reason::Added(constant, _)) = note {
                    all.added.push((row, constant));
                }
                (yi, vi, note.map(|note| note.to_string()).or_else(|| in_place_of_means(columns, row)))
            }
            Ok(YiVi { vi, note, .. }) => {
                all.unweighted.extend(vi.map(|_| row + 1));
                let reason = note.map_or("it has no sampling variance".to_owned(), |note| note.to_string());
                (f64::NAN, f64::NAN, Some(reason))
            }
            Err(reason) => (f64::NAN, f64::NAN, Some(reason.to_string())),
        };
        all.yi.push(effect);
        all.vi.push(variance);
        all.reasons.push(reason);
    }
    all
}

/// That a row without all of its means and SDs took its effect from another column: one that is called ti may hold
/// person-time, and no statistic of t.
fn in_place_of_means(columns: &[(Field, Vec<f64>)], row: usize) -> Option<String> {
    let at = |wanted: Field| columns.iter().find(|(field, _)| *field == wanted).map(|(_, values)| values[row]);
    let means = [Field::M1i, Field::M2i, Field::Sd1i, Field::Sd2i].map(at);
    let lacks_one = means.iter().flatten().any(|value| value.is_nan());
    let used = [Field::Di, Field::Ti, Field::Pi].into_iter().find(|field| at(*field).is_some_and(|of| !of.is_nan()))?;
    (lacks_one && means.iter().all(Option::is_some))
        .then(|| format!("made of {}, since its means or SDs are missing", used.name()))
}

/// How the text shows effects on the scale that people think on.
fn way_back(back: Back) -> String {
    let known = Transformation::of_measure(back);
    let shown = match known {
        Transformation::Exp => "it without the logarithm".to_owned(),
        Transformation::InverseLogit => "it without the logit".to_owned(),
        Transformation::FisherToR => "it as a correlation".to_owned(),
        other => format!("it as {} {}", other.article(), other.heading()),
    };
    known.option().map_or_else(String::new, |name| format!(" (--transf {name} shows {shown})"))
}

/// The options of the measure as `escalc` takes them, where they are not the usual ones.
fn in_r(args: &MetaArgs) -> String {
    let (of, usual) = (args.counts.escalc.options(), Options::default());
    let mut text = String::new();
    of.add.iter().for_each(|add| text.push_str(&format!(", add = {add}")));
    if of.to != usual.to {
        text.push_str(&format!(", to = \"{}\"", of.to));
    }
    if of.drop00 {
        text.push_str(", drop00 = TRUE");
    }
    if of.vtype != usual.vtype {
        text.push_str(&format!(", vtype = \"{}\"", of.vtype));
    }
    if !of.correct {
        text.push_str(", correct = FALSE");
    }
    text
}
