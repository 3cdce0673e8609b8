//! Arms, numbers and statements.

use super::super::fields::{Fields, Located};
use super::{NOT_STATED, Names, id, localized, passage, required_name};
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::{Comparison, Expression, Numeral, Qualifier, count_and_percent};
use crate::reported::{Arm, Claim, LARGEST_COUNT, NumberForm, ReportedNumber, Statement};
use std::borrow::Cow;

pub(super) fn arms(top: &Fields<'_, '_>) -> (Vec<Arm>, Names) {
    let mut names = Names::default();
    let mut arms: Vec<Arm> = Vec::new();
    for fields in top.tables("arm", "the arm") {
        let id = id(&fields, "arm", |id| names.contains(id));
        let label = localized(&fields, "label", "write what people call it");
        let n = size(&fields, "the arm");
        let of = fields.text("of");
        let passage = passage(&fields);
        // An arm stands above its subgroups: none is part of itself.
        if let Some(of) = of.as_ref().filter(|of| !names.contains(&of.value)) {
            let message = format!("`of` of the arm is `{}`, and no arm above it has this name", of.value);
            fields.report(
                of.span.clone(),
                message,
                "name the [[arm]] of which this is a subgroup, and write that one first",
            );
        }
        let whole = of.as_ref().and_then(|of| arms.iter().find(|arm| arm.id == of.value)?.n.as_ref());
        if let (Some(of), Some(whole), Some(Some(part))) = (&of, whole, &n)
            && [whole, part].iter().all(|size| size.qualifier() == Qualifier::Exact)
            && part.decimal() > whole.decimal()
        {
            let message = format!("{} is more than the {} of `{}`", part.text(), whole.text(), of.value);
            fields.report(of.span.clone(), message, "check both numbers against the source");
        }
        fields.finish();
        let Some(id) = id else { continue };
        names.0.push((id.value.clone(), id.span));
        if let (Some(label), Some(n), Some(passage)) = (label, n, passage) {
            arms.push(Arm { id: id.value, label, n, of: of.map(|of| of.value.into_owned()), passage });
        }
    }
    (arms, names)
}

/// How many people an arm has, or a result is of. It has to be there, if only to say that the source has none.
pub(super) fn size(fields: &Fields<'_, '_>, of: &str) -> Option<Option<Numeral>> {
    const HINT: &str = "write n = 7, or n = \"not stated\" where the source does not say";
    let text = fields.required_text("n", HINT)?;
    if text.value == NOT_STATED {
        return Some(None);
    }
    match text.value.parse::<Numeral>() {
        Ok(n) if n.is_percent() => {
            fields.report(text.span, format!("`n` of {of} is {n}, and a number of people was expected"), HINT);
            None
        }
        Ok(n) if n.decimal().to_integer().is_some_and(|n| (1..=LARGEST_COUNT).contains(&n)) => Some(Some(n)),
        Ok(n) => {
            fields.report(text.span, format!("`n` of {of} is {n}, and a whole number above 0 was expected"), HINT);
            None
        }
        Err(error) => {
            fields.report(text.span, format!("`n` of {of}: {error}"), HINT);
            None
        }
    }
}

/// Numbers, and whether each is a part of something that exists and is no smaller.
pub(super) fn numbers(top: &Fields<'_, '_>, arms: &[Arm], arm_names: &Names) -> Vec<ReportedNumber> {
    let mut names = Names(arm_names.0.clone());
    let mut numbers: Vec<ReportedNumber> = Vec::new();
    let mut parts = Vec::new();
    let tables = top.tables("number", "the number");
    for fields in &tables {
        let id = id(fields, "number or arm", |id| names.contains(id));
        let label = localized(fields, "label", "write what is counted or measured");
        let printed = fields.text("value").map(|text| text.value.trim().to_owned());
        let (form, percent) = form(fields).unzip();
        let unit = fields.get("unit").and_then(|_| localized(fields, "unit", "write the unit"));
        let of = fields.text("of");
        let split = fields.text("split");
        if let (Some(split), None) = (&split, &of) {
            let hint = "write of = \"…\", the arm or number that the parts add up to";
            fields.report(split.span.clone(), "`split` says that this is a part, and `of` does not say of what", hint);
        }
        let passage = passage(fields);
        let Some(id) = id else { continue };
        names.0.push((id.value.clone(), id.span));
        if let (Some(label), Some(form), Some(passage)) = (label, form, passage) {
            parts.push((fields, of.clone()));
            let [of, split] = [of, split].map(|text| text.map(|text| text.value.into_owned()));
            let percent = percent.flatten();
            let text = printed.unwrap_or_else(|| form.text().to_owned());
            numbers.push(ReportedNumber { id: id.value, label, text, form, percent, unit, of, split, passage });
        }
    }
    for ((fields, of), number) in parts.iter().zip(&numbers) {
        if let Some(of) = of {
            check_part(fields, of, number, arms, &numbers, &names);
        }
    }
    for fields in tables {
        fields.finish();
    }
    numbers
}

/// The number, and the percentage that is printed beside it.
fn form(fields: &Fields<'_, '_>) -> Option<(NumberForm, Option<Numeral>)> {
    let mut text = fields.required_text("value", "write the number as it is printed: 50,000, 85.7%, 5/7, 70例以上")?;
    let beside = count_and_percent(&text.value);
    let percent = beside.map(|(count, percent)| {
        text.value = Cow::Owned(count);
        percent
    });
    let form = match text.value.parse() {
        Ok(Expression::Number(numeral)) => NumberForm::Single(numeral),
        Ok(Expression::Fraction { part, whole }) => {
            if part.decimal() > whole.decimal() || whole.decimal().signum() <= 0 || part.decimal().signum() < 0 {
                let message = format!("`{}` is no part of a whole", text.value);
                fields.report(text.span, message, "write the part in front of the stroke and the whole behind it");
                return None;
            }
            NumberForm::Fraction { text: text.value.trim().to_owned(), part, whole }
        }
        Ok(_) => {
            let hint =
                "a result with a spread stands under [[outcome]]; a count may have its share beside it: 27 (13.6%)";
            fields.report(text.span, format!("`{}` is a result and no single number", text.value), hint);
            return None;
        }
        Err(error) => {
            fields.explain(text.span, &error);
            return None;
        }
    };
    let form = match (fields.parsed::<Numeral>("rounded_to"), form) {
        (None, form) => Some(form),
        (Some(unit), NumberForm::Single(numeral)) => {
            let marked = numeral.rounded_to(unit.value.decimal());
            if marked.is_none() {
                let message = format!("{} is no multiple of {}", numeral.text(), unit.value);
                fields.report(unit.span, message, "write the unit that the number looks rounded to, such as 100");
            }
            marked.map(NumberForm::Single)
        }
        (Some(unit), NumberForm::Fraction { .. }) => {
            fields.report(
                unit.span,
                "a fraction has no `rounded_to`",
                "write the part as `value` and its whole as `of`",
            );
            None
        }
    };
    form.map(|form| (form, percent))
}

fn check_part(
    fields: &Fields<'_, '_>,
    of: &Located<Cow<'_, str>>,
    number: &ReportedNumber,
    arms: &[Arm],
    numbers: &[ReportedNumber],
    names: &Names,
) {
    if of.value == number.id {
        let message = format!("`{}` is said to be a part of itself", number.id);
        fields.report(of.span.clone(), message, "write the arm or the other number that it is a part of");
        return;
    }
    if !names.check(fields, "other arm or number", of) {
        return;
    }
    let whole = match arms.iter().find(|arm| arm.id == of.value) {
        Some(arm) => arm.n.as_ref(),
        None => numbers.iter().find(|known| known.id == of.value).map(|known| known.form.numeral()),
    };
    let part = number.form.numeral();
    if part.decimal().signum() < 0 {
        fields.report(of.span.clone(), format!("{} is no part of anything", part.text()), "a part is 0 or more");
    }
    if let (NumberForm::Fraction { whole: own, .. }, Some(whole)) = (&number.form, whole)
        && own.decimal() != whole.decimal()
    {
        let message = another_whole(number, own, whole, arms, &of.value);
        fields.report(of.span.clone(), message, "check both numbers against the source");
    }
    if part.is_percent() && part.decimal() > Decimal::from_integer(100) {
        fields.report(
            of.span.clone(),
            format!("{} is more than all", part.text()),
            "check the number against the source",
        );
    }
    let comparable = |numeral: &Numeral| numeral.qualifier() == Qualifier::Exact && !numeral.is_percent();
    if let Some(whole) = whole.filter(|whole| comparable(whole) && comparable(part))
        && part.decimal() > whole.decimal()
    {
        let message = format!("{} is more than the {} of `{}`", part.text(), whole.text(), of.value);
        fields.report(of.span.clone(), message, "check both numbers against the source");
    }
}

/// That the whole of a fraction is not that which it is said to be a part of.
fn another_whole(number: &ReportedNumber, own: &Numeral, whole: &Numeral, arms: &[Arm], of: &str) -> String {
    let shown = |count: &Numeral| count.count().map_or_else(|| count.text().to_owned(), |count| count.to_string());
    let implied = format!("“{}” implies a total of {}", number.form.text(), shown(own));
    match arms.iter().any(|arm| arm.id == of) {
        true => format!("{implied}, but arm `{of}` has n = {}", shown(whole)),
        false => format!("{implied}, but number `{of}` is {}", shown(whole)),
    }
}

pub(super) fn statements(top: &Fields<'_, '_>, arms: &Names, outcomes: &Names, occasions: &Names) -> Vec<Statement> {
    let mut statements = Vec::new();
    for fields in top.tables("statement", "the statement") {
        let claims = "write significant, not-significant, tendency, difference or other";
        let claim = required_name(&fields, "claim", &Claim::ALL, claims);
        let label = localized(&fields, "label", "write in your own words what is claimed");
        let about = fields.texts("outcome");
        about.iter().for_each(|outcome| {
            outcomes.check(&fields, "outcome", outcome);
        });
        let compared = ["arm", "versus"].map(|key| fields.text(key));
        if let [Some(arm), Some(versus)] = &compared
            && arm.value == versus.value
        {
            let message = format!("`{}` is compared with itself", arm.value);
            fields.report(versus.span.clone(), message, "write the two arms that the statement compares");
        }
        let [arm, versus] = compared
            .map(|text| text.filter(|text| arms.check(&fields, "arm", text)).map(|text| text.value.into_owned()));
        let between = between(&fields, arms, arm.is_some() || versus.is_some());
        let occasion = fields
            .text("occasion")
            .and_then(|text| occasions.check(&fields, "occasion", &text).then(|| text.value.into_owned()));
        let p = fields.parsed::<Comparison>("p").map(|located| located.value);
        let passage = passage(&fields);
        fields.finish();
        if let (Some(claim), Some(label), Some(passage)) = (claim, label, passage) {
            let outcomes = about.into_iter().map(|outcome| outcome.value.into_owned()).collect();
            statements.push(Statement { claim, label, outcomes, arm, versus, between, occasion, p, passage });
        }
    }
    statements
}

/// The arms that a statement compares with each other, where they are three or more.
fn between(fields: &Fields<'_, '_>, arms: &Names, has_others: bool) -> Vec<String> {
    let named = fields.texts("between");
    let Some(first) = named.first() else {
        if let Some(empty) = fields.get("between").filter(|of| of.get_ref().as_array().is_some_and(|of| of.is_empty()))
        {
            fields.report(empty.span(), "`between` names no arm", "name three arms or more, or leave it out");
        }
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for arm in &named {
        if found.contains(&arm.value.as_ref().to_owned()) {
            fields.report(arm.span.clone(), format!("`between` names `{}` twice", arm.value), "name each arm once");
        } else if arms.check(fields, "arm", arm) {
            found.push(arm.value.as_ref().to_owned());
        }
    }
    if has_others {
        let message = "the statement has `between` beside `arm` or `versus`";
        fields.report(first.span.clone(), message, "name two arms by `arm` and `versus`, or more by `between` alone");
    } else if named.len() < 3 {
        let message = format!("`between` names {} of the arms, and three or more were expected", named.len());
        fields.report(first.span.clone(), message, "name two arms by `arm` and `versus`");
    }
    found
}
