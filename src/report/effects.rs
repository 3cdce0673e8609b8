//! What follows from reported numbers, for people.

use super::between::{in_other_words, without_value};
use super::cautions::cautions;
use super::document::{Align, Document, Table};
use super::number::{
    clear_interval, correlation_given, fixed, interval, level_text, p_interval, p_value, percent, percent_interval,
    plain, significant,
};
use super::words::{self, Wording};
use crate::effect::before_after::RatioOfMeans;
use crate::effect::common_language::PairedLanguage;
use crate::effect::contrast::{Contrast, Correlation, Scenario};
use crate::effect::of_release::{
    Refusal, ReleaseContrast, ReleaseEffects, ReleaseShare, ReportedPercentage, ReportedProportion,
};
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::estimate::{Estimate, Measure, TestResult};
use crate::numeric::interval::Interval;
use crate::reported::{Cell, Lang, Release};

/// A contrast with the texts that name it.
#[derive(Debug)]
pub struct NamedContrast<'a> {
    /// What it is about: an outcome, with arm and unit.
    pub title: String,
    /// What stands between the title and the results.
    pub colon: &'static str,
    /// The result before, as printed.
    pub before: String,
    /// The result after, as printed.
    pub after: String,
    /// How many decimals the means were printed with.
    pub decimals: usize,
    /// The results.
    pub contrast: &'a Contrast,
}

/// The name of a contrast among those of its release: the outcome, with the arm where there are
/// several, and with the occasion where one outcome has several contrasts.
pub fn contrast_name(release: &Release, effects: &ReleaseEffects, named: &ReleaseContrast, lang: Lang) -> String {
    let mut parts = vec![release.outcome(&named.outcome).map_or(named.outcome.as_str(), |it| it.label.get(lang))];
    let same = |other: &&ReleaseContrast| other.outcome == named.outcome;
    if effects.contrasts.iter().filter(same).any(|other| other.arm != named.arm) {
        parts.push(release.arm(&named.arm).map_or(named.arm.as_str(), |arm| arm.label.get(lang)));
    }
    if effects.contrasts.iter().filter(same).any(|other| other.after != named.after) {
        parts.push(release.occasion(&named.after).map_or(named.after.as_str(), |occasion| occasion.label.get(lang)));
    }
    parts.join(" · ")
}

impl<'a> NamedContrast<'a> {
    /// A contrast of a release.
    pub fn of_release(release: &Release, effects: &ReleaseEffects, named: &'a ReleaseContrast, lang: Lang) -> Self {
        let outcome = release.outcome(&named.outcome);
        let arm = release.arm(&named.arm);
        let [before, after] = [&named.before, &named.after].map(|occasion| named.cell(release, occasion));
        let decimals = [before, after].iter().flatten().map(|cell| cell.center().decimal().decimals()).max();
        let label = contrast_name(release, effects, named, lang);
        let details = outcome.map_or_else(String::new, |outcome| words::details(outcome, lang));
        let comma = lang.choose(", ", "、");
        // "about 70" is shown as it is, though nothing can be computed with it.
        let people = |cell: Option<&Cell>| cell.and_then(|cell| release.people(&named.arm, cell)).map(words::count);
        let n = match (people(before), people(after)) {
            (Some(first), Some(last)) if first != last => format!("n = {first}, {last}"),
            (Some(n), _) => format!("n = {n}"),
            (None, _) => "n not stated".to_owned(),
        };
        let arm = arm.map_or(named.arm.as_str(), |arm| arm.label.get(lang));
        let text = |cell: Option<&Cell>| cell.map(|cell| cell.text.clone()).unwrap_or_default();
        Self {
            title: format!("{label}{details} · {arm}{comma}{n}"),
            colon: lang.choose(": ", "："),
            before: text(before),
            after: text(after),
            decimals: decimals.unwrap_or(1) as usize,
            contrast: &named.contrast,
        }
    }

    /// The contrast on one screen.
    pub fn document(&self) -> Document {
        let mut document = Document::default();
        document.heading(2, format!("{}{}{} → {}", self.title, self.colon, self.before, self.after));
        match &self.contrast.correlation {
            Correlation::Unknown => {
                document.table(self.without_r());
                document.table(scenarios(self.contrast));
            }
            Correlation::Given(_) => document.table(self.with_r()),
            Correlation::Recovered { found, from } => {
                let (r, range) = (found.r, interval(found.r.range));
                document.text(format!("r = {} recovered from {from}; rounding allows {range}", fixed(r.value, 3)));
                document.table(self.with_r());
            }
        }
        document.table(tests(self.contrast));
        // Of several correlations that were given, the words would be many.
        if let [PairedLanguage { r: Some(_), words, .. }] = &self.contrast.common_language[..] {
            document.table(in_other_words("change in other words", words, self.contrast.level));
        }
        let mut points = words::whatever_r_is(self.contrast);
        points.extend(
            self.contrast.caveats.iter().chain(&self.contrast.other_reading).chain(&self.contrast.notes).cloned(),
        );
        // Where r is not known, that it is not is no reason of a measure's own.
        let estimates = self.contrast.scenarios.first().map_or(&self.contrast.estimates, |of| &of.estimates);
        points.extend(without_value(estimates, &self.contrast.notes));
        document.list(points);
        document
    }

    fn estimate(&self, estimate: &Estimate) -> String {
        match (estimate.estimate, estimate.measure) {
            (None, _) => "—".to_owned(),
            (Some(value), Measure::Mc) => fixed(value, self.decimals),
            (Some(value), _) => significant(value, 3),
        }
    }

    /// What rounding alone allows. That of a mean change ends where a digit of the means ends.
    fn rounding(&self, estimate: &Estimate) -> String {
        let ends = |range: Interval| range.ends().map(|end| fixed(end, self.decimals + 1)).join(" to ");
        match (estimate.rounding, estimate.measure) {
            (None, _) => "—".to_owned(),
            (Some(range), Measure::Mc) => ends(range),
            (Some(range), _) => interval(range),
        }
    }

    /// What a measure is called; a log ratio needs everything for its correction.
    fn name(&self, estimate: &Estimate) -> &'static str {
        match estimate.measure {
            Measure::Romc if !self.contrast.input.is_complete() => "log ratio of means, not corrected for bias",
            measure => measure.info().name,
        }
    }

    /// What can be computed without r.
    fn without_r(&self) -> Table {
        let mut table = Table::new(&[
            ("without r", Align::Left),
            ("estimate", Align::Right),
            ("rounding alone", Align::Left),
            ("", Align::Left),
        ]);
        for estimate in self.contrast.estimates.iter().filter(|estimate| estimate.estimate.is_some()) {
            let code = estimate.measure.code();
            table.row([code, &self.estimate(estimate), &self.rounding(estimate), self.name(estimate)]);
        }
        if let Some(of) = self.contrast.ratio {
            let rounding = of.rounding.map(interval).unwrap_or_default();
            table.row(["ratio", &significant(of.ratio, 3), &rounding, &self.name_of_ratio(of)]);
        }
        table
    }

    /// What the ratio of the means is, and by how many percent they differ.
    fn name_of_ratio(&self, of: RatioOfMeans) -> String {
        let of_sizes = if self.contrast.input.are_negative() { " of the sizes of two negative means" } else { "" };
        format!("after/before{of_sizes}, a change of {} %", fixed(100.0 * (of.ratio - 1.0), 1))
    }

    /// Every measure at the correlations that are known.
    fn with_r(&self) -> Table {
        let ci = format!("{} CI", level_text(self.contrast.level));
        let mut table = Table::new(&[
            ("measure", Align::Left),
            ("r", Align::Right),
            ("estimate", Align::Right),
            (ci.as_str(), Align::Left),
            ("by", Align::Left),
            ("rounding alone", Align::Left),
            ("", Align::Left),
        ]);
        for estimate in &self.contrast.estimates {
            table.row([
                estimate.measure.code(),
                &estimate.r.map(correlation_given).unwrap_or_default(),
                &self.estimate(estimate),
                &estimate.ci.map_or_else(|| "—".to_owned(), clear_interval),
                if estimate.ci.is_some() { estimate.ci_method.name() } else { "" },
                &self.rounding(estimate),
                self.name(estimate),
            ]);
        }
        for of in self.contrast.ratios() {
            table.row([
                "ratio",
                &of.r.map(correlation_given).unwrap_or_default(),
                &significant(of.ratio, 3),
                &of.ci.map_or_else(|| "—".to_owned(), interval),
                if of.ci.is_some() { "delta" } else { "" },
                &of.rounding.map(interval).unwrap_or_default(),
                &self.name_of_ratio(of),
            ]);
        }
        table
    }
}

fn tests(contrast: &Contrast) -> Table {
    let mut table = Table::new(&[
        ("paired t-test", Align::Left),
        ("t", Align::Right),
        ("df", Align::Right),
        ("p", Align::Right),
        ("p, rounding alone", Align::Left),
    ]);
    for test in &contrast.tests {
        let range = test.p_rounding.map(p_interval).unwrap_or_default();
        let r = format!("r = {}", test.r.map(correlation_given).unwrap_or_default());
        table.row([r, fixed(test.statistic, 2), plain(test.df), p_value(test.p), range]);
    }
    table
}

/// What would follow at several correlations.
fn scenarios(contrast: &Contrast) -> Table {
    let level = level_text(contrast.level);
    let [change, dav, ratio] = ["MC", "gav", "ratio (delta)"].map(|of| format!("{of}, {level} CI"));
    let mut table = Table::new(&[
        ("if r were", Align::Right),
        (change.as_str(), Align::Left),
        ("t", Align::Right),
        ("p", Align::Right),
        ("dz", Align::Right),
        ("gz", Align::Right),
        (dav.as_str(), Align::Left),
        (ratio.as_str(), Align::Left),
    ]);
    for scenario in &contrast.scenarios {
        let of = |measure: Measure| scenario.estimates.iter().find(|estimate| estimate.measure == measure);
        let ci = |measure| of(measure).and_then(|e| e.ci).map_or("—".to_owned(), interval);
        let estimate = |measure| of(measure).and_then(|e| e.estimate).map_or("—".to_owned(), |e| significant(e, 3));
        let ratio = scenario.ratio.and_then(|ratio| ratio.ci).map(interval);
        let test = |show: fn(&TestResult) -> String| scenario_test(scenario, show);
        table.row([
            correlation_given(scenario.r),
            ci(Measure::Mc),
            test(|test| fixed(test.statistic, 2)),
            test(|test| p_value(test.p)),
            estimate(Measure::Dz),
            estimate(Measure::Gz),
            ci(Measure::Gav),
            ratio.unwrap_or("—".to_owned()),
        ]);
    }
    table
}

fn scenario_test(scenario: &Scenario, show: fn(&TestResult) -> String) -> String {
    scenario.test.as_ref().map_or("—".to_owned(), show)
}

/// Everything that a release allows, and everything that it does not.
pub fn effects(release: &Release, effects: &ReleaseEffects, level: f64, lang: Lang) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{} · {}", release.id, release.label.get(lang)));
    for contrast in &effects.contrasts {
        document.append(NamedContrast::of_release(release, effects, contrast, lang).document());
    }
    for named in &effects.changes {
        document.append(super::between::change_of_release(release, named, lang));
    }
    for named in &effects.between {
        document.append(super::between::between_of_release(release, named, lang));
    }
    for named in &effects.tables {
        document.append(super::between::table_of_release(release, named, level, lang));
    }
    document.append(super::rates::of_release(release, effects, level, lang));
    document.table(super::reported::table(release, effects, Wording::screen(lang)));
    document.table(proportions(release, &effects.proportions, level, lang));
    document.table(shares_of_single_arms(release, &effects.shares, level, lang));
    document.list(effects.percentages.iter().map(|p| percentage(release, p, lang)).collect());
    document.list(refusals(release, &effects.refusals, lang));
    document.list(cautions(release, effects, lang));
    document
}

/// Parts of wholes with two intervals.
pub fn proportions(release: &Release, proportions: &[ReportedProportion], level: f64, lang: Lang) -> Table {
    let wilson = format!("Wilson {} CI", level_text(level));
    let exact = format!("Clopper–Pearson {} CI", level_text(level));
    let columns = [
        ("proportion", Align::Left),
        ("k/n", Align::Right),
        ("share", Align::Right),
        (wilson.as_str(), Align::Left),
        (exact.as_str(), Align::Left),
    ];
    let is_rounded = proportions.iter().any(|reported| reported.rounding.is_some());
    let rounding = [("rounding alone", Align::Left)];
    let mut table =
        Table::new(&columns.iter().chain(rounding.iter().filter(|_| is_rounded)).copied().collect::<Vec<_>>());
    for reported in proportions {
        let proportion = reported.proportion;
        let ci = |method| percent_interval(proportion.interval(method, level));
        let fields = [
            release.number(&reported.number).map_or("", |number| number.label.get(lang)).to_owned(),
            format!("{}/{}", proportion.k(), proportion.n()),
            percent(proportion.estimate()),
            ci(ProportionCi::Wilson),
            ci(ProportionCi::ClopperPearson),
        ];
        let rounding = is_rounded.then(|| reported.rounding.map(percent_interval).unwrap_or_default());
        table.row(fields.into_iter().chain(rounding));
    }
    table
}

/// How many of an arm it were, where no 2×2 table compares it with another one.
fn shares_of_single_arms(release: &Release, shares: &[ReleaseShare], level: f64, lang: Lang) -> Table {
    let intervals = ["Wilson", "Clopper–Pearson"].map(|name| format!("{name} {} CI", level_text(level)));
    let mut table = Table::new(&[
        ("share of an arm", Align::Left),
        ("k/n", Align::Right),
        ("share", Align::Right),
        (intervals[0].as_str(), Align::Left),
        (intervals[1].as_str(), Align::Left),
    ]);
    for of in shares.iter().filter(|of| !of.is_compared) {
        let proportion = of.proportion;
        let ci = |method| percent_interval(proportion.interval(method, level));
        let outcome = release.outcome(&of.outcome);
        let arm = release.arm(&of.arm).map(|arm| arm.label.get(lang));
        let occasion = release.occasion(&of.occasion).map(|occasion| occasion.label.get(lang));
        let names = [outcome.map(|outcome| outcome.label.get(lang)), arm, occasion];
        table.row([
            names.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            format!("{}/{}", proportion.k(), proportion.n()),
            percent(proportion.estimate()),
            ci(ProportionCi::Wilson),
            ci(ProportionCi::ClopperPearson),
        ]);
    }
    table
}

/// Every interval of one proportion.
pub fn one_proportion(proportion: Proportion, level: f64) -> Document {
    let mut document = Document::default();
    let share = percent(proportion.estimate());
    document.heading(2, format!("{} of {}: {share}", proportion.k(), proportion.n()));
    let ci = format!("{} CI", level_text(level));
    let mut table = Table::new(&[("method", Align::Left), (ci.as_str(), Align::Left)]);
    for (name, method) in ProportionCi::ALL {
        // Agresti and Coull's interval goes beyond what a share can be; documents keep its ends.
        let Interval { lower, upper } = proportion.interval(method, level);
        let shown = Interval { lower: lower.max(0.0), upper: upper.min(1.0) };
        table.row([name.to_owned(), percent_interval(shown)]);
    }
    document.table(table);
    document
}

/// A list of more fractions is cut.
const MOST_FRACTIONS: usize = 20;

/// Which denominators a percentage allows.
pub fn percentage(release: &Release, reported: &ReportedPercentage, lang: Lang) -> String {
    let number = release.number(&reported.number);
    let label = number.map_or("", |number| number.label.get(lang));
    let text = number.map_or("", |number| number.form.text());
    let largest = crate::effect::of_release::LARGEST_WHOLE;
    let Some(smallest) = reported.denominators.first() else {
        return format!("{label}: {text} is no share of any whole up to {largest}");
    };
    let count = reported.denominators.len();
    let shown = reported.denominators.iter().take(MOST_FRACTIONS).map(|d| format!("{}/{}", d.k, d.n));
    let mut wholes = shown.collect::<Vec<_>>().join(", ");
    if count > MOST_FRACTIONS {
        wholes.push_str(&format!(" … ({count} fractions in all)"));
    }
    let smallest = smallest.n;
    format!(
        "{label}: {text} has no denominator in the release. Up to {largest} it can be {wholes}; the smallest whole is {smallest}"
    )
}

/// What a refusal is about; none where it is the release as a whole.
pub(super) fn refused_subject(release: &Release, refusal: &Refusal, lang: Lang) -> Option<String> {
    let id = refusal.subject.as_deref()?;
    let own = release.number(id).map(|number| &number.label).or_else(|| release.estimate(id).map(|it| &it.label));
    Some(match own.filter(|_| release.outcome(id).is_none()) {
        Some(label) => label.get(lang).to_owned(),
        None => words::row_name(release, id, refusal.arm.as_deref().unwrap_or_default(), lang),
    })
}

/// Refusals, those with one reason together.
pub fn refusals(release: &Release, refusals: &[Refusal], lang: Lang) -> Vec<String> {
    let mut grouped: Vec<(&str, Vec<String>)> = Vec::new();
    for refusal in refusals {
        let subject = refused_subject(release, refusal, lang);
        match grouped.iter_mut().find(|(reason, _)| *reason == refusal.reason) {
            Some((_, subjects)) => subjects.extend(subject),
            None => grouped.push((&refusal.reason, subject.into_iter().collect())),
        }
    }
    let line = |(reason, subjects): (&str, Vec<String>)| {
        let about = if subjects.is_empty() { String::new() } else { format!("{}: ", subjects.join(", ")) };
        format!("refused — {about}{reason}")
    };
    grouped.into_iter().map(line).collect()
}
