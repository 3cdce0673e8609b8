//! Whether a mean can have the precision that is printed beside it, where no SD is: an interval or a standard error makes
//! an SD, and the limits of a scale bound that.

use super::cells::Verdict;
use super::precision::WIDENED;
use super::table::{RowVerdict, TableRow};
use super::{Check, Status, arm_in_subject, refused};
use crate::numeric::decimal::Decimal;
use crate::numeric::dist::t_critical;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::limits::most_sd_between;
use crate::reported::{CellForm, Release, SpreadMeaning, Statistic, USUAL_LEVEL};

/// From how many times the SD that any values on the scale have at most an interval is impossible, and what is to be done.
struct Beyond(f64, &'static str);

const IN_RELEASES: Beyond =
    Beyond(WIDENED[0], "; where it is that of a model or of clusters, `adjusted` says of which");

/// In a table nobody says that a mean is that of clusters: those of six people who all agree make an interval as wide as
/// this. A convention, that of the precision of effects of counts.
const IN_TABLES: Beyond = Beyond(2.5, "; unless it is that of a model or of clusters");

/// Every mean with an interval in brackets, of values between two limits.
pub(super) fn spreads_on_scale(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for outcome in &release.outcomes {
        let Some(limits) = limits_of(outcome.scale.min(), outcome.scale.max()) else { continue };
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            let means =
                row.cells.iter().filter(|(_, cell)| cell.statistic == Statistic::Mean && cell.adjusted.is_none());
            for (occasion, cell) in means {
                let CellForm::Pair { center, lower, upper, meaning: SpreadMeaning::Ci95 } = &cell.form else {
                    continue;
                };
                let n = release.size_at(&row.arm, cell).filter(|n| *n > 1);
                let verdict = n.and_then(|n| {
                    let least = least_sd([lower, upper], n, USUAL_LEVEL, rounding);
                    of_least_sd((center, n), ("the interval", least), limits, IN_RELEASES, rounding)
                });
                let subject = format!("{} {occasion}{arm}: {}", outcome.id, cell.text);
                checks.extend(verdict.map(|verdict| Check::of(release, "sd-limits", &subject, verdict)));
            }
        }
    }
    checks
}

/// The same of a row of a table that has a standard error, or an interval, and no SD.
pub(super) fn judge_spread_on_scale(row: &TableRow, (level, rounding): (f64, Rounding), verdict: &mut RowVerdict) {
    let Some((mean, n)) = row.mean.as_ref().filter(|(_, n)| *n > 1 && row.sd.is_none() && !row.is_percent) else {
        return;
    };
    let (min, max) = row.scale.as_ref().map_or((row.min, row.max), |scale| (scale.min(), scale.max()));
    let Some(limits) = limits_of(min, max) else { return };
    let by_se = row.se.as_ref().map(|se| {
        let se = se.rounding_interval(rounding).to_interval().lower;
        ("the standard error", se * (*n as f64).sqrt())
    });
    let by_interval =
        row.ci.as_ref().map(|(lower, upper)| ("the interval", least_sd([lower, upper], *n, level, rounding)));
    for least in by_se.into_iter().chain(by_interval) {
        let Some((status, told)) = of_least_sd((mean, *n), least, limits, IN_TABLES, rounding) else {
            continue;
        };
        match status {
            Status::Pass => verdict.exists = verdict.exists.or(Some(true)),
            // What has no data fails, whatever its interval makes of it.
            _ if verdict.exists == Some(false) => return,
            _ => {
                verdict.exists = if status == Status::Fail { Some(false) } else { None };
                return verdict.notes.push(format!("existence: {told}"));
            }
        }
    }
}

fn limits_of(min: Option<Decimal>, max: Option<Decimal>) -> Option<Interval> {
    min.zip(max).map(|(min, max)| Interval::between(min.to_f64(), max.to_f64()))
}

/// The smallest sample SD of n values whose mean has an interval that prints so, by t or, larger yet, by the normal
/// quantile.
fn least_sd(ends: [&Numeral; 2], n: u64, level: f64, rounding: Rounding) -> f64 {
    let [lower, upper] = ends.map(|end| end.rounding_interval(rounding).to_interval());
    let n = n as f64;
    0.5 * (upper.lower - lower.upper) * n.sqrt() / t_critical(level, n - 1.0)
}

/// What the limits of a scale say of a mean of n values whose SD is no smaller than this. None where the mean lies outside
/// of them. One variance for several means, as models have it, is at most that of values at both limits; above that, by so
/// many times, it fails.
fn of_least_sd(
    (mean, n): (&Numeral, u64),
    (what, least): (&str, f64),
    limits: Interval,
    Beyond(widened, advice): Beyond,
    rounding: Rounding,
) -> Option<Verdict> {
    let most = most_sd_between(mean.rounding_interval(rounding).to_interval(), n, limits)?;
    let of_any = most_sd_between(limits, n, limits)?;
    let [shown, most_shown] = [least.max(0.0), most].map(|sd| significant(sd, 3));
    let told = format!(
        "{what} makes the SD {shown} at least, and with this mean that of values on the scale, whatever its steps, is at \
         most {most_shown}"
    );
    if least <= most * (1.0 + 1e-9) {
        return Some((Status::Pass, told));
    }
    let any = significant(of_any, 3);
    Some(if least > widened * of_any {
        (Status::Fail, format!("{told}, and with any other {any}{advice}"))
    } else {
        refused(format!("{told}; a model with one variance for several means, or clusters, may make it so"))
    })
}
