//! The verdicts on a row of a table, each with its reason.

use super::Status;
use super::cells::Verdict;
use super::table::TableRow;
use crate::numeric::dist::alpha_of;
use crate::reported::ReportedEstimate;

/// What was found; none where it does not apply or cannot be decided, with a note that says why.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RowVerdict {
    /// Some total prints as the mean.
    pub grim: Option<bool>,
    /// Whole numbers print as mean and SD.
    pub grimmer: Option<bool>,
    /// Zeros and ones print as mean and SD.
    pub debit: Option<bool>,
    /// Data on the scale print as mean and SD.
    pub exists: Option<bool>,
    /// Values on the scale have the median.
    pub median: Option<bool>,
    /// What is reported of the difference of two groups belongs to their values.
    pub groups: Option<bool>,
    /// The standard error and the interval belong to the SD.
    pub spread: Option<bool>,
    /// The p belongs to the test statistic, or to the interval.
    pub p_value: Option<bool>,
    /// The effect lies in the middle of its interval.
    pub interval: Option<bool>,
    /// What was found, could not be decided, or could not be read, as `code: reason`.
    pub notes: Vec<String>,
    /// What does not apply, and why.
    pub absent: Vec<String>,
}

impl RowVerdict {
    /// That on a test and its p alone.
    pub(super) fn of_p((status, told): Verdict) -> Self {
        let mut verdict = Self { p_value: decided(status), ..Self::default() };
        match status {
            Status::Pass if told.is_empty() => {}
            Status::Refused => verdict.notes.push(format!("p-value: not decidable: {told}")),
            _ => verdict.notes.push(format!("p-value: {told}")),
        }
        verdict
    }

    /// Adds that on the interval or the p of an effect, and where it does not hold, why.
    pub(super) fn add_of_effect(&mut self, code: &str, (status, message): Verdict, reported: &ReportedEstimate) {
        let found = decided(status);
        match code {
            "interval" => self.interval = found,
            // What fails, fails, whatever stands beside it.
            _ if self.p_value == Some(false) => {}
            _ => self.p_value = found.or(self.p_value),
        }
        if found != Some(true) {
            let differ = if code == "p-value" { decide_differently(reported) } else { None };
            self.notes.push(format!("{code}: {message}{}", differ.unwrap_or_default()));
        }
    }

    /// The codes of the checks that rows of tables have.
    pub fn codes() -> [&'static str; 9] {
        Self::default().verdicts().map(|(code, _)| code)
    }

    /// Each verdict with the code of its check.
    pub fn verdicts(&self) -> [(&'static str, Option<bool>); 9] {
        [
            ("grim", self.grim),
            ("grimmer", self.grimmer),
            ("debit", self.debit),
            ("existence", self.exists),
            ("median", self.median),
            ("groups", self.groups),
            ("spread", self.spread),
            ("p-value", self.p_value),
            ("interval", self.interval),
        ]
    }

    /// Whether nothing could be judged.
    pub fn is_undecided(&self) -> bool {
        self.verdicts().iter().all(|(_, verdict)| verdict.is_none())
    }

    /// The codes of the checks that apply and could not be decided; a note says why.
    pub fn open(&self) -> Vec<&'static str> {
        let is_noted = |code: &str| self.notes.iter().any(|note| note.starts_with(&format!("{code}: ")));
        let open = self.verdicts().into_iter().filter(|(code, verdict)| verdict.is_none() && is_noted(code));
        open.map(|(code, _)| code).collect()
    }

    /// Leaves out the verdicts of some checks, and what was noted of them.
    pub fn retain(&mut self, is_chosen: impl Fn(&str) -> bool) {
        self.keep_reason_of_total(&is_chosen);
        for (code, verdict) in [
            ("grim", &mut self.grim),
            ("grimmer", &mut self.grimmer),
            ("debit", &mut self.debit),
            ("existence", &mut self.exists),
            ("median", &mut self.median),
            ("groups", &mut self.groups),
            ("spread", &mut self.spread),
            ("p-value", &mut self.p_value),
            ("interval", &mut self.interval),
        ] {
            if !is_chosen(code) {
                *verdict = None;
                self.notes.retain(|note| !note.starts_with(&format!("{code}: ")));
            }
        }
        // That step is supposed for these alone.
        if !["grim", "grimmer", "debit", "existence"].into_iter().any(&is_chosen) {
            self.notes.retain(|note| !note.starts_with("step: "));
        }
        let codes = |reason: &str| reason.split_once(": ").map_or("", |(codes, _)| codes).to_owned();
        self.absent.retain(|reason| codes(reason).split(", ").any(&is_chosen));
    }

    /// That no total prints as the mean is said by GRIM: where that is left out, it is the reason of those that fail by it.
    fn keep_reason_of_total(&mut self, is_chosen: &impl Fn(&str) -> bool) {
        let reasons: Vec<String> =
            self.notes.iter().filter_map(|note| note.strip_prefix("grim: ")).map(str::to_owned).collect();
        let dependent = [("grimmer", self.grimmer), ("debit", self.debit)];
        for (code, _) in dependent.into_iter().filter(|(code, found)| *found == Some(false) && is_chosen(code)) {
            let is_told = self.notes.iter().any(|note| note.starts_with(&format!("{code}: ")));
            if !is_told && !is_chosen("grim") {
                self.notes.extend(reasons.iter().map(|told| format!("{code}: {told}")));
            }
        }
    }

    /// Notes what does not apply.
    pub(super) fn explain_absent(&mut self, row: &TableRow) {
        let mut absent = |codes: &str, reason: &str| self.absent.push(format!("{codes}: {reason}"));
        let has_mean = row.mean.is_some() && !row.is_percent;
        if row.groups.is_some() && !self.notes.iter().any(|note| note.starts_with("groups: ")) {
            let reason = match &row.estimate {
                Some(_) => "the effect is none of their means, and is held against its own interval and p alone",
                None => "no t, df, f, p, chi2, se or interval of their difference is given",
            };
            absent("groups", reason);
        }
        if row.several.is_some() && !self.notes.iter().any(|note| note.starts_with("groups: ")) {
            absent("groups", "no f, chi2, df or p of their differences is given");
        }
        if row.mean.is_none() && row.median.is_some() && row.se.is_some() {
            absent("spread", "the standard error beside a median is left aside");
        }
        if row.mean.is_none() && row.groups_on_scale().is_some() {
            absent("spread", "no mean with n is given");
        } else if row.mean.is_none() {
            absent("grim, grimmer, debit, existence, spread", "no mean with n is given");
        } else if row.has_no_steps() && has_mean {
            let codes = if self.exists.is_none() { "grim, grimmer, debit, existence" } else { "grim, grimmer, debit" };
            absent(codes, "the values have no steps, so that every mean and SD has data");
        } else if row.is_percent {
            absent("grimmer, debit, existence, spread", "the row is a percentage");
        } else if row.sd.is_none() {
            absent("grimmer, debit", "no SD is given");
        }
        if has_mean && row.scale.is_none() && (row.min.is_none() || row.max.is_none()) {
            let codes = if self.exists.is_none() { "debit, existence" } else { "debit" };
            absent(codes, "no smallest and largest value is given");
        } else if has_mean && !row.has_no_steps() && row.sd.is_some() && self.debit.is_none() {
            absent("debit", "the values are not 0 and 1");
        }
        if has_mean && self.spread.is_none() {
            match (row.sd.is_some(), row.se.is_some() || row.ci.is_some()) {
                (true, true) => {}
                (true, false) => absent("spread", "no standard error and no interval is given"),
                (false, _) => absent("spread", "no SD is given, and no standard error beside an interval"),
            }
        }
        let has_p = row
            .estimate
            .as_ref()
            .is_some_and(|of| of.reported.p.is_some() && (of.reported.interval.is_some() || of.reported.se.is_some()));
        if row.test.is_none() && !has_p && self.p_value.is_none() {
            absent(
                "p-value",
                "it needs a p beside a test statistic with its degrees of freedom, or beside an interval",
            );
        }
    }

    /// Whether something is wrong.
    pub fn is_inconsistent(&self) -> bool {
        self.verdicts().iter().any(|(_, verdict)| *verdict == Some(false))
    }
}

/// A verdict as true or false; none where it cannot be decided.
pub(super) fn decided(status: Status) -> Option<bool> {
    match status {
        Status::Pass => Some(true),
        Status::Fail => Some(false),
        Status::Refused | Status::Accepted => None,
    }
}

/// What is to be said where an interval leaves out no effect and its p does not, or the other way round; none where
/// both decide alike.
fn decide_differently(reported: &ReportedEstimate) -> Option<String> {
    let interval = reported.interval.as_ref()?;
    let says = reported.p.as_ref()?.says_significant(alpha_of(interval.level))?;
    let nothing = reported.measure.none();
    let (lower, upper) = (interval.lower.value(), interval.upper.value());
    let holds = lower <= nothing && nothing <= upper;
    // An end that prints as no effect decides nothing.
    let is_clear = lower != nothing && upper != nothing;
    let told = if holds { "holds" } else { "leaves out" };
    (is_clear && says == holds).then(|| {
        format!("; interval and p decide differently: the interval {told} {nothing}, and the p is {}", {
            if says { "significant" } else { "not significant" }
        })
    })
}
