//! Charts of meta-analyses: from a table, or from what `reffect meta --json` wrote.

use super::args::{ChartKind, PlotArgs};
use super::options::{Source, refuse_without_effect};
use super::{is_result, lacking, only_path, parsed, read_text, refuse_other_than_two};
use crate::chart::Chart;
use crate::cli::args::Common;
use crate::cli::failure::{Failure, tell, told};
use crate::cli::meta::args::MetaArgs;
use crate::cli::meta::around::{around, order};
use crate::cli::meta::computed::measure_of;
use crate::cli::meta::input::{
    EMPTY, LEFT_OUT, Studies, input_error, is_empty, is_missing, labels, numbers, studies_of,
};
use crate::cli::meta::refusals::refuse_transformation;
use crate::cli::meta::releases::is_release;
use crate::cli::meta::shown::shown;
use crate::cli::study_names;
use crate::diagnostic::meant_or_known;
use crate::effect::measures::measure;
use crate::meta::gosh::gosh;
use crate::meta::{Estimator, Model};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::read::{Table, tables_of_folder};
use crate::report::japanese;
use crate::report::json::meta as json;
use crate::report::meta::{Part, Results, Transformation};
use crate::report::plots::{self, Arms, Look, MetaResult, ProfileResult, Subset};
use crate::reported::Lang;
use clap::Parser;
use serde::Deserialize;
use std::ffi::OsString;
use std::io::Cursor;
use std::path::Path;

/// All subsets are fitted where they are no more than these, and so many random ones otherwise.
const MOST_SUBSETS: usize = 8191;
/// Points of a likelihood.
const STEPS: usize = 240;

/// Whether a chart is one of a meta-analysis.
pub fn takes(kind: ChartKind) -> bool {
    use ChartKind::{Baujat, Cumulative, Forest, Funnel, Gosh, Labbe, LeaveOneOut, Profile, Qq, Radial, Regression};
    matches!(
        kind,
        Forest | Funnel | Regression | Baujat | Radial | Labbe | Gosh | Cumulative | LeaveOneOut | Qq | Profile
    )
}

/// The arguments of `reffect meta` by themselves.
#[derive(Debug, Parser)]
struct MetaCall {
    #[command(flatten)]
    meta: MetaArgs,
}

/// A fitted table with what charts need beyond the document.
struct Fitted {
    result: MetaResult,
    studies: Studies,
    model: Model,
}

pub fn chart(args: &PlotArgs, common: &Common) -> Result<Box<dyn Chart>, Failure> {
    let path = only_path(args, "one table or one result")?;
    if is_release(path) {
        let of = path.display();
        if path.is_dir() && !tables_of_folder(path)?.1 {
            let message =
                format!("a {} chart takes one table or one result of `meta`, and {of} is a folder", args.kind.name());
            return Err(Failure::call(message, "name the file"));
        }
        return Err(Failure::call(
            format!("a {} chart takes a table or a result of `meta`, and {of} holds releases", args.kind.name()),
            format!(
                "pool their effects first: reffect meta {of} --outcome ID --measure MC --r 0.5 --json | reffect plot {} - \
                 -o {}",
                args.kind.name(),
                args.output.display()
            ),
        ));
    }
    let piped = if path == Path::new("-") { Some(read_text(path)?) } else { None };
    let of_result = piped.as_ref().map_or_else(|| is_result(path), |text| text.trim_start().starts_with('{'));
    refuse_without_effect(args.kind, if of_result { Source::Result } else { Source::Table }, common)?;
    let asked = args.pooled.transf.filter(|of| *of != Transformation::Exp);
    if let (Some(asked), Some(reason)) = (asked, keeps_scale(args.kind)) {
        let (kind, scale, name) = (args.kind.name(), asked.scale(), asked.heading());
        let message = format!("a {kind} chart does not show {scale} as {} {name}: {reason}", asked.article());
        return Err(Failure::call(message, "leave --transf out"));
    }
    let look = look(args, common)?;
    let lacks = |reason: String| lacking(args, &reason);
    let text = || piped.clone().map_or_else(|| read_text(path), Ok);
    if of_result && args.kind == ChartKind::Profile {
        let text = text()?;
        let chart = Box::new(plots::zeta(&profiled(&text, path)?, common.lang).map_err(lacks)?);
        // That of a mixed model is no result of studies, about which something was assumed.
        return Ok(match serde_json::from_str::<MetaResult>(&text) {
            Ok(result) => with_assumptions(chart, &result, &look),
            Err(_) => chart,
        });
    }
    if of_result && args.kind == ChartKind::Labbe {
        let message = "the events of both groups stand in no result: give the table with ai, n1i, ci and n2i";
        return Err(Failure::call(message, "reffect plot labbe TABLE.csv --measure RR -o l.svg"));
    }
    if of_result {
        let text = text()?;
        let result: MetaResult = parsed(&text, path, "reffect meta FILE.csv --json")?;
        let listed: Listed = parsed(&text, path, "reffect meta FILE.csv --json")?;
        refuse_other_measure(args, &result)?;
        let look = limited(args, of_result_shown(args, &look, &result)?)?;
        let result = MetaResult { order: order_of(args, &result, None)?, ..result };
        let mut chart = draw(args, &result, &look).map_err(lacks)?;
        Missing::of_result(&listed).tell(chart.as_mut(), common);
        return Ok(chart);
    }
    if let Some(asked) = args.pooled.transf {
        refuse_transformation(args.pooled.measure.as_deref(), asked)?;
    }
    let table = match piped {
        Some(text) => Some(piped_table(args, text)?),
        None => None,
    };
    let mut fitted = fit(args, common, table)?;
    fitted.result.order = order_of(args, &fitted.result, Some(&fitted.studies))?;
    let left_out = Missing::of_table(&fitted.studies);
    let look = Look { back: look.back.with_size(fitted.result.transf_size.unwrap_or(f64::NAN)), ..look };
    let look = limited(args, look.of_measure(args.pooled.measure.as_deref()))?;
    let mut chart = of_table(args, common, fitted, &look)?;
    left_out.tell(chart.as_mut(), common);
    Ok(chart)
}

/// Refuses a measure that is none, or not that of the result, and a way back that does not fit it.
fn refuse_other_measure(args: &PlotArgs, result: &MetaResult) -> Result<(), Failure> {
    let own = result.measure().and_then(|code| measure(code).ok());
    let asked = args.pooled.measure.as_deref().map(measure_of).transpose()?;
    if let Some((own, asked)) = own.zip(asked).filter(|(own, asked)| own.code != asked.code) {
        return Err(Failure::call(
            format!("the result is of {}, and the chart is asked for with --measure {}", own.code, asked.code),
            "leave --measure out, or make the result with it",
        ));
    }
    let code = own.map(|own| own.code).or(args.pooled.measure.as_deref());
    args.pooled.transf.map_or(Ok(()), |asked| refuse_transformation(code, asked))
}

/// How a result is drawn: as it says itself, where the call says nothing else.
fn of_result_shown(args: &PlotArgs, look: &Look, result: &MetaResult) -> Result<Look, Failure> {
    let own: Transformation = result.transf.as_deref().and_then(|name| name.parse().ok()).unwrap_or_default();
    let shown = args.pooled.transf.unwrap_or(own);
    let ratio = look.ratio || shown == Transformation::Exp;
    let is_back = shown != Transformation::Exp && keeps_scale(args.kind).is_none();
    let back = if is_back { shown.with_size(result.transf_size.unwrap_or(f64::NAN)) } else { Transformation::None };
    if let (Some(needed), None) = (back.needs(), back.size()) {
        let name = back.option().unwrap_or_default();
        return Err(Failure::call(
            format!("--transf {name} needs {needed} of the studies, which stands in no result without it"),
            format!("make the result with it: reffect meta FILE.csv --transf {name} --json"),
        ));
    }
    let measure = result.measure().or(args.pooled.measure.as_deref());
    Ok(Look { ratio, back, ..look.clone() }.of_measure(measure))
}

/// Why a chart of logits or of Fisher's z does not show them as shares or correlations; none where it does.
fn keeps_scale(kind: ChartKind) -> Option<&'static str> {
    match kind {
        ChartKind::Forest | ChartKind::Cumulative | ChartKind::LeaveOneOut => None,
        _ => Some("its lines are straight on the scale on which effects are pooled"),
    }
}

/// A result with the profiles of its parameters.
fn profiled(text: &str, path: &Path) -> Result<ProfileResult, Failure> {
    let of: ProfileResult = parsed(text, path, "reffect fit FORMULA FILE.csv --ci profile --json")?;
    if of.studies.is_some() && of.profile.is_none() {
        return Err(Failure::call(
            "this result of a meta-analysis has no profile",
            "make it with one: reffect meta FILE.csv --profile --json; or give the table itself for one tau2: reffect plot \
             profile TABLE.csv -o p.svg",
        ));
    }
    Ok(of)
}

/// A table that came by standard input.
fn piped_table(args: &PlotArgs, text: String) -> Result<Table, Failure> {
    let reading = &args.pooled.table;
    reading.read("<stdin>", Cursor::new(text.into_bytes())).map_err(input_error)
}

/// The studies of a result, with those that were not analysed.
#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    studies: Vec<ListedStudy>,
}

#[derive(Deserialize)]
struct ListedStudy {
    slab: Option<String>,
    yi: Option<f64>,
    vi: Option<f64>,
    #[serde(default)]
    notes: Vec<String>,
    /// None in documents of older versions, whose notes say it.
    part: Option<Part>,
}

impl ListedStudy {
    fn is_empty(&self) -> bool {
        self.part.map_or_else(|| self.notes.iter().any(|note| note == EMPTY), |part| part == Part::Empty)
    }

    fn is_left_out(&self) -> bool {
        let is_noted = || self.notes.iter().any(|note| note.starts_with(LEFT_OUT));
        self.part.map_or_else(is_noted, |part| part == Part::LeftOut)
    }
}

/// The rows of a table that a chart does not show.
struct Missing {
    without_effect: usize,
    others: usize,
    all: usize,
    notes: Vec<String>,
}

impl Missing {
    fn of_table(studies: &Studies) -> Self {
        let all = (0..studies.frame.len()).filter(|row| !is_empty(&studies.frame, *row)).count();
        let gone = all.saturating_sub(studies.rows.len());
        let without_effect = studies.without_effect.saturating_sub(studies.frame.len() - all).min(gone);
        let notes = studies.notes.iter().filter(|note| note.starts_with("line")).cloned().collect();
        Self { without_effect, others: gone - without_effect, all, notes }
    }

    fn of_result(Listed { studies }: &Listed) -> Self {
        let all = studies.iter().filter(|of| !of.is_empty()).count();
        let gone: Vec<&ListedStudy> = studies.iter().filter(|of| !of.is_empty() && of.is_left_out()).collect();
        let without_effect = gone.iter().filter(|of| of.yi.is_none() || of.vi.is_none()).count();
        let notes =
            gone.iter().map(|of| format!("{}: {}", of.slab.as_deref().unwrap_or("a study"), of.notes.join("; ")));
        Self { without_effect, others: gone.len() - without_effect, all, notes: notes.collect() }
    }

    /// Says so under the chart, and on standard error which they are and why.
    fn tell(&self, chart: &mut dyn Chart, common: &Common) {
        let reasons = [
            (self.without_effect, "no effect with a sampling variance", "効果またはその分散がない"),
            (self.others, "a value that the model needs is missing", "モデルに必要な値がない"),
        ];
        let all = self.all;
        for (count, en, ja) in reasons.into_iter().filter(|reason| reason.0 > 0) {
            let (noun, is) = if count == 1 { ("study", "is") } else { ("studies", "are") };
            chart.caption_mut().footnotes.push(match common.lang {
                Lang::En if count == 1 && all == 1 => format!("The only {noun} is not shown: {en}."),
                Lang::En => format!("{count} of {all} studies {is} not shown: {en}."),
                Lang::Ja => format!("{all}研究のうち{count}研究は示していない（{ja}）。"),
            });
        }
        if self.without_effect + self.others > 0 && !common.quiet {
            self.notes.iter().for_each(|note| tell(&told(&format!("note: {note}"))));
        }
    }
}

/// A chart of a fitted table.
fn of_table(args: &PlotArgs, common: &Common, fitted: Fitted, look: &Look) -> Result<Box<dyn Chart>, Failure> {
    let lacks = |reason: String| lacking(args, &reason);
    match args.kind {
        ChartKind::Labbe => {
            let measure = args.pooled.measure.as_deref().unwrap_or_default();
            refuse_other_than_two(&args.look.groups)?;
            let arms = arms(&fitted, args)?;
            let mut chart = plots::labbe(&arms, &fitted.result, measure, look).map_err(lacks)?;
            if let [first, second] = &args.look.groups[..] {
                let risk = match common.lang {
                    Lang::En => ": risk, %",
                    Lang::Ja => "：リスク（%）",
                };
                for panel in &mut chart.panels {
                    panel.y.title = format!("{first}{risk}");
                    panel.x.title = format!("{second}{risk}");
                }
            }
            Ok(with_assumptions(Box::new(chart), &fitted.result, look))
        }
        ChartKind::Profile => {
            let drop = chi_squared_quantile(common.level, 1.0) / 2.0;
            // One study has no likelihood of a variance between studies, which the chart says itself.
            let (points, ci) =
                if fitted.result.k < 2 { (Vec::new(), Interval::point(0.0)) } else { likelihood(&fitted)? };
            let chart = Box::new(plots::likelihood(&points, ci, &fitted.result, drop, look).map_err(lacks)?);
            Ok(with_assumptions(chart, &fitted.result, look))
        }
        ChartKind::Gosh => {
            let (subsets, is_exact) = subsets(&fitted)?;
            let result = MetaResult { gosh: Some(subsets), gosh_exact: Some(is_exact), ..fitted.result };
            draw(args, &result, look).map_err(lacks)
        }
        _ => draw(args, &fitted.result, look).map_err(lacks),
    }
}

fn draw(args: &PlotArgs, result: &MetaResult, look: &Look) -> Result<Box<dyn Chart>, String> {
    let chart: Box<dyn Chart> = match args.kind {
        ChartKind::Funnel => Box::new(plots::funnel(result, look)?),
        ChartKind::Radial => Box::new(plots::radial(result, look)?),
        ChartKind::Regression => Box::new(plots::regression(result, look, args.pooled.moderator.as_deref())?),
        ChartKind::Baujat => Box::new(plots::baujat(result, look)?),
        ChartKind::Gosh => Box::new(plots::gosh(result, look)?),
        ChartKind::Qq => Box::new(plots::qq(result, look)?),
        ChartKind::Cumulative => Box::new(plots::cumulative(result, look)?),
        ChartKind::LeaveOneOut => Box::new(plots::leave_one_out(result, look)?),
        _ => Box::new(plots::forest(result, look)?),
    };
    Ok(with_assumptions(chart, result, look))
}

/// A picture goes its own way, so what was assumed goes with it.
fn with_assumptions(mut chart: Box<dyn Chart>, result: &MetaResult, look: &Look) -> Box<dyn Chart> {
    let caveat = |note: &str| match look.lang {
        Lang::En => format!("Caveat: {note}."),
        Lang::Ja => format!("注意：{}。", japanese::caveat(note).unwrap_or_else(|| note.to_owned())),
    };
    let caveats = result.caveats().map(caveat);
    chart.caption_mut().footnotes.extend(result.added_to_counts(look.lang).into_iter().chain(caveats));
    chart
}

/// What the call says of the looks, whatever the measure is.
fn look(args: &PlotArgs, common: &Common) -> Result<Look, Failure> {
    let pooled = &args.pooled;
    let sides = match &pooled.sides[..] {
        [] => [String::new(), String::new()],
        [lower, higher] => [format!("← {}", lower.trim()), format!("{} →", higher.trim())],
        _ => return Err(Failure::call("--sides takes two texts", "such as \"favours vaccine,favours control\"")),
    };
    Ok(Look {
        lang: common.lang,
        ratio: pooled.transf == Some(Transformation::Exp),
        back: pooled.transf.filter(|of| *of != Transformation::Exp).unwrap_or_default(),
        percent: false,
        effect: pooled.effect.clone(),
        sides,
        one_group: false,
        bounds: None,
        limits: None,
        decimals: pooled.digits.map(usize::from),
        title: args.look.title.clone(),
        source: args.look.source.clone(),
    })
}

/// The look with the ends of the axis that were asked for, once it is known in what numbers effects are shown.
fn limited(args: &PlotArgs, look: Look) -> Result<Look, Failure> {
    let unit = if look.percent { 100.0 } else { 1.0 };
    let [lower, upper] = match args.pooled.xlim[..] {
        [] => return Ok(look),
        [lower, upper] if lower < upper => [lower, upper],
        _ => return Err(Failure::call("--xlim takes two numbers, the lower one first", "such as --xlim 0.1,10")),
    };
    if look.ratio && lower <= 0.0 {
        let hint = "give ratios above 0, such as --xlim 0.1,10";
        return Err(Failure::call(format!("an axis of ratios does not begin at {lower}"), hint));
    }
    Ok(Look { limits: Some((lower / unit, upper / unit)), ..look })
}

/// The order of the studies of a forest plot; `table` is the one with the rows of the studies, where there is one.
fn order_of(args: &PlotArgs, result: &MetaResult, table: Option<&Studies>) -> Result<Option<Vec<usize>>, Failure> {
    let Some(asked) = args.pooled.order.as_deref().filter(|_| args.kind == ChartKind::Forest) else { return Ok(None) };
    let (name, is_reversed) = asked.strip_prefix('-').map_or((asked, false), |name| (name, true));
    let by = |key: &dyn Fn(usize) -> f64| {
        let mut all: Vec<usize> = (0..result.studies.len()).collect();
        all.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
        all
    };
    let mut all = match (name, table) {
        ("yi", _) => by(&|at| result.studies[at].yi),
        ("prec", _) => by(&|at| result.studies[at].vi),
        (column, Some(studies)) => {
            if studies.frame.column(column).is_none() {
                let names = studies.frame.names().chain(["yi", "prec"]);
                let hint = meant_or_known(column, "columns", names);
                return Err(Failure::call(format!("--order: there is no column `{column}`"), hint));
            }
            order(&studies.frame, &studies.rows, column, &studies.slab)?.0
        }
        (other, None) => {
            let message = format!("--order {other}: a result holds no columns of its table");
            return Err(Failure::call(message, "pass yi or prec, or give the table itself"));
        }
    };
    if is_reversed {
        // Studies without a value stay last.
        let lacks = |at: &usize| table.is_some_and(|of| is_missing(&of.frame, name, of.rows[*at]));
        let known = all.iter().position(lacks).unwrap_or(all.len());
        all[..known].reverse();
    }
    Ok(Some(all))
}

/// The arguments that `reffect meta` would have been given.
fn call(args: &PlotArgs) -> Result<MetaArgs, Failure> {
    let pooled = &args.pooled;
    let mut words: Vec<OsString> = vec!["reffect meta".into(), args.paths[0].clone().into_os_string()];
    // In one word, as a value can begin with -.
    let word = |name: &str, value: &str| OsString::from(format!("{name}={value}"));
    let given = [
        ("--yi", &pooled.yi),
        ("--vi", &pooled.vi),
        ("--sei", &pooled.sei),
        ("--slab", &pooled.slab),
        ("--measure", &pooled.measure),
        ("--method", &pooled.method),
        ("--test", &pooled.test),
        ("--mods", &pooled.mods),
        ("--subgroup", &pooled.subgroup),
    ];
    for (name, value) in given {
        words.extend(value.iter().map(|value| word(name, value)));
    }
    if pooled.trimfill && args.kind == ChartKind::Funnel {
        words.push("--trimfill".into());
    }
    match args.kind {
        ChartKind::Baujat => words.push("--baujat".into()),
        ChartKind::Qq => words.push("--influence".into()),
        ChartKind::LeaveOneOut => words.push("--leave-one-out".into()),
        ChartKind::Cumulative => {
            let order = pooled.order.as_ref().ok_or_else(|| {
                Failure::call("a cumulative chart needs an order of the studies", "name a column, such as --order year")
            })?;
            words.push(word("--cumulative", order));
        }
        _ => {}
    }
    let call = MetaCall::try_parse_from(words).map_err(|error| {
        let text = error.to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Failure::call(message, "see `reffect meta --help`")
    })?;
    let mut meta = call.meta;
    meta.table = pooled.table.clone();
    meta.input.rows = pooled.rows.clone();
    meta.counts.escalc = pooled.escalc.clone();
    meta.model.weights.clone_from(&pooled.weights);
    meta.model.transf = pooled.transf;
    Ok(meta)
}

fn fit(args: &PlotArgs, common: &Common, table: Option<Table>) -> Result<Fitted, Failure> {
    let meta = call(args)?;
    let studies = studies_of(&meta, common.rounding, table)?;
    let model = Model { estimator: meta.model.method, test: meta.model.test, level: common.level, ..Model::default() };
    let fit = model.fit(&studies.problem)?;
    let prediction = if studies.problem.is_intercept_only() { fit.prediction(meta.model.pi_type) } else { None };
    let mut around = around(&meta, &studies, &model, &fit)?;
    let shown = shown(&meta, &studies)?;
    around.sizes = shown.sizes;
    if let Some(of) = around.unavailable.first() {
        return Err(Failure::call(
            format!("these data do not allow the chart: {of}"),
            format!("leave {} out", of.flag),
        ));
    }
    let results = Results {
        fit: &fit,
        problem: &studies.problem,
        slab: &studies.slab,
        omitted: &studies.omitted,
        input_notes: &studies.notes,
        method: fit.model.estimator.name(),
        around: &around,
        prediction,
        transformation: shown.transformation,
        moderators: &studies.moderators,
        pi_type: meta.model.pi_type,
        sigma2: None,
        measure: meta.counts.code(),
        facts: &studies.facts,
    };
    let mut result: MetaResult = serde_json::from_value(json::document(&results)).map_err(|error| {
        Failure::call(format!("the result cannot be drawn: {error}"), "see `reffect meta` with the same table")
    })?;
    for column in &args.pooled.columns {
        let (name, heading) = column.split_once('=').unwrap_or((column, column));
        result.columns.push((heading.trim().to_owned(), texts(&studies, name.trim())?));
    }
    Ok(Fitted { result, studies, model })
}

/// The texts of a column for the studies that were pooled; empty where one is missing.
fn texts(studies: &Studies, name: &str) -> Result<Vec<String>, Failure> {
    if studies.frame.column(name).is_none() {
        // The error names the columns that there are.
        return labels(&studies.frame, name, &studies.rows);
    }
    Ok(study_names::texts(&studies.frame, name, &studies.rows))
}

/// The risks of both groups.
fn arms(fitted: &Fitted, args: &PlotArgs) -> Result<Vec<Arms>, Failure> {
    let frame = &fitted.studies.frame;
    let has = |name: &str| frame.column(name).is_some();
    if args.pooled.measure.is_none() || !has("ai") || !has("ci") {
        return Err(Failure::call(
            "a L'Abbé chart needs the events of both groups",
            "give a table with ai, n1i, ci, n2i (or ai, bi, ci, di) and --measure RR, OR or RD",
        ));
    }
    let column = |name: &str| if has(name) { numbers(frame, name) } else { vec![f64::NAN; frame.len()] };
    let (a, c) = (column("ai"), column("ci"));
    // As for the effect: those without an event where a row has them, its size where it has not.
    let whole = |events: &[f64], others: &str, size: &str| {
        let counted = events.iter().zip(column(others)).map(|(with, without)| with + without);
        counted.zip(column(size)).map(|(sum, n)| if sum.is_finite() { sum } else { n }).collect::<Vec<f64>>()
    };
    let (first, second) = (whole(&a, "bi", "n1i"), whole(&c, "di", "n2i"));
    let rows = fitted.studies.rows.iter().zip(&fitted.studies.slab);
    let arm = |(&row, name): (&usize, &String)| {
        let arm = Arms {
            name: name.clone(),
            treated: a[row] / first[row],
            control: c[row] / second[row],
            size: first[row] + second[row],
        };
        (arm.treated.is_finite() && arm.control.is_finite()).then_some(arm)
    };
    Ok(rows.filter_map(arm).collect())
}

/// The likelihood over a grid of τ² that reaches beyond its interval, which is that of `reffect meta --profile`.
///
/// Estimates by moments have no likelihood of their own: theirs is that of ML.
fn likelihood(fitted: &Fitted) -> Result<(Vec<(f64, f64)>, Interval), Failure> {
    let problem = &fitted.studies.problem;
    if fitted.model.estimator.is_common() {
        let message = format!("{} has no tau2, whose likelihood the chart would show", fitted.model.estimator.name());
        return Err(Failure::call(message, "give another --method, such as REML"));
    }
    let estimator = if fitted.model.estimator == Estimator::Reml { Estimator::Reml } else { Estimator::Ml };
    let model = Model { estimator, ..fitted.model };
    let best = model.fit(problem)?;
    let Some(ci) = model.profile(problem, &best)?.ci else {
        let hint = "give more studies, or fewer moderators";
        return Err(Failure::call("tau2 has no interval: there are no more studies than coefficients", hint));
    };
    let at = |tau2: f64| -> Result<f64, Failure> {
        Ok(Model { tau2: Some(tau2), ..model }.fit(problem)?.statistics.log_likelihood)
    };
    let estimate = fitted.result.tau2.unwrap_or(0.0);
    let end = (ci.upper + 0.15 * (ci.upper - ci.lower)).max(1.1 * estimate);
    // Closer together towards 0, where the likelihood bends most; with the estimates and the ends of the interval,
    // so that the curve has its top and its interval where they are.
    let mut places: Vec<f64> = (0..=STEPS).map(|step| end * (step as f64 / STEPS as f64).powi(2)).collect();
    places.extend([estimate, best.tau2, ci.lower, ci.upper]);
    places.sort_by(f64::total_cmp);
    places.dedup();
    let points = places.into_iter().map(|tau2| Ok((tau2, at(tau2)?))).collect::<Result<_, Failure>>()?;
    Ok((points, ci))
}

/// The fits of all subsets of two studies or more, or of many random ones; and whether they are all.
fn subsets(fitted: &Fitted) -> Result<(Vec<Subset>, bool), Failure> {
    let found = gosh(&fitted.model, &fitted.studies.problem, MOST_SUBSETS, 1)?;
    let of_several = found.subsets.iter().filter(|subset| subset.studies.count() > 1);
    let drawn = of_several.filter(|subset| subset.estimate.is_finite());
    let one = |of: &crate::meta::gosh::Subset| {
        let i2 = of.i2.filter(|i2| i2.is_finite())?;
        Some(Subset { k: Some(of.studies.count()), estimate: of.estimate, i2 })
    };
    Ok((drawn.filter_map(one).collect(), found.exact))
}
