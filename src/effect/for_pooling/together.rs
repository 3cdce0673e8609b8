//! What cannot stand beside each other in one pool, and what is to be known of the pool as a whole.

use super::index::Index;
use super::{Design, Pool, PoolableEffect, Question};
use crate::diagnostic::listed;
use crate::effect::measures::Family;
use crate::numeric::format::significant;
use crate::numeric::quantile::quantile;
use crate::reported::{Direction, ReportedMeasure, Statistic, StudyDesign};

impl Pool {
    /// An outcome of which more is better and one of which less is better have no mean effect: one would cancel the
    /// other. The direction of most effects stays, the first of equals.
    pub(super) fn refuse_other_directions(&mut self, releases: &Index<'_>, question: &Question<'_>) {
        let measure = question.measure.code.parse::<ReportedMeasure>().ok();
        let better = |effect: &PoolableEffect| {
            let outcome = question.outcome_of(releases, effect)?;
            measure.map_or(outcome.better, |measure| outcome.direction_of(measure))
        };
        let count = |direction: Direction| self.effects.iter().filter(|of| better(of) == Some(direction)).count();
        let (higher, lower) = (count(Direction::HigherIsBetter), count(Direction::LowerIsBetter));
        if higher == 0 || lower == 0 || question.measure.family == Family::Proportions {
            return;
        }
        let first = self.effects.iter().find_map(better);
        let kept = match higher.cmp(&lower) {
            std::cmp::Ordering::Greater => Some(Direction::HigherIsBetter),
            std::cmp::Ordering::Less => Some(Direction::LowerIsBetter),
            std::cmp::Ordering::Equal => first,
        };
        let effects = std::mem::take(&mut self.effects);
        for effect in effects {
            match better(&effect) {
                Some(own) if Some(own) != kept => {
                    let reason = format!(
                        "{} effects are better by `better` of its outcome, and the other way round for the others: the \
                         effects would cancel each other out",
                        own.name()
                    );
                    self.refuse(&effect.name, reason);
                }
                _ => self.effects.push(effect),
            }
        }
    }

    /// Differences in raw units need one unit, and one kind of number: a change per month is no change.
    pub(super) fn refuse_other_units(&mut self, releases: &Index<'_>, question: &Question<'_>) {
        let is_raw = matches!(question.measure.code, "MC" | "MD" | "MN");
        let unit = |effect: &PoolableEffect| {
            let outcome = question.outcome_of(releases, effect)?;
            let kind = outcome.results.first().and_then(|row| row.reported().next()).map(|(_, cell)| cell.statistic);
            let kind = kind.filter(|kind| matches!(kind, Statistic::Slope | Statistic::Rate));
            let kind = kind.map_or("values", Statistic::name);
            let unit = outcome.unit.as_ref().map_or(String::new(), |unit| unit.en.clone());
            let unit =
                match effect.is_in_percent && !["%", "percent", "per cent"].iter().any(|sign| unit.contains(sign)) {
                    true if unit.is_empty() => "%".to_owned(),
                    true => format!("% where the unit is {unit}"),
                    false => unit,
                };
            Some((unit, kind))
        };
        let mut counts: Vec<((String, &str), usize)> = Vec::new();
        for of in self.effects.iter().filter_map(unit) {
            match counts.iter_mut().find(|(known, _)| *known == of) {
                Some((_, count)) => *count += 1,
                None => counts.push((of, 1)),
            }
        }
        if counts.len() < 2 {
            return;
        }
        let named =
            |(unit, kind): &(String, &str)| format!("{} ({kind})", if unit.is_empty() { "no unit" } else { unit });
        if !is_raw {
            let all: Vec<String> = counts.iter().map(|(of, _)| named(of)).collect();
            self.caveats.push(format!("the releases report in different units or periods: {}", all.join(", ")));
            return;
        }
        // The unit of most effects stays, the first of equals.
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let Some((kept, _)) = counts.iter().find(|(_, count)| *count == most).cloned() else { return };
        let effects = std::mem::take(&mut self.effects);
        for effect in effects {
            match unit(&effect) {
                Some(own) if own != kept => {
                    let reason = format!(
                        "it reports in {} and the others in {}: differences of both cannot be pooled by {}",
                        named(&own),
                        named(&kept),
                        question.measure.code
                    );
                    self.refuse(&effect.name, reason);
                }
                _ => self.effects.push(effect),
            }
        }
    }

    /// An unexplained ± that would make an SD far smaller than those of the other trials, and a usual one if
    /// it were the SE, is not guessed at.
    pub(super) fn refuse_doubtful_spreads(&mut self, question: &Question<'_>) {
        if question.unexplained.is_some() {
            return;
        }
        let all = self.effects.iter().flat_map(|effect| &effect.spreads);
        let mut known: Vec<f64> = all.filter(|own| !own.is_guess).map(|own| own.sd).collect();
        known.sort_by(f64::total_cmp);
        let usual = quantile(&known, 0.5);
        let effects = std::mem::take(&mut self.effects);
        for effect in effects {
            let mut judged = effect.spreads.iter().filter(|own| own.is_guess && !effect.is_reported);
            let doubtful = judged.find_map(|own| {
                let usual = usual?;
                let as_se = own.sd * (own.n as f64).sqrt();
                (own.sd < usual / 3.0 && as_se > usual / 3.0 && as_se < 3.0 * usual).then(|| {
                    format!(
                        "its ± is not explained: as an SD ({}) it is far below that of the other trials ({}), \
                         as a standard error it would give {}; --unexplained se or sd says which it is",
                        significant(own.sd, 3),
                        significant(usual, 3),
                        significant(as_se, 3)
                    )
                })
            });
            match doubtful {
                Some(reason) => self.refuse(&effect.name, reason),
                None => self.effects.push(effect),
            }
        }
    }

    /// What changes of single groups, or of the periods of a crossover, leave open.
    fn compare_changes(&mut self, releases: &Index<'_>, question: &Question<'_>) {
        let changes = || self.effects.iter().filter(|effect| effect.design == Design::BeforeAfter);
        let is_crossover = |effect: &&PoolableEffect| {
            let release = releases.release(&effect.release);
            release.is_some_and(|release| release.design == Some(StudyDesign::Crossover))
        };
        let crossed: Vec<&str> = changes().filter(is_crossover).map(|of| of.name.as_str()).collect();
        let assumed: Vec<&str> = changes().filter(|of| of.is_r_assumed).map(|of| of.name.as_str()).collect();
        let mut caveats = Vec::new();
        if !crossed.is_empty() {
            caveats.push(format!(
                "contrasts of the periods of a crossover ({}): effects of period and of what is carried over are part of them",
                listed(&crossed)
            ));
        }
        if changes().count() > crossed.len() {
            caveats.push(
                "changes of single groups before and after treatment: without a control group, regression to the mean \
                 and the course of the disease are part of the effect; they are not pooled with randomised differences"
                    .to_owned(),
            );
        }
        if let Some(r) = question.r.filter(|_| !assumed.is_empty()) {
            let of = if assumed.len() == self.effects.len() { "every trial".to_owned() } else { listed(&assumed) };
            caveats.push(format!(
                "the correlation of before and after is not reported; r = {r} is assumed for {of}, and the standard \
                 errors depend on it: repeat with other values of --r"
            ));
        }
        self.caveats.extend(caveats);
    }

    /// Caveats that concern the pool as a whole.
    pub(super) fn compare_designs(&mut self, releases: &Index<'_>, question: &Question<'_>) {
        self.compare_changes(releases, question);
        if self.effects.iter().any(|effect| effect.is_from_median) {
            self.caveats.push(
                "medians are converted to means and SDs (Luo et al. 2018; Wan et al. 2014; all five: Shi et al. 2020), \
                 which is right for normal data alone: leave these trials out to see what they do"
                    .to_owned(),
            );
        }
        let mut seen: Vec<(&str, usize)> = Vec::new();
        for effect in &self.effects {
            match seen.iter_mut().find(|(known, _)| *known == effect.release) {
                Some((_, count)) => *count += 1,
                None => seen.push((&effect.release, 1)),
            }
        }
        let repeated: Vec<String> = seen
            .iter()
            .filter(|(_, count)| *count > 1)
            .map(|(name, count)| format!("{count} groups of {name}"))
            .collect();
        let mut caveats = Vec::new();
        if !repeated.is_empty() {
            caveats.push(format!("{} are pooled as if they were trials of their own", repeated.join(", ")));
        }
        let periods: Vec<String> = self
            .effects
            .iter()
            .filter_map(|effect| {
                let occasion = effect.occasion.as_deref()?;
                let label = releases.release(&effect.release)?.occasion(occasion).map(|of| of.label.en.clone());
                Some(label.unwrap_or_else(|| "after".to_owned()))
            })
            .fold(Vec::new(), |mut all, one| {
                if !all.contains(&one) {
                    all.push(one);
                }
                all
            });
        if periods.len() > 1 {
            caveats.push(format!("the trials were measured after different times: {}", periods.join("; ")));
        }
        self.caveats.extend(caveats);
    }
}
