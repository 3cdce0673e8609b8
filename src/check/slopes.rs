//! Which lengths of follow-up can give a printed mean slope of a score.

use super::{Check, Status, arm_in_subject};
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::target::totals;
use crate::reconstruct::{Grid, Lattice};
use crate::reported::{CellForm, Outcome, Release, Statistic};

/// Follow-ups of so many units of time are tried.
pub const LONGEST: u64 = 60;

/// Where none of those is possible, a longer one is looked for up to here.
const FURTHEST: u64 = 10_000;

/// The lengths of follow-up, in whole units of time up to [`LONGEST`], at which some total change of n
/// people gives a mean slope that prints so. Changes of a score are whole numbers of its steps, so that
/// a mean slope is a whole number over n times the follow-up: GRIM (Brown & Heathers 2017) with the
/// follow-up for the number of items.
///
/// ```
/// use reffect::check::slopes::follow_ups;
/// use reffect::numeric::rounding::Rounding;
/// use reffect::reconstruct::Lattice;
///
/// let months = follow_ups(&"0.25".parse()?, 5, Lattice::whole(1), Rounding::default());
/// assert_eq!(months[..4], [4, 8, 11, 12]);
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
pub fn follow_ups(slope: &Numeral, n: u64, score: Lattice, rounding: Rounding) -> Vec<u64> {
    (1..=LONGEST).filter(|length| is_possible(slope, n, score, rounding, *length)).collect()
}

fn is_possible(slope: &Numeral, n: u64, score: Lattice, rounding: Rounding, length: u64) -> bool {
    let parts = i128::from(n) * i128::from(length) * i128::from(score.denominator);
    // Differences of two values of the score are multiples of its step.
    let step = i128::from(score.step);
    totals(slope.rounding_interval(rounding), parts).is_ok_and(|(first, last)| last.div_euclid(step) * step >= first)
}

/// The follow-ups beyond [`LONGEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beyond {
    /// Every one is possible: the mean slopes of long ones lie closer to each other than the numbers that print alike.
    Every,
    /// Some are not; the first that is.
    From(u64),
    /// None of those that were tried.
    None,
}

fn beyond(slope: &Numeral, n: u64, score: Lattice, rounding: Rounding) -> Beyond {
    let width = slope.rounded(rounding).range.width();
    let dense = score.step as f64 / (score.denominator as f64 * n as f64 * width) + 1.0;
    let possible = |length: &u64| is_possible(slope, n, score, rounding, *length);
    if dense <= FURTHEST as f64 && (LONGEST + 1..=dense as u64).all(|length| possible(&length)) {
        return Beyond::Every;
    }
    (LONGEST + 1..=FURTHEST).find(possible).map_or(Beyond::None, Beyond::From)
}

/// Lengths in a few words: `8, 11, 12, 15–17, 19 or more`. Whether those beyond [`LONGEST`] are possible is for the
/// caller to say.
fn in_words(lengths: &[u64], are_longer_possible: bool) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for length in lengths {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == *length => *end = *length,
            _ => runs.push((*length, *length)),
        }
    }
    let open = runs.pop_if(|(_, end)| *end == LONGEST);
    let mut texts: Vec<String> = runs
        .iter()
        .flat_map(|(first, end)| match end - first {
            0 => vec![first.to_string()],
            1 => vec![first.to_string(), end.to_string()],
            _ => vec![format!("{first}–{end}")],
        })
        .collect();
    match open {
        Some((first, _)) if are_longer_possible => texts.push(format!("{first} or more")),
        Some((first, end)) if first == end => texts.push(format!("{end} (longer ones were not tried)")),
        Some((first, end)) => texts.push(format!("{first}–{end} (longer ones were not tried)")),
        None => {}
    }
    texts.join(", ")
}

/// `months` where the unit is points/month.
fn units_of_time(outcome: &Outcome) -> String {
    let unit = outcome.unit.as_ref().map_or("", |unit| unit.en.as_str());
    match unit.rsplit_once('/').map(|(_, time)| time.trim()) {
        Some(time) if ["day", "week", "month", "year"].contains(&time) => format!("{time}s"),
        Some(time) if time.is_ascii() => format!("units of {time}"),
        Some(time) => time.to_owned(),
        None => "units of time".to_owned(),
    }
}

/// Whether each mean slope of a score can come from whole-number scores, and after which follow-up.
pub fn slopes(release: &Release, rounding: Rounding) -> Vec<Check> {
    slopes_of_rows(release, rounding).into_iter().map(|(_, _, check)| check).collect()
}

/// The check of each mean slope of a score, with the outcome and the arm that it is about.
pub fn slopes_of_rows(release: &Release, rounding: Rounding) -> Vec<(&str, &str, Check)> {
    let mut checks: Vec<(&str, &str, Check)> = Vec::new();
    for outcome in &release.outcomes {
        let Some(score) = outcome.slope_of.as_ref().and_then(|scale| Grid::of_scale(scale).ok()) else { continue };
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            let time = units_of_time(outcome);
            let slopes = row.cells.iter().filter(|(_, cell)| cell.statistic == Statistic::Slope);
            let mut shared: Option<Vec<u64>> = None;
            let mut is_open = true;
            for (occasion, cell) in slopes {
                let (CellForm::Single(slope) | CellForm::PlusMinus { center: slope, .. }) = &cell.form else {
                    continue;
                };
                let Some(n) = release.size_at(&row.arm, cell) else { continue };
                let lengths = follow_ups(slope, n, score.lattice(), rounding);
                let longer = beyond(slope, n, score.lattice(), rounding);
                is_open &= longer == Beyond::Every;
                let (status, needed) = match longer {
                    _ if !lengths.is_empty() => (Status::Pass, in_words(&lengths, longer == Beyond::Every)),
                    Beyond::Every => (Status::Pass, format!("more than {LONGEST}")),
                    Beyond::From(first) => (Status::Pass, format!("more than {LONGEST} ({first}, for one)")),
                    Beyond::None => (Status::Fail, "no number of".to_owned()),
                };
                let message = format!(
                    "a mean of {slope} in {n} people needs a follow-up of {needed} {time}, if all were followed equally long \
                     and a slope is the change over that time"
                );
                let subject = format!("{} {occasion}{arm}: {slope}", outcome.id);
                checks.push((&outcome.id, &row.arm, Check::of(release, "slope", &subject, (status, message))));
                shared = Some(match shared {
                    None => lengths,
                    Some(known) => known.into_iter().filter(|length| lengths.contains(length)).collect(),
                });
            }
            let both = shared.filter(|lengths| row.cells.len() > 1 && !lengths.is_empty());
            if let Some(lengths) = both {
                let lengths = in_words(&lengths, is_open);
                let message =
                    format!("if the follow-up was equally long before and after, it can be one of {lengths} {time}");
                let check = Check::of(release, "slope", &format!("{}{arm}", outcome.id), (Status::Pass, message));
                checks.push((&outcome.id, &row.arm, check));
            }
        }
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every length up to 60, found by trying every total: `tests/ref/reconstruct/follow_up.csv`, which tests/numbers
    /// reads whole.
    #[test]
    fn muse_slopes() {
        let months = |text: &str| follow_ups(&text.parse().unwrap(), 5, Lattice::whole(1), Rounding::default());
        assert_eq!(in_words(&months("0.47"), true), "3, 6, 8, 9, 11, 12, 14–60".replace("14–60", "14 or more"));
        assert_eq!(in_words(&months("0.25"), true), "4, 8, 11–13, 15–17, 19 or more");
    }
}
