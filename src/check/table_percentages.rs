//! The percentages of a table, with the counts beside them.

use super::grim::grim_percentage;
use super::near_misses::near_misses;
use super::table::{RowVerdict, TableRow};
use super::table_scale::beside;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;

/// Whether some count prints as a percentage, and the one that is printed beside it does.
pub(super) fn judge_percentage(
    row: &TableRow,
    percent: &Numeral,
    n: u64,
    rounding: Rounding,
    verdict: &mut RowVerdict,
) {
    // A percentage over several items of each person counts the items of all.
    let all = n.checked_mul(u64::from(row.items));
    let Some(answers) = row.counted.map(|(_, of)| of).or(all) else {
        return verdict.notes.push("grim: n times items is too large a number".to_owned());
    };
    if let Some(all) = all.filter(|all| answers > *all) {
        verdict.grim = Some(false);
        return verdict.notes.push(format!("grim: it is of {answers}, and the row has {all}"));
    }
    let found = match grim_percentage(percent, answers, rounding) {
        Ok(found) => found,
        Err(reason) => return verdict.notes.push(format!("grim: {reason}")),
    };
    let share = |k: i128| format!("{k}/{answers} is {} %", beside(percent, k, answers, 100.0));
    let shown = percent.text().trim_end_matches(['%', '％', ' ']);
    if let Some((count, _)) = row.counted {
        let is_own = (found.first..=found.last).contains(&i128::from(count));
        verdict.grim = Some(is_own && count <= answers);
        if count > answers {
            verdict.notes.push(format!("grim: {count} of {answers} is more than all"));
        } else if !is_own {
            let told = share(i128::from(count));
            let others = match (found.is_consistent(), found.last - found.first) {
                (true, 0) => format!("; that is {}/{answers}", found.first),
                (true, _) => format!("; that is {}/{answers} to {}/{answers}", found.first, found.last),
                (false, _) => format!("; no count of {answers} is that"),
            };
            let fits = |people: u64| {
                let found = grim_percentage(percent, people, rounding);
                found.is_ok_and(|found| (found.first..=found.last).contains(&i128::from(count)))
            };
            let near = near_misses(answers, &fits, &[]);
            verdict.notes.push(format!("grim: {told}, and {shown} % is printed{others}{near}"));
        }
        return;
    }
    verdict.grim = Some(found.is_consistent());
    // Nobody is counted twice in a share of people; an increase can be so large.
    if found.is_consistent() && found.first > i128::from(answers) {
        verdict.notes.push(format!("grim: {shown} % is more than all {answers}: a change can be, a share cannot"));
    }
    if !found.is_consistent() {
        let [below, above] = found.beside().map(share);
        let fits = |percent: &Numeral, people: u64| {
            let answers = people.checked_mul(u64::from(row.items));
            let found = answers.and_then(|answers| grim_percentage(percent, answers, rounding).ok());
            found.is_some_and(|found| found.is_consistent())
        };
        let near = near_misses(n, &|n| fits(percent, n), &[("the percentage", percent, &|other| fits(other, n))]);
        verdict.notes.push(format!("grim: no count of {answers} is {shown} %: {below}, and {above}{near}"));
    }
}
