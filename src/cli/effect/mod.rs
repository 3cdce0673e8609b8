//! `reffect effect`: effect sizes of releases, or of numbers on the command line.

pub(super) mod args;
mod counts;
mod estimate;
mod table;

use crate::cli::args::{Common, CorrelationArgs, EffectArgs};
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, write_results};

use crate::diagnostic::{Refused, keep_each_once};
use crate::effect::before_after::BeforeAfter;
use crate::effect::between::BetweenContrast;
use crate::effect::change::ChangeContrast;
use crate::effect::contrast::{Contrast, ContrastOptions, Correlation};
use crate::effect::of_logarithms::{are_geometric, by_logarithms};
use crate::effect::of_release::no_sd_of_logarithms;
use crate::effect::pre_post_control::{Arm, PrePostControl};
use crate::effect::proportion::Proportion;
use crate::effect::two_groups::TwoGroups;
use crate::estimate::{Estimate, Moments};
use crate::numeric::numeral::{Comparison, Expression, Numeral, Relation};
use crate::numeric::rounding::Rounding;
use crate::read::Dataset;
use crate::recover::{ImpossibleCorrelation, ReportedChange, recover_correlation, sd_from_spread};
use crate::report::between::{self, NamedBetween};
use crate::report::document::Document;
use crate::report::effects::NamedContrast;
use crate::report::{csv, effects as text, json};
use crate::reported::{MeanSpread, PrintedSpread, SpreadMeaning};

pub fn run(args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    if args.table.measures {
        return table::list(args, common);
    }
    if let Some(code) = &args.table.measure {
        return table::run(code, args, common);
    }
    if args.table.reading.is_given() {
        return Err(Failure::call(
            "--delimiter, --decimal and --map say how a table is read",
            "a table needs --measure CODE as well",
        ));
    }
    refuse_without_effect(args, common)?;
    if let (Some(first), Some(second)) = (&args.groups.group1, &args.groups.group2) {
        return two_groups(args, first, second, common);
    }
    if let Some(printed) = &args.estimate.estimate {
        return estimate::run(printed, args, common);
    }
    if let Some(change) = &args.change.change {
        return one_change(args, change, common);
    }
    let counts = &args.counts;
    match (counts.rate1, counts.table, counts.paired_table) {
        (Some(first), ..) => return counts::rates(first, counts.rate2, args, common),
        (_, Some(cells), _) => return counts::table(cells, args, common),
        (.., Some(cells)) => return counts::pairs(cells, args, common),
        (None, None, None) => {}
    }
    let control = &args.control;
    if let (Some(before), Some(after), Some(control_before), Some(control_after)) =
        (&args.before, &args.after, &control.control_before, &control.control_after)
    {
        return with_control(args, [before, after], [control_before, control_after], common);
    }
    match (&args.before, &args.after, &args.proportion) {
        (Some(before), Some(after), _) => one_contrast(args, before, after, common),
        (_, _, Some(fraction)) => one_proportion(args, fraction, common),
        _ if args.paths.is_empty() => Err(Failure::call(
            "there is nothing to compute",
            "name releases (reffect effect data), or give --before and --after, --group1 and --group2, or counts",
        )),
        _ => releases(args, common),
    }
}

/// Refuses what belongs to another kind of result than the one that is computed.
fn refuse_without_effect(args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    const CONTRAST: &[&str] = &["before", "after", "n", "spread", "r", "r-source"];
    let given = &common.given;
    if args.groups.group1.is_some() {
        return given.only(&[&["group1", "n1", "group2", "n2", "spread"]], "two groups");
    }
    if args.change.change.is_some() {
        return given.only(&[&["change", "n", "spread"]], "a mean change with its own SD");
    }
    let counts = &args.counts;
    if counts.rate1.is_some() {
        return given.only(&[&["rate1", "rate2"]], "rates");
    }
    if counts.table.is_some() {
        return given.only(&[&["table"]], "a 2×2 table");
    }
    if counts.paired_table.is_some() {
        return given.only(&[&["paired-table"]], "a table of pairs");
    }
    if args.proportion.is_some() {
        return given.only(&[&["proportion"]], "a proportion");
    }
    if args.r_source.is_some() && args.correlation.r.is_empty() {
        return Err(Failure::call("--r-source names where --r is borrowed from", "give --r, or leave it out"));
    }
    if args.control.control_before.is_some() {
        let control: &[&str] = &["control-before", "control-after", "control-n"];
        return given.only(&[CONTRAST, control], "a change beside that of a control group");
    }
    if args.estimate.estimate.is_some() {
        let own: &[&str] = &["estimate", "kind", "estimate-p", "n", "n1", "n2"];
        return given.only(&[own], "a reported effect");
    }
    if args.before.is_some() {
        return given.only(&[CONTRAST, &["alpha", "t", "p", "sd-change", "se", "ci"]], "before and after");
    }
    if args.paths.is_empty() {
        return Ok(());
    }
    // What is wrong with the others is told where they are read.
    let told: &[&str] = &["t", "p", "sd-change", "se", "ci"];
    given.only(&[&["r", "r-source", "alpha", "outcome", "arm"], told], "releases")
}

fn releases(args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    let dataset = Dataset::load_all(&args.paths)?;
    let known = &args.correlation;
    if known.t.is_some() || known.p.is_some() || known.sd_change.is_some() || known.se.is_some() || known.ci.is_some() {
        return Err(Failure::call(
            "one t, p, SD, SE or CI cannot belong to every contrast of a release",
            "give --r for all of them, or one contrast with --before and --after",
        ));
    }
    let correlation = given(&known.r);
    let options = ContrastOptions { correlation, level: common.level, alpha: args.alpha };
    let parts = args.chosen.parts(&dataset)?;
    let mut computed = args.chosen.effects(&parts, &options, common.rounding);
    if let Some(note) = borrowed(args) {
        let contrasts = computed.iter_mut().flat_map(|(_, effects)| &mut effects.contrasts);
        contrasts.for_each(|named| named.contrast.caveats.push(note.clone()));
    }
    let document = || {
        let mut document = Document::default();
        for (release, effects) in &computed {
            document.append(text::effects(release, effects, common.level, common.lang));
        }
        document
    };
    let outputs = Outputs {
        document: &document,
        json: &|| json::release_effects_document(&computed, common.level),
        csv: &|| csv::effects(&computed, common.level),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

/// What stands between a correlation and where it comes from.
pub const BORROWED: &str = " is borrowed from ";

/// Where a correlation that was given comes from: it is not among the reported numbers.
fn borrowed(args: &EffectArgs) -> Option<String> {
    let r: Vec<String> = args.correlation.r.iter().map(f64::to_string).collect();
    let r = r.join(", ");
    match (&args.r_source, r.is_empty()) {
        (_, true) => None,
        (Some(source), false) => Some(format!("r = {r}{BORROWED}{source}")),
        (None, false) => Some(format!("r = {r} was not reported; --r-source names where it is borrowed from")),
    }
}

/// The correlations that were given, each once.
pub fn given(values: &[f64]) -> Correlation {
    let mut once: Vec<f64> = Vec::new();
    for r in values {
        if !once.contains(r) {
            once.push(*r);
        }
    }
    if once.is_empty() { Correlation::Unknown } else { Correlation::Given(once) }
}

fn in_same_unit([one, other]: [&MeanSpread; 2]) -> Result<(), Failure> {
    if one.mean.is_percent() == other.mean.is_percent() {
        return Ok(());
    }
    Err(Failure::call("one mean is a percentage and another is not", "give all in the same unit"))
}

/// Refuses what is told of the change in per cent where the means are in none.
fn change_in_same_unit(known: &CorrelationArgs, mean: &MeanSpread) -> Result<(), Failure> {
    let of_change = [&known.sd_change, &known.se].into_iter().flatten();
    let mut of_change = of_change.chain(known.ci.iter().flat_map(|(lower, upper)| [lower, upper]));
    match of_change.find(|number| number.is_percent() && !mean.mean.is_percent()) {
        Some(number) => {
            let message = format!("`{number}` of the change is a percentage, and the means are none");
            Err(Failure::call(message, "give all in the same unit"))
        }
        None => Ok(()),
    }
}

fn one_contrast(args: &EffectArgs, before: &MeanSpread, after: &MeanSpread, common: &Common) -> Result<(), Failure> {
    let mut notes = Vec::new();
    in_same_unit([before, after])?;
    change_in_same_unit(&args.correlation, before)?;
    let mut moments = |cell: &MeanSpread| moments(cell, args.spread, args.n, common.rounding, &mut notes);
    let input = BeforeAfter { n: args.n, before: moments(before)?, after: moments(after)? };
    let correlation = correlation(&args.correlation, &input, common)?;
    let options = ContrastOptions { correlation, level: common.level, alpha: args.alpha };
    let mut contrast = Contrast::new(input, &options);
    keep_each_once(&mut notes);
    notes.extend(borrowed(args));
    contrast.caveats = notes;
    let n = args.n.map_or("n not given".to_owned(), |n| format!("n = {n}"));
    let decimals = before.mean.decimal().decimals().max(after.mean.decimal().decimals());
    let named = NamedContrast {
        colon: ": ",
        title: format!("before/after, {n}"),
        before: before.to_string(),
        after: after.to_string(),
        decimals: decimals as usize,
        contrast: &contrast,
    };
    let outputs = Outputs {
        document: &|| named.document(),
        json: &|| {
            let given = as_given([before, after], args.spread, common.rounding);
            json::contrast_document(&contrast, json::Given { r_source: args.r_source.as_deref(), ..given })
        },
        csv: &|| csv::contrast(&contrast),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

fn with_control(
    args: &EffectArgs,
    treated: [&MeanSpread; 2],
    control: [&MeanSpread; 2],
    common: &Common,
) -> Result<(), Failure> {
    let mut notes = Vec::new();
    for other in [treated[1], control[0], control[1]] {
        in_same_unit([treated[0], other])?;
    }
    let mut arm = |[before, after]: [&MeanSpread; 2], n: Option<u64>| -> Result<Arm, Failure> {
        let mut read = |cell: &MeanSpread| moments(cell, args.spread, n, common.rounding, &mut notes);
        Ok(Arm { n, before: read(before)?, after: read(after)? })
    };
    let design = PrePostControl { treated: arm(treated, args.n)?, control: arm(control, args.control.control_n)? };
    keep_each_once(&mut notes);
    notes.extend(borrowed(args));
    let rs: Vec<Option<f64>> = match given(&args.correlation.r) {
        Correlation::Given(values) => values.into_iter().map(Some).collect(),
        _ => vec![None],
    };
    let estimates: Vec<Estimate> = rs.into_iter().map(|r| design.d_ppc2(r, common.level)).collect();
    let outputs = Outputs {
        document: &|| between::with_control(&design, &estimates, common.level, &notes),
        json: &|| json::control_document(&design, &estimates, common.level, &notes),
        csv: &|| csv::control(&design, &estimates, common.level, &notes),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

fn one_change(args: &EffectArgs, change: &MeanSpread, common: &Common) -> Result<(), Failure> {
    let mut notes = Vec::new();
    let moments = moments(change, args.spread, args.n, common.rounding, &mut notes)?;
    let mut contrast = ChangeContrast::new(args.n, moments, common.level);
    contrast.caveats = notes;
    let outputs = Outputs {
        document: &|| between::change(&change.to_string(), &contrast),
        json: &|| json::change_document(&contrast, as_given([change], args.spread, common.rounding)),
        csv: &|| csv::change(&contrast),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

fn two_groups(args: &EffectArgs, first: &MeanSpread, second: &MeanSpread, common: &Common) -> Result<(), Failure> {
    let mut notes = Vec::new();
    in_same_unit([first, second])?;
    let n = [args.groups.n1, args.groups.n2];
    // What a ± means is asked where it gives an SD; only a pair can be the interval of a logarithm.
    let mut form = |cell: &MeanSpread| match cell.spread {
        Some(PrintedSpread::Interval { .. }) => Ok(cell.form(meaning(cell, args.spread, &mut notes)?)),
        _ => Ok::<_, Failure>(cell.form(SpreadMeaning::Unexplained)),
    };
    let forms = [form(first)?, form(second)?];
    let mut contrast = if are_geometric(forms.each_ref(), common.rounding) {
        let refused =
            |reason: Refused| Failure::call(reason.to_string(), "give --n1 and --n2, the sizes of both groups");
        by_logarithms(forms.each_ref(), n, common.level, common.rounding).map_err(refused)?
    } else {
        let groups = [
            moments(first, args.spread, n[0], common.rounding, &mut notes)?,
            moments(second, args.spread, n[1], common.rounding, &mut notes)?,
        ];
        BetweenContrast::new(TwoGroups { n, groups }, common.level)
    };
    keep_each_once(&mut notes);
    contrast.caveats.extend(notes);
    let size = |n: Option<u64>| n.map_or("n not given".to_owned(), |n| format!("n = {n}"));
    let decimals = first.mean.decimal().decimals().max(second.mean.decimal().decimals());
    let named = NamedBetween {
        title: "two groups".to_owned(),
        groups: [format!("{first} ({})", size(n[0])), format!("{second} ({})", size(n[1]))],
        decimals: decimals as usize,
        contrast: &contrast,
    };
    let outputs = Outputs {
        document: &|| named.document(),
        json: &|| json::between_document(&contrast, as_given([first, second], args.spread, common.rounding)),
        csv: &|| csv::between(&contrast),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

/// Cells for the document of a result.
fn as_given<const CELLS: usize>(
    cells: [&MeanSpread; CELLS],
    asked: Option<SpreadMeaning>,
    rounding: Rounding,
) -> json::Given<'_, CELLS> {
    let spread = |cell: &MeanSpread| cell.spread.as_ref().and_then(|_| meaning(cell, asked, &mut Vec::new()).ok());
    json::Given { texts: cells.map(|cell| cell.text.as_str()), spreads: cells.map(spread), rounding, r_source: None }
}

/// What a spread is: as the text calls it, as --spread says, or the sample SD.
fn meaning(cell: &MeanSpread, asked: Option<SpreadMeaning>, notes: &mut Vec<String>) -> Result<SpreadMeaning, Failure> {
    match (cell.named(), asked) {
        // "SD" does not say which one.
        (Some(SpreadMeaning::Sd), Some(SpreadMeaning::PopulationSd)) => Ok(SpreadMeaning::PopulationSd),
        (Some(named), Some(asked)) if named != asked => {
            notes.push(format!("`{cell}` says what its spread is: --spread {} is that of others", asked.name()));
            Ok(named)
        }
        (Some(named), _) => Ok(named),
        (None, Some(asked)) => Ok(asked),
        (None, None) if matches!(cell.spread, Some(PrintedSpread::Interval { .. })) => {
            let message = format!("`{cell}` has a pair of numbers, and nothing says what it is");
            Err(Failure::call(
                message,
                "of a confidence interval write \"12.1 (95% CI 10.1 to 14.1)\", or add --spread ci95; of quartiles or a \
                 range, `reffect convert --to mean-sd` makes a mean and an SD",
            ))
        }
        (None, None) => {
            notes.push("± is read as the sample SD; --spread se or ci95 reads it otherwise".to_owned());
            Ok(SpreadMeaning::Sd)
        }
    }
}

fn moments(
    cell: &MeanSpread,
    asked: Option<SpreadMeaning>,
    n: Option<u64>,
    rounding: Rounding,
    notes: &mut Vec<String>,
) -> Result<Moments, Failure> {
    let mean = cell.mean.rounded(rounding);
    let Some(half_width) = cell.half_width(rounding) else { return Ok(Moments { mean, sd: None }) };
    let meaning = meaning(cell, asked, notes)?;
    if let Some(PrintedSpread::Interval { lower, upper, .. }) = &cell.spread {
        if meaning != SpreadMeaning::Ci95 {
            let message = format!("`{cell}` has two ends, which are no {}", meaning.name());
            return Err(Failure::call(message, "write the one number behind ±, or --spread ci95"));
        }
        if !(lower.decimal()..=upper.decimal()).contains(&cell.mean.decimal()) {
            return Err(Failure::Contradiction(format!("the mean of {cell} lies outside of its interval")));
        }
        if cell.form(meaning).is_geometric(rounding) {
            let hint = "compare two such means by --group1 and --group2: their ratio is ROM";
            return Err(Failure::call(no_sd_of_logarithms(&cell.text), hint));
        }
        let middle = lower.rounded(rounding).range.plus(upper.rounded(rounding).range).scaled(0.5);
        if !middle.meets(mean.range) {
            notes.push(format!("the mean of {cell} does not lie in the middle of its interval"));
        }
    }
    if n.is_none() && meaning != SpreadMeaning::Sd {
        let what = asked.map_or_else(|| format!("`{cell}`"), |asked| format!("--spread {}", asked.name()));
        return Err(Failure::call(
            format!("{what} gives an SD only with the number of patients"),
            "give -n, or --n1 and --n2 for two groups",
        ));
    }
    let recovered = sd_from_spread(half_width, meaning, n.unwrap_or_default())
        .map_err(|message| Failure::call(message, "give a larger size, or --spread sd"))?;
    notes.extend(recovered.note.map(str::to_owned));
    Ok(Moments { mean, sd: Some(recovered.sd) })
}

/// What is known of r, recovered where something is reported of the change.
fn correlation(args: &CorrelationArgs, input: &BeforeAfter, common: &Common) -> Result<Correlation, Failure> {
    if !args.r.is_empty() {
        return Ok(given(&args.r));
    }
    let Some((reported, from)) = reported_change(args, common)? else { return Ok(Correlation::Unknown) };
    let n = input.n.ok_or_else(|| Failure::call("r cannot be recovered without the number of patients", "give -n"))?;
    match recover_correlation(&input.before, &input.after, n, reported) {
        Ok(found) => Ok(Correlation::Recovered { found, from }),
        Err(ImpossibleCorrelation::Missing(message)) => {
            Err(Failure::call(message, "leave it out, and read what holds for every r"))
        }
        Err(impossible) => Err(Failure::Contradiction(impossible.to_string())),
    }
}

fn reported_change(args: &CorrelationArgs, common: &Common) -> Result<Option<(ReportedChange, String)>, Failure> {
    let read = |numeral: &Numeral| numeral.rounded(common.rounding);
    let found = match args {
        CorrelationArgs { t: Some(t), .. } => (ReportedChange::T(read(t)), format!("t = {t}")),
        CorrelationArgs { p: Some(p), .. } => (ReportedChange::P(read(&exact_p(p)?)), format!("p = {}", p.bound)),
        CorrelationArgs { sd_change: Some(sd), .. } => (ReportedChange::Sd(read(sd)), format!("the SD of change {sd}")),
        CorrelationArgs { se: Some(se), .. } => (ReportedChange::Se(read(se)), format!("the SE of change {se}")),
        CorrelationArgs { ci: Some((lower, upper)), .. } => {
            let reported = ReportedChange::Ci { lower: read(lower), upper: read(upper), level: common.level };
            (reported, format!("the CI {lower} to {upper}"))
        }
        _ => return Ok(None),
    };
    Ok(Some(found))
}

/// A p that was reported as a number; a bound gives no r, only the least that it can be.
fn exact_p(p: &Comparison) -> Result<Numeral, Failure> {
    if let Err(error) = p.bound.exact() {
        return Err(Failure::call(error.to_string(), "give the p as it was reported, to its digits"));
    }
    match p.relation {
        Relation::Equal if p.bound.value() > 0.0 => Ok(p.bound.clone()),
        Relation::Equal => Err(Failure::call("p = 0 is no p-value", "a p printed as 0.000 is a bound: --alpha 0.0005")),
        Relation::Less | Relation::LessOrEqual => Err(Failure::call(
            format!("`{p}` is a bound and no value: it gives no r, only the least that r can be"),
            format!("use --alpha {0} and read the line “p < {0} needs r ≥ …”", p.bound.decimal()),
        )),
        Relation::Greater | Relation::GreaterOrEqual => Err(Failure::call(
            format!("`{p}` is a bound and no value: it gives no r, only what r stays below"),
            format!(
                "use --alpha {0} and read the line “p < {0} needs r ≥ …”: r is smaller than that",
                p.bound.decimal()
            ),
        )),
    }
}

fn one_proportion(args: &EffectArgs, fraction: &str, common: &Common) -> Result<(), Failure> {
    const HINT: &str = "write the part and the whole as whole numbers: --proportion 5/7";
    let (part, whole) = match fraction.parse::<Expression>() {
        Ok(Expression::Fraction { part, whole }) => (part.count(), whole.count()),
        _ => (None, None),
    };
    let (Some(k), Some(n)) = (part, whole) else {
        return Err(Failure::call(format!("`{fraction}` is no part of a whole"), HINT));
    };
    let proportion = Proportion::new(k, n).map_err(|message| Failure::call(message, HINT))?;
    let outputs = Outputs {
        document: &|| text::one_proportion(proportion, common.level),
        json: &|| json::proportion_document(proportion, common.level),
        csv: &|| csv::proportion(proportion, common.level),
    };
    write_results(&outputs, args.output.as_deref(), common)
}
