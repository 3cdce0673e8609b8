//! Whether each printed mean and spread fits its n and its scale.

use super::grim::{grim, grim_percentage};
use super::grimmer::grimmer;
use super::nearby::nearby;
use super::readings::spoken;
use super::{Check, Status, arm_in_subject, inapplicable, refused};
use crate::effect::proportion::{denominators, parts_of};
use crate::numeric::format::{fixed, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::limits::{most_sd_between, sd_limits};
use crate::reconstruct::of_release::{Behind, CellBehind};
use crate::reconstruct::target::READINGS;
use crate::reconstruct::{DataSets, Glance, Grid, Summary, Unreconstructable};
use crate::recover::sd_from_spread;
use crate::reported::{CellForm, MeanSd, NumberForm, Release, Scale, SpreadMeaning, Statistic};

/// A verdict and its reason.
pub type Verdict = (Status, String);

/// GRIM, GRIMMER, the limits of the SD and the existence of data, for every cell of a release.
pub fn cells(release: &Release, behind: &[Behind]) -> Vec<Check> {
    let mut checks = Vec::new();
    for row in behind {
        let scale = release.outcome(&row.outcome).map(|outcome| &outcome.scale);
        for cell in &row.cells {
            let arm = arm_in_subject(release, &row.outcome, &row.arm);
            let subject = format!("{} {}{arm}: {}", row.outcome, cell.occasion, cell.text);
            checks.extend(
                of_cell(cell, scale).into_iter().map(|(code, verdict)| Check::of(release, code, &subject, verdict)),
            );
        }
    }
    checks
}

fn of_cell(cell: &CellBehind, scale: Option<&Scale>) -> Vec<(&'static str, Verdict)> {
    match (&cell.summary, &cell.grid, &cell.sets) {
        (Some(summary), Some(grid), Ok(sets)) => as_explained(cell, of_sets(summary, grid, sets)),
        (Some(summary), None, Err(reason)) => as_any_reading(cell, scale, without_steps(summary, scale, reason)),
        (_, Some(grid), Err(reason)) => {
            let of_mean = cell.mean.as_ref().map(|mean| ("grim", of_mean_alone(cell, mean, grid)));
            of_mean.into_iter().chain([("existence", refused(reason))]).collect()
        }
        (_, None, Err(reason)) => vec![("existence", refused(reason))],
        _ => Vec::new(),
    }
}

/// What fails as the sample SD does so for an unexplained ± only if no other reading has data either.
fn as_explained(cell: &CellBehind, checks: Vec<(&'static str, Verdict)>) -> Vec<(&'static str, Verdict)> {
    let is_of_sd = |(code, (status, _)): &(&'static str, Verdict)| *code != "grim" && *status == Status::Fail;
    if !checks.iter().any(is_of_sd) {
        return checks;
    }
    let exists_as = |meaning| cell.exists_as(meaning) != Some(false);
    let exists_by_normal = || {
        let cell = cell.summary.as_ref().zip(cell.grid.as_ref());
        cell.is_some_and(|(summary, grid)| DataSets::existence_by_normal(summary, grid) == Some(true))
    };
    let reason = match cell.is_explained {
        false if READINGS.iter().any(|(_, meaning)| exists_as(*meaning)) => {
            "no data print so with the ± as the sample SD, and some do as something else: see plus-minus"
        }
        true if exists_by_normal() => {
            "no data print so with the interval made by t, and some do by the normal quantile, 1.96"
        }
        _ => return checks,
    };
    let told = |check: (&'static str, Verdict)| match is_of_sd(&check) {
        true => (check.0, refused(reason)),
        false => check,
    };
    checks.into_iter().map(told).collect()
}

/// The same where the scale has no steps: half of an interval of six people or fewer is more than their SD.
fn as_any_reading(
    cell: &CellBehind,
    scale: Option<&Scale>,
    mut checks: Vec<(&'static str, Verdict)>,
) -> Vec<(&'static str, Verdict)> {
    let limits = scale.and_then(|scale| Some(Interval::between(scale.min()?.to_f64(), scale.max()?.to_f64())));
    let Some((summary, limits)) = cell.summary.as_ref().zip(limits).filter(|_| !cell.is_explained) else {
        return checks;
    };
    let fits = |meaning| between_limits(&summary.read_as(meaning), limits).is_some_and(|(of, _)| of == Status::Pass);
    for (_, verdict) in checks.iter_mut().filter(|(_, (status, _))| *status == Status::Fail) {
        if let Some((_, meaning)) = READINGS.iter().find(|(_, meaning)| fits(*meaning)) {
            *verdict = refused(format!("{}; the ± may be {}", verdict.1, spoken(*meaning)));
        }
    }
    checks
}

/// Every check of a printed mean and SD of n values on a scale, without a release around them.
pub fn of_mean_sd(
    cell: &MeanSd,
    n: u64,
    scale: &Scale,
    meaning: SpreadMeaning,
    rounding: Rounding,
) -> Vec<(&'static str, Verdict)> {
    let summary = Summary { mean: cell.mean.clone(), spread: cell.spread.clone(), meaning, n, rounding };
    let grid = match Grid::of_scale(scale) {
        Ok(grid) => grid,
        Err(reason) => return without_steps(&summary, Some(scale), &reason),
    };
    match DataSets::new(&summary, &grid, &[]) {
        Ok(sets) => of_sets(&summary, &grid, &sets),
        // Of people too many to look for their data, arithmetic still says which totals there are.
        Err(reason @ Unreconstructable::TooLarge(_)) => {
            let mut checks = vec![("grim", of_grim(&summary, &grid)), ("grimmer", of_grimmer(&summary, &grid))];
            checks.extend(without_steps(&summary, Some(scale), &reason));
            checks
        }
        Err(reason) => without_steps(&summary, Some(scale), &reason),
    }
}

/// What can be said of a cell whose scale has no steps: limits alone bound the SD beside a mean.
fn without_steps(summary: &Summary, scale: Option<&Scale>, reason: &Unreconstructable) -> Vec<(&'static str, Verdict)> {
    let limits = scale.and_then(|scale| Some(Interval::between(scale.min()?.to_f64(), scale.max()?.to_f64())));
    let verdict = limits.and_then(|limits| between_limits(summary, limits));
    // Where it is known that there are no steps, every mean and SD has data: a step that is unknown might have none.
    let existence = match scale {
        Some(Scale::Continuous | Scale::Percent) => inapplicable(reason),
        _ => refused(reason),
    };
    verdict.map(|verdict| ("sd-limits", verdict)).into_iter().chain([("existence", existence)]).collect()
}

/// Whether limits allow the mean, and the SD beside it, whatever the steps between them are; none where no SD is
/// reported.
pub(super) fn between_limits(summary: &Summary, limits: Interval) -> Option<Verdict> {
    let spread = summary.spread.as_ref()?.rounded(summary.rounding);
    let sd = sd_from_spread(spread, summary.meaning, summary.n).ok()?.sd;
    let mean = summary.mean.rounded(summary.rounding).range;
    if !mean.meets(limits) {
        return Some((Status::Fail, format!("the mean {} lies outside of the scale", summary.mean)));
    }
    let most = most_sd_between(mean, summary.n, limits)?;
    let text = format!(
        "with this mean the SD of values on the scale, whatever its steps, is at most {}",
        significant(most, 3)
    );
    let fits = sd.range.lower <= most * (1.0 + 1e-12);
    Some(if fits {
        (Status::Pass, text)
    } else {
        (Status::Fail, format!("{text}: {} is more", significant(sd.value, 3)))
    })
}

fn of_sets(summary: &Summary, grid: &Grid, sets: &DataSets) -> Vec<(&'static str, Verdict)> {
    let mut checks = vec![("grim", of_grim(summary, grid)), ("grimmer", of_grimmer(summary, grid))];
    if grid.is_bounded() {
        checks.push(("sd-limits", of_limits(summary, grid)));
    }
    checks.push(("existence", of_existence(summary, grid, sets)));
    checks
}

fn of_grim(summary: &Summary, grid: &Grid) -> Verdict {
    let lattice = grid.lattice();
    let found = match grim(summary, lattice) {
        Ok(found) => found,
        Err(reason) => return refused(&reason),
    };
    let (mean, n) = (&summary.mean, summary.n);
    if !found.is_consistent() {
        return (Status::Fail, format!("no total of {n} people prints as the mean {mean}{}", slip(summary, grid)));
    }
    let totals: Vec<String> = found.totals().take(4).map(|total| grid.text(total as i64)).collect();
    let more = if found.totals().nth(4).is_some() { " …" } else { "" };
    let power = match found.power {
        0.0 => "with this n every mean to so few decimals is possible, so passing is uninformative".to_owned(),
        power => format!("{} % of means at random would be caught", fixed(100.0 * power, 0)),
    };
    (Status::Pass, format!("a total of {}{more} prints as the mean {mean}; {power}", totals.join(", ")))
}

/// GRIM of a mean beside which no SD is reported.
fn of_mean_alone(cell: &CellBehind, mean: &Summary, grid: &Grid) -> Verdict {
    match of_grim(mean, grid) {
        (Status::Fail, told) if cell.has_interval => {
            refused(format!("{told}; with its interval it may be that of a model: `adjusted` says of which"))
        }
        verdict => verdict,
    }
}

fn of_grimmer(summary: &Summary, grid: &Grid) -> Verdict {
    match grimmer(summary, grid.lattice()) {
        Ok(found) if found.is_consistent() => (Status::Pass, found.finding().to_owned()),
        Ok(found) => (Status::Fail, format!("{}{}", found.finding(), slip(summary, grid))),
        Err(reason) => refused(&reason),
    }
}

fn of_limits(summary: &Summary, grid: &Grid) -> Verdict {
    let possible = match sd_limits(summary, grid) {
        Ok(Some(possible)) => possible,
        Ok(None) => return (Status::Fail, "no total of values on the scale prints as the mean".to_owned()),
        Err(reason) => return refused(&reason),
    };
    let Some((least, most)) = summary.dispersion(grid.denominator()).ok().flatten() else {
        return (Status::Refused, "not decidable: no SD is reported".to_owned());
    };
    // The reported spread as a sample SD, from n·Σ(x − x̄)² in codes.
    let n = summary.n as f64;
    let sd = |dispersion: i128| (dispersion as f64 / (n * (n - 1.0))).sqrt() / grid.denominator() as f64;
    let [lower, upper] = [possible.lower, possible.upper].map(|end| significant(end, 3));
    let text = format!("with this mean the SD of values on the scale lies between {lower} and {upper}");
    // Where no sum of squares prints so, GRIMMER says that; the limits are those of the SD all the same.
    let of_sds = if least <= most { Some(Interval::between(sd(least), sd(most))) } else { as_sample_sd(summary) };
    let fits = of_sds
        .is_none_or(|sd| sd.lower <= possible.upper * (1.0 + 1e-12) && sd.upper >= possible.lower * (1.0 - 1e-12));
    if fits {
        return (Status::Pass, text);
    }
    let printed = summary.spread.as_ref().map(ToString::to_string).unwrap_or_default();
    (Status::Fail, format!("{text}: ± {printed} does not"))
}

/// The sample SDs that the printed spread can be.
fn as_sample_sd(summary: &Summary) -> Option<Interval> {
    let spread = summary.spread.as_ref()?.rounded(summary.rounding);
    Some(sd_from_spread(spread, summary.meaning, summary.n).ok()?.sd.range)
}

fn of_existence(summary: &Summary, grid: &Grid, sets: &DataSets) -> Verdict {
    let Glance { exists, first, count } = sets.glance();
    match exists {
        None => (Status::Refused, "not decidable: too many combinations would have to be tried".to_owned()),
        Some(false) => (Status::Fail, format!("no data set on the scale prints so{}", slip(summary, grid))),
        Some(true) => {
            let example = first.map(|counts| example(sets, &counts)).unwrap_or_default();
            let count = count.map_or("many data sets print".to_owned(), |count| match count {
                1 => "exactly 1 data set prints".to_owned(),
                count => format!("{count} data sets print"),
            });
            (Status::Pass, format!("{count} so, such as {example}"))
        }
    }
}

/// A data set in a line: its values, or how many have each where they are many.
pub fn example(sets: &DataSets, counts: &[u32]) -> String {
    if sets.n() <= 12 {
        return sets.texts(counts).join(" ");
    }
    let codes = sets.codes();
    let some = codes.iter().zip(counts).filter(|(_, count)| **count > 0);
    some.map(|(code, count)| format!("{count} × {}", sets.grid().text(*code))).collect::<Vec<_>>().join(", ")
}

/// Which slip of typing would explain it.
fn slip(summary: &Summary, grid: &Grid) -> String {
    let found = nearby(summary, grid);
    if found.is_empty() {
        return "; no slip of one digit, in mean, SD or n, explains it".to_owned();
    }
    let texts: Vec<String> = found.iter().take(5).map(|near| near.to_string()).collect();
    let more = if found.len() > 5 { " …" } else { "" };
    format!("; a slip of one digit that explains it: {}{more}", texts.join(", "))
}

/// Whether every percentage with a known whole is that of a count.
pub fn percentages(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for number in &release.numbers {
        if let Some(percent) = &number.percent {
            let whole = match &number.form {
                NumberForm::Fraction { whole, .. } => Some(whole),
                NumberForm::Single(_) => number.of.as_deref().and_then(|of| release.whole(of)),
            };
            let verdict = match whole {
                Some(whole) => beside_count(number.form.numeral(), whole, percent, rounding),
                None => refused("the number has no whole: name it as `of`"),
            };
            checks.push(Check::of(release, "percentage", &number.id, verdict));
            continue;
        }
        let part = number.form.numeral();
        if !part.is_percent() {
            continue;
        }
        let whole = number.of.as_deref().and_then(|of| release.whole(of));
        if let Some(whole) = whole.filter(|whole| !whole.is_whole()) {
            let reason = format!("not decidable: the whole of {part}, {}, is no exact number", whole.text());
            checks.push(Check::of(release, "percentage", &number.id, refused(reason)));
            continue;
        }
        let n = whole.and_then(Numeral::count);
        checks.push(Check::of(release, "percentage", &number.id, percentage(part, n, FEWER_IN_NUMBER, rounding)));
    }
    for outcome in &release.outcomes {
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            for (occasion, cell) in &row.cells {
                let subject = || format!("{} {occasion}{arm}: {}", outcome.id, cell.text);
                let people = release.people(&row.arm, cell);
                if let Some(percent) = &cell.percent {
                    let (part, whole) = match &cell.form {
                        CellForm::Fraction { part, whole } => (part, Some(whole)),
                        _ => (cell.center(), people),
                    };
                    let verdict = match whole {
                        Some(whole) => beside_count(part, whole, percent, rounding),
                        None => refused("the number of people is not stated"),
                    };
                    checks.push(Check::of(release, "percentage", &subject(), verdict));
                } else if cell.statistic == Statistic::Percent
                    && let Some(verdict) = of_share(&cell.form, people.and_then(Numeral::count), rounding)
                {
                    checks.push(Check::of(release, "percentage", &subject(), verdict));
                }
            }
        }
    }
    checks
}

/// What can be said of a share alone, or with its confidence interval; none of what has quartiles or a range, which is
/// no share of an arm.
fn of_share(form: &CellForm, n: Option<u64>, rounding: Rounding) -> Option<Verdict> {
    match form {
        CellForm::Single(part) => Some(percentage(part, n, FEWER_IN_ARM, rounding)),
        CellForm::Pair { center, meaning: SpreadMeaning::Ci95, .. } => {
            Some(match percentage(center, n, FEWER_IN_ARM, rounding) {
                (Status::Fail, told) => {
                    refused(format!("{told}; with its interval it may be that of a curve or of a model"))
                }
                verdict => verdict,
            })
        }
        _ => None,
    }
}

/// Whether the percentage beside a count is that of the count.
fn beside_count(part: &Numeral, whole: &Numeral, percent: &Numeral, rounding: Rounding) -> Verdict {
    let exact = |number: &Numeral| number.count().filter(|_| number.is_whole());
    let (Some(k), Some(n)) = (exact(part), exact(whole).filter(|n| *n > 0)) else {
        return refused(format!("{} of {} are not two exact whole numbers", part.text(), whole.text()));
    };
    let share = 100.0 * k as f64 / n as f64;
    let fits = parts_of(percent.rounding_interval(rounding), n).contains(&k);
    let share = fixed(share, percent.decimal().decimals() as usize + 1);
    match fits {
        true => (Status::Pass, format!("{k}/{n} prints as {percent}")),
        false => {
            let other = of_other_whole(k, n, percent, rounding);
            (Status::Fail, format!("{k}/{n} is {share} %, which does not print as {percent}{other}"))
        }
    }
}

/// The whole next to n of which a count prints as the percentage beside it: of fewer people where some are missing.
fn of_other_whole(k: u64, n: u64, percent: &Numeral, rounding: Rounding) -> String {
    let printed = percent.rounding_interval(rounding);
    let prints = |whole: &u64| parts_of(printed, *whole).contains(&k);
    let least = (LEAST_SHARE * n as f64).ceil() as u64;
    // The larger the whole, the smaller the share: those that print so stand beside each other.
    let is_large_enough = |whole: u64| k <= *parts_of(printed, whole).end();
    let is_too_large = |whole: u64| k < *parts_of(printed, whole).start();
    let fewer = first_of(least.max(k).max(1)..n, is_too_large).checked_sub(1).filter(|whole| *whole >= least.max(k));
    let most = n + n / 10 + 1;
    let more = || Some(first_of(n + 1..most + 1, is_large_enough)).filter(|whole| *whole <= most);
    let found = fewer.filter(prints).or_else(|| more().filter(prints));
    found.map(|whole| format!("; {k}/{whole} does")).unwrap_or_default()
}

/// The first number of a range of which something holds that holds of all behind it; the end of the range where it
/// holds of none.
fn first_of(range: std::ops::Range<u64>, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut from, mut to) = (range.start, range.end.max(range.start));
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) { to = middle } else { from = middle + 1 }
    }
    from
}

/// A convention: fewer than these are no longer nearly all.
const LEAST_SHARE: f64 = 0.8;

/// The nearest smaller whole of which a count prints so: a share is often one of those who were analysed.
fn of_fewer(part: &Numeral, n: u64, fewer: &str, rounding: Rounding) -> String {
    /// So many wholes are tried: where a count of none of them prints so, more decimals are printed than n allows.
    const MOST: u64 = 1_000_000;
    let least = ((LEAST_SHARE * n as f64).ceil() as u64).max(n.saturating_sub(MOST));
    let printed = part.rounding_interval(rounding);
    let found = (least.max(1)..n).rev().find_map(|n| parts_of(printed, n).next().map(|k| (k, n)));
    found.map(|(k, n)| format!("; {k}/{n} does: {fewer}")).unwrap_or_default()
}

/// How a release says that a share is one of fewer people: of a result, and of a number, which has no `n`.
const FEWER_IN_ARM: &str = "say so by `n` if fewer were analysed";
const FEWER_IN_NUMBER: &str = "if fewer were analysed, write them as a [[number]] and name that as `of`";

fn percentage(part: &Numeral, n: Option<u64>, fewer: &str, rounding: Rounding) -> Verdict {
    let Some(n) = n else {
        let wholes = denominators(part.rounding_interval(rounding), 40);
        let texts: Vec<String> = wholes.iter().take(6).map(|d| format!("{}/{}", d.k, d.n)).collect();
        let list = if texts.is_empty() { "no whole up to 40".to_owned() } else { format!("{} …", texts.join(", ")) };
        return (Status::Refused, format!("not decidable: the release gives no whole for {part}; it can be {list}"));
    };
    if part.rounding_interval(rounding).to_interval().lower > 100.0 {
        return (Status::Fail, format!("{part} of {n} is more than all"));
    }
    match grim_percentage(part, n, rounding) {
        Err(reason) => refused(&reason),
        Ok(found) if found.is_consistent() => {
            let mut counts = found.totals().filter(|k| *k <= i128::from(n)).take(4).map(|k| format!("{k}/{n}"));
            let first = counts.next().unwrap_or_default();
            let others: String = counts.map(|count| format!(", {count}")).collect();
            let print = if others.is_empty() { "prints" } else { "print" };
            (Status::Pass, format!("{first}{others} {print} as {part}"))
        }
        Ok(_) => (Status::Fail, format!("no count of {n} prints as {part}{}", of_fewer(part, n, fewer, rounding))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Of five million whole numbers with a mean of 2.85 at least 15 % are other than 3 or 2, and the SD is above 0.3.
    #[test]
    fn arithmetic_needs_no_data_sets() {
        let of = |text: &str| {
            let cell = text.parse().unwrap();
            of_mean_sd(&cell, 5_000_000, &Scale::Nrs, SpreadMeaning::Sd, Rounding::default())
        };
        let fails = |text: &str| -> Vec<&str> {
            of(text).into_iter().filter(|(_, (status, _))| *status == Status::Fail).map(|(code, _)| code).collect()
        };
        assert_eq!(fails("2.85 ± 0.01"), ["grimmer"]);
        assert!(fails("2.85 ± 1.50").is_empty());
    }

    /// By trial: the nearest smaller whole, or else the nearest larger one.
    #[test]
    fn the_other_whole_is_the_nearest() {
        let rounding = Rounding::default();
        let told = |k: u64, n: u64, percent: &str| of_other_whole(k, n, &percent.parse().unwrap(), rounding);
        for n in 1..60 {
            for k in 0..=n {
                for percent in ["0%", "12%", "33.3%", "50%", "66.7%", "91%", "100%"] {
                    let printed = percent.parse::<Numeral>().unwrap().rounding_interval(rounding);
                    let prints = |whole: &u64| parts_of(printed, *whole).contains(&k);
                    let least = (0.8 * n as f64).ceil() as u64;
                    let found = (least.max(k).max(1)..n).rev().find(prints);
                    let found = found.or_else(|| (n + 1..=n + n / 10 + 1).find(prints));
                    let expected = found.map(|whole| format!("; {k}/{whole} does")).unwrap_or_default();
                    assert_eq!(told(k, n, percent), expected, "{k}/{n} {percent}");
                }
            }
        }
        assert_eq!(told(900_000_000, 1_000_000_000, "95.0000000%"), "; 900000000/947368421 does");
        assert_eq!(told(900_000_000, 1_000_000_000, "60%"), "");
    }
}
