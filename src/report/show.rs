//! What a release reports, with the place where each number stands.

use super::document::{Align, Document, Table};
use super::words;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Qualifier;
use crate::reported::{
    Lang, NumberForm, Origin, Outcome, OutcomeResult, Passage, Quantity, Release, ReportedNumber, Scale, SpreadMeaning,
    stated,
};

/// Everything that a release reports.
pub fn show(release: &Release, lang: Lang) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{} · {}", release.id, release.label.get(lang)));
    document.list(about(release, lang));
    arms(release, lang, &mut document);
    outcomes(release, lang, &mut document);
    numbers(release, lang, &mut document);
    estimates(release, lang, &mut document);
    statements(release, lang, &mut document);
    if release.estimates.is_empty() && release.outcomes.iter().all(|outcome| outcome.results.is_empty()) {
        document.text("No outcome has a reported value.");
    }
    document
}

fn about(release: &Release, lang: Lang) -> Vec<String> {
    let publisher = release.publisher.as_ref().map_or("publisher not stated", |publisher| publisher.get(lang));
    let date = release.date.map_or_else(|| "date not stated".to_owned(), |date| date.to_string());
    let kind = release.kind.name().replace('-', " ");
    let mut lines = vec![format!("{kind}: {}", release.title.get(lang))];
    lines.extend(release.design.map(|design| format!("design: {}", design.name())));
    lines.push(format!("{publisher}, {date}, in {}", name(release.language)));
    lines.push(format!("source: {}", release.source.file));
    lines.extend(release.source.url.clone());
    if let Some(paper) = &release.paper {
        let title = paper.title.as_ref().map(|title| format!(" {title}.")).unwrap_or_default();
        let volume = paper.volume.as_ref().map(|volume| format!(";{volume}")).unwrap_or_default();
        let pages = paper.pages.as_ref().map(|pages| format!(":{pages}")).unwrap_or_default();
        let doi = paper.doi.as_ref().map(|doi| format!(", doi {doi}")).unwrap_or_default();
        let pmid = paper.pmid.as_ref().map(|pmid| format!(", PMID {pmid}")).unwrap_or_default();
        let authors = stated(paper.authors.trim_end_matches('.')).map(|authors| format!(" {authors}."));
        let journal = stated(&paper.journal).map(|journal| format!(" {journal}"));
        let [authors, journal] = [authors, journal].map(Option::unwrap_or_default);
        lines.push(format!("paper:{authors}{title}{journal} {}{volume}{pages}{doi}{pmid}", paper.year));
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
        Table::new(&[("arm", Align::Left), ("n", Align::Right), ("where", Align::Left), ("read from", Align::Left)]);
    for arm in &release.arms {
        let n = arm.n.as_ref().map_or("not stated", |n| n.text());
        table.row([arm.label.get(lang), n, &place(&arm.passage), &arm.passage.quote]);
    }
    document.table(table);
}

/// What was measured, and then what was reported of it.
fn outcomes(release: &Release, lang: Lang, document: &mut Document) {
    let columns = ["outcome", "unit", "scale", "better", "reported as"].map(|name| (name, Align::Left));
    let mut measured = Table::new(&columns);
    let columns = [("outcome", Align::Left), ("arm", Align::Left), ("when", Align::Left), ("reported", Align::Right)];
    let mut reported = Table::new(&[&columns[..], &[("where", Align::Left), ("read from", Align::Left)]].concat());
    for outcome in &release.outcomes {
        let label = outcome.label.get(lang);
        let unit = outcome.unit.as_ref().map_or("", |unit| unit.get(lang));
        let better = outcome.better.map_or("", |better| better.name());
        let scale = match &outcome.slope_of {
            Some(of) => format!("{}, slope of {}", scale(&outcome.scale), scale(of)),
            None => scale(&outcome.scale),
        };
        measured.row([label, unit, &scale, better, &reported_as(outcome)]);
        for result in &outcome.results {
            let arm = release.arm(&result.arm).map_or(result.arm.as_str(), |arm| arm.label.get(lang));
            let all = Quantity::BOTH
                .into_iter()
                .flat_map(|quantity| result.all(quantity).iter().map(move |of| (quantity, of)));
            for (quantity, (occasion, cell)) in all {
                let when = words::occasion(release, occasion, quantity, words::Wording::screen(lang));
                let n = cell.n.as_ref().map(|n| format!(" (n = {n})")).unwrap_or_default();
                let unit = outcome.exposure.as_ref().map_or("", |exposure| exposure.unit.get(lang));
                let time = cell.time.as_ref().map(|time| format!(" / {time} {unit}")).unwrap_or_default();
                let adjusted =
                    cell.adjusted.as_ref().map(|of| format!(", adjusted ({})", of.get(lang))).unwrap_or_default();
                let text = format!("{}{time}{n}{adjusted}", cell.text);
                reported.row([label, arm, &when, &text, &place(&cell.passage), &cell.passage.quote]);
            }
        }
    }
    document.table(measured);
    document.table(reported);
}

/// What the values of an outcome are said to be.
fn reported_as(outcome: &Outcome) -> String {
    let cells = outcome.results.iter().flat_map(OutcomeResult::reported);
    let mut kinds: Vec<String> = Vec::new();
    for (_, cell) in cells {
        let kind = match cell.spread() {
            Some(meaning) => format!("{} {}", cell.statistic.name(), describe(meaning)),
            None => format!("{} alone", cell.statistic.name()),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() { "no value reported".to_owned() } else { kinds.join(", ") }
}

/// The name of a scale, or its limits.
fn scale(scale: &Scale) -> String {
    if let Scale::Items { items, min, max } = scale {
        return format!("mean of {items} items, {min} to {max}");
    }
    let limits = match (scale.min(), scale.max()) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("from {min}"),
        (None, Some(max)) => format!("to {max}"),
        (None, None) => String::new(),
    };
    let limits = match scale {
        Scale::Range { step: Some(step), .. } if limits.is_empty() => format!("steps of {step}"),
        Scale::Range { step: Some(step), .. } => format!("{limits} by {step}"),
        Scale::Values(values) => {
            format!("one of {}", values.iter().map(Decimal::to_string).collect::<Vec<_>>().join(", "))
        }
        _ => limits,
    };
    match (scale.name(), limits.as_str()) {
        (Some(name), "") => name.to_owned(),
        (Some(name), limits) => format!("{name}, {limits}"),
        (None, limits) => limits.to_owned(),
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
    let columns = [("number", Align::Left), ("reported", Align::Right), ("unit, remark", Align::Left)];
    let mut table = Table::new(&[&columns[..], &[("where", Align::Left), ("read from", Align::Left)]].concat());
    for number in &release.numbers {
        let passage = &number.passage;
        let remark = remark(release, number, lang);
        table.row([number.label.get(lang), number.text.as_str(), &remark, &place(passage), &passage.quote]);
    }
    document.table(table);
}

/// The unit of a number, of what it is a part, and what its text says beside its digits.
fn remark(release: &Release, number: &ReportedNumber, lang: Lang) -> String {
    let mut remarks: Vec<String> = number.unit.iter().map(|unit| unit.get(lang).to_owned()).collect();
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

fn estimates(release: &Release, lang: Lang, document: &mut Document) {
    let columns = [("effect", Align::Left), ("reported", Align::Right), ("p", Align::Left), ("measure", Align::Left)];
    let mut table = Table::new(&[&columns[..], &[("where", Align::Left), ("read from", Align::Left)]].concat());
    for reported in &release.estimates {
        let passage = &reported.passage;
        let measure = reported.measure.in_words();
        let adjusted = reported.adjusted.as_ref().map(|of| format!(", adjusted: {}", of.get(lang)));
        table.row([
            super::reported::name(release, reported, super::words::Wording::screen(lang)).as_str(),
            &super::reported::with_level(reported),
            reported.p.as_ref().map_or("", |p| &p.text),
            &format!("{measure}{}", adjusted.unwrap_or_default()),
            &place(passage),
            &passage.quote,
        ]);
    }
    document.table(table);
}

fn statements(release: &Release, lang: Lang, document: &mut Document) {
    let points = release.statements.iter().map(|statement| {
        let p = statement.p.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        let passage = &statement.passage;
        let claim = statement.claim.name();
        format!("{claim}{p}: {} — {}: “{}”", statement.label.get(lang), place(passage), passage.quote)
    });
    document.list(points.collect());
}

/// Where a passage stands: `line 118, 研究の内容`, `paper, abstract`.
pub fn place(passage: &Passage) -> String {
    let origin = (passage.origin == Origin::Paper).then(|| "paper".to_owned());
    let line = passage.line.map(|line| format!("line {line}"));
    let parts: Vec<String> = [origin, line, passage.section.clone()].into_iter().flatten().collect();
    if parts.is_empty() { "place not stated".to_owned() } else { parts.join(", ") }
}
