//! What a release reports as a flat table.

use super::csv::table;
use crate::reported::{Lang, Origin, Passage, Release};

/// The quote of a passage, its document, line and section.
fn place(passage: &Passage) -> [String; 4] {
    let origin = match passage.origin {
        Origin::Release => "release",
        Origin::Paper => "paper",
    };
    let line = passage.line.map(|line| line.to_string()).unwrap_or_default();
    [passage.quote.clone(), origin.to_owned(), line, passage.section.clone().unwrap_or_default()]
}

/// Every printed text of several releases with its place, and with labels in a language.
pub fn show(releases: &[Release], lang: Lang) -> String {
    let mut rows = Vec::new();
    for release in releases {
        let mut add = |kind: &str, names: [&str; 4], text: &str, passage: &Passage, of: [&str; 4]| {
            let mut row = vec![release.id.clone(), kind.to_owned()];
            row.extend(names.map(str::to_owned));
            row.push(text.to_owned());
            row.extend(place(passage));
            row.extend(of.map(str::to_owned));
            rows.push(row);
        };
        const NONE: [&str; 4] = [""; 4];
        for arm in &release.arms {
            let n = arm.n.as_ref().map_or("not stated", |n| n.text());
            add("arm", [&arm.id, arm.label.get(lang), "", ""], n, &arm.passage, NONE);
        }
        for outcome in &release.outcomes {
            for result in &outcome.results {
                for (occasion, cell) in result.reported() {
                    let names = [&outcome.id, outcome.label.get(lang), result.arm.as_str(), occasion.as_str()];
                    add("outcome", names, &cell.text, &cell.passage, [&result.arm, "", "", &outcome.id]);
                }
            }
        }
        for number in &release.numbers {
            let of = number.of.as_deref().unwrap_or_default();
            add("number", [&number.id, number.label.get(lang), of, ""], &number.text, &number.passage, NONE);
        }
        for estimate in &release.estimates {
            let arms =
                [&estimate.arm, &estimate.versus].into_iter().flatten().map(String::as_str).collect::<Vec<&str>>();
            let occasion = estimate.occasion.as_deref().unwrap_or_default();
            let arms = arms.join(" ");
            let names = [&estimate.id, estimate.label.get(lang), arms.as_str(), occasion];
            let [arm, versus, outcome] =
                [&estimate.arm, &estimate.versus, &estimate.outcome].map(|id| id.as_deref().unwrap_or_default());
            add("estimate", names, &estimate.texts().join(" "), &estimate.passage, [arm, versus, "", outcome]);
        }
        for statement in &release.statements {
            let p = statement.p.as_ref().map_or("", |p| p.text.as_str());
            let outcomes = statement.outcomes.join(" ");
            let [arm, versus, occasion] =
                [&statement.arm, &statement.versus, &statement.occasion].map(|id| id.as_deref().unwrap_or_default());
            let claim = statement.claim.name();
            let names = [outcomes.as_str(), statement.label.get(lang), claim, occasion];
            add("statement", names, p, &statement.passage, [arm, versus, claim, &outcomes]);
        }
    }
    let header = [
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
    ];
    table(&header, rows)
}
