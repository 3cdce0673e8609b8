//! A release of everything that was found, for a person to complete.

use super::assemble::{Assembled, assemble};
use super::bare_pairs::with_bare_pairs;
use super::cells::PlusMinus;
use super::columns::with_probabilities;
use super::flow::Flow;
use super::heading;
use super::occasions::Time;
use super::rows::with_counts;
use super::scan::scan;
use crate::check::provenance::TO_DO;
use crate::reported::{Cell, Lang, Localized, Release, SourceDocument, StudyKind, is_hidden};

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
    pub(super) plus_minus: PlusMinus,
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::numeral::Numeral;
    use crate::read::read_release;
    use crate::report::release_toml::release_toml;
    use crate::reported::{Claim, OutcomeResult};

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
