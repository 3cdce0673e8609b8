//! What a release reports, with the place where each number stands.

use super::document::{Align, Document, Table};
use crate::numeric::numeral::Qualifier;
use crate::reported::{Lang, NumberForm, Origin, Outcome, Passage, Release, Scale, SpreadMeaning};

/// Everything that a release reports.
pub fn show(release: &Release, lang: Lang) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{} · {}", release.id, release.title.get(lang)));
    document.list(about(release, lang));
    arms(release, lang, &mut document);
    outcomes(release, lang, &mut document);
    numbers(release, lang, &mut document);
    statements(release, lang, &mut document);
    if release.outcomes.iter().all(|outcome| outcome.results.is_empty()) {
        document.text("No outcome has a reported value.");
    }
    document
}

fn about(release: &Release, lang: Lang) -> Vec<String> {
    let date = release.date.map_or_else(|| "no date stated".to_owned(), |date| date.to_string());
    let kind = release.kind.name().replace('-', " ");
    let mut lines = vec![format!("{kind}; {}, {date}, in {}", release.publisher.get(lang), name(release.language))];
    lines.push(format!("source: {}", release.source.file));
    lines.extend(release.source.url.clone());
    if let Some(paper) = &release.paper {
        let title = paper.title.as_ref().map(|title| format!(" {title}.")).unwrap_or_default();
        let pages = paper.pages.as_ref().map(|pages| format!(";{pages}")).unwrap_or_default();
        let doi = paper.doi.as_ref().map(|doi| format!(", doi {doi}")).unwrap_or_default();
        let pmid = paper.pmid.as_ref().map(|pmid| format!(", PMID {pmid}")).unwrap_or_default();
        let authors = paper.authors.trim_end_matches('.');
        lines.push(format!("paper: {authors}.{title} {} {}{pages}{doi}{pmid}", paper.journal, paper.year));
    }
    if !release.registrations.is_empty() {
        lines.push(format!("registered as {}", release.registrations.join(", ")));
    }
    lines
}

fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::Ja => "Japanese",
    }
}

fn arms(release: &Release, lang: Lang, document: &mut Document) {
    let mut table =
        Table::new(&[("arm", Align::Left), ("n", Align::Right), ("read from", Align::Left), ("where", Align::Left)]);
    for arm in &release.arms {
        let n = arm.n.as_ref().map_or("not stated", |n| n.text());
        table.row([arm.label.get(lang), n, &arm.passage.quote, &place(&arm.passage)]);
    }
    document.table(table);
}

fn outcomes(release: &Release, lang: Lang, document: &mut Document) {
    let mut table = Table::new(&[
        ("outcome", Align::Left),
        ("arm", Align::Left),
        ("when", Align::Left),
        ("reported", Align::Right),
        ("what it is", Align::Left),
        ("read from", Align::Left),
        ("where", Align::Left),
    ]);
    for outcome in &release.outcomes {
        let label = outcome_label(outcome, lang);
        if outcome.results.is_empty() {
            table.row([label.as_str(), "", "", "—", "no value reported"]);
        }
        for result in &outcome.results {
            let arm = release.arm(&result.arm).map_or(result.arm.as_str(), |arm| arm.label.get(lang));
            for (occasion, cell) in &result.cells {
                let when = release.occasion(occasion).map_or(occasion.as_str(), |o| o.label.get(lang));
                let what = match spread(&cell.form) {
                    Some(meaning) => format!("{} {}", cell.statistic.name(), describe(meaning)),
                    None => cell.statistic.name().to_owned(),
                };
                let passage = &result.passage;
                table.row([label.as_str(), arm, when, &cell.text, &what, &passage.quote, &place(passage)]);
            }
        }
    }
    document.table(table);
}

/// The label of an outcome with its unit, scale and better direction.
fn outcome_label(outcome: &Outcome, lang: Lang) -> String {
    let unit = outcome.unit.as_ref().map(|unit| unit.get(lang).to_owned());
    let scale = match &outcome.scale {
        Scale::Continuous | Scale::Count => None,
        scale => match (scale.min(), scale.max()) {
            (Some(min), Some(max)) => Some(format!("{min} to {max}")),
            _ => None,
        },
    };
    let better = outcome.better.map(|better| format!("{} is better", better.name()));
    let details: Vec<String> = [unit, scale, better].into_iter().flatten().collect();
    if details.is_empty() {
        return outcome.label.get(lang).to_owned();
    }
    format!("{} ({})", outcome.label.get(lang), details.join(", "))
}

fn spread(form: &crate::reported::CellForm) -> Option<SpreadMeaning> {
    match form {
        crate::reported::CellForm::PlusMinus { meaning, .. } | crate::reported::CellForm::Pair { meaning, .. } => {
            Some(*meaning)
        }
        _ => None,
    }
}

fn describe(meaning: SpreadMeaning) -> &'static str {
    match meaning {
        SpreadMeaning::Sd => "± SD",
        SpreadMeaning::PopulationSd => "± population SD",
        SpreadMeaning::Se => "± SE",
        SpreadMeaning::Ci95 => "with 95 % CI",
        SpreadMeaning::Quartiles => "with quartiles",
        SpreadMeaning::Range => "with range",
        SpreadMeaning::Unexplained => "±, not explained",
    }
}

fn numbers(release: &Release, lang: Lang, document: &mut Document) {
    let mut table = Table::new(&[
        ("number", Align::Left),
        ("reported", Align::Right),
        ("unit", Align::Left),
        ("remark", Align::Left),
        ("read from", Align::Left),
        ("where", Align::Left),
    ]);
    for number in &release.numbers {
        let unit = number.unit.as_ref().map_or("", |unit| unit.get(lang));
        let passage = &number.passage;
        table.row([
            number.label.get(lang),
            number.form.text(),
            unit,
            &remark(release, number, lang),
            &passage.quote,
            &place(passage),
        ]);
    }
    document.table(table);
}

/// Of what a number is a part, and what its text says beside its digits.
fn remark(release: &Release, number: &crate::reported::ReportedNumber, lang: Lang) -> String {
    let mut remarks = Vec::new();
    if let Some(of) = &number.of {
        let whole = release.whole(of).map_or("an unknown number of", |whole| whole.text());
        let label = release.arm(of).map(|arm| &arm.label).or_else(|| release.number(of).map(|whole| &whole.label));
        remarks.push(format!("of {whole} {}", label.map_or(of.as_str(), |label| label.get(lang))));
    }
    let numeral = number.form.numeral();
    let qualifier = match numeral.qualifier() {
        Qualifier::Exact => None,
        Qualifier::About => Some("about"),
        Qualifier::AtLeast => Some("at least"),
        Qualifier::MoreThan => Some("more than"),
        Qualifier::AtMost => Some("at most"),
        Qualifier::LessThan => Some("less than"),
    };
    remarks.extend(qualifier.map(str::to_owned));
    let is_marked = matches!(number.form, NumberForm::Single(_)) && numeral.unit() != numeral.decimal().unit();
    if is_marked {
        remarks.push(format!("rounded to {}", numeral.unit()));
    }
    let plain = numeral.decimal().to_string();
    if numeral.decimal().exponent() > 0 {
        remarks.push(format!("= {plain}"));
    }
    remarks.join(", ")
}

fn statements(release: &Release, lang: Lang, document: &mut Document) {
    let mut table = Table::new(&[
        ("claim", Align::Left),
        ("what is said", Align::Left),
        ("read from", Align::Left),
        ("where", Align::Left),
    ]);
    for statement in &release.statements {
        let claim = match &statement.p {
            Some(p) => format!("{}, {p}", statement.claim.name()),
            None => statement.claim.name().to_owned(),
        };
        let passage = &statement.passage;
        table.row([claim.as_str(), statement.label.get(lang), &passage.quote, &place(passage)]);
    }
    document.table(table);
}

/// Where a passage stands: `line 118, 研究の内容`, `paper, abstract`.
pub fn place(passage: &Passage) -> String {
    let origin = (passage.origin == Origin::Paper).then(|| "paper".to_owned());
    let line = passage.line.map(|line| format!("line {line}"));
    let parts: Vec<String> = [origin, line, passage.section.clone()].into_iter().flatten().collect();
    if parts.is_empty() { "place not stated".to_owned() } else { parts.join(", ") }
}
