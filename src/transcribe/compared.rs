//! Which groups an effect compares, or is of, and which a probability compares.

use super::assemble::Assembler;
use super::cells::only;
use super::contrasts::is_other;
use super::effects::Effect;
use super::groups::is_control;
use super::occasions::Time;
use super::scan::{Form, Found};
use super::sentences::sentence;
use super::table::row;
use crate::reported::{ReportedMeasure, Statistic};
use std::ops::Range;

/// Words that compare one group with another.
const COMPARED: [&str; 8] = ["compared", "versus", "vs", "relative", "than", "比べ", "比較", "対し"];

/// An effect with the groups that its sentence names.
pub(super) struct OfGroups {
    pub(super) effect: Effect,
    /// The group that it is of, and the other one.
    pub(super) group: Option<String>,
    pub(super) versus: Option<String>,
    /// The group that is named right behind its value.
    behind: Option<String>,
    /// Up to when something changed, or when the groups were compared.
    pub(super) time: Option<Time>,
}

impl OfGroups {
    /// An effect of one group over another, if both are known.
    pub(super) fn of(effect: Effect, groups: Option<(String, String)>, time: Option<Time>) -> Self {
        let (group, versus) = groups.unzip();
        Self { effect, group, versus, behind: None, time }
    }
}

impl Assembler<'_, '_> {
    /// The groups that an effect compares, where the text leaves no doubt which is compared with which: the one that
    /// stands right before its value, or the one of two that is named first, with the control; that of one group is its
    /// own.
    pub(super) fn of_groups(&mut self, effect: Effect, before: Option<&OfGroups>) -> OfGroups {
        const NEAR: usize = 3;
        let own = sentence(self.flow, effect.range.start);
        let time = self.time_of_effect(&effect, own.start);
        if effect.of_one_arm {
            let group =
                self.group_of_change(&effect, before.map_or(own.start, |of| of.effect.range.end.max(own.start)));
            return OfGroups { effect, group, versus: None, behind: None, time };
        }
        // A name behind the value, or behind its interval, is that of no other number.
        let ends = [effect.value_end, effect.range.end];
        let behind = ends.into_iter().find_map(|end| self.groups.right_behind(self.flow, end, &self.names));
        let control = |all: &[&String]| only(all.iter().filter(|name| is_control(name)).map(|name| (*name).clone()));
        let all = self.groups.distinct(own.clone());
        let beside = self.groups.last_named(self.flow, own.start..effect.value_start, |name| !is_control(name));
        let beside = beside.filter(|name| effect.value_start.saturating_sub(name.range.end) <= NEAR);
        let control = control(&all).or_else(|| self.control.clone().filter(|_| beside.is_some()));
        let is_over_first = self.is_over_first(&own, effect.value_start);
        let says_than = self.unnamed(own).contains(" than ");
        let group = match (beside, all.as_slice()) {
            (Some(named), _) => Some(named.what.clone()),
            (None, [first, _]) if !is_control(first) && !says_than && !is_over_first => Some((*first).clone()),
            // "Compared with placebo, the drug group": プラセボ群に対する実薬群のオッズ比.
            (None, [first, second]) if is_control(first) && !is_control(second) && !says_than && is_over_first => {
                Some((*second).clone())
            }
            _ => None,
        };
        let (group, versus) = group.zip(control).unzip();
        OfGroups { effect, group, versus, behind, time }
    }

    /// Whether a sentence says in front of an effect that the first group that it names is the one with which the other
    /// is compared: 実薬群に対するプラセボ群のオッズ比, "relative to the drug group", プラセボ群－実薬群.
    fn is_over_first(&self, own: &Range<usize>, value: usize) -> bool {
        let named: Vec<_> = self.groups.within(own.start..value).collect();
        let is_compared = named.first().is_some_and(|first| {
            let rest = first.range.end..value;
            named.iter().any(|of| of.what != first.what) && is_other(self.flow, &first.range, &(own.start..rest.end))
        });
        let is_minus = |between: &str| matches!(between.trim(), "-" | "minus" | "minus the" | "マイナス");
        let is_turned = named.windows(2).any(|pair| {
            let between = self.unnamed(pair[0].range.end..pair[1].range.start.max(pair[0].range.end));
            is_control(&pair[0].what) && !is_control(&pair[1].what) && is_minus(&between)
        });
        is_compared || is_turned
    }

    /// Gives the time behind the change of a second arm to that of the first, if no time stands in front of either:
    /// "-3.2 (SE 0.3) with drug A and -1.4 (SE 0.3) with placebo at week 12".
    pub(super) fn time_of_both(&self, first: &mut OfGroups, second: &OfGroups) {
        let own = sentence(self.flow, second.effect.range.start);
        let is_alike = first.effect.of_one_arm
            && second.effect.of_one_arm
            && first.effect.measure == second.effect.measure
            && own.contains(&first.effect.value_start);
        let between = first.effect.value_end..second.effect.value_start;
        let is_other = first.group.is_some() && second.group.is_some() && first.group != second.group;
        if is_alike && is_other && first.time.is_none() && self.times.within(between).next().is_none() {
            first.time = second.time;
        }
    }

    /// Makes two reductions in per cent, or ratios of means, of one sentence those of one group each, where each has
    /// another behind it: "was 52.3% (95% CI, 48.9 to 55.3) in the drug A group and 2.1% (0.9 to 3.3) in the placebo
    /// group".
    pub(super) fn each_of_its_group(&self, first: &mut OfGroups, second: &mut OfGroups) {
        let is_percent = |of: &OfGroups| {
            let is_of_change = matches!(
                of.effect.measure,
                ReportedMeasure::PercentReduction
                    | ReportedMeasure::PercentIncrease
                    | ReportedMeasure::RatioOfMeans
                    | ReportedMeasure::RatioOfGeometricMeans
            );
            is_of_change && of.behind.is_some()
        };
        let own = sentence(self.flow, second.effect.range.start);
        let is_alike = first.effect.measure == second.effect.measure && own.contains(&first.effect.value_start);
        if is_alike && is_percent(first) && is_percent(second) && first.behind != second.behind {
            let control = self.compared_with(&own, [&first.behind, &second.behind]);
            for of in [first, second] {
                of.effect.of_one_arm = control.is_none();
                (of.group, of.versus) = (of.behind.clone(), control.clone());
            }
        }
    }

    /// The control with which a sentence compares two other groups: "compared with the placebo group, … in the 50 mg
    /// group and … in the 100 mg group".
    fn compared_with(&self, own: &Range<usize>, both: [&Option<String>; 2]) -> Option<String> {
        let words = self.unnamed(own.clone());
        let is_compared = COMPARED.iter().any(|word| words.contains(word));
        let all = self.groups.distinct(own.clone());
        let others = all.into_iter().filter(|name| !both.iter().any(|of| of.as_ref() == Some(*name)));
        only(others.filter(|_| is_compared).cloned()).filter(|name| is_control(name))
    }

    /// The time that is named right behind an effect, or else last in front of it; before and after say no more than
    /// nothing.
    fn time_of_effect(&mut self, effect: &Effect, from: usize) -> Option<Time> {
        let ends = [effect.value_end, effect.range.end];
        let behind = ends.into_iter().find_map(|end| self.times.right_behind(self.flow, end, &self.names));
        let in_front = || self.time_before(from..effect.value_start, Some(Statistic::Change)).map(|(time, _)| time);
        behind.or_else(in_front).filter(|time| time.is_told())
    }

    /// The group of which a change is: named right behind its value, or behind its interval, or else last in front of
    /// it, where the words say of no comparison.
    fn group_of_change(&mut self, effect: &Effect, from: usize) -> Option<String> {
        if let Some(of_list) = self.lists.group(effect.value_start) {
            return Some(of_list);
        }
        let ends = [effect.value_end, effect.range.end];
        let behind = ends.into_iter().find_map(|end| self.groups.right_behind(self.flow, end, &self.names));
        let in_front = || {
            let named = self.groups.last_named(self.flow, from..effect.value_start, |_| true)?;
            let words = self.unnamed(from..effect.value_start);
            let says = |text: &str| COMPARED.iter().any(|word| text.contains(word));
            // "Versus −0.2 with placebo" begins with what divides the two.
            let words = words.trim_start_matches([' ', ',', ';', '、']);
            let words = ["versus", "vs."].iter().find_map(|word| words.strip_prefix(word)).unwrap_or(words);
            (!says(words)).then(|| named.what.clone())
        };
        behind.or_else(in_front)
    }

    /// The two groups that a probability right behind their changes compares: the one, and the control.
    pub(super) fn compared_by(&self, number: &Found, effects: &[OfGroups]) -> Option<[String; 2]> {
        let Form::Probability(_) = &number.form else { return None };
        if row(self.flow, number.range.start).is_some() {
            return self.groups_compared(number);
        }
        let own = sentence(self.flow, number.range.start);
        // They stand in the order of the text.
        let first = effects.partition_point(|of| of.effect.range.start < own.start);
        let mut of_sentence = effects[first..].iter().filter(|of| own.contains(&of.effect.range.start));
        let (one, other) = (of_sentence.next()?, of_sentence.next()?);
        let is_plain = |of: &OfGroups| of.effect.of_one_arm && of.effect.p.is_none();
        let is_alike = is_plain(one) && is_plain(other) && one.effect.measure == other.effect.measure;
        if of_sentence.next().is_some() || !is_alike {
            return None;
        }
        match [one.group.clone()?, other.group.clone()?] {
            [group, control] if !is_control(&group) && is_control(&control) => Some([group, control]),
            [control, group] if !is_control(&group) && is_control(&control) => Some([group, control]),
            _ => None,
        }
    }
}
