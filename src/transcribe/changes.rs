//! Words that say by how much something changed, and which way; and results that are values where a word in front tells
//! of a change.

use super::assemble::Assembler;
use super::flow::Flow;
use super::names::{called_so, measure_behind};
use super::occasions::Time;
use super::scan::{Form, Found};
use super::sentences::{said_before, sentence};
use super::series::{Placed, is_change};
use crate::numeric::numeral::{Expression, fold, fold_char};
use crate::reported::ReportedMeasure;
use std::ops::Range;

/// Which way something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
    /// The word says no more than that it changed, or became better.
    Open,
}

/// Verbs behind which it stands by how much.
const VERBS: [(&str, Way); 22] = [
    ("improved", Way::Open),
    ("improve", Way::Open),
    ("improvement", Way::Open),
    ("worsened", Way::Open),
    ("worsen", Way::Open),
    ("changed", Way::Open),
    ("increased", Way::Up),
    ("rose", Way::Up),
    ("risen", Way::Up),
    ("raised", Way::Up),
    ("grew", Way::Up),
    ("gained", Way::Up),
    ("lengthened", Way::Up),
    ("decreased", Way::Down),
    ("declined", Way::Down),
    ("dropped", Way::Down),
    ("fell", Way::Down),
    ("fallen", Way::Down),
    ("reduced", Way::Down),
    ("lowered", Way::Down),
    ("lost", Way::Down),
    ("shortened", Way::Down),
];

/// What may stand between a verb and its number.
const MEANS: [&str; 5] = ["a mean of", "an average of", "a median of", "on average", "a mean"];

fn way_of(verb: &str) -> Option<Way> {
    let verb = verb.trim_end_matches(',');
    VERBS.iter().find(|(word, _)| *word == verb).map(|(_, way)| *way)
}

pub(super) fn without_mean(front: &str) -> &str {
    let front = front.trim_end();
    MEANS.iter().find_map(|end| front.strip_suffix(end)).unwrap_or(front).trim_end()
}

/// Which way words right in front of a number say by how much something changed: "improved by", "worsened by a mean
/// of".
pub(super) fn changed_by(front: &str) -> Option<Way> {
    /// So many words may stand between a verb and its "by": "improved significantly by".
    const BETWEEN: usize = 3;
    // Of "by a mean (SD) of" its bracket is left open here.
    let words = front.split([' ', '(', '[', '\u{3000}']).filter(|word| !word.is_empty());
    let front = words.collect::<Vec<_>>().join(" ");
    let front = without_mean(&front).strip_suffix(" by")?;
    front.rsplit(' ').take(BETWEEN + 1).find_map(way_of)
}

/// Whether words right in front of a number say "by" once more, without its verb: "fell by 2.1 on the drug and by 0.7".
fn changed_by_again(front: &str) -> bool {
    let front = without_mean(front);
    ["and by", "and only by", "versus by", "vs by", "compared with by"].iter().any(|word| front.ends_with(word))
}

/// The same of a verb without "by": "fell 3.3 points", "lost a mean of 6.4 kg".
pub(super) fn changed_right_in_front(front: &str) -> Option<Way> {
    const DIRECT: [&str; 9] =
        ["fell", "dropped", "declined", "decreased", "lost", "rose", "increased", "gained", "improved"];
    let verb = without_mean(front).rsplit(' ').next().filter(|verb| DIRECT.contains(verb))?;
    way_of(verb)
}

/// Which way words right behind a number say that something changed by it: 5.9±4.1kg減少, "a 2.1 ± 1.0 point decrease".
pub(super) fn changed_behind(flow: &Flow, number: &Found) -> Option<Way> {
    match measure_behind(flow, number)? {
        ReportedMeasure::MeanReduction => Some(Way::Down),
        ReportedMeasure::MeanChange => Some(Way::Up),
        _ => None,
    }
}

impl<'a> Assembler<'_, 'a> {
    /// Which way words right beside a result say that something changed by it; none where they say no such thing.
    pub(super) fn changed_beside(&self, found: &Found) -> Option<Way> {
        let front = self.words_in_front(found);
        let is_first = || self.result_behind(found.range.end).is_some_and(|next| self.is_pair(found, next));
        let direct = || changed_right_in_front(&front).filter(|_| !is_first());
        let again = || changed_by_again(&front).then(|| self.verb_in_front(found)).flatten();
        changed_behind(self.flow, found).or_else(|| changed_by(&front)).or_else(again).or_else(direct)
    }

    /// Which way the last verb of a change in the sentence in front of a result says that something changed.
    fn verb_in_front(&self, found: &Found) -> Option<Way> {
        let start = found.range.start;
        let front = fold(&said_before(self.flow, sentence(self.flow, start).start, start)).to_lowercase();
        front.rsplit(' ').find_map(way_of)
    }

    /// What the sentence says right in front of a result, in small letters and without what it says in brackets.
    fn words_in_front(&self, found: &Found) -> String {
        /// So many characters in front may call it a change.
        const CALLED: usize = 48;
        let start = found.range.start;
        let own = sentence(self.flow, start).start;
        fold(&said_before(self.flow, own.max(start.saturating_sub(CALLED)), start)).to_lowercase()
    }

    /// Whether a result that is a change fell, by the words in front or behind, or by those that it goes on from.
    pub(super) fn falls(&self, found: &Found, way: Option<Way>, last: Option<&Placed<'a>>) -> bool {
        match (way, called_so(&self.words_in_front(found))) {
            (Some(way), _) | (None, Some((_, way))) => way == Way::Down,
            (None, None) => last.is_some_and(|last| last.falls),
        }
    }

    /// Whether a result is what was there before, whatever a word in front says of a change: "no significant change was
    /// seen (45 ± 20 before and", 有意な変化はなかった（投与前72.1±10.2kg. Nothing has changed before.
    pub(super) fn is_value_before(&mut self, found: &Found) -> bool {
        let end = found.range.end;
        let is_named = self.times.right_behind(self.flow, end, &self.names) == Some(Time::Before)
            && self.times.within(end..self.flow.chars.len()).next().is_some_and(|of| self.is_when(of.range.start));
        is_named
            || is_said_before(self.flow, end)
            || self.time_right_in_front(found) == Some(Time::Before)
            || self.is_in_bracket_of_before(found)
    }

    /// Whether a result stands alone in brackets right behind the name of the time before: "from baseline (6.3 ± 1.4) to".
    fn is_in_bracket_of_before(&self, found: &Found) -> bool {
        const BRACKET: usize = 2;
        let Range { start, end } = found.range;
        let front = fold(&self.flow.text(start.saturating_sub(BRACKET)..start));
        let behind = fold(&self.flow.text(end..self.flow.chars.len().min(end + 1)));
        let mut near = self.times.within(sentence(self.flow, start).start..start);
        let is_named = near.any(|of| of.what == Time::Before && of.range.end + BRACKET >= start);
        front.ends_with('(') && behind == ")" && is_named
    }

    /// Whether a result is the next value behind such a one: "and 51 ± 24 after treatment".
    pub(super) fn is_value_after(&mut self, found: &Found, last: Option<&Placed<'a>>) -> bool {
        let Some(last) = last.filter(|last| last.time == Time::Before && !is_change(last.called)) else { return false };
        let between = last.found.range.end..found.range.start;
        let is_of_sentence = sentence(self.flow, found.range.start).contains(&last.found.range.start);
        let words = fold(&said_before(self.flow, between.start, between.end.max(between.start))).to_lowercase();
        let is_timed = self.times.right_behind(self.flow, found.range.end, &self.names).is_some()
            || self.time_right_in_front(found).is_some();
        is_of_sentence && is_timed && called_so(&words).is_none()
    }

    /// The time that is named right in front of a result: 投与前72.1, "at baseline: 6.8".
    fn time_right_in_front(&self, found: &Found) -> Option<Time> {
        const BESIDE: usize = 4;
        let start = found.range.start;
        let own = sentence(self.flow, start).start;
        let named = self.times.last_named(self.flow, own..start, |_| true)?;
        let is_beside = named.range.end + BESIDE >= start && self.is_when(named.range.start);
        is_beside.then_some(named.what)
    }

    /// Whether the name of a time at a place says when, and not from when on or compared with when: "over baseline".
    fn is_when(&self, at: usize) -> bool {
        const OTHERS: [&str; 12] =
            ["from", "from the", "over", "to", "than", "versus", "vs", "vs.", "with", "against", "since", "above"];
        let front = fold(&self.flow.text(at.saturating_sub(12)..at)).to_lowercase();
        !OTHERS.iter().any(|word| front.trim_end().ends_with(&format!(" {word}")))
    }

    /// Makes the value of the group in front a change as well, where the word behind the second is that of both:
    /// 実薬群で5.9±4.1kg、対照群で1.4±3.8kg減少した.
    pub(super) fn change_of_both(&self, found: &Found, way: Option<Way>, series: Option<&mut Vec<Placed<'a>>>) {
        let Some(way) = way.filter(|_| changed_behind(self.flow, found).is_some()) else { return };
        let Some([last]) = series.map(Vec::as_mut_slice) else { return };
        let between = last.found.range.end..found.range.start;
        let is_of_groups = last.group.is_some() && self.groups.within(between).next().is_some();
        let is_plain = last.called.is_none() && !matches!(last.time, Time::Before);
        if is_of_groups && is_plain && self.link(last.found, found).is_some() {
            last.called = Some(crate::reported::Statistic::Change);
            last.falls = way == Way::Down;
            last.time = if last.time == Time::Open { Time::After } else { last.time };
        }
    }
}

/// Whether "before" stands right behind a number and its unit, and says all.
pub(super) fn is_said_before(flow: &Flow, end: usize) -> bool {
    const FAR: usize = 24;
    let behind = fold(&flow.text(end..flow.chars.len().min(end + FAR))).to_lowercase();
    let words: Vec<&str> = behind.split(' ').filter(|word| !word.is_empty()).take(3).collect();
    let place = words.iter().take(2).position(|word| word.trim_end_matches([',', ')', ';']) == "before");
    place.is_some_and(|place| {
        let is_end = words[place] != "before" || words.get(place + 1) == Some(&"and");
        is_end && words[..place].iter().all(|unit| !unit.ends_with([',', ';', ')']))
    })
}

/// Words of a fall, or how they begin.
pub(super) const FALLS: [&str; 10] =
    ["fell", "fall", "declin", "decreas", "reduc", "drop", "lower", "lost", "減少", "低下"];

/// Where the last word begins that tells of a fall in the sentence in front of a place.
pub(super) fn fall_in_front(flow: &Flow, at: usize) -> Option<usize> {
    let own = sentence(flow, at).start;
    let front = fold(&flow.text(own..at)).to_ascii_lowercase();
    let place = FALLS.iter().filter_map(|word| front.rfind(word)).max()?;
    Some(own + front[..place].chars().count())
}

/// Whether a result above 0 is printed without a sign.
pub(super) fn is_unsigned(found: &Found) -> bool {
    let Form::Result(Expression::Spread { center, .. } | Expression::Range { center, .. }) = &found.form else {
        return false;
    };
    found.text.starts_with(|c: char| fold_char(c).is_ascii_digit()) && center.decimal().signum() > 0
}

/// A change that fell with the minus that its words say; none of a pair, whose ends would turn as well.
pub(super) fn with_minus(found: &Found) -> Option<Found> {
    let Form::Result(Expression::Spread { .. }) = &found.form else { return None };
    let text = format!("-{}", found.text);
    let expression = text.parse().ok()?;
    Some(Found { form: Form::Result(expression), text, range: found.range.clone() })
}

#[cfg(test)]
mod tests {
    use crate::check::{Status, provenance::numbers_in_quotes};
    use crate::transcribe::draft;

    /// Arm, statistic, occasion and text of every result of a draft, in which each number stands in its quote.
    fn results(text: &str) -> Vec<String> {
        let release = draft("t", "t.txt", text).unwrap();
        for check in numbers_in_quotes(&release) {
            assert_eq!(check.status, Status::Pass, "{text}: {check:?}");
        }
        let rows = release.outcomes.iter().flat_map(|outcome| &outcome.results);
        let of_row = rows.flat_map(|row| row.reported().map(|(occasion, cell)| (&row.arm, occasion, cell)));
        of_row
            .map(|(arm, occasion, cell)| format!("{arm} {} {occasion} {}", cell.statistic.name(), cell.text))
            .collect()
    }

    fn assert_results(examples: &[(&str, &[&str])]) {
        for (text, expected) in examples {
            assert_eq!(results(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_has_a_time_before_is_a_value_whatever_changed() {
        let of_both = ["arm-1 mean before 31.2 ± 4.1", "arm-1 mean after 29.8 ± 4.4"];
        assert_results(&[
            ("No significant change was seen in grip (31.2 ± 4.1 before and 29.8 ± 4.4 after treatment).", &of_both),
            ("A change was found in grip: 31.2 ± 4.1 before and 29.8 ± 4.4 after treatment.", &of_both),
            (
                "There was no change in grip (31.2 ± 4.1 kg at baseline and 29.8 ± 4.4 kg at week 8).",
                &["arm-1 mean before 31.2 ± 4.1 kg", "arm-1 mean week-8 29.8 ± 4.4 kg"],
            ),
            (
                "握力に変化はなかった（投与前31.2±4.1kg、投与後29.8±4.4kg）。",
                &["arm-1 mean before 31.2±4.1kg", "arm-1 mean after 29.8±4.4kg"],
            ),
            // Since then, and over what, is no time of the value.
            ("The mean change from baseline −1.2 ± 0.8 was large.", &["arm-1 change after −1.2 ± 0.8"]),
            ("There was a change of 1.2 ± 0.8 points over baseline.", &["arm-1 change after 1.2 ± 0.8 points"]),
        ]);
    }

    #[test]
    fn a_verb_beside_a_number_makes_it_a_change() {
        assert_results(&[
            ("体重は平均4.7±3.9kg増加した。", &["arm-1 change after 4.7±3.9kg"]),
            ("握力は4.7±3.9kgの有意な低下を示した。", &["arm-1 change after -4.7±3.9kg"]),
            (
                "HbA1cは投与12週後に1.1±0.6％低下し、6.9±0.9％となった。",
                &["arm-1 change week-12 -1.1±0.6％", "arm-1 mean week-12 6.9±0.9％"],
            ),
            (
                "NRSは6.1±1.7から2.8±1.5低下し、8週後には3.3±2.0となった。",
                &["arm-1 mean before 6.1±1.7", "arm-1 mean week-8 3.3±2.0", "arm-1 change after -2.8±1.5"],
            ),
            (
                "実薬群で4.7±3.9kg、プラセボ群で1.2±3.5kg減少した。",
                &["active change after -4.7±3.9kg", "placebo change after -1.2±3.5kg"],
            ),
            (
                "Mean (SD) reduction was 2.1 (1.0) points with drug Y and 0.4 (1.1) points with placebo.",
                &["drug-y change after -2.1 (1.0)", "placebo change after -0.4 (1.1)"],
            ),
            (
                "Pain went from 6.1 ± 1.7 to 2.8 ± 1.5, a fall of 3.3 ± 1.4.",
                &["arm-1 mean before 6.1 ± 1.7", "arm-1 mean after 2.8 ± 1.5", "arm-1 change after -3.3 ± 1.4"],
            ),
            ("Patients lost 4.7 kg (SD 3.9).", &["arm-1 change after -4.7 kg (SD 3.9)"]),
            ("握力は31.2±4.1kgへと低下した。", &["arm-1 mean open 31.2±4.1kg"]),
            ("握力は31.2±4.1kgに低下した。", &["arm-1 mean open 31.2±4.1kg"]),
        ]);
    }

    #[test]
    fn a_fall_has_its_minus_where_a_word_of_its_quote_tells() {
        assert_results(&[
            (
                "Weight increased by 4.7 ± 3.9 kg with drug Y and decreased by 1.2 ± 3.5 kg with placebo.",
                &["drug-y change after 4.7 ± 3.9 kg", "placebo change after -1.2 ± 3.5 kg"],
            ),
            (
                "Weight fell by 4.7 ± 3.9 kg at month 6 and 5.2 ± 4.0 kg at month 12.",
                &["arm-1 change month-6 -4.7 ± 3.9 kg", "arm-1 change month-12 -5.2 ± 4.0 kg"],
            ),
            ("Weight fell by a median of 4.7 kg (IQR 2.0 to 6.1).", &["arm-1 change after 4.7 kg (IQR 2.0 to 6.1)"]),
            ("Weight improved by 4.7 ± 3.9 kg.", &["arm-1 change after 4.7 ± 3.9 kg"]),
        ]);
        // "Slower" and "lower" together may be either.
        for (text, expected, is_told) in [
            ("The slower decline lowered it by 4.7 ± 3.9 kg.", "arm-1 change after 4.7 ± 3.9 kg", true),
            ("Weight fell by −4.7 ± 3.9 kg.", "arm-1 change after −4.7 ± 3.9 kg", false),
            ("Weight fell by 4.7 ± 3.9 kg.", "arm-1 change after -4.7 ± 3.9 kg", false),
        ] {
            assert_eq!(results(text), [expected]);
            let label = &draft("t", "t.txt", text).unwrap().outcomes[0].label.en;
            assert_eq!(label.contains("without its sign"), is_told, "{label}");
        }
    }
}
