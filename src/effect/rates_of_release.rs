//! Events per person-time behind the mean counts that a release prints.

use super::counts::person_time::{Rate, RateRatio};
use super::rates_of_arms::is_events;
use crate::diagnostic::Refused;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, Outcome, OutcomeResult, Release, Statistic};

/// The events before and after of one outcome in one arm.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReportedRates {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: String,
    /// The first and the last occasion with a mean.
    pub occasions: [String; 2],
    /// The means as printed, without what stands behind them.
    pub printed: [String; 2],
    /// How many people there are.
    pub n: u64,
    /// The rate before against the rate after.
    pub ratio: RateRatio,
}

/// What follows for each outcome whose person-time the release gives (`exposure`): its rates, or why there
/// are none.
///
/// A mean count of n people stands for a total of n times the mean; where the printed digits leave one whole
/// number only, that is the number of events, over n times the time of a person.
#[must_use]
pub fn rates_of_release(release: &Release, rounding: Rounding) -> Vec<Result<ReportedRates, Refused>> {
    let of_outcome = |outcome| {
        let outcome: &Outcome = outcome;
        outcome.results.iter().map(|result| rates(release, outcome, result, rounding)).collect::<Vec<_>>()
    };
    release.outcomes.iter().filter(|outcome| outcome.exposure.is_some()).flat_map(of_outcome).collect()
}

fn rates(
    release: &Release,
    outcome: &Outcome,
    result: &OutcomeResult,
    rounding: Rounding,
) -> Result<ReportedRates, Refused> {
    let id = &outcome.id;
    let [(first, before), .., (last, after)] = &result.cells[..] else {
        return Err(format!("{id}: two occasions are needed").into());
    };
    if is_events(before) || is_events(after) {
        return Err(format!("{id}: its events are counted themselves; `effect` has their rates").into());
    }
    let n = release.size_of_both(&result.arm, [before, after]).ok_or_else(|| {
        format!("{id}: how many people of {} were counted at both occasions is not reported", result.arm)
    })?;
    let of_each = outcome.exposure.as_ref().and_then(|exposure| exposure.time.as_ref());
    let time =
        of_each.ok_or_else(|| format!("{id}: how long each person was observed is not said"))?.value() * n as f64;
    // A mean count is one over people, a mean rate one over their times.
    let parts = |cell: &Cell| match cell.statistic {
        Statistic::Rate if time.fract() == 0.0 => Ok(time as u64),
        Statistic::Rate => Err(Refused::from(format!("{id}: {time} is no whole number of times of observation"))),
        _ => Ok(n),
    };
    let rate = |cell: &Cell| {
        Rate::new(events(cell.center(), parts(cell)?, rounding)?, time).map_err(|reason| format!("{id}: {reason}"))
    };
    Ok(ReportedRates {
        outcome: id.clone(),
        arm: result.arm.clone(),
        occasions: [first.clone(), last.clone()],
        printed: [before, after].map(|cell| cell.center().text().to_owned()),
        n,
        ratio: RateRatio { first: rate(before)?, second: rate(after)? },
    })
}

/// The only total of counts of so many people, or in so many times, whose mean prints so.
fn events(mean: &Numeral, n: u64, rounding: Rounding) -> Result<u64, Refused> {
    let (printed, people) = (mean.rounding_interval(rounding), i128::from(n));
    let low = printed.lower.least_integer(people, printed.lower_included).map(|low| low.max(0));
    let high = printed.upper.greatest_integer(people, printed.upper_included);
    let (Some(low), Some(high)) = (low, high) else {
        return Err(
            format!("a mean of {} in {n} people stands for more events than can be counted", mean.text()).into()
        );
    };
    if low > high {
        return Err(format!("no total of {n} counts prints as the mean {}", mean.text()).into());
    }
    if low < high {
        return Err(format!("a mean of {} in {n} people stands for {low} to {high} events", mean.text()).into());
    }
    u64::try_from(low).map_err(|_| format!("{low} events are too many").into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(mean: &str, n: u64) -> Result<u64, Refused> {
        events(&mean.parse().map_err(|_| "no number".to_owned())?, n, Rounding::UpOrDown)
    }

    #[test]
    fn a_mean_of_few_people_gives_the_number_of_events() {
        // 2.85 × 7 = 19.95 to 2.95 × 7 = 20.65; 0.35 × 7 = 2.45 to 0.45 × 7 = 3.15.
        assert_eq!((of("2.9", 7), of("0.4", 7)), (Ok(20), Ok(3)));
        assert_eq!(of("0.0", 7), Ok(0));
        assert_eq!(of("0.3", 40), Err("a mean of 0.3 in 40 people stands for 10 to 14 events".into()));
        assert_eq!(of("0.2", 3), Err("no total of 3 counts prints as the mean 0.2".into()));
        // 20/7 = 2.857 is cut off to 2.8, and 21/7 = 3 to 3.0: the end of 2.9 to 3.0 does not belong to it.
        let cut = events(&"2.9".parse().unwrap(), 7, Rounding::Floor);
        assert_eq!(cut, Err("no total of 7 counts prints as the mean 2.9".into()));
    }
}
