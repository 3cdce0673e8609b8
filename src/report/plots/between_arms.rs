//! Two arms against one another: every outcome at every occasion that both report.

use super::forest::with_arrows_explained;
use super::{Digits, Missing};
use crate::chart::{Axis, Caption, Column, Forest, ForestRow, ForestScale, RowMark};
use crate::effect::of_release::{ReleaseBetween, ReleaseEffects, ReportedDifference};
use crate::estimate::{Estimate, Measure};
use crate::numeric::interval::Interval;
use crate::report::between::{arm_label, n_of};
use crate::report::charts::{read_as, source as source_of, with_release};
use crate::report::japanese::translated;
use crate::report::not_drawn::{between_arms_left_out, not_drawn, of_release};
use crate::report::number::{level_in, p_value};
use crate::report::words::{self, say};
use crate::reported::{Cell, Direction, Lang, Quantity, Release, USUAL_LEVEL};
use std::collections::HashMap;

/// Every contrast between two arms: on the axis Hedges' g with its interval, so that outcomes of different
/// units stand on one axis; in columns what was printed, the difference of the means and Welch's p.
///
/// # Errors
/// No release has such a contrast; the text names each outcome with the reason.
pub fn between_arms(releases: &[(&Release, ReleaseEffects)], lang: Lang) -> Result<Forest, Missing> {
    let (mut drawn, mut left_out, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for (release, effects) in releases {
        let own: Vec<Line<'_>> = effects.between.iter().filter_map(|named| Line::new(release, named, lang)).collect();
        if !own.is_empty() {
            sources.push(*release);
        }
        drawn.extend(own);
        let names = between_arms_left_out(release, |named| standardised(named).is_some(), effects, lang);
        if releases.len() > 1 {
            left_out.extend(of_release(release, names, lang));
        } else {
            left_out.extend(names);
        }
    }
    let Some(first) = drawn.first() else { return Err(left_out.join("; ")) };
    let ci = level_in(lang, first.named.contrast.level);
    let pair = common_pair(&drawn);
    let (title, subtitle) = heading(&sources, &ci, lang);
    let source = match &sources[..] {
        [one] => source_of(one, lang),
        // Each heading names its release.
        _ => say(lang, "Source: the releases named", "出典：各発表"),
    };
    let mut notes = footnotes(&drawn, pair, lang);
    notes.extend(not_drawn(&left_out, lang));
    Ok(with_arrows_explained(Forest {
        caption: Caption { title, subtitle, footnotes: notes, source, lang },
        left: left_columns(pair, lang),
        right: right_columns(&ci, lang),
        rows: rows(&drawn, pair, sources.len() > 1, lang),
        scale: ForestScale { axis: axis(&drawn, pair, lang), reference: Some(0.0), summary: None },
    }))
}

/// The mark of rows that rest on a reading of a ±.
const GUESS: &str = "†";

/// The mark of rows whose difference the release reports itself.
const REPORTED: &str = "‡";

/// g with its interval; none where the numbers do not allow one.
fn standardised(named: &ReleaseBetween) -> Option<(f64, Interval)> {
    let g = estimate(named, Measure::G)?;
    Some((g.estimate?, g.ci?))
}

fn estimate(named: &ReleaseBetween, measure: Measure) -> Option<&Estimate> {
    named.contrast.estimates.iter().find(|of| of.measure == measure)
}

/// An arm in a row: its name, its size, and what was printed.
struct Arm<'a> {
    name: &'a str,
    n: String,
    cell: &'a Cell,
}

/// A contrast that is drawn.
struct Line<'a> {
    release: &'a Release,
    named: &'a ReleaseBetween,
    arms: [Arm<'a>; 2],
    g: (f64, Interval),
    better: Option<Direction>,
}

impl<'a> Line<'a> {
    fn new(release: &'a Release, named: &'a ReleaseBetween, lang: Lang) -> Option<Self> {
        let arm = |id: &'a String| {
            let cell = named.cell(release, id)?;
            let (name, n) = (arm_label(release, id, lang), n_of(release, id, Some(cell), lang));
            Some(Arm { name, n, cell })
        };
        let [first, second] = named.arms.each_ref().map(arm);
        let better = release.outcome(&named.outcome)?.better;
        Some(Self { release, named, arms: [first?, second?], g: standardised(named)?, better })
    }

    fn names(&self) -> [&'a str; 2] {
        self.arms.each_ref().map(|arm| arm.name)
    }

    /// Both arms as the headings of columns.
    fn arms_with_n(&self, lang: Lang) -> [String; 2] {
        self.arms.each_ref().map(|arm| match lang {
            Lang::En => format!("{} ({})", arm.name, arm.n),
            Lang::Ja => format!("{}（{}）", arm.name, arm.n),
        })
    }

    /// Whether a ± that the release does not explain was read as the SD.
    fn is_guess(&self) -> bool {
        self.named.contrast.other_reading.is_some()
    }

    /// What stands behind its occasion for a footnote, in a column that is never left out.
    fn marks(&self) -> &'static str {
        match (self.is_guess(), !self.named.reported.is_empty()) {
            (true, _) => GUESS,
            (false, true) => REPORTED,
            (false, false) => "",
        }
    }

    /// A difference as the release reports it, with what it is of.
    fn reported(&self, of: &ReportedDifference, lang: Lang) -> String {
        let turned =
            if of.is_turned { format!(" ({} − {})", self.arms[1].name, self.arms[0].name) } else { String::new() };
        let adjusted = if of.is_adjusted { lang.choose(" (adjusted)", "（調整済み）") } else { "" };
        // An interval without a level is of the usual one, which that of the columns need not be.
        let is_plain = of.printed.contains(" to ") && !of.printed.contains(" CI ");
        let is_other = is_plain && self.named.contrast.level != USUAL_LEVEL;
        let ci = lang.choose("(95 % CI ", "(95%信頼区間 ");
        let printed = if is_other { of.printed.replacen('(', ci, 1) } else { of.printed.clone() };
        let printed = if lang == Lang::Ja { printed.replace(" to ", "〜") } else { printed };
        format!("{printed}{turned}{adjusted}")
    }

    /// Its outcome and occasion, with the release where there are several.
    fn full_name(&self, is_alone: bool, lang: Lang) -> String {
        let label = self.release.outcome(&self.named.outcome).map_or("", |outcome| outcome.label.get(lang));
        let name = if is_alone { label.to_owned() } else { with_release(self.release, label, lang) };
        match lang {
            Lang::En => format!("{name}, {}", self.occasion(lang)),
            Lang::Ja => format!("{name}（{}）", self.occasion(lang)),
        }
    }

    /// When the arms are compared.
    fn occasion(&self, lang: Lang) -> String {
        words::occasion(self.release, &self.named.occasion, self.named.quantity, words::Wording::page(lang))
    }

    /// The outcome with its unit and which way is better.
    fn outcome(&self, with_name_of_release: bool, lang: Lang) -> String {
        let Some(outcome) = self.release.outcome(&self.named.outcome) else { return self.named.outcome.clone() };
        let unit = outcome.unit.as_ref().map(|unit| unit.get(lang));
        let better = self.better.map(|better| words::better(better, lang));
        let details: Vec<&str> = [unit, better].into_iter().flatten().collect();
        let label = outcome.label.get(lang);
        let name = match (details.is_empty(), lang) {
            (true, _) => label.to_owned(),
            (false, Lang::En) => format!("{label} ({})", details.join(", ")),
            (false, Lang::Ja) => format!("{label}（{}）", details.join("、")),
        };
        if with_name_of_release { with_release(self.release, &name, lang) } else { name }
    }
}

/// The line that stands for all where the same two arms of the same sizes are compared in every row.
fn common_pair<'l, 'a>(lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    let key = |line: &Line<'_>| line.arms.each_ref().map(|arm| (arm.name.to_owned(), arm.n.clone()));
    let first = lines.first()?;
    lines.iter().all(|line| key(line) == key(first)).then_some(first)
}

fn heading(sources: &[&Release], ci: &str, lang: Lang) -> (String, String) {
    let title = match (sources, lang) {
        ([one], Lang::En) => format!("{}: between the arms", one.label.en),
        ([one], Lang::Ja) => format!("{}：群間の比較", one.label.ja),
        _ => say(lang, "Between the arms, as reported", "発表された群間の差"),
    };
    let subtitle = match lang {
        Lang::En => format!("Standardised mean difference (Hedges' g) with its {ci} interval, at each occasion."),
        Lang::Ja => format!("各時点の標準化平均差（Hedges の g）と{ci}信頼区間。"),
    };
    (title, subtitle)
}

fn left_columns(pair: Option<&Line<'_>>, lang: Lang) -> Vec<Column> {
    let arms = pair
        .map_or_else(|| [say(lang, "First arm", "群1"), say(lang, "Second arm", "群2")], |line| line.arms_with_n(lang));
    let occasion =
        Column { heading: say(lang, "Outcome, occasion", "評価項目・時点"), numeric: false, spare: false };
    [occasion].into_iter().chain(arms.map(|heading| Column { heading, numeric: false, spare: false })).collect()
}

fn right_columns(ci: &str, lang: Lang) -> Vec<Column> {
    let headings = match lang {
        Lang::En => [format!("g [{ci} CI]"), format!("MD [{ci} CI]"), "p (Welch)".to_owned()],
        Lang::Ja => [format!("g [{ci}信頼区間]"), format!("平均差 [{ci}信頼区間]"), "p（Welch）".to_owned()],
    };
    headings.map(|heading| Column { heading, numeric: true, spare: false }).into()
}

/// The rows of one heading: those of an outcome, or of two of its arms where the chart compares several pairs.
struct Group<'l, 'a> {
    lines: Vec<&'l Line<'a>>,
}

impl<'l, 'a> Group<'l, 'a> {
    /// The groups in the order in which their first rows stand.
    fn all(lines: &'l [Line<'a>]) -> Vec<Self> {
        let key = |line: &Line<'a>| (line.release.id.as_str(), line.named.outcome.as_str(), line.named.arms.clone());
        let mut groups: Vec<Self> = Vec::new();
        for line in lines {
            match groups.iter_mut().find(|group| key(group.lines[0]) == key(line)) {
                Some(group) => group.lines.push(line),
                None => groups.push(Self { lines: vec![line] }),
            }
        }
        groups
    }

    /// Whether each arm has the same people in every row.
    fn has_one_size(&self) -> bool {
        self.lines.iter().all(|line| line.arms.iter().zip(&self.lines[0].arms).all(|(arm, first)| arm.n == first.n))
    }

    /// The outcome, and its arms where the columns do not name them.
    fn heading(&self, pair: Option<&Line<'_>>, several_releases: bool, lang: Lang) -> String {
        let first = self.lines[0];
        let outcome = first.outcome(several_releases, lang);
        if pair.is_some() {
            return outcome;
        }
        let [one, other] = if self.has_one_size() { first.arms_with_n(lang) } else { first.names().map(str::to_owned) };
        match lang {
            Lang::En => format!("{outcome}: {one} − {other}"),
            Lang::Ja => format!("{outcome}：{one} − {other}"),
        }
    }
}

/// A heading for each outcome and pair of arms, and a row for each of its occasions.
fn rows(lines: &[Line<'_>], pair: Option<&Line<'_>>, several_releases: bool, lang: Lang) -> Vec<ForestRow> {
    let digits = Digits::of(lines.iter().map(|line| line.g.1.width()), false);
    let mut rows = Vec::new();
    for group in Group::all(lines) {
        rows.push(ForestRow::heading(group.heading(pair, several_releases, lang)));
        let with_n = pair.is_none() && !group.has_one_size();
        rows.extend(group.lines.iter().map(|line| row(line, digits, with_n, lang)));
    }
    rows
}

fn row(line: &Line<'_>, digits: Digits, with_n: bool, lang: Lang) -> ForestRow {
    let (g, ci) = line.g;
    let arm = |arm: &Arm<'_>| match (with_n, lang) {
        (false, _) => arm.cell.text.clone(),
        (true, Lang::En) => format!("{} ({})", arm.cell.text, arm.n),
        (true, Lang::Ja) => format!("{}（{}）", arm.cell.text, arm.n),
    };
    let [first, second] = line.arms.each_ref().map(arm);
    let raw = estimate(line.named, Measure::Md).and_then(|of| Some((of.estimate?, of.ci?)));
    let printed = line.arms.iter().map(|arm| arm.cell.center().decimal().decimals() as usize).max().unwrap_or(0);
    let raw = raw.map(|(md, ci)| {
        let digits = Digits::of([ci.width()].into_iter(), false);
        // Never coarser than the means themselves are printed.
        digits.with_decimals(printed).with_interval(md, ci.ends())
    });
    let welch = line.named.contrast.welch_t();
    let cells = vec![
        format!("{} {}", line.occasion(lang), line.marks()).trim_end().to_owned(),
        first,
        second,
        digits.with_interval(g, ci.ends()),
        raw.unwrap_or_default(),
        welch.map(|test| p_value(test.p)).unwrap_or_default(),
    ];
    ForestRow { cells, mark: RowMark::Study { estimate: g, ci: Some(ci), weight: None, fitted: None } }
}

/// The names of both arms where they are the same in every row.
fn common_names<'a>(lines: &[Line<'a>]) -> Option<[&'a str; 2]> {
    let first = lines.first()?.names();
    lines.iter().all(|line| line.names() == first).then_some(first)
}

/// Which way is better, where it is the same in every row.
fn common_direction(lines: &[Line<'_>]) -> Option<Direction> {
    let first = lines.first()?.better?;
    lines.iter().all(|line| line.better == Some(first)).then_some(first)
}

fn axis(lines: &[Line<'_>], pair: Option<&Line<'_>>, lang: Lang) -> Axis {
    let names = pair.map(Line::names).or_else(|| common_names(lines));
    let title = match (names, lang) {
        (Some([first, second]), Lang::En) => format!("Hedges' g ({first} − {second})"),
        (Some([first, second]), Lang::Ja) => format!("Hedges の g（{first} − {second}）"),
        (None, Lang::En) => "Hedges' g (first arm − second arm)".to_owned(),
        (None, Lang::Ja) => "Hedges の g（群1 − 群2）".to_owned(),
    };
    let [first, second] = names.unwrap_or_else(|| lang.choose(["the first arm", "the second arm"], ["群1", "群2"]));
    let sides = match (common_direction(lines), lang) {
        (Some(Direction::LowerIsBetter), _) => [words::favours(first, lang), words::favours(second, lang)],
        (Some(Direction::HigherIsBetter), _) => [words::favours(second, lang), words::favours(first, lang)],
        (None, Lang::En) => [format!("lower in {first}"), format!("higher in {first}")],
        (None, Lang::Ja) => [format!("{first}で低い"), format!("{first}で高い")],
    };
    Axis { sides, ..Axis::linear(title) }
}

/// Whether values or changes are compared, where some rows compare values.
fn values_or_changes(lines: &[Line<'_>], lang: Lang) -> Option<String> {
    let of_values = lines.iter().filter(|line| line.named.quantity == Quantity::Value).count();
    match of_values {
        0 => None,
        all if all == lines.len() => Some(say(
            lang,
            "Each row compares the arms at one occasion, not their changes since an earlier one.",
            "各行は同じ時点の群どうしの比較であり、それ以前からの変化の比較ではない。",
        )),
        _ => Some(say(
            lang,
            "Rows named “change” compare the changes of the arms up to then, all others the arms at one occasion.",
            "「変化量」とある行はその時点までの変化の比較、ほかの行は同じ時点の群どうしの比較。",
        )),
    }
}

/// The name of each row, with its arms where another one has the same name.
fn names_with_arms(lines: &[Line<'_>], lang: Lang) -> Vec<String> {
    let is_alone = lines.windows(2).all(|pair| pair[0].release.id == pair[1].release.id);
    let names: Vec<String> = lines.iter().map(|line| line.full_name(is_alone, lang)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    names.iter().for_each(|name| *counts.entry(name).or_default() += 1);
    let with_arms = |(line, name): (&Line<'_>, &String)| match (counts[name.as_str()], lang) {
        (..2, _) => name.clone(),
        (_, Lang::En) => format!("{name}, {} − {}", line.arms[0].name, line.arms[1].name),
        (_, Lang::Ja) => format!("{name}、{} − {}", line.arms[0].name, line.arms[1].name),
    };
    lines.iter().zip(&names).map(with_arms).collect()
}

/// What is to be known of the numbers and of their direction.
fn footnotes(lines: &[Line<'_>], pair: Option<&Line<'_>>, lang: Lang) -> Vec<String> {
    let cells = lines.iter().flat_map(|line| line.arms.iter().map(|arm| arm.cell));
    let read = read_as(cells.filter_map(Cell::spread), lang);
    let read = match (read.is_empty(), lang) {
        (true, _) => read,
        (false, Lang::En) => format!("; {read}"),
        (false, Lang::Ja) => format!("。{read}"),
    };
    let mut notes = vec![match lang {
        Lang::En => format!(
            "g is the difference of the means (MD) in units of the pooled SD, corrected for small samples; its interval \
             by the noncentral t, that of MD and p by Welch{read}."
        ),
        Lang::Ja => format!(
            "g は平均の差を併合 SD で割り、小標本の偏りを補正したもの。区間は非心 t 分布による。平均差の区間と p は Welch の方法による{read}。"
        ),
    }];
    notes.extend(values_or_changes(lines, lang));
    if common_direction(lines).is_none() {
        let is_told = lines.iter().all(|line| line.better.is_some());
        notes.push(match is_told {
            true => say(
                lang,
                "Which way is better differs between the outcomes, as their names say; no row is turned round.",
                "どちらが良いかは評価項目により異なる（項目名に記載）。どの行も向きは変えていない。",
            ),
            false => say(
                lang,
                "It is not stated for every outcome which way is better; the axis says which arm is higher, and no more.",
                "どちらが良いかはすべての項目について示されてはいない。軸はどの群の値が高いかだけを示す。",
            ),
        });
    }
    let names = names_with_arms(lines, lang);
    notes.extend(lines.iter().zip(&names).filter_map(|(line, name)| {
        let reading = line.named.contrast.other_reading.as_deref()?;
        Some(match lang {
            Lang::En => format!("† {name}: its ± is not explained; {reading}."),
            Lang::Ja => {
                let reading = translated(reading).unwrap_or_else(|| reading.to_owned());
                format!("† {name}：± の説明がない。{reading}。")
            }
        })
    }));
    notes.extend(lines.iter().zip(&names).filter_map(|(line, name)| {
        let mark = line.marks();
        let reported: Vec<String> = line.named.reported.iter().map(|of| line.reported(of, lang)).collect();
        if reported.is_empty() {
            return None;
        }
        Some(match lang {
            Lang::En => format!("{mark} {name}: the release itself reports MD {}.", reported.join("; ")),
            Lang::Ja => format!("{mark} {name}：発表自体が報告する平均差は {}。", reported.join("、")),
        })
    }));
    if pair.is_none() && common_names(lines).is_none() {
        notes.push(say(
            lang,
            "The first arm is the one that the file of the release names first.",
            "群1は、発表のファイルで先に挙げた群。",
        ));
    }
    notes
}
