//! What a text reports that can be judged by itself: an effect beside its interval and its p, a count of people beside
//! its percentage.

use super::draft::draft;
use crate::check::table::{RowEstimate, RowVerdict, TableRow, judge};
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{CellForm, NumberForm, Passage, Release, ReportedEstimate};

/// A result of a text, as a row of a table would hold it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TextResult {
    /// The line on which its first number stands, counted from 1.
    pub line: u64,
    /// The result as it is printed, on one line.
    pub text: String,
    row: TableRow,
    /// Whether its paragraph speaks of shares that are not those of the counts beside them.
    is_of_a_model: bool,
}

impl TextResult {
    /// The verdict on it, as on a row of a table.
    pub fn judge(&self, level: f64, rounding: Rounding) -> RowVerdict {
        let mut verdict = judge(&self.row, level, rounding);
        if verdict.grim == Some(false) && self.is_of_a_model {
            verdict.grim = None;
            verdict.notes.push("grim: not decidable: the text speaks of estimated or adjusted shares".to_owned());
        }
        verdict
    }
}

/// Every effect with an interval, and every count of people with its percentage, in the order of the lines.
///
/// They are read as [`draft()`] reads them. An effect has a measure that its words name (a difference, a hazard ratio);
/// of whom it is, and which values stand elsewhere, is left aside.
///
/// ```
/// use reffect::numeric::rounding::Rounding;
/// use reffect::transcribe::results_in;
///
/// let text = "Fewer relapsed (hazard ratio 0.21; 95% CI 0.06 to 0.76; P=0.17).\nPain went in 8 of 60 patients (15.3%).";
/// let found = results_in(text);
/// let judged: Vec<_> = found.iter().map(|result| result.judge(0.95, Rounding::default())).collect();
/// assert_eq!((found[0].line, judged[0].interval, judged[0].p_value), (1, Some(true), Some(false)));
/// assert_eq!((found[1].line, judged[1].grim), (2, Some(false)));
/// ```
pub fn results_in(text: &str) -> Vec<TextResult> {
    let Some(Release { estimates, numbers, outcomes, .. }) = draft("text", "text.txt", text) else { return Vec::new() };
    let places = Places::of(text);
    let of_models = lines_of_models(text);
    let at = |passage: &Passage, (shown, value): (String, &str), row: TableRow| {
        let line = places.line(passage, value);
        let is_of_a_model = of_models.get(line.saturating_sub(1)).copied().unwrap_or(true);
        TextResult { line: line as u64, text: shown, row, is_of_a_model }
    };
    let effects = estimates.into_iter().filter_map(|reported| {
        let passage = reported.passage.clone();
        let (shown, value) = (shown_effect(&reported)?, reported.value.clone());
        Some(at(&passage, (shown, value.text()), of_effect(reported)))
    });
    let of_numbers = numbers.into_iter().filter_map(|number| match &number.form {
        NumberForm::Fraction { text, part, whole } => {
            let percent = number.percent.as_ref()?;
            let shown = format!("{text} ({})", percent.text());
            Some(at(&number.passage, (shown, part.text()), of_share(part, whole, percent)?))
        }
        NumberForm::Single(_) => None,
    });
    let cells = outcomes.into_iter().flat_map(|outcome| outcome.results).flat_map(|result| result.cells);
    let of_cells = cells.filter_map(|(_, cell)| match &cell.form {
        CellForm::Fraction { part, whole } => {
            let row = of_share(part, whole, cell.percent.as_ref()?)?;
            Some(at(&cell.passage, (cell.text.clone(), part.text()), row))
        }
        _ => None,
    });
    let mut found: Vec<TextResult> = effects.chain(of_numbers).chain(of_cells).collect();
    found.sort_by_key(|result| result.line);
    found
}

/// The characters of a text that are not white space, with the line of each: a quote has other white space.
struct Places {
    chars: Vec<char>,
    lines: Vec<usize>,
}

impl Places {
    fn of(text: &str) -> Self {
        let of_line = |(line, text): (usize, &str)| text.chars().map(move |c| (c, line + 1)).collect::<Vec<_>>();
        let all = text.split('\n').enumerate().flat_map(of_line);
        let (chars, lines) = all.filter(|(c, _)| !c.is_whitespace()).unzip();
        Self { chars, lines }
    }

    /// The line on which a value of a phrase stands; that on which the phrase begins, where it is not found there.
    fn line(&self, passage: &Passage, value: &str) -> usize {
        let begun = passage.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
        let (quote, value) = (bare(&passage.quote), bare(value));
        let place = |within: &[char], of: &[char]| within.windows(of.len().max(1)).position(|window| window == of);
        let start = self.lines.partition_point(|line| *line < begun);
        let reach = self.lines.partition_point(|line| *line <= begun) + quote.len();
        let near = &self.chars[start..reach.min(self.chars.len())];
        let found = place(near, &quote).zip(place(&quote, &value)).map(|(quote, value)| start + quote + value);
        found.and_then(|at| self.lines.get(at)).copied().unwrap_or(begun)
    }
}

/// An effect as it is printed, without the words and cells in front and behind that complete its phrase.
fn shown_effect(reported: &ReportedEstimate) -> Option<String> {
    const OPENING: [char; 4] = ['(', '（', '[', '［'];
    const CLOSING: [char; 4] = [')', '）', ']', '］'];
    let interval = reported.interval.as_ref()?;
    let quote = reported.passage.quote.as_str();
    let value = quote.find(reported.value.text()).unwrap_or(0);
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in quote[..value].char_indices() {
        match c {
            _ if OPENING.contains(&c) => depth += 1,
            _ if CLOSING.contains(&c) && depth > 0 => depth -= 1,
            _ if CLOSING.contains(&c) || c == '|' => start = at + c.len_utf8(),
            _ => {}
        }
    }
    let is_sign = |c: char| ['-', '−', '－', '+', '±'].contains(&c);
    let quote = quote[start..].trim_start_matches(|c: char| !c.is_alphanumeric() && !is_sign(c));
    let last = |text: &str| quote.rfind(text).map(|at| at + text.len());
    let end = last(interval.upper.text()).max(reported.p.as_ref().and_then(|p| last(&p.text)));
    let (shown, behind) = quote.split_at(end.unwrap_or(quote.len()));
    let opened = shown.matches(OPENING).count().saturating_sub(shown.matches(CLOSING).count());
    let close = behind.chars().take_while(|c| CLOSING.contains(c)).take(opened);
    Some(shown.chars().chain(close).collect())
}

fn of_effect(reported: ReportedEstimate) -> TableRow {
    let estimate = RowEstimate { reported, sizes: Vec::new(), reversed: None };
    TableRow { estimate: Some(estimate), ..TableRow::default() }
}

fn of_share(part: &Numeral, whole: &Numeral, percent: &Numeral) -> Option<TableRow> {
    let exact = |number: &Numeral| number.count().filter(|_| number.is_whole());
    let (k, n) = (exact(part)?, exact(whole).filter(|n| *n > 0)?);
    Some(TableRow { mean: Some((percent.clone(), n)), counted: Some((k, n)), is_percent: true, ..TableRow::default() })
}

/// Of each line, whether its paragraph speaks of shares that are not those of the counts beside them: curves of survival
/// and models.
fn lines_of_models(text: &str) -> Vec<bool> {
    const WORDS: [&str; 12] = [
        "kaplan",
        "estimate",
        "cumulative",
        "adjusted",
        "weighted",
        "imput",
        "actuarial",
        "model",
        "推定",
        "累積",
        "調整",
        "カプラン",
    ];
    let mut of_lines = Vec::new();
    let mut start = 0;
    for line in text.lines().chain([""]) {
        let folded = line.to_lowercase();
        of_lines.push(WORDS.iter().any(|word| folded.contains(word)));
        if line.trim().is_empty() {
            let is_any = of_lines[start..].contains(&true);
            of_lines[start..].fill(is_any);
            start = of_lines.len();
        }
    }
    of_lines
}
