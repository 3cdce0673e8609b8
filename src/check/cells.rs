//! Whether each printed mean and spread fits its n and its scale.

use super::grim::{grim, grim_percentage};
use super::grimmer::grimmer;
use super::nearby::nearby;
use super::{Check, Status, arm_in_subject};
use crate::numeric::format::{fixed, significant};
use crate::numeric::rounding::Rounding;
use crate::reconstruct::limits::sd_limits;
use crate::reconstruct::of_release::{Behind, CellBehind};
use crate::reconstruct::{DataSets, Glance, Grid, Summary, Unreconstructable};
use crate::reported::{CellForm, MeanSd, Release, Scale, SpreadMeaning, Statistic};

/// A verdict and its reason.
pub type Verdict = (Status, String);

/// GRIM, GRIMMER, the limits of the SD and the existence of data, for every cell of a release.
pub fn cells(release: &Release, behind: &[Behind]) -> Vec<Check> {
    let mut checks = Vec::new();
    for row in behind {
        for cell in &row.cells {
            let arm = arm_in_subject(release, &row.outcome, &row.arm);
            let subject = format!("{} {}{arm}: {}", row.outcome, cell.occasion, cell.text);
            checks.extend(of_cell(cell).into_iter().map(|(code, verdict)| Check::of(release, code, &subject, verdict)));
        }
    }
    checks
}

fn of_cell(cell: &CellBehind) -> Vec<(&'static str, Verdict)> {
    match (&cell.summary, &cell.grid, &cell.sets) {
        (Some(summary), Some(grid), Ok(sets)) => of_sets(summary, grid, sets),
        (_, _, Err(reason)) => vec![("existence", refused(reason))],
        _ => Vec::new(),
    }
}

/// The same for a printed mean and SD of n values on a scale.
pub fn of_mean_sd(
    cell: &MeanSd,
    n: u64,
    scale: &Scale,
    meaning: SpreadMeaning,
    rounding: Rounding,
) -> Vec<(&'static str, Verdict)> {
    let summary = Summary { mean: cell.mean.clone(), spread: cell.spread.clone(), meaning, n, rounding };
    let sets = Grid::of_scale(scale).and_then(|grid| Ok((DataSets::new(&summary, &grid, &[])?, grid)));
    match sets {
        Ok((sets, grid)) => of_sets(&summary, &grid, &sets),
        Err(reason) => vec![("existence", refused(&reason))],
    }
}

fn of_sets(summary: &Summary, grid: &Grid, sets: &DataSets) -> Vec<(&'static str, Verdict)> {
    let mut checks = vec![("grim", of_grim(summary, grid)), ("grimmer", of_grimmer(summary, grid))];
    if grid.is_bounded() {
        checks.push(("sd-limits", of_limits(summary, grid)));
    }
    checks.push(("existence", of_existence(summary, grid, sets)));
    checks
}

fn refused(reason: &Unreconstructable) -> Verdict {
    (Status::Refused, format!("not decidable: {reason}"))
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
        0.0 => "every mean of so few decimals is possible, so that this says nothing".to_owned(),
        power => format!("{} % of means at random would be caught", fixed(100.0 * power, 0)),
    };
    (Status::Pass, format!("a total of {}{more} prints as the mean {mean}; {power}", totals.join(", ")))
}

fn of_grimmer(summary: &Summary, grid: &Grid) -> Verdict {
    match grimmer(summary, grid.lattice()) {
        Ok(found) if found.is_consistent() => (Status::Pass, found.finding().to_owned()),
        Ok(found) => (Status::Fail, format!("{}{}", found.finding(), slip(summary, grid))),
        Err(reason) => refused(&reason),
    }
}

fn of_limits(summary: &Summary, grid: &Grid) -> Verdict {
    let Ok(Some(possible)) = sd_limits(summary, grid) else {
        return (Status::Fail, "no total of values on the scale prints as the mean".to_owned());
    };
    let Some((least, most)) = summary.dispersion(grid.denominator()).ok().flatten() else {
        return (Status::Refused, "not decidable: no SD is reported".to_owned());
    };
    // The reported spread as a sample SD, from n·Σ(x − x̄)² in codes.
    let n = summary.n as f64;
    let sd = |dispersion: i128| (dispersion as f64 / (n * (n - 1.0))).sqrt() / grid.denominator() as f64;
    let [lower, upper] = [possible.lower, possible.upper].map(|end| significant(end, 3));
    let text = format!("with this mean the SD of values on the scale lies between {lower} and {upper}");
    let fits =
        least <= most && sd(least) <= possible.upper * (1.0 + 1e-12) && sd(most) >= possible.lower * (1.0 - 1e-12);
    (if fits { Status::Pass } else { Status::Fail }, text)
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
        let part = number.form.numeral();
        if !part.is_percent() {
            continue;
        }
        let n = number.of.as_deref().and_then(|of| release.whole(of)).and_then(|whole| whole.count());
        checks.push(Check::of(release, "percentage", &number.id, percentage(part, n, rounding)));
    }
    for outcome in &release.outcomes {
        for row in &outcome.results {
            let n = release.size(&row.arm);
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            for (occasion, cell) in row.cells.iter().filter(|(_, cell)| cell.statistic == Statistic::Percent) {
                if let CellForm::Single(part) = &cell.form {
                    let subject = format!("{} {occasion}{arm}: {}", outcome.id, cell.text);
                    checks.push(Check::of(release, "percentage", &subject, percentage(part, n, rounding)));
                }
            }
        }
    }
    checks
}

fn percentage(part: &crate::numeric::numeral::Numeral, n: Option<u64>, rounding: Rounding) -> Verdict {
    let Some(n) = n else {
        let wholes = crate::effect::proportion::denominators(part.rounding_interval(rounding), 40);
        let texts: Vec<String> = wholes.iter().take(6).map(|d| format!("{}/{}", d.k, d.n)).collect();
        let list = if texts.is_empty() { "no whole up to 40".to_owned() } else { format!("{} …", texts.join(", ")) };
        return (Status::Refused, format!("not decidable: the release gives no whole for {part}; it can be {list}"));
    };
    match grim_percentage(part, n, rounding) {
        Err(reason) => refused(&reason),
        Ok(found) if found.is_consistent() => {
            let counts: Vec<String> = found.totals().take(4).map(|k| format!("{k}/{n}")).collect();
            (Status::Pass, format!("{} prints as {part}", counts.join(", ")))
        }
        Ok(_) => (Status::Fail, format!("no count of {n} prints as {part}")),
    }
}
