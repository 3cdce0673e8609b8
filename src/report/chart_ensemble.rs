//! The chart of the data sets behind before and after.

use super::charts::source;
use super::not_drawn::{not_drawn, without_data};
use super::number::grouped;
use super::words::{change_name, say};
use crate::chart::{Caption, Ensemble, Joint, Side, ValueBar};
use crate::diagnostic::each_once;
use crate::reconstruct::of_release::{Behind, CellBehind};
use crate::reconstruct::paired::MeanTable;
use crate::reconstruct::{DataSets, Frequencies};
use crate::reported::{Lang, Release, SpreadMeaning};

/// The data behind the changes of a release, worked out once for charts in any language.
#[derive(Debug)]
pub struct ReconstructedChanges<'a> {
    behind: &'a [Behind],
    changes: Vec<Change<'a>>,
}

/// A change both occasions of which have data sets to look at.
#[derive(Debug)]
struct Change<'a> {
    row: &'a Behind,
    after: usize,
    /// None where no data set prints as one of them, or there are too many.
    data: Option<JointData>,
}

#[derive(Debug)]
struct JointData {
    table: MeanTable,
    /// Before, and after.
    frequencies: [Frequencies; 2],
}

impl<'a> ReconstructedChanges<'a> {
    /// Those of rows whose data have been looked for.
    pub fn of(behind: &'a [Behind]) -> Self {
        let places = behind.iter().flat_map(|row| row.later().map(move |after| (row, after)));
        let changes = places.filter(|(row, after)| row.is_reconstructed(*after)).map(|(row, after)| {
            let frequencies = |at: usize| row.cells[at].sets.as_ref().ok()?.frequencies();
            let data = || {
                let table = row.mean_table(0, after)?;
                Some(JointData { table, frequencies: [frequencies(0)?, frequencies(after)?] })
            };
            Change { row, after, data: data() }
        });
        Self { behind, changes: changes.collect() }
    }
}

/// One panel for each change whose data can be reconstructed; none where there is no such row.
pub fn ensemble(release: &Release, reconstructed: &ReconstructedChanges<'_>, lang: Lang) -> Option<Ensemble> {
    let ReconstructedChanges { behind, changes } = reconstructed;
    let drawn = changes.iter().filter_map(|change| change.data.as_ref()).any(|data| !data.table.is_complete);
    let panels: Vec<Joint> = changes.iter().filter_map(|change| panel(release, change, lang)).collect();
    let read = read_as(changes, lang);
    let mut footnotes = vec![match lang {
        Lang::En => format!(
            "Reconstructed: not the patients' data, but every data set that prints as reported{read}. Lines join values \
             before and after as wide as people may have gone there, averaged over all joint tables; faint ones are left \
             out. An average over possibilities is no probability."
        ),
        Lang::Ja => format!(
            "再構成した値であり、患者のデータそのものではない。発表された{read}に丸められるすべてのデータを示す。線の太さは、\
             可能なすべての組み合わせで平均した人数を表す（ごく細い線は省く）。可能性の平均であり、確率ではない。"
        ),
    }];
    if drawn {
        footnotes.push(say(
            lang,
            "Where there are more than 20,000 joint tables, lines average 4,000 drawn data sets, paired at random.",
            "組み合わせが2万を超える場合、線は無作為に選んだ4000組の平均。",
        ));
    }
    footnotes.extend(without_panel(release, reconstructed, lang));
    footnotes.extend(not_drawn(&without_data(release, behind, lang), lang));
    Some(Ensemble {
        caption: Caption {
            title: say(
                lang,
                &format!("{}: which data can be behind the numbers?", release.label.en),
                &format!("{}：数字の背後にありうるデータ", release.label.ja),
            ),
            subtitle: what_bars_are(&panels, lang),
            footnotes,
            source: source(release, lang),
            lang,
        },
        panels,
        counts_title: say(lang, "people", "人数"),
    })
    .filter(|chart| !chart.panels.is_empty())
}

/// What the printed spreads of the changes that are drawn were read as.
fn read_as(changes: &[Change<'_>], lang: Lang) -> String {
    let drawn = changes.iter().filter(|change| change.data.is_some());
    let cells = drawn.flat_map(|change| [&change.row.cells[0], &change.row.cells[change.after]]);
    let summaries = cells.filter_map(|cell| cell.summary.as_ref()).filter(|summary| summary.spread.is_some());
    let name = |meaning: SpreadMeaning| match meaning {
        SpreadMeaning::Sd | SpreadMeaning::Unexplained => ("the sample SD", "標本標準偏差"),
        SpreadMeaning::PopulationSd => ("the population SD", "母標準偏差"),
        SpreadMeaning::Se => ("the standard error", "標準誤差"),
        SpreadMeaning::Ci95 => ("the 95 % CI", "95%信頼区間"),
        SpreadMeaning::Quartiles => ("quartiles", "四分位数"),
        SpreadMeaning::Range => ("the range", "範囲"),
    };
    let names = each_once(summaries.map(|summary| summary.meaning)).into_iter().map(name);
    let (en, ja): (Vec<_>, Vec<_>) = names.unzip();
    match (en.is_empty(), lang) {
        (true, Lang::En) => String::new(),
        (true, Lang::Ja) => "平均".to_owned(),
        (false, Lang::En) => format!(" (± read as {})", en.join(" or ")),
        (false, Lang::Ja) => format!("平均と±（{}と解釈）", ja.join("または")),
    }
}

/// What bars and whiskers are; whiskers are told of where there can be some.
fn what_bars_are(panels: &[Joint], lang: Lang) -> String {
    let mut ranged = panels.iter().flat_map(|panel| [&panel.before, &panel.after]).map(has_ranges);
    let first = ranged.next().unwrap_or(true);
    match (first, ranged.all(|other| other == first)) {
        (true, true) => say(
            lang,
            "How many people had each value. Bars are means over all data sets, whiskers the least and the most; a bar \
             without a whisker is the same in every data set.",
            "各値の人数。棒はすべての可能なデータでの平均、ひげは最小と最大。ひげのない棒はどのデータでも同じ人数。",
        ),
        (false, true) => say(
            lang,
            "How many people had each value. Bars are means over all data sets, which are too many for whiskers: the least \
             and the most of each bar are not known.",
            "各値の人数。棒はすべての可能なデータでの平均。データの数が多すぎるため、最小と最大（ひげ）は示せない。",
        ),
        (_, false) => say(
            lang,
            "How many people had each value. Bars are means over all data sets, whiskers the least and the most; a bar \
             without a whisker is the same in every data set, unless there are too many data sets for whiskers, as stated \
             above the bars.",
            "各値の人数。棒はすべての可能なデータでの平均、ひげは最小と最大。ひげのない棒はどのデータでも同じ人数\
             （データの数が多すぎる場合は、棒の上に記したとおりひげを示さない）。",
        ),
    }
}

/// Whether the least and the most of each bar are known.
fn has_ranges(side: &Side) -> bool {
    side.bars.iter().all(|bar| bar.range.is_some())
}

/// What is to be said of the rows that have no panel: that no data set prints as a cell, or why else.
pub fn without_panel(release: &Release, reconstructed: &ReconstructedChanges<'_>, lang: Lang) -> Vec<String> {
    let mut notes = Vec::new();
    for &Change { row, after, .. } in reconstructed.changes.iter().filter(|change| change.data.is_none()) {
        let name = change_name(release, row, after, lang);
        let is_impossible = |cell: &&CellBehind| {
            let sets = cell.sets.as_ref().ok();
            sets.and_then(DataSets::existence) == Some(false)
        };
        let impossible: Vec<String> = [&row.cells[0], &row.cells[after]]
            .into_iter()
            .filter(is_impossible)
            .map(|cell| with_occasion(release, cell, lang))
            .collect();
        notes.push(match (impossible.is_empty(), lang) {
            (true, Lang::En) => format!("Not drawn: {name} (too many data sets to say)."),
            (true, Lang::Ja) => format!("図にない項目：{name}（データの数が多すぎる）。"),
            (false, Lang::En) => {
                format!("Not drawn: {name}. No data set on the scale prints as {}.", impossible.join(" or as "))
            }
            (false, Lang::Ja) => {
                let cells = impossible.join("、");
                format!("図にない項目：{name}。評価尺度上のどのデータも{cells}と表示されることはない。")
            }
        });
    }
    notes
}

fn with_occasion(release: &Release, cell: &CellBehind, lang: Lang) -> String {
    let text = &cell.text;
    match lang {
        Lang::En => format!("{text} ({})", occasion(release, cell, lang)),
        Lang::Ja => format!("{text}（{}）", occasion(release, cell, lang)),
    }
}

fn occasion<'a>(release: &'a Release, cell: &'a CellBehind, lang: Lang) -> &'a str {
    release.occasion(&cell.occasion).map_or(cell.occasion.as_str(), |occasion| occasion.label.get(lang))
}

fn panel(release: &Release, change: &Change<'_>, lang: Lang) -> Option<Joint> {
    let Change { row, after, data: Some(JointData { table, frequencies: [before, later] }) } = change else {
        return None;
    };
    let outcome = release.outcome(&row.outcome)?;
    let sets = row.cells[0].sets.as_ref().ok()?;
    let value = |code: i64| sets.grid().value(code);
    let n = sets.n();
    Some(Joint {
        outcome: change_name(release, row, *after, lang),
        facts: format!("n = {n}"),
        unit: outcome.unit.as_ref().map(|unit| unit.get(lang).to_owned()),
        before: side(release, &row.cells[0], before, lang)?,
        after: side(release, &row.cells[*after], later, lang)?,
        lines: table.cells.iter().map(|(x, y, people)| (value(*x), value(*y), *people)).collect(),
        people: n as f64,
        remark: None,
    })
}

fn side(release: &Release, cell: &CellBehind, frequencies: &Frequencies, lang: Lang) -> Option<Side> {
    let sets = cell.sets.as_ref().ok()?;
    let count = sets.count().ok()?;
    let codes = sets.codes();
    let bars =
        codes.iter().enumerate().filter(|(index, _)| frequencies.mean[*index] > 0.0).map(|(index, code)| ValueBar {
            value: sets.grid().value(*code),
            // With the minus sign that every other number of a chart has.
            label: sets.grid().text(*code).replace('-', "−"),
            mean: frequencies.mean[index],
            range: frequencies.range.as_ref().map(|range| range[index]),
        });
    let mut count = match (count, lang) {
        (1, Lang::En) => "only 1 data set".to_owned(),
        (count, Lang::En) => format!("{} data sets", grouped(count)),
        (1, Lang::Ja) => "データは1通りのみ".to_owned(),
        (count, Lang::Ja) => format!("データは{}通り", grouped(count)),
    };
    if frequencies.range.is_none() {
        count += lang.choose(", too many for whiskers", "（多すぎてひげは示せない）");
    }
    Some(Side {
        label: occasion(release, cell, lang).to_owned(),
        printed: cell.text.clone(),
        count,
        bars: bars.collect(),
    })
}
