//! The chart of the data sets behind before and after.

use super::charts::source;
use super::words::say;
use crate::chart::{Caption, Ensemble, Joint, Side, ValueBar};
use crate::reconstruct::of_release::{Behind, CellBehind};
use crate::reported::{Lang, Release};

/// One panel for each outcome whose data can be reconstructed; none where there is no such outcome.
pub fn ensemble(release: &Release, behind: &[Behind], lang: Lang) -> Option<Ensemble> {
    let mut drawn = false;
    let panels: Vec<Joint> = behind
        .iter()
        .filter(|row| row.is_reconstructed())
        .filter_map(|row| {
            let (panel, is_complete) = panel(release, row, lang)?;
            drawn |= !is_complete;
            Some(panel)
        })
        .collect();
    let mut footnotes = vec![say(
        lang,
        "Reconstructed: not the patients' data, but every data set that prints as reported (± read as the sample SD). \
         Lines join values before and after as wide as people may have gone there, averaged over all joint tables; faint \
         ones are left out. An average over possibilities is no probability.",
        "再構成した値であり、患者のデータそのものではない。発表された平均と±（標本標準偏差と解釈）に丸められるすべてのデータを示す。\
         線の太さは、可能なすべての組み合わせで平均した人数を表す（ごく細い線は省く）。可能性の平均であり、確率ではない。",
    )];
    if drawn {
        footnotes.push(say(
            lang,
            "Where there are more than 20,000 joint tables, lines average 4,000 drawn data sets, paired at random.",
            "組み合わせが2万を超える場合、線は無作為に選んだ4000組の平均。",
        ));
    }
    Some(Ensemble {
caption: Caption {
title: say(
            lang,
            &format!("{}: which data can be behind the numbers?", release.label.en),
            &format!("{}：数字の背後にありうるデータ", release.label.ja),
        ),
subtitle: say(
            lang,
            "How many people had each value. Bars are means over all data sets, whiskers the least and the most; a bar \
             without a whisker is the same in every data set.",
            "各値の人数。棒はすべての可能なデータでの平均、ひげは最小と最大。ひげのない棒はどのデータでも同じ人数。",
        ),
footnotes,
source: source(release, lang),
lang,
},
panels,
counts_title: say(lang, "people", "人数"),
})
    .filter(|chart| !chart.panels.is_empty())
}

fn panel(release: &Release, row: &Behind, lang: Lang) -> Option<(Joint, bool)> {
    let outcome = release.outcome(&row.outcome)?;
    let last = row.cells.len().checked_sub(1)?;
    let (before, after) = (side(release, &row.cells[0], lang)?, side(release, &row.cells[last], lang)?);
    let table = row.mean_table(0, last)?;
    let sets = row.cells[0].sets.as_ref().ok()?;
    let value = |code: i64| sets.grid().value(code);
    let n = sets.n();
    Some((
        Joint {
            outcome: outcome.label.get(lang).to_owned(),
            facts: format!("n = {n}"),
            unit: outcome.unit.as_ref().map(|unit| unit.get(lang).to_owned()),
            before,
            after,
            lines: table.cells.iter().map(|(x, y, people)| (value(*x), value(*y), *people)).collect(),
            people: n as f64,
            remark: None,
        },
        table.is_complete,
    ))
}

fn side(release: &Release, cell: &CellBehind, lang: Lang) -> Option<Side> {
    let sets = cell.sets.as_ref().ok()?;
    let frequencies = sets.frequencies()?;
    let count = sets.count().ok()?;
    let codes = sets.codes();
    let bars =
        codes.iter().enumerate().filter(|(index, _)| frequencies.mean[*index] > 0.0).map(|(index, code)| ValueBar {
            value: sets.grid().value(*code),
            label: sets.grid().text(*code),
            mean: frequencies.mean[index],
            range: frequencies.range.as_ref().map(|range| range[index]),
        });
    let label = release.occasion(&cell.occasion).map_or(cell.occasion.as_str(), |occasion| occasion.label.get(lang));
    Some(Side {
        label: label.to_owned(),
        printed: cell.text.clone(),
        count: match (count, lang) {
            (1, Lang::En) => "only 1 data set".to_owned(),
            (count, Lang::En) => format!("{count} data sets"),
            (1, Lang::Ja) => "データは1通りのみ".to_owned(),
            (count, Lang::Ja) => format!("データは{count}通り"),
        },
        bars: bars.collect(),
    })
}
