//! A release of everything that was found, for a person to complete.

use super::assemble::{Assembled, assemble};
use super::bare_pairs::with_bare_pairs;
use super::cells::{PlusMinus, only, result, spread_beside};
use super::changes::{fall_in_front, is_unsigned, with_minus};
use super::columns::with_probabilities;
use super::flow::Flow;
use super::heading;
use super::names::is_called_adjusted;
use super::occasions::Time;
use super::passage::{MOST, QUOTE};
use super::rows::with_counts;
use super::scan::scan;
use super::sentences::sentence;
use super::series::Placed;
use super::sizes::Size;
use crate::check::provenance::{TO_DO, holds_number};
use crate::numeric::numeral::Numeral;
use crate::reported::{
    Cell, CellForm, Lang, Localized, Outcome, OutcomeResult, Passage, Release, Scale, SourceDocument, SpreadMeaning,
    Statistic, StudyKind, is_hidden,
};
use std::ops::Range;

/// The draft of a release from the text of its source; none where there is no text.
pub fn draft(id: &str, file: &str, text: &str) -> Option<Release> {
    let flow = Flow::of(text);
    if flow.chars.is_empty() {
        return None;
    }
    let found = with_counts(&flow, with_probabilities(&flow, with_bare_pairs(&flow, scan(&flow))));
    let all = assemble(&flow, &found);
    let plus_minus = PlusMinus::of(&flow, &found);
    let release = empty(id, file, text, &flow);
    let compared = all.compared.clone();
    let mut drafted = Drafted { flow: &flow, plus_minus, groups: Vec::new(), compared, fallen: Vec::new(), release };
    drafted.arms(&found, &all);
    let Assembled { series, effects, tallies, loose, of_unknown, others, intervals, .. } = all;
    let of_effects = effects.iter().filter_map(|of| of.time);
    let of_tallies = tallies.iter().flatten().map(|tally| tally.at);
    drafted.occasions(series.iter().flatten().map(|placed| placed.time).chain(of_effects).chain(of_tallies));
    for results in &series {
        drafted.outcome(&results.iter().collect::<Vec<_>>());
    }
    for of_one in &tallies {
        drafted.tallies(of_one);
    }
    for effect in effects {
        drafted.estimate(effect);
    }
    for number in loose {
        drafted.center(number, "a difference of arms has no field for what nothing calls its SE");
    }
    for number in of_unknown {
        drafted.center(number, "the text does not say of whom it is");
    }
    drafted.numbers(&others, &intervals);
    drafted.claims_in_words(&found);
    drafted.tell_signs();
    drafted.in_order_of_time();
    Some(drafted.release)
}

fn empty(id: &str, file: &str, text: &str, flow: &Flow) -> Release {
    let is_japanese = |c: &char| matches!(*c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}');
    let japanese = flow.chars.iter().filter(|c| is_japanese(c)).count();
    let shown = |line: &str| whole_words(&line.chars().filter(|c| !is_hidden(*c)).collect::<String>());
    let title = heading::title(text).map(shown).filter(|title| !title.is_empty());
    let publisher = heading::publisher(text).map(shown).filter(|name| !name.is_empty());
    let publisher = publisher.unwrap_or_else(|| format!("{TO_DO}: who published it"));
    let date = heading::date(text);
    // The format has no open date: what is about the file says that none was found.
    let and_date = if date.is_some() { "" } else { "; and the day of publication, of which no date was found" };
    let has_commas = !flow.decimal_commas.is_empty();
    let and_commas = if has_commas { "; the commas in its numbers are read as decimal points" } else { "" };
    Release {
        id: id.to_owned(),
        kind: StudyKind::Trial,
        design: None,
        label: Localized::same(format!("{TO_DO}: what it is about, in a few words{and_date}{and_commas}")),
        title: Localized::same(title.unwrap_or_else(|| format!("{TO_DO}: the title"))),
        publisher: Some(Localized::same(publisher)),
        date,
        language: if 20 * japanese > flow.chars.len() { Lang::Ja } else { Lang::En },
        source: SourceDocument { file: file.to_owned(), sha256: hash(text), url: None },
        paper: None,
        registrations: Vec::new(),
        arms: Vec::new(),
        occasions: Vec::new(),
        outcomes: Vec::new(),
        numbers: Vec::new(),
        estimates: Vec::new(),
        statements: Vec::new(),
        expectations: Vec::new(),
        ignored: Vec::new(),
    }
}

/// As many whole words of a title as one line holds.
fn whole_words(title: &str) -> String {
    const LONGEST: usize = 160;
    let title = title.trim();
    let Some((end, _)) = title.char_indices().nth(LONGEST) else { return title.to_owned() };
    let (front, rest) = title.split_at(end);
    let is_between = rest.starts_with(' ');
    let word = front.rfind(' ').filter(|blank| !is_between && *blank > end / 2);
    format!("{} …", front[..word.unwrap_or(end)].trim_end())
}

#[cfg(feature = "sources")]
fn hash(text: &str) -> Option<String> {
    Some(crate::check::provenance::sha256(text.as_bytes()))
}

#[cfg(not(feature = "sources"))]
fn hash(_: &str) -> Option<String> {
    None
}

/// A release as far as it is drafted.
pub(super) struct Drafted<'a> {
    pub(super) flow: &'a Flow,
    plus_minus: PlusMinus,
    /// The groups with results, as the text names them, in the order of the arms; none where it names fewer than two.
    pub(super) groups: Vec<String>,
    /// The groups that a probability compares, by where it begins.
    pub(super) compared: Vec<(usize, [String; 2])>,
    /// The changes that fell, as they are printed, with the place of their outcome.
    pub(super) fallen: Vec<(usize, String)>,
    pub(super) release: Release,
}

impl Drafted<'_> {
    /// Puts the cells of each result in the order of the occasions, whichever the text names first.
    fn in_order_of_time(&mut self) {
        let Release { occasions, outcomes, .. } = &mut self.release;
        let place = |(id, _): &(String, Cell)| occasions.iter().position(|occasion| occasion.id == *id);
        for result in outcomes.iter_mut().flat_map(|outcome| &mut outcome.results) {
            result.cells.sort_by_key(place);
            result.changes.sort_by_key(place);
        }
    }

    /// The times of all results in order; before and after where the text says no more.
    fn occasions(&mut self, of_results: impl Iterator<Item = Time>) {
        let mut times: Vec<Time> = of_results.chain([Time::Before]).collect();
        times.sort_unstable();
        times.dedup_by_key(|time| time.id());
        if times == [Time::Before] {
            times.push(Time::After);
        }
        self.release.occasions = times.into_iter().map(|time| time.occasion(self.release.language)).collect();
    }

    fn outcome(&mut self, results: &[&Placed<'_>]) {
        let Some(first) = results.first() else { return };
        let whole = |of: &[&Placed<'_>]| Some(of.first()?.found.range.start..of.last()?.found.range.end);
        let with_sizes = |of: &[&Placed<'_>]| {
            let range = |placed: &&Placed<'_>| self.size_of(placed).map(|size| size.range.clone());
            let sizes: Vec<Range<usize>> = of.iter().filter_map(range).collect();
            let first = sizes.first()?;
            let (start, end) = (first.start, sizes.last().map_or(first.end, |last| last.end));
            whole(of).map(|of| of.start.min(start)..of.end.max(end))
        };
        // One quote for all, or else for each arm, if it is no longer than a phrase.
        let passage = |placed: &Placed<'_>| {
            let of_group = results.iter().copied().filter(|other| other.group == placed.group).collect::<Vec<_>>();
            let all = [results.to_vec(), of_group, vec![placed]];
            let sized = all.iter().filter_map(|of| with_sizes(of));
            let short = sized.chain(all.iter().filter_map(|of| whole(of))).find(|range| range.len() <= QUOTE);
            let range = short.unwrap_or_else(|| placed.found.range.clone());
            // The word that says that it fell is the sign of a number.
            let verb = fall_in_front(self.flow, placed.found.range.start).filter(|_| placed.falls);
            let begin = verb.filter(|verb| verb + MOST >= range.end).map_or(range.start, |verb| verb.min(range.start));
            self.passage(begin..range.end)
        };
        let quote = passage(first).quote;
        let mut of_arms: Vec<(String, Vec<(String, Cell)>)> = Vec::new();
        // What has no place of its own here is another outcome.
        let mut others = Vec::new();
        let mut told = None;
        for &placed in results {
            let arm = self.arm(placed.group.as_ref());
            let Some(mut cell) = self.cell(placed, passage(placed)) else { continue };
            told = self.what_the_pair_is(placed, &mut cell, told);
            self.what_others_say(placed, results, &mut cell);
            let occasion = placed.time.id();
            match of_arms.iter_mut().find(|(of, _)| *of == arm) {
                Some((_, cells)) if cells.iter().any(|(known, _)| *known == occasion) => others.push(placed),
                Some((_, cells)) => cells.push((occasion, cell)),
                None => of_arms.push((arm, vec![(occasion, cell)])),
            }
        }
        self.release.outcomes.push(Outcome {
            label: Localized::same(format!("{TO_DO}: what was measured ({quote})")),
            id: format!("outcome-{}", self.release.outcomes.len() + 1),
            unit: None,
            better: None,
            scale: Scale::Continuous,
            slope_of: None,
            exposure: None,
            results: of_arms.into_iter().map(|(arm, cells)| OutcomeResult::new(arm, cells)).collect(),
        });
        let place = self.release.outcomes.len() - 1;
        let fallen = results.iter().filter(|placed| placed.falls && is_unsigned(placed.found));
        self.fallen.extend(fallen.map(|placed| (place, placed.found.text.clone())));
        if !others.is_empty() {
            self.outcome(&others);
        }
    }

    /// What the text says of a pair in brackets goes for the next one in its sentence, where it says no more of that:
    /// "34.2 (IQR 21.0–55.1) at baseline and 25.3 (16.0–40.2) at month 6". Returns what holds from there on.
    fn what_the_pair_is(
        &self,
        placed: &Placed<'_>,
        cell: &mut Cell,
        told: Option<(SpreadMeaning, Statistic, Range<usize>)>,
    ) -> Option<(SpreadMeaning, Statistic, Range<usize>)> {
        let CellForm::Pair { meaning, .. } = &mut cell.form else { return told };
        let start = placed.found.range.start;
        if *meaning != SpreadMeaning::Unexplained {
            return Some((*meaning, cell.statistic, sentence(self.flow, start)));
        }
        let told = told.filter(|(.., own)| own.contains(&start));
        if let Some((known, statistic, _)) = &told {
            *meaning = *known;
            // It was taken for a median where nothing said that its pair is an interval.
            let is_open = matches!(placed.called, None | Some(Statistic::Rate)) && *known == SpreadMeaning::Ci95;
            cell.statistic = if is_open { *statistic } else { cell.statistic };
        }
        told
    }

    /// What the words beside another result of its sentence say of its spread goes for one that has none of its own,
    /// whatever the text says of other `±`: "−12.1 ± 1.1 (SE) in the drug group and −20.2 ± 1.2 in the placebo group".
    fn what_others_say(&self, placed: &Placed<'_>, results: &[&Placed<'_>], cell: &mut Cell) {
        let CellForm::PlusMinus { meaning, .. } = &mut cell.form else { return };
        let own = sentence(self.flow, placed.found.range.start);
        let is_alike = |other: &&&Placed<'_>| {
            let has_sign = |of: &Placed<'_>| of.found.text.contains('±');
            own.contains(&other.found.range.start) && has_sign(other) == has_sign(placed)
        };
        let told = results.iter().filter(is_alike).filter_map(|other| spread_beside(self.flow, other.found));
        if let Some(told) = only(told).filter(|_| spread_beside(self.flow, placed.found).is_none()) {
            *meaning = told;
        }
    }

    /// The number of people beside a result, where it is another than that of its arm.
    fn size_of<'p>(&self, placed: &'p Placed<'_>) -> Option<&'p Size> {
        let id = self.arm(placed.group.as_ref());
        let arm = self.release.arms.iter().find(|arm| arm.id == id);
        let of_arm = arm.and_then(|arm| arm.n.as_ref()).and_then(Numeral::count);
        placed.size.as_ref().filter(|size| size.n.count() != of_arm)
    }

    fn cell(&self, placed: &Placed<'_>, passage: Passage) -> Option<Cell> {
        let signed = if placed.falls && is_unsigned(placed.found) { with_minus(placed.found) } else { None };
        let found = signed.as_ref().unwrap_or(placed.found);
        let (statistic, form) = result(self.flow, &self.plus_minus, found, placed.called)?;
        let text = found.text.clone();
        let start = placed.found.range.start;
        let front = self.flow.text(sentence(self.flow, start).start..start);
        let least_squares = || Localized::new("least squares", "最小二乗");
        let adjusted = is_called_adjusted(&front).then(least_squares);
        let n = self.size_of(placed).map(|size| size.n.clone());
        let n = n.filter(|n| holds_number(&passage.quote, n.text()));
        Some(Cell { text, statistic, form, n, time: None, adjusted, percent: None, passage })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_release;
    use crate::report::release_toml::release_toml;
    use crate::reported::{Claim, Statistic};

    const ENGLISH: &str = "Relapses fell in seven patients\n\nThe rate fell from 2.9 ± 1.1 to 0.4 ± 0.8\n(P=0.004), and 5 of 7 \
                           patients (71.4%) were free of relapse.\nMedian 1.5 (0–5) to 0 (0–4.2). IL-6 and AQP4 are names, Fig. 2 is none,\n\
                           and 2,080 cases are many. doi:10.1212/WNL.0000000000000317, 15 March 2014, in 2014.";

    #[test]
    fn drafts_hold_what_looks_like_a_result_and_read_back() {
        let release = draft("english", "english.txt", ENGLISH).unwrap();
        let texts: Vec<&str> = release.passages().into_iter().flat_map(|(_, texts)| texts).collect();
        for text in ["seven", "2.9 ± 1.1", "0.4 ± 0.8", "P=0.004", "5 of 7", "71.4%", "1.5 (0–5)", "0 (0–4.2)", "2,080"]
        {
            assert!(texts.contains(&text), "{text} is not among {texts:?}");
        }
        for text in ["6", "4", "2", "10.1212", "317", "2014"] {
            assert!(!texts.contains(&text), "{text} is among {texts:?}");
        }
        let written = release_toml(&release);
        let again =
            read_release("english", "english.toml", &written).unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_eq!(again, release);
        for check in crate::check::provenance::numbers_in_quotes(&again) {
            assert_eq!(check.status, crate::check::Status::Pass, "{check:?}");
        }
        for check in crate::check::provenance::quotes_in_source(&again, ENGLISH) {
            assert_eq!(check.status, crate::check::Status::Pass, "{check:?}");
        }
    }

    #[test]
    fn effects_are_drafted_with_their_interval_and_p() {
        let two = "(difference, −5.1 points; 95% CI, −8.0 to −2.2; relative risk, 0.71; 95% CI, 0.55 to 0.92).";
        let of_two = draft("t", "t.txt", &format!("Deaths were fewer {two}")).unwrap().estimates;
        let printed: Vec<String> = of_two.iter().map(|of| format!("{} {}", of.measure.name(), of.printed())).collect();
        assert_eq!(printed, ["mean-difference −5.1 (−8.0 to −2.2)", "risk-ratio 0.71 (0.55 to 0.92)"]);
        for (text, measure, printed, p) in [
            (
                "Relapses: HR 0.21 (95 % CI 0.06–0.76, p = 0.017).",
                "hazard-ratio",
                "0.21 (0.06 to 0.76)",
                Some("p = 0.017"),
            ),
            (
                "(difference, 0.42; 95% confidence interval [CI], 0.03 to 0.81; P=0.03)",
                "mean-difference",
                "0.42 (0.03 to 0.81)",
                Some("P=0.03"),
            ),
            (
                "オッズ比は2.4（95％信頼区間：1.1〜5.2、p=0.03）であった。",
                "odds-ratio",
                "2.4 (1.1 to 5.2)",
                Some("p=0.03"),
            ),
            ("a hazard ratio of 0.62 (95% CI 0.41 to 0.94)", "hazard-ratio", "0.62 (0.41 to 0.94)", None),
            ("The difference was −1.2 points (P = 0.004).", "mean-difference", "−1.2", Some("P = 0.004")),
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            let found: Vec<_> = release
                .estimates
                .iter()
                .map(|of| (of.measure.name(), of.printed(), of.p.as_ref().map(|p| p.text.clone())))
                .collect();
            assert_eq!(found, [(measure, printed.to_owned(), p.map(str::to_owned))], "{text}");
            assert!(release.statements.is_empty() && release.numbers.is_empty(), "{text}: {release:?}");
        }
        let level = |text: &str| draft("t", "t.txt", text).unwrap().estimates[0].interval.as_ref().unwrap().level;
        assert_eq!(level("the difference was 14.0 (90% CI, 2.0 to 26.0; p = 0.055)"), 0.9);
        assert_eq!(level("ハザード比 0.62（99％信頼区間 0.41〜0.94）"), 0.99);
        let measure = |text: &str| draft("t", "t.txt", text).unwrap().estimates[0].measure.name();
        assert_eq!(measure("a difference in medians of −1.5 (95% CI −3.0 to 0.0)"), "median-difference");
        for (text, expected) in [
            ("Response rates: the difference was 14.6% (95% CI 2.0% to 27.0%)", "risk-difference"),
            ("達成率の群間差は14.6%（95%CI 2.0〜27.0）", "risk-difference"),
            ("More were responders: difference 31.2 percentage points, 95% CI 12.3 to 50.1", "risk-difference"),
            ("HbA1c: difference of 0.6 percentage points (95% CI 0.4 to 0.8)", "mean-difference"),
            ("The share fell by 12 percentage points (95% CI 5 to 19)", "mean-reduction"),
            ("The difference was 14.6% (95% CI 2.0% to 27.0%)", "mean-difference"),
            ("HbA1c fell. Treatment difference: -1.3% (95% CI -1.5 to -1.1)", "mean-difference"),
            ("HbA1cの群間差は−0.62%（95%CI −0.85〜−0.39%）", "mean-difference"),
            ("rate of decline of FVC: difference 3.7% (95% CI, 1.3 to 6.1)", "mean-difference"),
            ("左室駆出率の差は4.1%（95%CI 2.0〜6.2）", "mean-difference"),
            ("(mean change -0.3, 95% CI -0.6 to 0.0; p = 0.04)", "mean-change"),
            ("Mean change from baseline was -0.3 points (95% CI -0.6 to 0.0)", "mean-change"),
            ("The mean change was −1.8 (SE 0.2) days", "mean-change"),
            ("difference in mean change from baseline was -0.3 (95% CI -0.6 to 0.0)", "mean-difference"),
            ("The index rose by 8.5 points [95%CI: 5.2, 11.8]", "mean-change"),
            ("132.1mmHgへ、16.4mmHg低下（95%信頼区間14.2～18.6）した", "mean-reduction"),
            ("HbA1c fell by 1.4% (95% CI 1.1 to 1.7)", "mean-reduction"),
            ("Attacks fell by 86 % (95% CI 79 to 91)", "percent-reduction"),
            ("発作は86%減少した（95%CI 79〜91、p<0.001）", "percent-reduction"),
            ("a 54% reduction (95% CI 40 to 64)", "percent-reduction"),
            ("In the old efficacy was 94.7% (95% CI, 66.7 to 99.9)", "percent-reduction"),
            ("(Cohen’s d = 1.05; 95% CI 0.56-1.53; p<0.001)", "standardized-mean-difference"),
            ("Hedges g 0.45 (95% CI 0.10 to 0.80)", "standardized-mean-difference"),
            ("Pearson r = 0.62 (95% CI 0.41 to 0.77; p<0.001)", "correlation"),
            ("as its dose (r=0.62, p<0.001)", "correlation"),
            ("The ratio of means was 0.75 (95% CI 0.61 to 0.92)", "ratio-of-means"),
            ("相対リスク0.71（95%CI 0.55〜0.92）", "risk-ratio"),
            ("差は2.4点（95%信頼区間：0.5, 4.3）", "mean-difference"),
            ("(aOR 1.76, 95% CI 1.19-2.60)", "odds-ratio"),
            ("aHR 0.72 (95% CI 0.55 to 0.94)", "hazard-ratio"),
            ("LSMD, −2.3; 95% CI, −3.4 to −1.2", "mean-difference"),
            ("ETD −2.3 (95% CI −3.4 to −1.2)", "mean-difference"),
            ("GMR 1.42 (95% CI 1.20 to 1.68)", "ratio-of-geometric-means"),
            ("relative risk 0.44 (95 percent confidence interval, 0.21 to 0.93)", "risk-ratio"),
            ("体重変化率の群間差は−9.1％（95%CI −10.4〜−7.8）", "mean-difference"),
            ("Pain fell 2.9 points (95% CI 2.2 to 3.6)", "mean-reduction"),
            ("Pain rose 2.9 points (95% CI 2.2 to 3.6)", "mean-change"),
            ("between-group difference of 2.4 points (95 % CI: 0.5; 4.3)", "mean-difference"),
        ] {
            assert_eq!(measure(text), expected, "{text}");
        }
        let open = draft("t", "t.txt", "The difference was 14.6% (95% CI 2.0% to 27.0%)").unwrap();
        assert!(open.estimates[0].label.en.contains("risk difference"), "{:?}", open.estimates[0].label);
        let se = draft("t", "t.txt", "The mean change was −1.8 (SE 0.2) days").unwrap();
        assert_eq!(se.estimates[0].se.as_ref().map(Numeral::text), Some("0.2"));
        for text in [
            "5 or 6 patients (p = 0.02)",
            "for 3.4 weeks (95% CI 1 to 2)",
            "The difference is in 3 patients.",
            "標準偏差は2.4点（95%信頼区間：0.5, 4.3）",
            "FVC fell by 8.5% (95% CI 5.2 to 11.8)",
            "Pain fell by 2.1 points more than with placebo (95% CI 1.0 to 3.2)",
            "an absolute risk reduction of 3.4% (95% CI 1.0 to 5.8)",
            "A 50% reduction was achieved by 26.6% and 43.3% (p < 0.001)",
            "血圧は149.1mmHgから136.4mmHgへと低下した（p<0.001）。",
            "奏効率は28.3％から55.1％へと有意に上昇した（p=0.002）。",
            "発作は4.1回から1.3回にまで減少（p<0.01）。",
        ] {
            assert!(draft("t", "t.txt", text).unwrap().estimates.is_empty(), "{text}");
        }
    }

    #[test]
    fn spreads_are_what_the_text_calls_them() {
        let meanings = |text: &str| -> Vec<SpreadMeaning> {
            let release = draft("t", "t.txt", text).unwrap();
            let cells = release.outcomes.iter().flat_map(|outcome| &outcome.results).flat_map(|result| &result.cells);
            cells
                .map(|(_, cell)| match &cell.form {
                    CellForm::PlusMinus { meaning, .. } | CellForm::Pair { meaning, .. } => *meaning,
                    _ => SpreadMeaning::Unexplained,
                })
                .collect()
        };
        assert_eq!(meanings("Pain fell to 3.1 ± 0.4 (SE) in all."), [SpreadMeaning::Se]);
        assert_eq!(meanings("Scores were 12.0 (SD 1.2) at week 4."), [SpreadMeaning::Sd]);
        assert_eq!(meanings("スコアは 3.1±0.4 であった（平均値±標準誤差）。"), [SpreadMeaning::Se]);
        assert_eq!(meanings("Age was 41 (range 20–60) years."), [SpreadMeaning::Range]);
        let quartiles = "The median was 34.2 (IQR 21.0–55.1) at baseline and 25.3 (16.0–40.2) at month 6.";
        assert_eq!(meanings(quartiles), [SpreadMeaning::Quartiles; 2]);
        let intervals =
            "Median survival was 12.3 months (95% CI, 10.1 to 15.2) with drug A and 7.8 months (6.9–9.4) with placebo.";
        assert_eq!(meanings(intervals), [SpreadMeaning::Ci95; 2]);
        assert_eq!(
            meanings("Values are mean ± SD or mean ± SEM. Pain was 3.1 ± 0.4 in seven patients."),
            [SpreadMeaning::Unexplained]
        );
        assert_eq!(meanings("Pain was 3.1 ± 0.4 in seven patients."), [SpreadMeaning::Unexplained]);
        let (sd, se, open) = (SpreadMeaning::Sd, SpreadMeaning::Se, SpreadMeaning::Unexplained);
        let english = "Pain fell from 6.3 ± 1.4 to 4.2 ± 1.9 in 12 patients. Time went from 0.32 ± 0.11 to 0.25 ± 0.09 \
                       (mean ± SE).";
        assert_eq!(meanings(english), [open, open, se, se]);
        assert_eq!(meanings(&format!("{english} Other values are mean ± SD.")), [sd, sd, se, se]);
        let japanese =
            "疼痛は6.3±1.4から\n4.2±1.9に低下した（p<0.01）。時間は0.32±0.11から0.25±0.09（平均±標準誤差）へ変化した。";
        assert_eq!(meanings(japanese), [open, open, se, se]);
        assert_eq!(meanings("The mean (±SE) score was 4.2±0.8 in 51 and 7.9±0.9 in 49 controls."), [se, se]);
    }

    #[test]
    fn statistics_are_what_the_text_calls_them() {
        for (text, expected, printed) in [
            ("Mean age was 51.9 (range, 35 to 71).", Statistic::Mean, "51.9 (range, 35 to 71)"),
            ("年齢は平均51.9（範囲35～71）", Statistic::Mean, "51.9（範囲35～71）"),
            ("中央値14.2（範囲3～31）", Statistic::Median, "14.2（範囲3～31）"),
            ("12週時の変化量−0.8±1.2", Statistic::Change, "−0.8±1.2"),
            ("12週時のEDSS障害度−0.8±1.2であった", Statistic::Mean, "−0.8±1.2"),
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            let (occasion, cell) = release.outcomes[0].results[0].reported().next().unwrap();
            assert_eq!((cell.statistic, cell.text.as_str()), (expected, printed), "{text}");
            assert_eq!(occasion == "open", expected != Statistic::Change && !text.contains("12週時"), "{text}");
        }
    }

    /// Arm, occasion and text of every result, one outcome a line.
    fn results(text: &str) -> Vec<String> {
        let release = draft("t", "t.txt", text).unwrap();
        let arm = |id: &str| {
            let all = ["to do: the patients, and how many", "to do: the patients"];
            let label = release.arm(id).map(|arm| arm.label.en.clone()).unwrap_or_default();
            if all.contains(&label.as_str()) { "all".to_owned() } else { label }
        };
        let of_arm = |result: &OutcomeResult| {
            let cells = result.reported().map(|(occasion, cell)| format!("{occasion} {}", cell.text));
            format!("{}: {}", arm(&result.arm), cells.collect::<Vec<_>>().join(", "))
        };
        release.outcomes.iter().map(|of| of.results.iter().map(of_arm).collect::<Vec<_>>().join("; ")).collect()
    }

    #[test]
    fn times_and_groups_are_what_the_text_names() {
        for (text, expected) in [
            (
                "EDSSは、投与前３．９±１．９、６か月後３．５±１．８（p＝0.18）、12か月後３．３±１．９であった。",
                &["all: before ３．９±１．９, month-6 ３．５±１．８, month-12 ３．３±１．９"] as &[_],
            ),
            (
                "投与前6.2±1.9点→6か月後4.3±2.1点→12か月後3.4±2.2点と低下した。",
                &["all: before 6.2±1.9点, month-6 4.3±2.1点, month-12 3.4±2.2点"],
            ),
            ("投与前からの変化量は24週時で−1.2±0.8、5月15日時点で", &["all: week-24 −1.2±0.8"]),
            (
                "実薬群でベースライン41.0±3.0点、24週時36.4±5.4点、プラセボ群でそれぞれ41.7±2.8点、35.3±6.5点でした。変化量は実薬群\
                 −4.6±4.4点、プラセボ群−6.4±5.2点でした。",
                &[
                    "実薬群: before 41.0±3.0点, week-24 36.4±5.4点; プラセボ群: before 41.7±2.8点, week-24 35.3±6.5点",
                    "実薬群: after −4.6±4.4点; プラセボ群: after −6.4±5.2点",
                ],
            ),
            (
                "■EDSS\nプラセボ群：4.1±1.2→4.2±1.3（変化量 0.1±1.1）\n50mg群：4.5±1.3→4.0±1.4（変化量 −0.5±1.2、p＝0.11）\n\
                 ■疼痛\nプラセボ群：5.9±2.1→5.8±1.7",
                &[
                    "プラセボ群: before 4.1±1.2, after 4.2±1.3; 50mg群: before 4.5±1.3, after 4.0±1.4",
                    "プラセボ群: after 0.1±1.1; 50mg群: after −0.5±1.2",
                    "プラセボ群: before 5.9±2.1, after 5.8±1.7",
                ],
            ),
            // In brackets are groups of another thing, and a name in a heading of another line.
            ("42点以上（実薬群19例、対照群24例）では−3.6±3.7点および−5.8±4.2点", &[]),
            (
                "Pain fell from 6.3 ± 1.4 at baseline to 4.2 ± 1.9 at week 12 and 3.1 ± 1.7 at week 24 in the drug group, and \
                 from 6.1 ± 1.5 at baseline to 5.4 ± 1.8 at week 12 in the placebo group.",
                &[
                    "drug group: before 6.3 ± 1.4, week-12 4.2 ± 1.9, week-24 3.1 ± 1.7; placebo group: before 6.1 ± 1.5, \
                   week-12 5.4 ± 1.8",
                ],
            ),
            (
                "At week 24, the mean change from baseline was −3.2 ± 1.8 in the drug group and −0.9 ± 1.7 in the placebo group.",
                &["drug group: week-24 −3.2 ± 1.8; placebo group: week-24 −0.9 ± 1.7"],
            ),
            (
                "Rates were 2.9 ± 1.1 before treatment and 0.4 ± 0.8 after one year.",
                &["all: before 2.9 ± 1.1, year-1 0.4 ± 0.8"],
            ),
            ("Scores were 4.1 (1.2) and 4.3 (1.3), respectively.", &["all: open 4.1 (1.2)", "all: open 4.3 (1.3)"]),
            // A p or an n in brackets stands between a value and its time.
            (
                "In the drug group the score was 6.1 ± 1.2 at baseline, 4.2 ± 1.1 (p = 0.01) at week 12 and 3.2 ± 1.5 (n = 9) at \
                 week 24. The placebo group was not followed.",
                &["drug group: before 6.1 ± 1.2, week-12 4.2 ± 1.1, week-24 3.2 ± 1.5"],
            ),
            // A title without a full stop is no part of the first sentence.
            (
                "A drug in the placebo group\n\nScores were 6.1 ± 1.2 at baseline and 4.2 ± 1.1 at week 12.",
                &["all: before 6.1 ± 1.2, week-12 4.2 ± 1.1"],
            ),
        ] {
            assert_eq!(results(text), expected, "{text}");
        }
    }

    #[test]
    fn groups_have_their_size_and_effects_their_groups() {
        let text = "48 patients were assigned to the drug group and 46 to the placebo group. 5 of 48 patients (10.4%) and 7 (15.2%) \
                    had events. The difference at week 24 was −0.6 (95% CI −1.5 to 0.3) in the drug group compared with the placebo \
                    group. There was no significant difference in fatigue (p = 0.41).";
        let release = draft("t", "t.txt", text).unwrap();
        let arms = release.arms.iter().map(|arm| (arm.id.as_str(), arm.n.as_ref().map(Numeral::text)));
        assert_eq!(arms.collect::<Vec<_>>(), [("drug", Some("48")), ("placebo", Some("46"))]);
        let effect = &release.estimates[0];
        assert_eq!((effect.arm.as_deref(), effect.versus.as_deref()), (Some("drug"), Some("placebo")));
        let shares = release.numbers.iter().filter_map(|number| number.percent.as_ref()).map(Numeral::text);
        assert_eq!(shares.collect::<Vec<_>>(), ["10.4%", "15.2%"]);
        assert_eq!(release.statements[0].claim, Claim::NotSignificant);

        let text = "プラセボ群15名、50mg群14名、100mg群16名。群間差は、50mg群で−0.6［95％信頼区間：−1.5～0.3、p＝0.18］、100mg群で−1.1\
                    ［95％信頼区間：−1.9～－0.3］でした。";
        let release = draft("t", "t.txt", text).unwrap();
        let changes = "At week 52, the score had changed by −1.2 (SE 0.1) with drug A (n=120) and −0.3 (SE 0.1) with placebo (n=118).";
        let of_week = draft("t", "t.txt", changes).unwrap();
        let told = of_week.estimates.iter().map(|of| (of.arm.as_deref(), of.occasion.as_deref()));
        assert_eq!(told.collect::<Vec<_>>(), [(Some("drug-a"), Some("week-52")), (Some("placebo"), Some("week-52"))]);
        let effects = release.estimates.iter().map(|of| (of.value.text(), of.arm.as_deref()));
        assert_eq!(effects.collect::<Vec<_>>(), [("−0.6", Some("50mg")), ("−1.1", Some("100mg"))]);
        let falls = draft("t", "t.txt", "中央値97.5（範囲23～856）U/mLから56（範囲9～441）U/mLへ低下").unwrap();
        assert!(falls.estimates.is_empty(), "{falls:?}");
    }

    #[test]
    fn each_p_is_one_of_its_own() {
        for (text, expected) in [
            ("EDSS（p=0.03）、疼痛（p<0.001）が改善した", ["p=0.03", "p<0.001"]),
            ("いずれもp＝０．０３およびp＜０．００１であった", ["p＝０．０３", "p＜０．００１"]),
            ("Both fell (p = 0.03, p < 0.001).", ["p = 0.03", "p < 0.001"]),
            ("p値＝0.03、P-value < 0.001", ["p値＝0.03", "P-value < 0.001"]),
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            let found: Vec<&str> =
                release.statements.iter().filter_map(|of| Some(of.p.as_ref()?.text.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    /// What has an interval is the mean or the median of an outcome where it is called one, or changes; else it is a
    /// number, with its interval beside it.
    #[test]
    fn an_interval_alone_makes_no_mean() {
        for (text, outcomes, numbers) in [
            ("The area under the curve was 0.94 (95% CI 0.90-0.97).", 0, 1),
            ("Complication rate 12.5% (95% CI 10.7% to 14.5%).", 0, 1),
            ("生存期間の中央値は治療群で16.7カ月（95％CI：12.1～22.3）、対照群で8.2カ月（95％CI：6.9～10.4）", 1, 0),
            ("Median survival was 8.8 months (95% CI, 7.7 to 10.2), and the AUC was 0.94 (95% CI 0.90-0.97).", 1, 1),
            ("Median survival was 8.8 months, and its rate 0.94 (95% CI 0.90-0.97).", 0, 2),
            ("Mean CRP was 8.4 (95% CI 6.1-11.6).", 1, 0),
            ("CRP fell from 8.4 (95% CI 6.1-11.6) to 3.9 (95% CI 2.8-5.4).", 1, 0),
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            assert_eq!((release.outcomes.len(), release.numbers.len()), (outcomes, numbers), "{text}: {release:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_text_its_draft_reads_back(text in "([0-9０-９.,±<>=()%/ \\n年月日名人例約p−–一二三→からtofpatients]|\\PC){0,80}") {
            let Some(release) = draft("any", "any.txt", &text) else { return Ok(()) };
            let written = release_toml(&release);
            let again = read_release("any", "any.toml", &written);
            proptest::prop_assert!(again.is_ok(), "{}\n{written}", again.unwrap_err());
            proptest::prop_assert_eq!(again.unwrap(), release);
        }
    }
}
