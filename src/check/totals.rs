//! Whether the parts of a whole add up to it.

use super::{Check, Status, range, refused};
use crate::numeric::decimal::Decimal;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Numeral, Qualifier};
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, CellForm, Outcome, OutcomeResult, Release, ReportedNumber, Statistic};

/// Every split of a release: women and men, patients by hospital.
pub fn totals(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut splits: Vec<(&str, &str)> = Vec::new();
    for number in &release.numbers {
        if let (Some(of), Some(split)) = (number.of.as_deref(), number.split.as_deref())
            && !splits.contains(&(of, split))
        {
            splits.push((of, split));
        }
    }
    let of_rows = release.outcomes.iter().flat_map(|outcome| outcome.results.iter().map(move |row| (outcome, row)));
    let too_many = of_rows
        .flat_map(|(outcome, row)| row.reported().filter_map(|of| too_many(release, outcome, row, of, rounding)));
    splits.into_iter().map(|(of, split)| total(release, of, split, rounding)).chain(too_many).collect()
}

/// A result of more people than its arm has.
fn too_many(
    release: &Release,
    outcome: &Outcome,
    row: &OutcomeResult,
    (occasion, cell): &(String, Cell),
    rounding: Rounding,
) -> Option<Check> {
    let fail = |what: String, own: &Numeral, all: &Numeral| {
        let subject = format!("{} {occasion} ({}): {what}", outcome.id, row.arm);
        let are_counts = own.count().is_some() && all.count().is_some();
        let is_more = are_counts && stands_for(own, rounding).lower > stands_for(all, rounding).upper;
        is_more.then(|| {
            Check::of(release, "total", &subject, (Status::Fail, format!("the arm has {all}, and {own} is more")))
        })
    };
    let all = release.arm(&row.arm)?.n.as_ref();
    let of_people = cell.n.as_ref().zip(all).and_then(|(own, all)| fail(format!("n = {own}"), own, all));
    let counted = Some(cell.center()).filter(|_| cell.statistic == Statistic::Count);
    let of_counts =
        || counted.zip(release.people(&row.arm, cell)).and_then(|(own, all)| fail(cell.text.clone(), own, all));
    // "12 of 45" in an arm of 30.
    let whole = match &cell.form {
        CellForm::Fraction { whole, .. } => Some(whole),
        _ => None,
    };
    let of_whole =
        || whole.zip(release.people(&row.arm, cell)).and_then(|(own, all)| fail(format!("of {own}"), own, all));
    of_people.or_else(of_counts).or_else(of_whole)
}

fn total(release: &Release, of: &str, split: &str, rounding: Rounding) -> Check {
    let is_part = |number: &&ReportedNumber| number.of.as_deref() == Some(of) && number.split.as_deref() == Some(split);
    let parts: Vec<_> = release.numbers.iter().filter(is_part).map(|number| number.form.numeral()).collect();
    if parts.iter().any(|part| part.is_percent()) {
        return of_percentages(release, &format!("{split} of {of}"), &parts, rounding);
    }
    let sum = parts.iter().fold(Decimal::from_integer(0), |sum, part| sum.plus(part.decimal()));
    let possible = parts.iter().fold(Interval::point(0.0), |sum, part| sum.plus(stands_for(part, rounding)));
    let exact = parts.iter().all(|part| part.qualifier() == Qualifier::Exact);
    let whole = release.whole(of).filter(|whole| whole.qualifier() == Qualifier::Exact && exact);
    let texts = parts.iter().map(|part| part.text()).collect::<Vec<_>>().join(" + ");
    let (status, message) = match whole {
        None => (Status::Refused, format!("{texts}: the whole, or a part, is no exact number")),
        Some(whole) if whole.decimal() == sum => (Status::Pass, format!("{texts} = {}", whole.text())),
        Some(whole) if possible.nearly_meets(stands_for(whole, rounding)) => {
            (Status::Pass, format!("{texts} is {}, as far as rounding allows", whole.text()))
        }
        Some(whole) => (Status::Fail, format!("{texts} = {sum}, and the whole is {}", whole.text())),
    };
    Check {
        release: release.id.clone(),
        subject: format!("{split} of {of}"),
        code: "total",
        status,
        message,
        expected: whole.map(|whole| whole.text().to_owned()),
        found: Some(sum.to_string()),
        place: None,
    }
}

/// The numbers that print so: of a whole number that nobody rounded, itself.
pub(super) fn stands_for(number: &Numeral, rounding: Rounding) -> Interval {
    match number.is_whole() {
        true => Interval::point(number.value()),
        false => number.rounding_interval(rounding).to_interval(),
    }
}

/// Percentages of one whole are 100 together, as far as rounding allows.
fn of_percentages(release: &Release, subject: &str, parts: &[&Numeral], rounding: Rounding) -> Check {
    let texts = parts.iter().map(|part| part.text()).collect::<Vec<_>>().join(" + ");
    let plain = parts.iter().all(|part| part.is_percent() && part.qualifier() == Qualifier::Exact);
    let sum =
        parts.iter().fold(Interval::point(0.0), |sum, part| sum.plus(part.rounding_interval(rounding).to_interval()));
    // Halves of decimals are no doubles.
    let is_whole = sum.lower <= 100.0 + 1e-9 && sum.upper >= 100.0 - 1e-9;
    let verdict = match (plain, is_whole) {
        (false, _) => refused(format!("{texts}: no exact percentages alone")),
        (true, true) => (Status::Pass, format!("{texts} is 100%, as far as rounding allows")),
        (true, false) => (Status::Fail, format!("{texts} is {}%, and no 100%", range(sum))),
    };
    Check::of(release, "total", subject, verdict)
}
