//! Releases, with every number as it was printed.

use crate::numeric::numeral::{Comparison, Numeral, Qualifier};
use crate::numeric::rounding::Rounding;
use crate::reported::{
    Cell, CellForm, IntervalMethod, Localized, NumberForm, Origin, Outcome, Passage, Release, ReportedEstimate,
    ReportedNumber, Scale, Statement,
};
use serde_json::{Map, Value, json};

/// What several releases report.
pub fn releases_document(releases: &[Release], rounding: Rounding) -> Value {
    json!({ "releases": releases.iter().map(|release| document(release, rounding)).collect::<Vec<_>>() })
}

fn label(label: &Localized) -> Value {
    json!({ "en": label.en, "ja": label.ja })
}

fn document(release: &Release, rounding: Rounding) -> Value {
    json!({
        "id": release.id,
        "kind": release.kind.name(),
        "design": release.design.map(|design| design.name()),
        "label": label(&release.label),
        "title": label(&release.title),
        "publisher": release.publisher.as_ref().map(label),
        "date": release.date.map(|date| date.to_string()),
        "language": release.language.code(),
        "source": {
            "file": release.source.file, "sha256": release.source.sha256, "url": release.source.url,
        },
        "paper": release.paper.as_ref().map(|paper| json!({
            "authors": paper.authors, "title": paper.title, "journal": paper.journal, "year": paper.year,
            "volume": paper.volume, "pages": paper.pages, "doi": paper.doi, "pmid": paper.pmid,
        })),
        "registrations": release.registrations,
        "arms": release.arms.iter().map(|arm| json!({
            "id": arm.id,
            "label": label(&arm.label),
            "n": arm.n.as_ref().map(|n| numeral(n, rounding)),
            "of": arm.of,
            "passage": passage(&arm.passage),
        })).collect::<Vec<_>>(),
        "occasions": release.occasions.iter().map(|occasion| json!({
            "id": occasion.id, "label": label(&occasion.label),
        })).collect::<Vec<_>>(),
        "outcomes": release.outcomes.iter().map(|it| outcome(it, rounding)).collect::<Vec<_>>(),
        "numbers": release.numbers.iter().map(|it| number(it, rounding)).collect::<Vec<_>>(),
        "estimates": release.estimates.iter().map(|it| estimate(it, rounding)).collect::<Vec<_>>(),
        "statements": release.statements.iter().map(statement).collect::<Vec<_>>(),
    })
}

fn outcome(outcome: &Outcome, rounding: Rounding) -> Value {
    let results = outcome.results.iter().map(|result| {
        let all = |of: &[(String, Cell)]| -> Map<String, Value> {
            of.iter().map(|(occasion, it)| (occasion.clone(), cell(it, rounding))).collect()
        };
        // What was reported of an occasion: its value, or the change where there is no value.
        let mut cells = all(&result.changes);
        cells.extend(all(&result.cells));
        let first = result.reported().next().map(|(_, cell)| passage(&cell.passage));
        json!({ "arm": result.arm, "cells": cells, "changes": all(&result.changes), "passage": first })
    });
    json!({
        "id": outcome.id,
        "label": label(&outcome.label),
        "unit": outcome.unit.as_ref().map(label),
        "better": outcome.better.map(|better| better.name()),
        "scale": scale(&outcome.scale),
        "slope_of": outcome.slope_of.as_ref().map(scale),
        "exposure": outcome.exposure.as_ref().map(|of| {
            json!({ "time": of.time.as_ref().map(|time| numeral(time, rounding)), "unit": label(&of.unit) })
        }),
        "results": results.collect::<Vec<_>>(),
    })
}

fn number(number: &ReportedNumber, rounding: Rounding) -> Value {
    let form = match &number.form {
        NumberForm::Single(single) => numeral(single, rounding),
        NumberForm::Fraction { text, part, whole } => {
            json!({ "text": text, "part": numeral(part, rounding), "whole": numeral(whole, rounding) })
        }
    };
    json!({
        "id": number.id,
        "label": label(&number.label),
        "reported": form,
        "percent": number.percent.as_ref().map(|percent| numeral(percent, rounding)),
        "unit": number.unit.as_ref().map(label),
        "of": number.of,
        "split": number.split,
        "passage": passage(&number.passage),
    })
}

fn estimate(of: &ReportedEstimate, rounding: Rounding) -> Value {
    json!({
        "id": of.id,
        "label": label(&of.label),
        "measure": of.measure.name(),
        "reported": numeral(&of.value, rounding),
        "ci": of.interval.as_ref().map(|ci| [numeral(&ci.lower, rounding), numeral(&ci.upper, rounding)]),
        "level": of.interval.as_ref().map(|ci| ci.level),
        "method": of.method.map(IntervalMethod::name),
        "se": of.se.as_ref().map(|se| numeral(se, rounding)),
        "statistic": of.statistic.as_ref().map(|statistic| numeral(statistic, rounding)),
        "p": of.p.as_ref().map(probability),
        "test": of.test,
        "adjusted": of.adjusted.as_ref().map(label),
        "outcome": of.outcome,
        "arm": of.arm,
        "versus": of.versus,
        "occasion": of.occasion,
        "passage": passage(&of.passage),
    })
}

fn probability(p: &Comparison) -> Value {
    json!({ "text": p.text, "relation": p.relation.sign(), "value": p.bound.value() })
}

fn statement(statement: &Statement) -> Value {
    json!({
        "claim": statement.claim.name(),
        "label": label(&statement.label),
        "outcomes": statement.outcomes,
        "arm": statement.arm,
        "versus": statement.versus,
        "between": statement.between,
        "occasion": statement.occasion,
        "p": statement.p.as_ref().map(probability),
        "passage": passage(&statement.passage),
    })
}

fn numeral(numeral: &Numeral, rounding: Rounding) -> Value {
    let qualifier = match numeral.qualifier() {
        Qualifier::Exact => Value::Null,
        Qualifier::About => json!("about"),
        Qualifier::AtLeast => json!("at-least"),
        Qualifier::MoreThan => json!("more-than"),
        Qualifier::AtMost => json!("at-most"),
        Qualifier::LessThan => json!("less-than"),
    };
    let interval = match numeral.allowed(rounding) {
        Some(allowed) => json!([allowed.lower.map(|d| d.to_f64()), allowed.upper.map(|d| d.to_f64())]),
        None => Value::Null,
    };
    json!({
        "text": numeral.text(),
        "value": numeral.value(),
        "decimals": numeral.decimal().decimals(),
        "percent": numeral.is_percent(),
        "qualifier": qualifier,
        "interval": interval,
    })
}

fn cell(cell: &Cell, rounding: Rounding) -> Value {
    let mut fields = Map::new();
    fields.insert("text".to_owned(), json!(cell.text));
    fields.insert("statistic".to_owned(), json!(cell.statistic.name()));
    let (parts, meaning) = match &cell.form {
        CellForm::Single(center) => (vec![("center", center)], None),
        CellForm::PlusMinus { center, spread, meaning } => {
            (vec![("center", center), ("spread", spread)], Some(meaning))
        }
        CellForm::Pair { center, lower, upper, meaning } => {
            (vec![("center", center), ("lower", lower), ("upper", upper)], Some(meaning))
        }
        CellForm::Fraction { part, whole } => (vec![("part", part), ("whole", whole)], None),
    };
    fields.extend(parts.into_iter().map(|(name, it)| (name.to_owned(), numeral(it, rounding))));
    fields.insert("n".to_owned(), json!(cell.n.as_ref().map(|n| numeral(n, rounding))));
    fields.insert("adjusted".to_owned(), json!(cell.adjusted.as_ref().map(label)));
    fields.insert("percent".to_owned(), json!(cell.percent.as_ref().map(|percent| numeral(percent, rounding))));
    fields.insert("time".to_owned(), json!(cell.time.as_ref().map(|time| numeral(time, rounding))));
    fields.insert("passage".to_owned(), passage(&cell.passage));
    fields.insert("spread_is".to_owned(), json!(meaning.map(|meaning| meaning.name())));
    Value::Object(fields)
}

fn scale(scale: &Scale) -> Value {
    let values = match scale {
        Scale::Values(values) => Some(values.iter().map(|value| value.to_f64()).collect::<Vec<_>>()),
        _ => None,
    };
    json!({
        "name": scale.name(),
        "min": scale.min().map(|min| min.to_f64()),
        "max": scale.max().map(|max| max.to_f64()),
        "step": if let Scale::Range { step: Some(step), .. } = scale { Some(step.to_f64()) } else { None },
        "values": values,
        "items": if let Scale::Items { items, .. } = scale { Some(items) } else { None },
    })
}

fn passage(passage: &Passage) -> Value {
    json!({
        "from": match passage.origin { Origin::Release => "release", Origin::Paper => "paper" },
        "quote": passage.quote,
        "line": passage.line,
        "section": passage.section,
    })
}
