//! Where numbers stand that look like results.

use super::flow::Flow;
use super::sentences::begins_item;
use crate::numeric::numeral::{
    Comparison, Expression, Numeral, SpreadName, fold_all, fold_char, is_middle_dot, is_of_kanji_number,
};
use crate::reported::Localized;
use std::ops::{Range, RangeInclusive};

/// What was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// `2.9 ± 1.1`, `1.5 (0–5)`
    Result(Expression),
    /// `p < 0.005`
    Probability(Comparison),
    /// `4000`, `85.7%`, `70例以上`, `5/7`
    Number(Expression),
    /// `120.5` of "120.5 patient-years"
    PersonTime {
        /// How long all people were observed together.
        time: Numeral,
        /// In which unit.
        unit: Localized,
    },
}

/// A number and where it stands in the flow.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// What it is.
    pub form: Form,
    /// Its text, as printed.
    pub text: String,
    /// Its characters in the flow.
    pub range: Range<usize>,
}

impl Found {
    /// Whether it is a result with its spread.
    pub(super) fn is_result(&self) -> bool {
        matches!(self.form, Form::Result(_))
    }
}

/// The longest text that one number takes, in characters.
pub(super) const LONGEST: usize = 56;

/// Every number of the text that looks like a result, in order.
pub fn scan(flow: &Flow) -> Vec<Found> {
    let folded = fold_all(&flow.chars);
    let scanner = Scanner { flow, folded: &folded };
    let mut found = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        match scanner.at(at) {
            Step::Found(number) => {
                at = number.range.end.max(at + 1);
                found.push(*number);
            }
            Step::Skip(end) => at = end.max(at + 1),
            Step::Nothing => at += 1,
        }
    }
    found
}

pub(super) enum Step {
    Found(Box<Found>),
    /// Something with digits that is no result, up to here.
    Skip(usize),
    Nothing,
}

pub(super) struct Scanner<'a> {
    pub(super) flow: &'a Flow,
    pub(super) folded: &'a [char],
}

impl Scanner<'_> {
    fn at(&self, at: usize) -> Step {
        let c = self.folded[at];
        if matches!(c, 'p' | 'P')
            && !self.is_inside_word(at)
            && let Some(found) = self.probability(at)
        {
            return Step::Found(Box::new(found));
        }
        if c.is_ascii_digit() {
            return self.digits(at);
        }
        // 三名, 患者十二名, and 五例中二例.
        if is_of_kanji_number(c) && self.begins_kanji_number(at) {
            return self.counted_kanji(at).map_or(Step::Nothing, |found| Step::Found(Box::new(found)));
        }
        if c.is_ascii_alphabetic() && !self.is_inside_word(at) {
            return self.word(at);
        }
        Step::Nothing
    }

    pub(super) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|before| self.folded.get(before)).copied()
    }

    pub(super) fn is_inside_word(&self, at: usize) -> bool {
        self.before(at).is_some_and(|c| c.is_ascii_alphanumeric())
    }

    /// Whether these words, in small letters, stand at a place.
    pub(super) fn holds(&self, at: usize, words: &str) -> bool {
        let here = self.folded[at.min(self.folded.len())..].iter().flat_map(|c| c.to_lowercase());
        here.zip(words.chars().map(Some).chain(std::iter::repeat(None)))
            .take_while(|(_, w)| w.is_some())
            .all(|(c, w)| Some(c) == w)
            && self.folded.len() >= at + words.chars().count()
    }

    pub(super) fn ends_before(&self, at: usize, words: &str) -> bool {
        let mut end = at;
        while end > 0 && self.folded[end - 1] == ' ' {
            end -= 1;
        }
        let words = words.trim_end();
        let Some(start) = end.checked_sub(words.chars().count()) else { return false };
        // Whole words: "turnover 25" is not over 25, "stable 6.1" is in no table, and 代表 3 名 neither.
        let cuts = match words.chars().next() {
            Some(c) if c.is_ascii_alphabetic() => self.is_inside_word(start),
            Some('表') => self.before(start).is_some_and(is_kanji),
            _ => false,
        };
        !cuts && self.holds(start, words)
    }

    /// A number in digits with all that belongs to it, or what it is instead.
    fn digits(&self, at: usize) -> Step {
        let end = self.run(at);
        if let Some(end) = self
            .telephone(at)
            .or_else(|| self.address(at, end))
            .or_else(|| self.citation(at, end))
            .or_else(|| self.code(at, end))
        {
            return Step::Skip(end);
        }
        if let Some(step) = self.observed(at, end) {
            return step;
        }
        // 2½ is no 2, and of "1 234.5" nobody knows whether it is one number.
        if self.folded.get(end).is_some_and(|c| "½⅓⅔¼¾⅛".contains(*c)) {
            return Step::Skip(end + 1);
        }
        if let Some(end) = self.divided_by_blank(at, end) {
            return Step::Skip(self.with_spread(end));
        }
        if let Some(end) = self.range_of_score(at, end).or_else(|| self.best_scores(at, end)) {
            return Step::Skip(end);
        }
        if self.is_level(at, end)
            || self.is_in_name_of_treatment(at, end)
            || self.is_name(at)
            || self.is_reference(at, end)
            || self.is_date(at, end)
            || self.is_year_of_two(at, end)
            || self.is_of_study(at)
            || self.is_of_kind(at, end)
            || self.is_length_of_time(at, end)
            || self.is_of_dosing(at, end)
            || self.is_decade(at, end)
            || self.is_footnote(at, end)
            || self.is_of_item(at)
            || self.is_of_clock(at, end)
            || self.is_end_of_scale(at, end)
            || self.is_alone(at, end)
            || self.is_behind_point(at)
        {
            return Step::Skip(self.with_spread(end));
        }
        let start = self.start(at);
        let longest =
            self.longest(start, end..=at + LONGEST, |expression, text| is_sensible(expression, text.contains('±')));
        let whole = longest.as_ref().map_or(end, |(_, text)| start + text.chars().count());
        let is_plain = longest.as_ref().is_none_or(|(of, _)| matches!(of, Expression::Number(_)));
        if is_plain && let Some(found) = self.first_in_bracket(start, whole) {
            return Step::Found(Box::new(found));
        }
        let longest = longest.filter(|(_, text)| !(text.contains('±') && self.is_behind_spaced_point(at)));
        if let Some((expression, text)) = longest {
            let form = match expression {
                Expression::Spread { .. } | Expression::Range { .. } => Form::Result(expression),
                _ => Form::Number(expression),
            };
            let range = start..start + text.chars().count();
            return Step::Found(Box::new(Found { form, text, range }));
        }
        Step::Skip(self.with_spread(end))
    }

    /// Whether a whole number stands behind another with a point and a blank between: nobody knows whether "2. 9 ± 1" is
    /// 2.9, or begins a sentence.
    fn is_behind_spaced_point(&self, at: usize) -> bool {
        let is_digit = |at: usize| self.folded[at].is_ascii_digit();
        let Some(point) = at.checked_sub(2).filter(|point| self.holds(*point, ". ")) else { return false };
        let front = (0..point).rev().find(|before| !is_digit(*before)).map_or(0, |before| before + 1);
        let is_whole = front < point && !matches!(self.before(front), Some('.' | ','));
        is_whole && self.run(at) - at == self.digits_at(at)
    }

    /// Where a number ends that a plain blank divides in front of three digits and decimals: "1 234.5 ± 200.1" may be one
    /// number, or two.
    fn divided_by_blank(&self, at: usize, end: usize) -> Option<usize> {
        let next = end + 1;
        let is_blank = self.flow.chars.get(end) == Some(&' ') && (1..=3).contains(&(end - at));
        let last = self.run(next.min(self.folded.len()));
        let has_decimals = last > next + 4 && self.folded[next + 3] == '.';
        (is_blank && self.digits_at(at) == end - at && self.digits_at(next) == 3 && has_decimals).then_some(last)
    }

    /// Whether a number marks an item of a list at the beginning of a line: （1）, "2)".
    fn is_of_item(&self, at: usize) -> bool {
        let line = if matches!(self.before(at), Some('(')) { at - 1 } else { at };
        !self.flow.in_row[line] && begins_item(self.flow, line)
    }

    /// Where the spread of a number ends that ends at a place and is no result: its spread is none either.
    fn with_spread(&self, end: usize) -> usize {
        let sign = self.skip_blanks(end);
        if self.folded.get(sign) != Some(&'±') {
            return end;
        }
        let spread = self.skip_blanks(sign + 1);
        let last = self.run(spread);
        if last > spread { last } else { end }
    }

    /// Where the digits, points and commas of a number end.
    pub(super) fn run(&self, at: usize) -> usize {
        let mut end = at;
        let mut has_decimals = false;
        while let Some(c) = self.folded.get(end) {
            // Behind decimals a comma divides two numbers: ０．４５，０．８６.
            let is_point =
                (*c == '.' || *c == ',' && !has_decimals) && self.folded.get(end + 1).is_some_and(char::is_ascii_digit);
            if !c.is_ascii_digit() && !is_point {
                break;
            }
            has_decimals |= *c == '.';
            end += 1;
        }
        end
    }

    /// Whether a bracket is open at a place.
    pub(super) fn open_bracket(&self, at: usize) -> bool {
        let start = at.saturating_sub(160);
        let depth = self.folded[start..at].iter().fold(0i32, |depth, c| match c {
            '(' | '[' => depth + 1,
            ')' | ']' => (depth - 1).max(0),
            _ => depth,
        });
        depth > 0
    }

    pub(super) fn skip_blanks(&self, mut at: usize) -> usize {
        while self.folded.get(at) == Some(&' ') {
            at += 1;
        }
        at
    }

    fn probability(&self, at: usize) -> Option<Found> {
        let mut sign = self.skip_blanks(at + 1);
        if self.folded.get(sign) == Some(&'-') {
            sign += 1;
        }
        // "p-value = 0.03", "p値＝0.03".
        let named = ["value", "値"].into_iter().find(|word| self.holds(sign, word));
        sign = self.skip_blanks(sign + named.map_or(0, |word| word.chars().count()));
        let is_compared = matches!(self.folded.get(sign)?, '<' | '>' | '=' | '≤' | '≥' | '≦' | '≧');
        // "P-value: 0.02", "p-value of 0.049", p値0.003.
        let joined = [":", "は", "of ", "was "].into_iter().find(|word| self.holds(sign, word)).unwrap_or_default();
        let value = self.skip_blanks(sign + joined.chars().count());
        let is_value = named.is_some() && (self.holds(value, "0.") || self.holds(value, "."));
        if !is_compared && !is_value {
            return None;
        }
        let mut digits = if is_compared { sign + 1 } else { value };
        while self.folded.get(digits).is_some_and(|c| matches!(c, ' ' | '=' | '<' | '>')) {
            digits += 1;
        }
        // "p = 2.3 × 10⁻⁵" goes on behind its digits.
        const POWER: usize = 8;
        let end = self.run(digits + usize::from(self.holds(digits, ".")));
        (end..=(end + POWER).min(self.folded.len())).rev().find_map(|end| {
            let text = self.flow.text(at..end);
            // "P = 0. 03" is no p of 0.
            let is_cut = |end: usize| self.digits_at(end + 2) > 0 && self.is_behind_spaced_point(end + 2);
            let is_whole = text.contains(['.', '．']) || !is_cut(end);
            let is_whole = is_whole && !text.ends_with([' ', '.', '．']);
            let comparison = text.parse::<Comparison>().ok().filter(|_| is_whole)?;
            Some(Found { form: Form::Probability(comparison), text, range: at..end })
        })
    }

    /// The longest text from a place that is an expression of the kind that is looked for.
    pub(super) fn longest(
        &self,
        start: usize,
        stops: RangeInclusive<usize>,
        is_meant: impl Fn(&Expression, &str) -> bool,
    ) -> Option<(Expression, String)> {
        let most = (*stops.end()).min(self.folded.len());
        (*stops.start()..=most).rev().find_map(|stop| {
            // Whole words, and no number cut in two.
            let is_cut = || {
                cuts(self.folded[stop - 1], self.folded[stop], self.folded.get(stop + 1))
                    && !self.is_behind_decimals(stop)
            };
            if stop < self.folded.len() && is_cut() {
                return None;
            }
            let text = self.flow.text(start..stop);
            let text = text.trim_end();
            // "15/125.0 patient-years" are events over a time, and 120.5人年 are no people.
            if text.contains(|c: char| fold_char(c).is_ascii_digit()) && self.is_cut_from_time(start, stop) {
                return None;
            }
            if self.is_of_next_line(start, stop) || self.holds_middle_dot(start, stop) {
                return None;
            }
            // The full stop of a sentence is no point of a number.
            if text.ends_with(['.', '．', ',']) {
                return None;
            }
            let expression = text.parse::<Expression>().ok().filter(|expression| is_meant(expression, text))?;
            // 2・3割±1 holds no 3割±1.
            if !matches!(expression, Expression::Number(_)) && self.is_beside_middle_dot(start, stop) {
                return None;
            }
            Some((expression, text.to_owned()))
        })
    }

    /// Whether a comma stands behind decimals, and divides two numbers: 36.7，123.9.
    fn is_behind_decimals(&self, comma: usize) -> bool {
        let digits = self.folded[..comma].iter().rev().take_while(|c| c.is_ascii_digit()).count();
        self.folded[comma] == ',' && digits > 0 && self.before(comma - digits) == Some('.')
    }

    /// Whether what stands between two places ends in front of a unit of person-time, or within it.
    fn is_cut_from_time(&self, start: usize, stop: usize) -> bool {
        let is_number = self.run(start) == stop;
        let people = stop.checked_sub(1).filter(|last| *last > start && self.folded[*last] == '人');
        !is_number && self.person_time(stop).is_some() || people.is_some_and(|at| self.person_time(at).is_some())
    }

    /// Whether what stands behind the last digit is taken from another line, and is no whole unit of a sentence that
    /// goes on there: below 6.5±1.8 年齢 begins another thing, and 点であった goes on.
    fn is_of_next_line(&self, start: usize, stop: usize) -> bool {
        let Some(last) = (start..stop).rfind(|at| self.folded[*at].is_ascii_digit()) else { return false };
        let Some(line) = (last + 1..stop).find(|at| self.flow.starts_line[*at]) else { return false };
        // What multiplies a number is no beginning, whatever empty lines a page has: ５, and 万細胞 on the next.
        if line == last + 1 && matches!(self.folded[line], '万' | '億') && !self.flow.in_row[line] {
            return false;
        }
        let is_other = self.flow.in_row[line] || self.flow.starts_paragraph[line];
        let is_behind_sign = self.folded[last + 1..line].contains(&'%');
        let goes_on = |c: &char| c.is_alphanumeric() && !('\u{3041}'..='\u{309F}').contains(c);
        let is_word = self.folded.get(stop).is_some_and(goes_on) && !self.flow.starts_line[stop];
        is_other || is_behind_sign || is_word
    }

    /// Whether a middle dot that may divide two numbers stands between digits: 3・4回.
    fn holds_middle_dot(&self, start: usize, stop: usize) -> bool {
        let is_digit = |at: usize| self.folded[at].is_ascii_digit();
        (start + 1..stop.saturating_sub(1))
            .any(|at| is_middle_dot(self.folded[at]) && is_digit(at - 1) && is_digit(at + 1))
    }

    /// Whether a middle dot joins either end to another digit, and may be a decimal point or divide two numbers.
    fn is_beside_middle_dot(&self, start: usize, stop: usize) -> bool {
        let is_digit = |at: Option<usize>| at.and_then(|at| self.folded.get(at)).is_some_and(char::is_ascii_digit);
        let is_dot = |at: usize| self.folded.get(at).is_some_and(|c| is_middle_dot(*c));
        let is_behind = start.checked_sub(1).is_some_and(is_dot) && is_digit(start.checked_sub(2));
        is_behind && is_digit(Some(start)) || is_dot(stop) && is_digit(Some(stop + 1)) && is_digit(stop.checked_sub(1))
    }
}

pub(super) fn is_kanji(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Whether ending between two characters would cut a word or a number.
fn cuts(last: char, next: char, after: Option<&char>) -> bool {
    let is_number = |c: char| c.is_ascii_digit();
    (is_number(last) && is_number(next))
        || (is_number(last) && matches!(next, '.' | ',') && after.is_some_and(|c| is_number(*c)))
        || ((last.is_ascii_alphabetic() || last == '%') && next.is_ascii_alphabetic())
}

/// Whether an expression can be a result: a fraction is a part of a whole, and "14 (60.9)" and "10名（83.3％）" are counts
/// with their shares and no means with their spreads.
pub(super) fn is_sensible(expression: &Expression, is_plus_minus: bool) -> bool {
    match expression {
        Expression::Fraction { part, whole } => match (whole_count(part), whole_count(whole)) {
            // No whole has decimals: 125.0 is a time or an amount.
            (Some(part), Some(whole)) => part <= whole && whole > 0,
            _ => false,
        },
        Expression::Spread { center, spread, name } => {
            let [of_center, of_spread] = [center, spread].map(|number| number.decimal().decimals());
            // "8.0% (0.9)" and "8.1% (SD 1)" are means in per cent: there are no 0.9 people, and no SD of people.
            let is_named = matches!(name, Some(SpreadName::Sd | SpreadName::Se));
            let is_mean_in_percent = center.is_percent() && !spread.is_percent() && (of_spread > 0 || is_named);
            let is_count = of_center == 0 && of_spread > 0 && !center.is_percent() && !is_named;
            // About 5.1 ± 1.7 is no mean that a file could hold, nor is a median with the width of its quartiles or its
            // range: "5 (IQR 3)".
            let is_width = matches!(name, Some(SpreadName::Quartiles | SpreadName::Range));
            if is_width || center.exact().is_err() || spread.exact().is_err() {
                return false;
            }
            // 9割（94.1%） is one share, told twice.
            if center.text().contains('割') {
                return is_plus_minus;
            }
            spread.is_percent() == center.is_percent() && !is_count || is_mean_in_percent || is_plus_minus
        }
        // What lies outside its own range, no file could hold.
        Expression::Range { center, lower, upper, .. } => {
            let are_exact = [center, lower, upper].iter().all(|of| of.exact().is_ok());
            are_exact && lower.decimal() <= center.decimal() && center.decimal() <= upper.decimal()
        }
        _ => true,
    }
}

/// A count that is printed without decimals.
fn whole_count(number: &Numeral) -> Option<u64> {
    number.count().filter(|_| number.decimal().decimals() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        scan(&Flow::of(text)).into_iter().map(|found| found.text).collect()
    }

    #[test]
    fn signs_ranges_shares_and_dates_are_what_they_are() {
        for (text, expected) in [
            ("実薬群で−4.1±3.4、対照群で-1.0±2.0点", &["−4.1±3.4", "-1.0±2.0点"] as &[&str]),
            ("1年-3年の経過", &["1", "3"]),
            ("fell to 120 m (IQR 80–200)", &["120 m (IQR 80–200)"]),
            ("10名（83.3％）が改善", &["10名", "83.3％"]),
            ("in 5 of 20 (25%) and 14 (60.9)", &["5 of 20", "25%", "14", "60.9"]),
            ("Seven out of 64 and 15例中11例（73.3%）", &["Seven out of 64", "15例中11例", "73.3%"]),
            ("It was seven of 64. 五例中二例.", &["seven of 64", "五例中二例"]),
            (
                "Sixty-one patients; one hundred and five women, a one-sided test",
                &["Sixty-one", "one hundred and five"],
            ),
            ("p = 2.3 × 10⁻⁵, P<0.001 and p=0.04%", &["p = 2.3 × 10⁻⁵", "P<0.001", "p=0.04"]),
            ("| <0.001 | 2.3 × 10⁻⁵ | 1\u{202F}204 patients", &["<0.001", "2.3 × 10⁻⁵", "1\u{202F}204"]),
            ("over 52 weeks, over 5 points; 95% CI 1.2 to 3.4; 95％信頼区間 2", &["52", "over 5", "1.2", "3.4", "2"]),
            ("+81-3-1234-5678, +44 20 7946 0958, +2.5 points", &["+2.5"]),
            ("was 41.8 ± 2.2\n%FVC", &["41.8 ± 2.2"]),
            ("Muse 細胞（５\n\n万細胞/回）を投与", &["５万細胞"]),
            ("on 12/01/2022 in 5/7", &["5/7"]),
            ("by 20.5 points (19.2), 20.3, and 19.8 ± 3.1", &["20.5", "19.2", "20.3", "19.8 ± 3.1"]),
            ("in 2014 and 2015, (2016)", &[]),
            ("IQR 18.0-31.2; 3-5 days; from 10-20 to 5-8", &["18.0", "31.2", "3", "5", "10", "20", "5", "8"]),
            ("(n=20), CI:0.45-0.86, HR .45, 120/80 mmHg, day 28.", &["20", "0.45", "0.86", ".45", "120", "80", "28"]),
            ("in the group. 7 of 12, follow-up. 8.4 ± 2.0, stable 6.1 ± 1.3", &["7 of 12", "8.4 ± 2.0", "6.1 ± 1.3"]),
            (
                "turnover 25, at most 5, fell by minus 2.4, マイナス1.3点",
                &["25", "at most 5", "minus 2.4", "マイナス1.3点"],
            ),
            ("五例中二例、代表 3 名", &["五例中二例", "3 名"]),
            ("https://x.jp/a?id=12&p=3, phase 3, Ref. 3, 2014/3/15", &[]),
            ("Tel 03-3813-3111, 0120-123-456, 2012-2014, IL-6, 2021-03-15, 82:123-130", &[]),
            ("(tel. 020 7946 0123), 電話：(06) 1234-5678, Phone: 555 123 4567.", &[]),
            ("J Trials 2021; 12(4): 33-41, 2021年4月に, 2023年6月〜7月, between 2018 and 2021", &[]),
            ("Study 104 and Studies 201, 202 and 203; in this study 12 patients", &["12"]),
            ("Protocol 101XY202, interferon beta 1a, 5-mg tablets, in their 70s, a 12-week study", &[]),
            ("65-year-old, 70 mg per deciliter, 5 mg per day, 30 mg/dL", &["65", "70", "30"]),
            ("新薬を発表しました2。点数は減少した3、", &[]),
            ("１群：－0.82±0.05％\n本剤群：－1.31±0.07％", &["１", "－0.82±0.05％", "－1.31±0.07％"]),
            ("NRS 6.1±1.7\n年齢 51.2±9.8\n点であった", &["6.1±1.7", "51.2±9.8点"]),
            ("0.7×10³–1.8×10³, −1.8×10³", &["0.7×10³", "1.8×10³", "−1.8×10³"]),
            ("sPGA 0/1, an IGA score of 0 or 1, IGA (0/1) and 0/12", &["0/12"]),
            ("対照群.86, HR .86", &[".86"]),
            ("２・８±１・２回、1・2年生", &["２・８±１・２回", "1", "2"]),
            ("2・9％、3・4回、P＜0・001、第1・2相", &["2・9％", "3", "4回", "P＜0・001"]),
            ("a 95 percent confidence interval of 2, 95 per cent CI 3, 95 percent", &["2", "3", "95 percent"]),
            ("患者十二名、計百二十人、同一人、第三回、一万二千人", &["十二名", "百二十人", "一万二千人"]),
            (
                "1万5,210人、3億2,000万円、約6割、約9割（94.1%）",
                &["1万5,210人", "3億2,000万", "約6割", "約9割", "94.1%"],
            ),
            (
                "p-value 0.049, P-value: 0.02, p値0.003, p値は0.2, p 5",
                &["p-value 0.049", "P-value: 0.02", "p値0.003", "p値は0.2", "5"],
            ),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }
}
