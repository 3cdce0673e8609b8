//! Whether the parts of a whole add up to it.

use super::{Check, Status};
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Qualifier;
use crate::reported::{Cell, Outcome, OutcomeResult, Release, ReportedNumber};

/// Every split of a release: women and men, patients by hospital.
pub fn totals(release: &Release) -> Vec<Check> {
    let mut splits: Vec<(&str, &str)> = Vec::new();
    for number in &release.numbers {
        if let (Some(of), Some(split)) = (number.of.as_deref(), number.split.as_deref())
            && !splits.contains(&(of, split))
        {
            splits.push((of, split));
        }
    }
    let of_rows = release.outcomes.iter().flat_map(|outcome| outcome.results.iter().map(move |row| (outcome, row)));
    let too_many =
        of_rows.flat_map(|(outcome, row)| row.cells.iter().filter_map(|of| too_many(release, outcome, row, of)));
    splits.into_iter().map(|(of, split)| total(release, of, split)).chain(too_many).collect()
}

/// A result of more people than its arm has.
fn too_many(
    release: &Release,
    outcome: &Outcome,
    row: &OutcomeResult,
    (occasion, cell): &(String, Cell),
) -> Option<Check> {
    let (own, all) = (cell.n.as_ref()?, release.arm(&row.arm)?.n.as_ref()?);
    let is_more = own.count()? > all.count()?;
    let subject = format!("{} {occasion} ({}): n = {own}", outcome.id, row.arm);
    is_more
        .then(|| Check::of(release, "total", &subject, (Status::Fail, format!("the arm has {all}, and {own} is more"))))
}

fn total(release: &Release, of: &str, split: &str) -> Check {
    let is_part = |number: &&ReportedNumber| number.of.as_deref() == Some(of) && number.split.as_deref() == Some(split);
    let parts: Vec<_> = release.numbers.iter().filter(is_part).map(|number| number.form.numeral()).collect();
    let sum = parts.iter().fold(Decimal::from_integer(0), |sum, part| sum.plus(part.decimal()));
    let exact = parts.iter().all(|part| part.qualifier() == Qualifier::Exact);
    let whole = release.whole(of).filter(|whole| whole.qualifier() == Qualifier::Exact && exact);
    let texts = parts.iter().map(|part| part.text()).collect::<Vec<_>>().join(" + ");
    let (status, message) = match whole {
        None => (Status::Refused, format!("{texts}: the whole, or a part, is no exact number")),
        Some(whole) if whole.decimal() == sum => (Status::Pass, format!("{texts} = {}", whole.text())),
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
