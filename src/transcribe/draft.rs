//! A release of everything that was found, for a person to complete.

use super::effects::{Effect, effect_at};
use super::flow::Flow;
use super::heading;
use super::names::{called, is_called_mean};
use super::scan::{Form, Found, scan};
use super::sentences::sentence;
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::{Expression, Numeral, Qualifier, SpreadName, fold, fold_char};
use crate::reported::{
    Arm, Cell, CellForm, Claim, Lang, Localized, NumberForm, Occasion, Origin, Outcome, OutcomeResult, Passage,
    Release, ReportedEstimate, ReportedInterval, ReportedNumber, Scale, SourceDocument, SpreadMeaning, Statement,
    Statistic, StudyKind, is_hidden,
};
use std::ops::Range;

/// The longest quote, in characters: a phrase and no sentence.
const QUOTE: usize = 60;

/// Two results with so many characters between them belong to one before/after pair, if the words say so.
const PAIR: usize = 24;

/// The draft of a release from the text of its source; none where there is no text.
pub fn draft(id: &str, file: &str, text: &str) -> Option<Release> {
    let flow = Flow::of(text);
    if flow.chars.is_empty() {
        return None;
    }
    let found = scan(&flow);
    let mut drafted =
        Drafted { flow: &flow, plus_minus: PlusMinus::of(&flow, &found), release: empty(id, file, text, &flow) };
    drafted.arm(&found);
    let mut paired = None;
    // Numbers before this one belong to an effect that was drafted.
    let mut taken = 0;
    for (position, number) in found.iter().enumerate() {
        if paired == Some(position) || position < taken {
            continue;
        }
        if let Some(effect) = effect_at(&flow, &found, position) {
            taken = position + effect.numbers;
            drafted.estimate(effect);
            continue;
        }
        match &number.form {
            Form::Result(_) => {
                // A number may stand between the two, as in "1 年後".
                let later = found.iter().enumerate().skip(position + 1);
                let mut later = later.filter(|(_, next)| matches!(next.form, Form::Result(_)));
                let next = later.next();
                let partner = next.filter(|(_, next)| drafted.is_pair(number, next));
                if drafted.is_cell(number, partner.is_some()) {
                    paired = partner.map(|(position, _)| position);
                    drafted.outcome(number, partner.map(|(_, found)| found));
                } else {
                    drafted.each_number(number);
                }
            }
            Form::Probability(_) => drafted.statement(number),
            Form::Number(_) => drafted.number(number),
        }
    }
    Some(drafted.release)
}

fn empty(id: &str, file: &str, text: &str, flow: &Flow) -> Release {
    let is_japanese = |c: &char| matches!(*c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}');
    let japanese = flow.chars.iter().filter(|c| is_japanese(c)).count();
    let title: String = heading::title(text).unwrap_or(TO_DO).chars().filter(|c| !is_hidden(*c)).take(80).collect();
    let occasion = |id: &str, ja: &str| Occasion { id: id.to_owned(), label: Localized::new(id, ja) };
    Release {
        id: id.to_owned(),
        kind: StudyKind::Trial,
        label: Localized::same(format!("{TO_DO}: what it is about, in a few words")),
        title: Localized::same(if title.trim().is_empty() { TO_DO.to_owned() } else { title }),
        publisher: None,
        date: heading::date(text),
        language: if 20 * japanese > flow.chars.len() { Lang::Ja } else { Lang::En },
        source: SourceDocument { file: file.to_owned(), sha256: hash(text), url: None },
        paper: None,
        registrations: Vec::new(),
        arms: Vec::new(),
        occasions: vec![occasion("before", "前"), occasion("after", "後")],
        outcomes: Vec::new(),
        numbers: Vec::new(),
        estimates: Vec::new(),
        statements: Vec::new(),
        expectations: Vec::new(),
        ignored: Vec::new(),
    }
}

#[cfg(feature = "sources")]
fn hash(text: &str) -> Option<String> {
    Some(crate::check::provenance::sha256(text.as_bytes()))
}

#[cfg(not(feature = "sources"))]
fn hash(_: &str) -> Option<String> {
    None
}

struct Drafted<'a> {
    flow: &'a Flow,
    plus_minus: PlusMinus,
    release: Release,
}

impl Drafted<'_> {
    /// The first count of patients is taken for the size of the one arm.
    fn arm(&mut self, found: &[Found]) {
        let is_count = |number: &&Found| match &number.form {
            Form::Number(Expression::Number(n)) => {
                n.count().is_some_and(|n| n > 0) && n.qualifier() == Qualifier::Exact && self.counts_people(number)
            }
            _ => false,
        };
        let counted = found.iter().find(is_count);
        let (n, passage) = match counted {
            Some(number) => (number.text.parse().ok(), self.passage(number.range.clone())),
            None => (None, self.passage(0..self.flow.chars.len().min(20))),
        };
        let label = Localized::same(format!("{TO_DO}: the patients"));
        self.release.arms.push(Arm { id: "arm-1".to_owned(), label, n, of: None, passage });
    }

    fn counts_people(&self, number: &Found) -> bool {
        let after =
            fold(&self.flow.text(number.range.end..(number.range.end + 12).min(self.flow.chars.len()))).to_lowercase();
        let before = self.flow.text(number.range.start.saturating_sub(4)..number.range.start);
        let counter =
            number.text.trim_end().ends_with(['名', '人', '例']) || after.trim_start().starts_with(['名', '人', '例']);
        (counter && before.contains("患者"))
            || ["patient", "participant"].iter().any(|noun| after.trim_start().starts_with(noun))
    }

    /// Whether two results are the same thing before and after: "から", "→" or "to" stands between them.
    fn is_pair(&self, first: &Found, second: &Found) -> bool {
        let same = match (&first.form, &second.form) {
            (Form::Result(a), Form::Result(b)) => std::mem::discriminant(a) == std::mem::discriminant(b),
            _ => false,
        };
        let between = self.flow.text(first.range.end..second.range.start);
        same && between.chars().count() <= PAIR
            && ["から", "→", "⇒", " to ", "に"].iter().any(|word| between.contains(word))
    }

    /// Whether a result is that of an outcome: what has a confidence interval may be anything, unless it is called a mean
    /// or changes.
    fn is_cell(&self, number: &Found, is_paired: bool) -> bool {
        let Form::Result(Expression::Range { center, name: Some(SpreadName::Ci), .. }) = &number.form else {
            return true;
        };
        let start = sentence(self.flow, number.range.start).start;
        let called = is_called_mean(&self.flow.text(start..number.range.start));
        called.unwrap_or(is_paired && !center.is_percent())
    }

    /// The numbers of a result that belongs to no outcome.
    fn each_number(&mut self, number: &Found) {
        let Form::Result(Expression::Range { center, lower, upper, .. }) = &number.form else { return };
        for one in [center, lower, upper] {
            let form = Form::Number(Expression::Number(one.clone()));
            self.number(&Found { form, text: one.text().to_owned(), range: number.range.clone() });
        }
    }

    fn outcome(&mut self, number: &Found, partner: Option<&Found>) {
        let range = number.range.start..partner.unwrap_or(number).range.end;
        let passage = self.passage(range);
        let quote = passage.quote.clone();
        let id = format!("outcome-{}", self.release.outcomes.len() + 1);
        let cells = [("before", Some(number)), ("after", partner)].into_iter().filter_map(|(occasion, found)| {
            let cell = self.cell(found?, passage.clone())?;
            // Nothing has changed before.
            let is_change = cell.statistic == Statistic::Change;
            Some((if is_change { "after" } else { occasion }.to_owned(), cell))
        });
        let cells: Vec<(String, Cell)> = cells.collect();
        let result = OutcomeResult::new("arm-1".to_owned(), cells);
        self.release.outcomes.push(Outcome {
            label: Localized::same(format!("{TO_DO}: what was measured ({quote})")),
            id,
            unit: None,
            better: None,
            scale: Scale::Continuous,
            slope_of: None,
            exposure: None,
            results: vec![result],
        });
    }

    fn statement(&mut self, number: &Found) {
        let Form::Probability(p) = &number.form else { return };
        let passage = self.passage(number.range.clone());
        self.release.statements.push(Statement {
            claim: Claim::Other,
            label: Localized::same(format!("{TO_DO}: what the probability is about")),
            outcomes: Vec::new(),
            arm: None,
            versus: None,
            occasion: None,
            p: Some(p.clone()),
            passage,
        });
    }

    fn estimate(&mut self, effect: Effect) {
        let passage = self.passage(effect.range);
        let mut name = effect.measure.in_words();
        if effect.is_open {
            name.push_str(", or of shares a risk difference,");
        }
        let plain = ReportedEstimate::new(effect.measure, effect.printed);
        self.release.estimates.push(ReportedEstimate {
            id: format!("estimate-{}", self.release.estimates.len() + 1),
            label: Localized::same(format!("{TO_DO}: {name} of what, and between whom")),
            interval: plain.interval.map(|of| ReportedInterval { level: effect.level, ..of }),
            se: effect.se,
            p: effect.p,
            passage,
            ..plain
        });
    }

    fn number(&mut self, number: &Found) {
        let Form::Number(expression) = &number.form else { return };
        let form = match expression {
            Expression::Fraction { part, whole } => {
                NumberForm::Fraction { text: number.text.clone(), part: part.clone(), whole: whole.clone() }
            }
            _ => match number.text.parse::<Numeral>() {
                Ok(numeral) => NumberForm::Single(numeral),
                Err(_) => return,
            },
        };
        let passage = self.passage(number.range.clone());
        self.release.numbers.push(ReportedNumber {
            id: format!("number-{}", self.release.numbers.len() + 1),
            label: Localized::same(format!("{TO_DO}: {}", passage.quote)),
            form,
            percent: None,
            unit: None,
            of: None,
            split: None,
            passage,
        });
    }

    /// What was found as a cell. What its spread is, is what stands in it or right behind it, or what its sentence
    /// or the text apart from any cell says of `±`: `mean ± SEM`.
    fn cell(&self, found: &Found, passage: Passage) -> Option<Cell> {
        const BESIDE: usize = 14;
        // So many characters in front may name it.
        const CALLED: usize = 30;
        let Form::Result(expression) = &found.form else { return None };
        let behind = self.flow.text(found.range.end..self.flow.chars.len().min(found.range.end + BESIDE));
        let clause = behind.split([';', '；', '。']).next().unwrap_or_default();
        let beside = format!("{}{clause}", found.text);
        let start = sentence(self.flow, found.range.start).start;
        let called = called(&self.flow.text(start.max(found.range.start.saturating_sub(CALLED))..found.range.start));
        let (statistic, form) = match expression.clone() {
            Expression::Spread { center, spread, name } => {
                // What the text says of `±` is said of no number in brackets.
                let of_sign = || self.plus_minus.at(self.flow, &found.range).filter(|_| found.text.contains('±'));
                let own = name.map(SpreadMeaning::from).filter(|meaning| meaning.fits_plus_minus());
                let meaning = own.or_else(|| named_spread(&beside, HALF_WIDTHS)).or_else(of_sign);
                let meaning = meaning.unwrap_or(SpreadMeaning::Unexplained);
                let is_change = called == Some(Statistic::Change);
                let statistic = if is_change { Statistic::Change } else { Statistic::Mean };
                (statistic, CellForm::PlusMinus { center, spread, meaning })
            }
            Expression::Range { center, lower, upper, name } => {
                let own = name.map(SpreadMeaning::from).filter(|meaning| meaning.fits_pair());
                let meaning = own.or_else(|| named_spread(&beside, RANGES)).unwrap_or(SpreadMeaning::Unexplained);
                // Means have confidence intervals, medians quartiles and ranges.
                let usual = if meaning == SpreadMeaning::Ci95 { Statistic::Mean } else { Statistic::Median };
                let statistic = called.unwrap_or(usual);
                (statistic, CellForm::Pair { center, lower, upper, meaning })
            }
            _ => return None,
        };
        Some(Cell {
            text: found.text.clone(),
            statistic,
            form,
            n: None,
            time: None,
            adjusted: None,
            percent: None,
            passage,
        })
    }

    /// The phrase around a number: as much of its sentence as a quote may hold.
    fn passage(&self, range: Range<usize>) -> Passage {
        let is_digit = |at: usize| self.flow.chars.get(at).is_some_and(|c| fold_char(*c).is_ascii_digit());
        let is_end = |at: usize| match self.flow.chars[at] {
            // A full-width point ends a sentence, but for one between digits.
            '．' => !(at > 0 && is_digit(at - 1) && is_digit(at + 1)),
            c => matches!(c, '。' | '！' | '？' | '【' | '】' | '◆' | '■' | '・'),
        };
        let room = QUOTE.saturating_sub(range.len());
        let (mut start, mut end) = (range.start, range.end);
        while start > 0 && range.start - start < room / 2 && !is_end(start - 1) {
            start -= 1;
        }
        while end < self.flow.chars.len() && end - range.end < room - room / 2 && !is_end(end) {
            end += 1;
        }
        let cuts = |at: usize| {
            let is_part = |at: usize| {
                self.flow.chars.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ','))
            };
            at > 0 && is_part(at - 1) && is_part(at)
        };
        while start < range.start && (cuts(start) || self.flow.chars[start] == ' ') {
            start += 1;
        }
        while end > range.end && (cuts(end) || self.flow.chars[end - 1] == ' ') {
            end -= 1;
        }
        let line = self.flow.lines.get(start).copied();
        Passage { origin: Origin::Release, quote: self.flow.text(start..end), line, section: None }
    }
}

/// What the text says of `±` where no number stands behind it.
struct PlusMinus {
    /// In the sentences of cells, with the place of each.
    beside: Vec<(usize, SpreadMeaning)>,
    /// Apart from any cell, where it is always the same.
    apart: Option<SpreadMeaning>,
}

impl PlusMinus {
    fn of(flow: &Flow, found: &[Found]) -> Self {
        const NAME: usize = 20;
        let chars = &flow.chars;
        let said = (0..chars.len()).filter(|&at| chars[at] == '±').filter_map(|at| {
            let name = flow.text(at + 1..chars.len().min(at + NAME));
            let name = name.split(['±', '.', ',', ';', ')', '）', '。', '、']).next().unwrap_or_default();
            let is_number = fold(name).trim_start().starts_with(|c: char| c.is_ascii_digit());
            if is_number { None } else { Some((at, named_spread(name, HALF_WIDTHS)?)) }
        });
        let has_cell = |(at, _): &(usize, SpreadMeaning)| {
            let own = sentence(flow, *at);
            found.iter().any(|cell| own.contains(&cell.range.start) && cell.text.contains('±'))
        };
        let (beside, apart): (Vec<_>, Vec<_>) = said.partition(has_cell);
        let apart = only(apart.into_iter().map(|(_, meaning)| meaning));
        Self { beside, apart }
    }

    /// What it says of the `±` of a cell: in its own sentence, or else apart from any cell.
    fn at(&self, flow: &Flow, cell: &Range<usize>) -> Option<SpreadMeaning> {
        let own = sentence(flow, cell.start);
        let mut said = self.beside.iter().filter(|(at, _)| own.contains(at)).map(|(_, meaning)| *meaning).peekable();
        if said.peek().is_some() { only(said) } else { self.apart }
    }
}

/// The one thing that all of them are.
fn only(mut meanings: impl Iterator<Item = SpreadMeaning>) -> Option<SpreadMeaning> {
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(first)
}

/// What a text beside a number calls its spread, where it names one alone.
fn named_spread(text: &str, known: &[(&[&str], SpreadMeaning)]) -> Option<SpreadMeaning> {
    let text = fold(text).to_lowercase();
    // Letters of the Latin alphabet make words; Japanese stands without blanks.
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphabetic()).collect();
    let says =
        |name: &&str| if name.is_ascii() && !name.contains(' ') { words.contains(name) } else { text.contains(*name) };
    let mut found = known.iter().filter(|(names, _)| names.iter().any(&says)).map(|(_, meaning)| *meaning);
    found.next().filter(|_| found.next().is_none())
}

/// The names of what stands behind `±`.
const HALF_WIDTHS: &[(&[&str], SpreadMeaning)] = &[
    (&["sd", "standard deviation", "標準偏差"], SpreadMeaning::Sd),
    (&["se", "sem", "standard error", "標準誤差"], SpreadMeaning::Se),
    (&["ci", "confidence interval", "信頼区間"], SpreadMeaning::Ci95),
];

/// The names of what stands in brackets behind a median.
const RANGES: &[(&[&str], SpreadMeaning)] = &[
    (&["iqr", "quartile", "quartiles", "interquartile", "四分位"], SpreadMeaning::Quartiles),
    (&["range", "min", "max", "範囲", "最小", "最大"], SpreadMeaning::Range),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_release;
    use crate::report::release_toml::release_toml;

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
        assert_eq!(meanings("The mean (±SE) decline was 4.2±0.8 in 51 and 7.9±0.9 in 49 controls."), [se, se]);
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
            assert_eq!(occasion == "after", expected == Statistic::Change, "{text}");
        }
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

    /// What has an interval is the mean of an outcome where it is called one, or changes; else its numbers are kept.
    #[test]
    fn an_interval_alone_makes_no_mean() {
        for (text, outcomes, numbers) in [
            ("The area under the curve was 0.94 (95% CI 0.90-0.97).", 0, 3),
            ("Complication rate 12.5% (95% CI 10.7% to 14.5%).", 0, 3),
            ("生存期間の中央値は治療群で16.7カ月（95％CI：12.1～22.3）、対照群で8.2カ月（95％CI：6.9～10.4）", 0, 6),
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
