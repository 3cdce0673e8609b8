//! What a release reports as a flat table.

use super::csv::table;
use crate::numeric::numeral::Numeral;
use crate::reported::{Cell, Lang, Origin, Passage, Quantity, Release};

/// The quote of a passage, its document, line and section.
fn place(passage: &Passage) -> [String; 4] {
    let origin = match passage.origin {
        Origin::Release => "release",
        Origin::Paper => "paper",
    };
    let line = passage.line.map(|line| line.to_string()).unwrap_or_default();
    [passage.quote.clone(), origin.to_owned(), line, passage.section.clone().unwrap_or_default()]
}

/// What the text of a cell does not say: whether it is a value or a change, what it and its spread are, of how many
/// people, over which time, and for what it is adjusted.
fn about(quantity: Quantity, cell: &Cell, lang: Lang) -> [String; 6] {
    let number = |of: &Option<Numeral>| of.as_ref().map(|of| of.text().to_owned()).unwrap_or_default();
    let spread = cell.spread().map(|of| of.name().to_owned()).unwrap_or_default();
    let adjusted = cell.adjusted.as_ref().map(|of| of.get(lang).to_owned()).unwrap_or_default();
    let [quantity, statistic] = [quantity.name(), cell.statistic.name()].map(str::to_owned);
    [quantity, statistic, spread, number(&cell.n), number(&cell.time), adjusted]
}

/// The columns.
const HEADER: [&str; 21] = [
    "release",
    "kind",
    "id",
    "label",
    "arm_of_or_claim",
    "occasion",
    "text",
    "quote",
    "from",
    "line",
    "section",
    "arm",
    "versus",
    "claim",
    "outcome",
    "quantity",
    "statistic",
    "spread",
    "n",
    "time",
    "adjusted",
];

/// Every printed text of several releases with its place, and with labels in a language.
pub fn show(releases: &[Release], lang: Lang) -> String {
    let mut rows = Vec::new();
    for release in releases {
        let mut add =
            |kind: &str, names: [&str; 4], text: &str, passage: &Passage, of: [&str; 4], cell: [String; 6]| {
                let mut row = vec![release.id.clone(), kind.to_owned()];
                row.extend(names.map(str::to_owned));
                row.push(text.to_owned());
                row.extend(place(passage));
                row.extend(of.map(str::to_owned));
                row.extend(cell);
                rows.push(row);
            };
        const NONE: [&str; 4] = [""; 4];
        let no_cell = || <[String; 6]>::default();
        for arm in &release.arms {
            let n = arm.n.as_ref().map_or("not stated", |n| n.text());
            add("arm", [&arm.id, arm.label.get(lang), "", ""], n, &arm.passage, NONE, no_cell());
        }
        for outcome in &release.outcomes {
            for result in &outcome.results {
                let values = result.cells.iter().map(|of| (Quantity::Value, of));
                for (quantity, (occasion, cell)) in values.chain(result.changes.iter().map(|of| (Quantity::Change, of)))
                {
                    let names = [&outcome.id, outcome.label.get(lang), result.arm.as_str(), occasion.as_str()];
                    let of = [result.arm.as_str(), "", "", &outcome.id];
                    add("outcome", names, &cell.text, &cell.passage, of, about(quantity, cell, lang));
                }
            }
        }
        for number in &release.numbers {
            let of = number.of.as_deref().unwrap_or_default();
            add("number", [&number.id, number.label.get(lang), of, ""], &number.text, &number.passage, NONE, no_cell());
        }
        for estimate in &release.estimates {
            let arms =
                [&estimate.arm, &estimate.versus].into_iter().flatten().map(String::as_str).collect::<Vec<&str>>();
            let occasion = estimate.occasion.as_deref().unwrap_or_default();
            let arms = arms.join(" ");
            let names = [&estimate.id, estimate.label.get(lang), arms.as_str(), occasion];
            let [arm, versus, outcome] =
                [&estimate.arm, &estimate.versus, &estimate.outcome].map(|id| id.as_deref().unwrap_or_default());
            add(
                "estimate",
                names,
                &estimate.texts().join(" "),
                &estimate.passage,
                [arm, versus, "", outcome],
                no_cell(),
            );
        }
        for statement in &release.statements {
            let p = statement.p.as_ref().map_or("", |p| p.text.as_str());
            let outcomes = statement.outcomes.join(" ");
            let [arm, versus, occasion] =
                [&statement.arm, &statement.versus, &statement.occasion].map(|id| id.as_deref().unwrap_or_default());
            let between = statement.between.join(" ");
            let arm = if between.is_empty() { arm } else { &between };
            let claim = statement.claim.name();
            let names = [outcomes.as_str(), statement.label.get(lang), claim, occasion];
            add("statement", names, p, &statement.passage, [arm, versus, claim, &outcomes], no_cell());
        }
    }
    table(&HEADER, rows)
}
