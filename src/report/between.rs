//! What follows from two groups, for people.

use super::document::{Align, Document, Table};
use super::number::{
    clear_interval, fixed, interval, level_text, p_interval, p_value, percent, percent_interval, plain, significant,
    with_interval,
};
use super::words::{self, Wording};
use crate::diagnostic::keep_each_once;
use crate::effect::between::BetweenContrast;
use crate::effect::change::ChangeContrast;
use crate::effect::common_language::{CommonLanguage, NumberNeeded};
use crate::effect::of_release::{ChangesOfArms, ReleaseBetween, ReleaseChange, ReleaseEffects, ReleaseTable};
use crate::effect::pre_post_control::PrePostControl;
use crate::estimate::{Estimate, Measure, TestResult};
use crate::numeric::rounding::Rounded;
use crate::reported::{Cell, Lang, Quantity, Release};

/// A contrast between two groups with the texts that name it.
#[derive(Debug)]
pub struct NamedBetween<'a> {
    /// What it is about, and the two groups.
    pub title: String,
    /// The results as printed.
    pub groups: [String; 2],
    /// How many decimals the means were printed with.
    pub decimals: usize,
    /// The results.
    pub contrast: &'a BetweenContrast,
}

impl NamedBetween<'_> {
    /// The contrast on one screen.
    pub fn document(&self) -> Document {
        let mut document = Document::default();
        let [first, second] = &self.groups;
        document.heading(2, format!("{}: {first} against {second}", self.title));
        document.table(self.estimates());
        document.table(tests(&self.contrast.tests));
        document.table(in_other_words("d in other words", &self.contrast.common_language, self.contrast.level));
        let by_d = |needed| format!("{} (d: Kraemer & Kupfer)", number_needed(needed));
        let mut points: Vec<String> = self.contrast.number_needed.map(by_d).into_iter().collect();
        let contrast = self.contrast;
        points.extend(contrast.logarithms.and_then(|_| ratio_of_means(contrast)));
        points.extend(contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes).cloned());
        points.extend(without_value(&contrast.estimates, &contrast.notes));
        document.list(points);
        document
    }

    fn estimates(&self) -> Table {
        estimates(&self.contrast.estimates, self.contrast.level, Some(self.decimals), |estimate| self.name(estimate))
    }

    /// What a measure is called; a log ratio needs everything for its correction.
    fn name(&self, estimate: &Estimate) -> &'static str {
        match estimate.measure {
            Measure::Rom if self.contrast.logarithms.is_some() => "log ratio of means, by their logarithms",
            Measure::Rom if !self.contrast.input.is_complete() => "log ratio of means, not corrected for bias",
            measure => measure.info().name,
        }
    }
}

/// The log ratio of two means, taken back.
fn ratio_with_interval(contrast: &BetweenContrast) -> Option<[String; 2]> {
    let ratio = contrast.estimates.iter().find(|of| of.measure == Measure::Rom)?;
    Some(with_interval(ratio.estimate?.exp(), Some(ratio.ci?.exp())))
}

fn ratio_of_means(contrast: &BetweenContrast) -> Option<String> {
    let [estimate, ci] = ratio_with_interval(contrast)?;
    Some(format!("ratio of the means {estimate}, {} CI {ci}", level_text(contrast.level)))
}

/// A contrast between two arms of a release.
pub fn between_of_release(release: &Release, named: &ReleaseBetween, lang: Lang) -> Document {
    let lang = Wording::screen(lang);
    let title = heading(release, &named.outcome, &named.occasion, named.quantity, lang);
    let mut document = NamedBetween { title, ..named_between(release, named, lang) }.document();
    document.list(named.changes.iter().map(changes_of_arms).collect());
    document
}

/// By how much the changes of two arms differ.
fn changes_of_arms(changes: &ChangesOfArms) -> String {
    let standardised = changes.design.d_ppc2(None, 0.95);
    let in_units = match (standardised.estimate, standardised.rounding) {
        (Some(d), Some(range)) => {
            let d = significant(d, 3);
            format!(
                "; d_ppc2 {d}, rounding alone {}; an interval needs the correlation of before and after, which is not \
                 reported",
                interval(range)
            )
        }
        _ => String::new(),
    };
    let how = differ_by(changes.design.difference_of_changes());
    format!("since `{}` {how}{in_units}", changes.since)
}

fn differ_by(difference: Rounded) -> String {
    format!("the changes differ by {}, rounding alone {}", significant(difference.value, 3), interval(difference.range))
}

/// Counts of two arms of a release.
pub fn table_of_release(release: &Release, named: &ReleaseTable, level: f64, lang: Lang) -> Document {
    let [first, second] = groups_of_table(release, named, Wording::screen(lang));
    let title = format!(
        "{}: {first} against {second}",
        heading(release, &named.outcome, &named.occasion, Quantity::Value, Wording::screen(lang))
    );
    super::counts::table_called(title, &named.table, named.number_needed(level), level)
}

fn groups_of_table(release: &Release, named: &ReleaseTable, lang: Wording) -> [String; 2] {
    let [a, b, c, d] = named.table.cells();
    let group = |at: usize, events: u64, n: u64| {
        let (label, count) = (arm_label(release, &named.arms[at], lang.names), format!("{events}/{n}"));
        let printed = &named.printed[at];
        // A count with its share needs its whole, and not itself once more.
        let shown = match printed.split_once(['(', '（']) {
            _ if *printed == count => count,
            Some((_, behind)) if behind.contains(['%', '％']) => format!("{count} ({}", behind.trim_end()),
            Some((front, _)) if front.contains(['%', '％']) => format!("{count} ({})", front.trim()),
            _ => format!("{printed}, {count}"),
        };
        match lang.words {
            Lang::En => format!("{shown} ({label})"),
            Lang::Ja => format!("{shown}（{label}）"),
        }
    };
    [group(0, a, a + b), group(1, c, c + d)]
}

/// Counts of two arms, a line each: the risk ratio with Katz's interval, the risk difference with Newcombe's, and
/// Fisher's p.
pub fn tables_in_lines(release: &Release, effects: &ReleaseEffects, level: f64, lang: Wording) -> Table {
    let ci = format!("{} CI", level_text(level));
    let mut table = Table::new(&[
        ("outcome", Align::Left),
        ("RR", Align::Right),
        (ci.as_str(), Align::Left),
        ("RD, %", Align::Right),
        (ci.as_str(), Align::Left),
        ("p (Fisher)", Align::Right),
        ("", Align::Left),
    ]);
    for named in &effects.tables {
        let (ratio, difference) = (named.table.risk_ratio(level), named.table.risk_difference(level));
        let dash = || "—".to_owned();
        let [first, second] = groups_of_table(release, named, lang);
        table.row([
            title(release, &named.outcome, &named.occasion, Quantity::Value, lang),
            ratio.estimate.map_or_else(dash, |ratio| significant(ratio, 3)),
            ratio.by_method("katz").map_or_else(dash, interval),
            difference.estimate.map_or_else(dash, |difference| fixed(100.0 * difference, 1)),
            difference.by_method("newcombe").map_or_else(dash, |ci| clear_interval(ci.scaled(100.0))),
            p_value(named.table.fisher_p()),
            match lang.words {
                Lang::En => format!("{first} against {second}"),
                Lang::Ja => format!("{first}対 {second}"),
            },
        ]);
    }
    table
}

/// Contrasts between arms by Welch's test, and changes that were reported as such, a line each.
pub fn in_lines(release: &Release, effects: &ReleaseEffects, lang: Wording) -> Table {
    let levels = effects.between.iter().map(|named| named.contrast.level);
    let level = levels.chain(effects.changes.iter().map(|named| named.contrast.level)).next();
    let ci = level.map(|level| format!("{} CI", level_text(level))).unwrap_or_default();
    let mut table = Table::new(&[
        ("outcome", Align::Left),
        ("difference", Align::Right),
        (ci.as_str(), Align::Left),
        ("g", Align::Right),
        // A change that was reported as such has a test of its own.
        (if effects.changes.is_empty() { "p (Welch)" } else { "p" }, Align::Right),
        ("", Align::Left),
    ]);
    let find = |estimates: &[Estimate], measure| estimates.iter().find(|of| of.measure == measure).cloned();
    let dash = || "—".to_owned();
    let raw = |of: Option<Estimate>, unit: &str| {
        let found = of.map_or_else(|| [dash(), dash()], |raw| estimate_with_interval(&raw));
        found.map(|text| if text == "—" { text } else { format!("{text}{unit}") })
    };
    let mut line = |name: String, [raw, range]: [String; 2], g: Option<Estimate>, p: Option<f64>, of: String| {
        let g = g.and_then(|of| of.estimate).map_or_else(dash, |value| significant(value, 3));
        table.row([name, raw, range, g, p.map_or_else(dash, p_value), of]);
    };
    for named in &effects.between {
        let NamedBetween { title, groups: [first, second], contrast, .. } = named_between(release, named, lang);
        let [difference, g] = [Measure::Md, Measure::G].map(|measure| find(&contrast.estimates, measure));
        let ratio = contrast.logarithms.and_then(|_| ratio_with_interval(contrast));
        let shown = match ratio {
            Some([ratio, ci]) => [format!("{} {ratio}", lang.words.choose("ratio", "比")), ci],
            None => raw(difference, ""),
        };
        let welch = contrast.welch_t().map(|test| test.p);
        let of = match lang.words {
            Lang::En => format!("{first} against {second}"),
            Lang::Ja => format!("{first}対 {second}"),
        };
        line(title, shown, g, welch, format!("{of}{}", unexplained(&contrast.other_reading, lang.words)));
    }
    for named in &effects.changes {
        // A standardised change of one arm is no g of two, and stands with its details.
        let change = find(&named.contrast.estimates, Measure::Mc);
        let n = named.contrast.n.map_or_else(|| n_not_stated(lang.words), |n| format!("n = {n}"));
        let p = named.contrast.test.as_ref().map(|test| test.p);
        let arm = arm_label(release, &named.arm, lang.names);
        let of = match lang.words {
            Lang::En => format!("change as reported ({arm}, {n})"),
            Lang::Ja => format!("報告された変化（{arm}、{n}）"),
        };
        let of = format!("{of}{}", unexplained(&named.contrast.other_reading, lang.words));
        let unit = if is_in_percent(release, named) { " %" } else { "" };
        line(title(release, &named.outcome, &named.occasion, Quantity::Value, lang), raw(change, unit), None, p, of);
    }
    table
}

/// An estimate and its interval, dashes where there are none.
fn estimate_with_interval(estimate: &Estimate) -> [String; 2] {
    match estimate.estimate {
        Some(value) => with_interval(value, estimate.ci),
        None => ["—".to_owned(), estimate.ci.map_or_else(|| "—".to_owned(), interval)],
    }
}

/// What stands beside a number that rests on a ± which the source does not explain.
fn unexplained(other_reading: &Option<String>, lang: Lang) -> &'static str {
    match other_reading {
        None => "",
        Some(_) => lang.choose("; ± not explained, read as SD", "；± は説明がなく SD と解釈"),
    }
}

fn n_not_stated(lang: Lang) -> String {
    lang.choose("n not stated", "n の記載なし").to_owned()
}

/// What would follow for each line of [`in_lines`] that rests on a ± which the source does not explain.
pub fn readings(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Vec<String> {
    let named = |title: String, reading: &Option<String>| Some(format!("{title}: {}", reading.as_ref()?));
    let between = effects.between.iter().filter_map(|of| {
        named(title(release, &of.outcome, &of.occasion, of.quantity, Wording::screen(lang)), &of.contrast.other_reading)
    });
    let changes = effects.changes.iter().filter_map(|of| {
        let title = title(release, &of.outcome, &of.occasion, Quantity::Value, Wording::screen(lang));
        named(format!("{title} · {}", arm_label(release, &of.arm, lang)), &of.contrast.other_reading)
    });
    between.chain(changes).collect()
}

pub(super) fn arm_label<'a>(release: &'a Release, arm: &'a str, lang: Lang) -> &'a str {
    release.arm(arm).map_or(arm, |arm| arm.label.get(lang))
}

/// Of how many people of an arm a result is.
pub(super) fn n_of(release: &Release, arm: &str, cell: Option<&Cell>, lang: Lang) -> String {
    let own = cell.and_then(|cell| cell.n.as_ref());
    let n = own.or_else(|| release.arm(arm)?.n.as_ref());
    n.map_or_else(|| n_not_stated(lang), |n| format!("n = {}", words::count(n)))
}

fn named_between<'a>(release: &Release, named: &'a ReleaseBetween, lang: Wording) -> NamedBetween<'a> {
    let cell = |arm: &str| named.cell(release, arm);
    let group = |arm: &String| {
        let (label, n) = (arm_label(release, arm, lang.names), n_of(release, arm, cell(arm), lang.words));
        let text = cell(arm).map_or("", |cell| cell.text.as_str());
        match lang.words {
            Lang::En => format!("{text} ({label}, {n})"),
            Lang::Ja => format!("{text}（{label}、{n}）"),
        }
    };
    let decimals = named.arms.iter().filter_map(|arm| cell(arm)).map(|cell| cell.center().decimal().decimals()).max();
    let [first, second] = &named.arms;
    NamedBetween {
        title: title(release, &named.outcome, &named.occasion, named.quantity, lang),
        groups: [group(first), group(second)],
        decimals: decimals.unwrap_or(1) as usize,
        contrast: &named.contrast,
    }
}

pub(super) fn title(release: &Release, outcome: &str, occasion: &str, quantity: Quantity, lang: Wording) -> String {
    let outcome = release.outcome(outcome).map_or(outcome, |outcome| outcome.label.get(lang.names));
    format!("{outcome} · {}", words::occasion(release, occasion, quantity, lang))
}

/// The same with the unit and which way is better.
pub(super) fn heading(release: &Release, outcome: &str, occasion: &str, quantity: Quantity, lang: Wording) -> String {
    let details = release.outcome(outcome).map_or_else(String::new, |outcome| words::details(outcome, lang.names));
    let outcome = release.outcome(outcome).map_or(outcome, |outcome| outcome.label.get(lang.names));
    format!("{outcome}{details} · {}", words::occasion(release, occasion, quantity, lang))
}

/// Two groups before and after on one screen.
pub fn with_control(design: &PrePostControl, estimates: &[Estimate], level: f64, notes: &[String]) -> Document {
    let mut document = Document::default();
    let n = |n: Option<u64>| n.map_or("n not given".to_owned(), |n| format!("n = {n}"));
    let (treated, control) = (n(design.treated.n), n(design.control.n));
    document.heading(2, format!("change of one group ({treated}) less that of a control group ({control})"));
    let ci = format!("{} CI", level_text(level));
    let mut table = Table::new(&[
        ("measure", Align::Left),
        ("r", Align::Right),
        ("estimate", Align::Right),
        (ci.as_str(), Align::Left),
        ("rounding alone", Align::Left),
        ("", Align::Left),
    ]);
    for estimate in estimates {
        let [value, ci] = estimate_with_interval(estimate);
        table.row([
            estimate.measure.code(),
            &estimate.r.map(plain).unwrap_or_default(),
            &value,
            &ci,
            &estimate.rounding.map_or_else(|| "—".to_owned(), interval),
            estimate.measure.info().name,
        ]);
    }
    document.table(table);
    let mut points = vec![differ_by(design.difference_of_changes())];
    points.extend(estimates.iter().flat_map(|estimate| &estimate.notes).cloned());
    keep_each_once(&mut points);
    points.extend(notes.iter().cloned());
    document.list(points);
    document
}

/// Whether a change is printed in per cent, be it of the values before or in points.
fn is_in_percent(release: &Release, named: &ReleaseChange) -> bool {
    let row = release.outcome(&named.outcome).and_then(|of| of.of_arm(&named.arm));
    let cell = row.and_then(|row| row.get(Quantity::Change, &named.occasion));
    cell.is_some_and(|cell| cell.center().is_percent())
}

/// A mean change of one arm of a release.
pub fn change_of_release(release: &Release, named: &ReleaseChange, lang: Lang) -> Document {
    let arm = arm_label(release, &named.arm, lang);
    change_in(
        &format!(
            "{} · {arm}",
            heading(release, &named.outcome, &named.occasion, Quantity::Value, Wording::screen(lang))
        ),
        &named.contrast,
        if is_in_percent(release, named) { " in %" } else { "" },
    )
}

/// A mean change on one screen.
pub fn change(title: &str, contrast: &ChangeContrast) -> Document {
    change_in(title, contrast, "")
}

fn change_in(title: &str, contrast: &ChangeContrast, unit: &str) -> Document {
    let mut document = Document::default();
    let n = contrast.n.map_or("n not stated".to_owned(), |n| format!("n = {n}"));
    document.heading(2, format!("{title}: mean change{unit}, {n}"));
    let table = estimates(&contrast.estimates, contrast.level, None, |estimate| estimate.measure.info().name);
    document.table(table);
    document.table(tests(contrast.test.as_slice()));
    document.list(contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes).cloned().collect());
    document
}

/// Why measures have no value, those with one reason together; not what the notes of the contrast say of all.
pub(super) fn without_value(all: &[Estimate], told: &[String]) -> Vec<String> {
    let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
    for estimate in all.iter().filter(|estimate| estimate.estimate.is_none()) {
        let code = estimate.measure.code();
        let reasons =
            estimate.notes.iter().filter_map(|note| note.strip_prefix("no ")?.strip_prefix(code)?.strip_prefix(": "));
        for reason in reasons.filter(|reason| !told.iter().any(|note| note.starts_with(reason))) {
            match grouped.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, codes)) if codes.contains(&code) => {}
                Some((_, codes)) => codes.push(code),
                None => grouped.push((reason, vec![code])),
            }
        }
    }
    grouped.into_iter().map(|(reason, codes)| format!("no {}: {reason}", codes.join(", "))).collect()
}

/// Every estimate that there is, with its interval and what rounding contributes; a difference without an interval
/// with the decimals that the means were printed with.
fn estimates(all: &[Estimate], level: f64, printed: Option<usize>, name: impl Fn(&Estimate) -> &'static str) -> Table {
    let ci = format!("{} CI", level_text(level));
    let mut table = Table::new(&[
        ("measure", Align::Left),
        ("estimate", Align::Right),
        (ci.as_str(), Align::Left),
        ("by", Align::Left),
        ("rounding alone", Align::Left),
        ("", Align::Left),
    ]);
    for estimate in all.iter().filter(|estimate| estimate.estimate.is_some()) {
        let [mut value, ci] = estimate_with_interval(estimate);
        if let (Measure::Md, None, Some(md), Some(decimals)) =
            (estimate.measure, estimate.ci, estimate.estimate, printed)
        {
            value = fixed(md, decimals);
        }
        table.row([
            estimate.measure.code(),
            &value,
            &ci,
            if estimate.ci.is_some() { estimate.ci_method.name() } else { "" },
            &estimate.rounding.map_or_else(|| "—".to_owned(), interval),
            name(estimate),
        ]);
    }
    table
}

fn tests(all: &[TestResult]) -> Table {
    let mut table = Table::new(&[
        ("test", Align::Left),
        ("t", Align::Right),
        ("df", Align::Right),
        ("p", Align::Right),
        ("p, rounding alone", Align::Left),
    ]);
    for test in all {
        let df = if test.df.fract() == 0.0 { plain(test.df) } else { fixed(test.df, 2) };
        let range = test.p_rounding.map(p_interval).unwrap_or_default();
        table.row([test.kind.name().to_owned(), fixed(test.statistic, 2), df, p_value(test.p), range]);
    }
    table
}

/// A standardised difference in other words.
pub(super) fn in_other_words(head: &str, words: &[CommonLanguage], level: f64) -> Table {
    let ci = format!("{} CI", level_text(level));
    let mut table =
        Table::new(&[(head, Align::Left), ("share", Align::Right), (ci.as_str(), Align::Left), ("", Align::Left)]);
    for word in words {
        let ci = word.ci.map_or_else(|| "—".to_owned(), percent_interval);
        table.row([word.name.to_owned(), percent(word.estimate), ci, word.meaning.to_owned()]);
    }
    table
}

/// A number needed to treat with its interval, which may run through infinity: that for one more who benefits (NNTB) or
/// who is harmed (NNTH), where it is known which way is better.
pub fn number_needed(needed: NumberNeeded) -> String {
    let size = |value: Option<f64>| value.map_or_else(|| "∞".to_owned(), |value| significant(value, 2));
    let NumberNeeded { estimate, ends, through_infinity, is_of_benefit } = needed;
    let show = |value: Option<f64>| size(if is_of_benefit { value.map(f64::abs) } else { value });
    let name = match estimate {
        Some(value) if is_of_benefit => {
            if value > 0.0 {
                "NNTB"
            } else {
                "NNTH"
            }
        }
        _ => "NNT",
    };
    let (estimate, [lower, upper]) = (show(estimate), ends.map(show));
    match (through_infinity, is_of_benefit) {
        (true, true) => format!(
            "{name} {estimate}; the interval includes no effect (benefit from {upper}, through ∞, to harm from {lower})"
        ),
        (true, false) => {
            format!("{name} {estimate}; the interval includes no effect (from {upper}, through ∞, to {lower})")
        }
        // Of a harm, the end that is nearer to no effect has the larger number too.
        (false, _) if name == "NNTH" => format!("{name} {estimate}, interval {upper} to {lower}"),
        (false, _) => format!("{name} {estimate}, interval {lower} to {upper}"),
    }
}
