//! Numbers that are no results: telephones, references, parts of names, numbers of pages and headings.

use super::scan::{Scanner, is_kanji};
use crate::numeric::numeral::{is_middle_dot, is_minus_behind};

/// A number behind these is a date, an address or a reference and no result.
const NO_RESULT_BEFORE: [&str; 43] = [
    "d o i:",
    "d o i",
    "アクアポリン",
    "インターロイキン",
    "aquaporin",
    "interleukin",
    "図",
    "表",
    "第",
    "vol.",
    "vol",
    "no.",
    "fig.",
    "figure",
    "table",
    "doi:",
    "doi",
    "pmid",
    "tel",
    "tel.",
    "phone",
    "fax",
    "〒",
    "平成",
    "令和",
    "昭和",
    "p.",
    "pp.",
    "issue",
    "ref.",
    "refs.",
    "phase",
    "grade",
    "grades",
    "グレード",
    "stage",
    "stages",
    "ステージ",
    "class",
    "type",
    "tse",
    "nasdaq",
    "コード",
];

/// Criteria of response that are named by a score and a percentage: "PASI 75".
const CRITERIA: [&str; 7] = ["pasi", "easi", "acr", "asas", "hiscr", "salt", "glass"];

impl Scanner<'_> {
    /// Where a telephone number ends that has the code of its country, or is called one: "+81-3-1234-5678", "tel. 020
    /// 7946 0958", 電話：(03) 1234-5678.
    pub(super) fn telephone(&self, at: usize) -> Option<usize> {
        const FEWEST: usize = 9;
        const NAMES: [&str; 5] = ["tel", "telephone", "phone", "fax", "電話"];
        let front = if matches!(self.before(at), Some('(' | '+')) { at - 1 } else { at };
        let is_named = NAMES.iter().any(|name| {
            ["", ".", ":", ".:", "番号", "番号:"].iter().any(|sign| self.ends_before(front, &format!("{name}{sign}")))
        });
        if self.before(at) != Some('+') && !is_named {
            return None;
        }
        let is_part = |c: &char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
        let length = self.folded[at..].iter().take_while(|c| is_part(c)).count();
        let digits = self.folded[at..at + length].iter().filter(|c| c.is_ascii_digit()).count();
        (digits >= FEWEST && (digits < length || is_named)).then_some(at + length)
    }

    /// How many digits stand at a place.
    pub(super) fn digits_at(&self, at: usize) -> usize {
        self.folded[at.min(self.folded.len())..].iter().take_while(|c| c.is_ascii_digit()).count()
    }

    /// Where the volume, issue and pages of a citation end: "39(3): 151-158".
    pub(super) fn citation(&self, at: usize, end: usize) -> Option<usize> {
        let open = self.skip_blanks(end);
        let issue = self.digits_at(open + 1);
        let close = open + 1 + issue;
        let is_issue =
            self.folded.get(open) == Some(&'(') && (1..=5).contains(&issue) && self.folded.get(close) == Some(&')');
        let sign = self.skip_blanks(close + 1);
        let pages = self.skip_blanks(sign + 1);
        // e12 and S45 are pages as well.
        let pages = pages + usize::from(matches!(self.folded.get(pages), Some('e' | 'E' | 's' | 'S')));
        let first = self.digits_at(pages);
        let is_paged = matches!(self.folded.get(sign), Some(':' | ';' | ',')) && first > 0;
        let last = pages + first + 1;
        let is_range = self.folded.get(last - 1) == Some(&'-') && self.digits_at(last) > 0;
        let is_electronic = matches!(self.folded.get(pages - 1), Some('e' | 'E'));
        let ends = if is_range { last + self.digits_at(last) } else { pages + first };
        (is_issue && is_paged && (is_range || is_electronic) && self.digits_at(at) == end - at).then_some(ends)
    }

    /// Where a code ends that begins with digits and holds more behind letters, "205MS301", or a letter that divides
    /// kinds, "beta 1a", "phase 2b".
    pub(super) fn code(&self, at: usize, end: usize) -> Option<usize> {
        const LONGEST: usize = 4;
        let letters = self.folded[end..].iter().take_while(|c| c.is_ascii_alphabetic()).count();
        let behind = end + letters;
        let is_whole = self.digits_at(at) == end - at;
        let is_kind = letters == 1
            && end - at <= 2
            && matches!(self.folded.get(end), Some('a'..='c'))
            && !self.folded.get(behind).is_some_and(char::is_ascii_alphanumeric);
        let is_code = (1..=LONGEST).contains(&letters)
            && self.folded[end..behind].iter().all(char::is_ascii_uppercase)
            && self.digits_at(behind) > 0;
        (is_whole && (is_kind || is_code)).then(|| behind + self.digits_at(behind))
    }

    /// Whether a whole number is that of a kind, a phase or a part of a document: 2型糖尿病, 第1・2相, 1・2型.
    pub(super) fn is_of_kind(&self, at: usize, end: usize) -> bool {
        const KINDS: [&str; 6] = ["型", "相", "世代", "類", "重盲検", "重検"];
        if self.digits_at(at) != end - at {
            return false;
        }
        let joins = |place: Option<char>| place.is_some_and(|c| is_middle_dot(c) || c == '/');
        let (mut first, mut last) = (at, end);
        while joins(self.before(first)) {
            let digits = self.folded[..first - 1].iter().rev().take_while(|c| c.is_ascii_digit()).count();
            if digits == 0 {
                break;
            }
            first -= 1 + digits;
        }
        while joins(self.folded.get(last).copied()) && self.digits_at(last + 1) > 0 {
            last += 1 + self.digits_at(last + 1);
        }
        KINDS.iter().any(|kind| self.holds(last, kind)) || first < at && self.before(first) == Some('第')
    }

    /// Whether a number is the name of a study: "Study 404", "Studies 301 and 302"; "in this study 12 patients" is
    /// none.
    pub(super) fn is_of_study(&self, at: usize) -> bool {
        const NAMES: [&str; 8] = ["Study", "Studies", "Trial", "Trials", "Cohort", "Cohorts", "Protocol", "Part"];
        const FAR: usize = 40;
        let front: String = self.folded[at.saturating_sub(FAR)..at].iter().collect();
        let mut front = front.trim_end();
        // "… 301, 302 and" goes on.
        while let Some(rest) = ["and", ",", "&"].iter().find_map(|joint| front.strip_suffix(joint)) {
            let rest = rest.trim_end().trim_end_matches(',');
            let shorter = rest.trim_end_matches(|c: char| c.is_ascii_digit());
            if shorter.len() == rest.len() {
                return false;
            }
            front = shorter.trim_end();
        }
        NAMES.iter().any(|name| {
            front
                .strip_suffix(name)
                .is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
        })
    }

    /// Whether a length of time follows with a hyphen, as that of a trial or a treatment: "a 36-week study".
    pub(super) fn is_length_of_time(&self, at: usize, end: usize) -> bool {
        if self.is_length_of_treatment(end) || self.is_time_of_treatment(at, end) {
            return true;
        }
        let unit = ["week", "month", "year", "day", "hour"].into_iter().find(|unit| self.holds(end + 1, unit));
        let behind = unit.map_or(end, |unit| end + 1 + unit.len());
        let goes_on = self.folded.get(behind).is_some_and(char::is_ascii_alphabetic) || self.holds(behind, "-old");
        self.folded.get(end) == Some(&'-') && unit.is_some() && !goes_on
    }

    /// "received drug A for 8 weeks": how long people were treated or watched.
    fn is_time_of_treatment(&self, at: usize, end: usize) -> bool {
        const DONE: [&str; 9] =
            ["received", "took", "treated", "administered", "given", "followed", "observed", "treatment", "therapy"];
        const NEAR: usize = 48;
        let unit = self.skip_blanks(end);
        let is_time = ["week", "month", "year", "day"].iter().any(|word| self.holds(unit, word));
        let before: String = self.folded[at.saturating_sub(NEAR)..at].iter().collect();
        let before = before.to_lowercase();
        let clause = before.trim_end().strip_suffix("for").and_then(|front| front.rsplit(['.', ';', ',']).next());
        let is_whole = self.digits_at(at) == end - at;
        is_whole && is_time && clause.is_some_and(|clause| clause.split(' ').any(|word| DONE.contains(&word)))
    }

    /// 24週間経口投与, 52週間の治療: how long people were treated or watched.
    fn is_length_of_treatment(&self, end: usize) -> bool {
        const UNITS: [&str; 6] = ["週間", "日間", "か月間", "ヶ月間", "カ月間", "年間"];
        let unit = UNITS.into_iter().find(|unit| self.holds(end, unit));
        unit.is_some_and(|unit| {
            let next = end + unit.chars().count();
            self.is_treated(next + usize::from(self.holds(next, "の")))
        })
    }

    /// 1日2回50 mg, 週1回皮下投与: how often something is given.
    pub(super) fn is_of_dosing(&self, at: usize, end: usize) -> bool {
        const EVERY: [&str; 5] = ["1日", "一日", "週に", "週", "月"];
        if self.holds(end, "日") {
            let times = self.skip_blanks(end + 1);
            let behind = times + self.digits_at(times);
            return behind > times && self.is_dosed(behind);
        }
        EVERY.iter().any(|every| self.ends_before(at, every)) && self.is_dosed(end)
    }

    /// Whether "so many times" stands at a place, with a dose or a way of giving it: 回50 mg, 回、皮下投与.
    fn is_dosed(&self, at: usize) -> bool {
        const UNITS: [&str; 7] = ["mg", "μg", "µg", "g", "単位", "錠", "ml"];
        if !self.holds(at, "回") {
            return false;
        }
        let next = self.skip_blanks(at + 1);
        let next = next + usize::from(self.holds(next, "、") || self.holds(next, ",") || self.holds(next, "の"));
        let dose = self.run(next);
        let is_dose = || UNITS.iter().any(|unit| self.holds(self.skip_blanks(dose), unit));
        self.is_treated(next) || dose > next && (is_dose() || self.is_length_of_treatment(dose))
    }

    /// Whether words at a place say that people were treated or watched.
    fn is_treated(&self, at: usize) -> bool {
        const DONE: [&str; 14] = [
            "投与", "経口", "皮下", "静脈", "点滴", "筋肉", "服用", "内服", "治療", "試験", "追跡", "観察", "塗布",
            "連日",
        ];
        DONE.iter().any(|word| self.holds(at, word))
    }

    /// Whether it is the decade in which people are: "in their 60s".
    pub(super) fn is_decade(&self, at: usize, end: usize) -> bool {
        let is_plural = self.holds(end, "s") && !self.folded.get(end + 1).is_some_and(char::is_ascii_alphanumeric);
        let words = ["their", "his", "her", "the", "early", "mid", "late"];
        is_plural && self.holds(end - 1, "0") && words.iter().any(|word| self.ends_before(at, word))
    }

    /// Where three whole numbers end that hyphens join, as in an address: 鹿田町2-5-1; and where a DOI ends.
    pub(super) fn address(&self, at: usize, end: usize) -> Option<usize> {
        let is_doi = self.holds(at, "10.") && self.digits_at(at + 3) > 3 && self.folded.get(end) == Some(&'/');
        if is_doi {
            return Some(end + self.folded[end..].iter().take_while(|c| c.is_ascii_graphic()).count());
        }
        let second = end + 1 + self.digits_at(end + 1);
        let third = second + 1 + self.digits_at(second + 1);
        let is_joined = |at: usize| self.flow.chars.get(at).is_some_and(|c| matches!(c, '-' | '－' | '‐' | '−'));
        let is_short = |from: usize, to: usize| (1..=3).contains(&(to - from));
        let are_numbers = is_short(at, end) && is_short(end + 1, second) && is_short(second + 1, third.max(second + 1));
        let is_kanji_in_front = self.before(at).is_some_and(is_kanji);
        let ends = !self.folded.get(third).is_some_and(|c| matches!(c, '.' | '-'));
        (are_numbers && is_kanji_in_front && is_joined(end) && is_joined(second) && ends).then_some(third)
    }

    /// Whether a number is an hour of the day: 午後4時.
    pub(super) fn is_of_clock(&self, at: usize, end: usize) -> bool {
        ["午前", "午後"].iter().any(|half| self.ends_before(at, half)) && self.holds(self.skip_blanks(end), "時")
    }

    /// Whether a number is an end of a scale: 症状なしを 0、最大の症状を 10 として.
    pub(super) fn is_end_of_scale(&self, at: usize, end: usize) -> bool {
        const FAR: usize = 24;
        let is_said = |at: usize, end: usize| self.ends_before(at, "を") && self.digits_at(at) == end - at;
        let ends = |end: usize| self.holds(self.skip_blanks(end), "とし");
        let goes_on = || {
            let next = (end..self.folded.len().min(end + FAR)).find(|at| self.folded[*at].is_ascii_digit());
            let joined = matches!(self.folded.get(self.skip_blanks(end)), Some('、' | ','));
            joined && next.is_some_and(|next| is_said(next, self.run(next)) && ends(self.run(next)))
        };
        is_said(at, end) && (ends(end) || goes_on())
    }

    /// Whether it is the mark of a note: behind a star, or behind the end of a sentence: ＊1, 発表しました1。
    pub(super) fn is_footnote(&self, at: usize, end: usize) -> bool {
        // "5*1" and "p*0.05" are none.
        let is_starred = self.before(at) == Some('*')
            && !at.checked_sub(2).is_some_and(|front| self.folded[front].is_ascii_digit())
            && self.digits_at(at) == end - at
            && end - at <= 2;
        if is_starred {
            return true;
        }
        let is_behind_verb = self.before(at).is_some_and(|c| matches!(c, 'た' | 'す'))
            && ["した", "ます", "です", "った", "れた"].iter().any(|verb| self.ends_before(at, verb));
        let is_end = self.folded.get(end).is_none_or(|c| matches!(c, '。' | '、' | ',' | ')' | ' '))
            || self.flow.starts_line.get(end) == Some(&true);
        is_behind_verb && is_end && end - at <= 2
    }

    /// Whether a number is the level of an interval: "95% CI", "95%-CI", "CI 95%", 95％信頼区間.
    pub(super) fn is_level(&self, at: usize, end: usize) -> bool {
        let sign = end + usize::from(self.folded.get(end) == Some(&'-'));
        let sign = self.skip_blanks(sign);
        let Some(name) = ["%", "percent", "per cent", "per-cent"].into_iter().find(|name| self.holds(sign, name))
        else {
            return false;
        };
        let next = sign + name.chars().count();
        let next = self.skip_blanks(next + usize::from(self.holds(next, "-")));
        // "30% circulating cells" begins with the same letters.
        let is_short = |word: &str| {
            let behind = next + word.len() + usize::from(self.holds(next + word.len(), "s"));
            self.holds(next, word) && !self.folded.get(behind).is_some_and(char::is_ascii_alphabetic)
        };
        ["confidence", "信頼", "credible"].iter().any(|word| self.holds(next, word))
            || ["ci", "cri", "c.i"].iter().any(|word| is_short(word))
            || self.is_level_behind_name(at, end)
    }

    /// Whether the level stands behind the name of its interval: "CI 95%: 0.16–0.88", but no "95% CI 95%–99%".
    fn is_level_behind_name(&self, at: usize, end: usize) -> bool {
        let names = ["ci", "confidence interval", "信頼区間"];
        let Some(name) = names.iter().find(|name| self.ends_before(at, name)) else { return false };
        let back = |from: usize| from - self.folded[..from].iter().rev().take_while(|c| matches!(c, ' ' | '-')).count();
        let front = back(back(at) - name.chars().count());
        let has_level =
            self.before(front) == Some('%') || self.ends_before(front, "percent") || self.ends_before(front, "cent");
        !has_level && end - at > 1 && matches!(self.folded[at], '8' | '9')
    }

    /// Digits that are a part of a name: IL-6, AQP4, CL2020, a number of a registry, an address.
    pub(super) fn is_name(&self, at: usize) -> bool {
        let Some(before) = self.before(at) else { return false };
        if before.is_ascii_alphabetic() {
            return !self.is_behind_abbreviation(at);
        }
        if self.is_upper_end(at) || self.is_minus_behind_abbreviation(at) {
            return false;
        }
        let Some(second) = at.checked_sub(2).map(|place| self.folded[place]) else { return false };
        match before {
            // "n=20" and "CI:0.45" are results; "82:123" are pages, and "?x=1" is a part of an address.
            '=' => self.is_in_address(at),
            ':' => second.is_ascii_digit() || self.is_in_address(at),
            // "70.1 kg/66.0 kg" are two numbers.
            '/' if self.is_behind_same_unit(at) => false,
            // "120/80 mmHg", but 2014/3/15 and 7/2022.
            '/' if second.is_ascii_digit() => self.is_in_chain(at, '/'),
            '-' | '/' | '.' | '_' | '@' | '#' | '&' | '?' => second.is_ascii_alphanumeric() || second == '/',
            _ => false,
        }
    }

    /// Whether the unit that stands behind a number stands in front of the stroke before it as well, behind another number.
    fn is_behind_same_unit(&self, at: usize) -> bool {
        let unit_of = |chars: &mut dyn Iterator<Item = &char>| -> Vec<char> {
            chars.take_while(|c| c.is_alphabetic() || **c == '%').copied().collect()
        };
        let mut front = unit_of(&mut self.folded[..at - 1].iter().rev());
        front.reverse();
        let number = self.folded[..at - 1 - front.len()].iter().rev().find(|c| **c != ' ');
        let behind = self.run(at);
        let next = self.skip_blanks(behind);
        // Behind a spread stands the unit of both.
        let next = if self.folded.get(next) == Some(&'±') {
            self.skip_blanks(self.run(self.skip_blanks(next + 1)))
        } else {
            next
        };
        let own = unit_of(&mut self.folded[next..].iter());
        !front.is_empty() && own.starts_with(&front) && number.is_some_and(char::is_ascii_digit)
    }

    /// Whether a number with decimals stands right behind an abbreviation, as Japanese texts set them: HR0.64, EDSS5.1±0.3.
    fn is_behind_abbreviation(&self, at: usize) -> bool {
        self.is_decimal_behind_abbreviation(at, at)
    }

    /// The same of a number with a minus that is no hyphen: EDSS−0.8±1.2, 95%CI－1.4.
    pub(super) fn is_minus_behind_abbreviation(&self, at: usize) -> bool {
        let sign = at.checked_sub(1).filter(|sign| matches!(self.flow.chars[*sign], '−' | '－'));
        sign.is_some_and(|sign| self.is_decimal_behind_abbreviation(sign, at))
    }

    fn is_decimal_behind_abbreviation(&self, sign: usize, at: usize) -> bool {
        let letters = self.folded[..sign].iter().rev().take_while(|c| c.is_ascii_uppercase()).count();
        let front = self.before(sign - letters);
        let end = self.run(at);
        let is_decimal = self.folded[at..end].iter().filter(|c| **c == '.').count() == 1 && self.digits_at(at) < 3;
        let goes_on = self.folded.get(end).is_some_and(char::is_ascii_alphanumeric);
        letters > 1
            && is_decimal
            && !goes_on
            && !front.is_some_and(|c| c.is_ascii() && !matches!(c, ' ' | '(' | ',' | '%'))
    }

    /// Whether a place is within a word with the signs of an address on the web.
    fn is_in_address(&self, at: usize) -> bool {
        let word = self.folded[..at].iter().rev().take_while(|c| c.is_ascii() && **c != ' ');
        word.into_iter().any(|c| matches!(c, '/' | '?' | '&' | '@'))
    }

    /// Whether a number is one of three or more that a sign joins, or joined to a year.
    fn is_in_chain(&self, at: usize, sign: char) -> bool {
        let before = at - 1 - self.folded[..at - 1].iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let end = self.run(at);
        let is_year = |from: usize, to: usize| to - from == 4 && (self.holds(from, "19") || self.holds(from, "20"));
        self.folded.get(end) == Some(&sign)
            || self.before(before) == Some(sign)
            || is_year(before, at - 1)
            || is_year(at, end)
    }

    /// Whether a number is the upper end of a range: "80–200", "18.0-31.2". A hyphen also joins the parts of telephone
    /// numbers, dates and addresses, so that what stands before it must be a number of its own, and no other part
    /// follow.
    fn is_upper_end(&self, at: usize) -> bool {
        if at < 2 || !self.folded[at - 2].is_ascii_digit() {
            return false;
        }
        if self.flow.chars[at - 1] == '–' {
            return true;
        }
        let is_number = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let lower = at - 1 - self.folded[..at - 1].iter().rev().take_while(|c| is_number(c)).count();
        let another = self.folded.get(self.run(at)) == Some(&'-');
        let is_whole = || !self.is_name(lower) && !self.is_reference(lower, at - 1) && !self.is_date(lower, at - 1);
        // What stands in front is looked at last: of a row of numbers it goes back to the first.
        self.folded[at - 1] == '-' && !another && self.folded[lower].is_ascii_digit() && is_whole()
    }

    /// 64巻（3号）：203–210頁
    fn is_of_citation(&self, end: usize) -> bool {
        let is_range = self.folded.get(end) == Some(&'-');
        let end = if is_range { end + 1 + self.digits_at(end + 1) } else { end };
        let number = self.skip_blanks(end);
        ["巻", "号", "頁", "ページ"].iter().any(|word| self.holds(number, word))
    }

    pub(super) fn is_reference(&self, at: usize, end: usize) -> bool {
        let word = NO_RESULT_BEFORE
            .iter()
            .any(|words| self.ends_before(at, words) || self.ends_before(at, &format!("{words}:")));
        // "Mean NYHA class 2.1 ± 0.4" is a mean.
        let word = word && self.folded.get(self.skip_blanks(end)) != Some(&'±');
        // Volume and pages, time of day, address, postal code and telephone.
        let next = self.folded.get(end).copied();
        let after = self.folded.get(end + 1).copied().is_some_and(|c| c.is_ascii_digit());
        let is_joined = matches!(next, Some(':' | '@')) && after;
        let is_whole = self.folded[at..end].iter().all(char::is_ascii_digit);
        // "Level 2 hypoglycaemia", but "a level of 120".
        let is_level = end - at == 1 && is_whole && self.ends_before(at, "level");
        let is_telephone = next == Some('-') && after && end - at >= 2 && is_whole && self.folded[at] == '0';
        // "10.1212/WNL…" is a DOI.
        let is_doi = self.holds(at, "10.") && (7..=8).contains(&(end - at));
        let is_web = next == Some('/') && (is_doi || self.holds(end, "/s4"));
        word || is_joined || is_telephone || is_web || is_level || self.is_of_citation(end)
    }

    /// Where the range of a score ends that begins here: "(0–10)", "a scale from 0 to 10", 0～80点.
    pub(super) fn range_of_score(&self, at: usize, end: usize) -> Option<usize> {
        const SCALES: [&str; 6] =
            ["scale from", "scale of", "scored from", "ranging from", "ranges from", "ranged from"];
        let is_first = end - at == 1 && matches!(self.folded[at], '0' | '1');
        let sign = self.skip_blanks(end);
        let joined = ["-", "~", "から", "to "].into_iter().find(|word| self.holds(sign, word))?;
        let upper = self.skip_blanks(sign + joined.chars().count());
        let last =
            upper + self.folded[upper.min(self.folded.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
        let unit = self.skip_blanks(last);
        let of_points = ["points", "点"].into_iter().find(|word| self.holds(unit, word));
        let behind = self.skip_blanks(unit + of_points.map_or(0, |word| word.chars().count()));
        let is_in_brackets =
            matches!(self.before(at), Some('(' | '[')) && matches!(self.folded.get(behind), Some(')' | ']'));
        let is_called = SCALES.iter().any(|words| self.ends_before(at, words));
        // "from 1 to 5 points" is a change.
        let is_change = !is_called && self.ends_before(at, "from") || joined == "から";
        let is_range =
            is_first && last > upper && !is_change && (is_in_brackets || is_called || of_points == Some("点"));
        is_range.then_some(behind)
    }

    /// Where the best scores of a scale end, which name a response and count nobody: "sPGA 0/1", "an IGA score of 0 or
    /// 1".
    pub(super) fn best_scores(&self, at: usize, end: usize) -> Option<usize> {
        const SCALES: [&str; 8] = ["spga", "pga", "iga", "viga", "viga-ad", "viga-ad™", "iga-ad", "mrs"];
        const CALLED: [&str; 8] = ["", " score of", " score", " scores of", " of", "スコア", "スコアが", "の"];
        let joint = ["/", " or ", "または", "又は", "か"].into_iter().find(|word| self.holds(end, word))?;
        let second = end + joint.chars().count();
        let last = self.run(second);
        let is_pair = end - at == 1 && last - second == 1 && self.folded[at] == '0' && self.folded[second] < '3';
        let front = if matches!(self.before(at), Some('(' | '[')) { at - 1 } else { at };
        let is_named = || {
            SCALES.iter().any(|scale| CALLED.iter().any(|called| self.ends_before(front, &format!("{scale}{called}"))))
        };
        (is_pair && is_named()).then_some(last)
    }

    /// Whether a point stands in front behind a word, so that nobody knows whether it is a decimal point: 対照群.86.
    pub(super) fn is_behind_point(&self, at: usize) -> bool {
        let is_word = |c: char| c.is_alphabetic() && !('\u{3041}'..='\u{309F}').contains(&c);
        let is_point = at > 0 && self.flow.chars[at - 1] == '.';
        is_point && at.checked_sub(2).is_some_and(|front| is_word(self.folded[front]))
    }

    /// A dose, and a percentage that names a criterion: 50 mg, "PASI 75". Doses that change are results.
    pub(super) fn is_in_name_of_treatment(&self, at: usize, end: usize) -> bool {
        const UNITS: [&str; 6] = ["mg", "μg", "µg", "mcg", "iu", "単位"];
        let unit = if self.folded.get(end) == Some(&'-') { end + 1 } else { self.skip_blanks(end) };
        let named = UNITS.into_iter().find(|word| self.holds(unit, word));
        let is_dose = named.is_some_and(|word| {
            let behind = unit + word.chars().count();
            let next = self.folded.get(behind).copied();
            // mg/dL is how much there is in blood.
            let per = ["/kg", "/day", "/日", "/m2", "/m²"].into_iter().find(|of| self.holds(behind, of));
            let is_amount = next == Some('/') && per.is_none() || self.is_per_volume(behind);
            // 5.0 mg/日（IQR 2.5–7.5）
            let spread = per.map_or(behind, |of| self.skip_blanks(behind + of.chars().count()));
            let has_spread = self.folded.get(spread).is_some_and(|c| matches!(c, '±' | '('));
            let goes_on = has_spread || next.is_some_and(|c| c.is_ascii_alphanumeric());
            let changes = ["から", "まで", "へ", "に減", "に増", "減", "増", "to "]
                .iter()
                .any(|word| self.holds(self.skip_blanks(behind), word))
                || ["to", "from", "by", "was", "were", "than", "は", "が", "±"]
                    .iter()
                    .any(|word| self.ends_before(at, word));
            !is_amount && !goes_on && !changes && !self.has_interval_behind(behind)
        });
        // Nobody is given less than nothing: "median difference, −11 mg".
        let is_minus = at > 0 && self.folded[at - 1] == '-';
        let is_signed = is_minus && is_minus_behind(self.folded[..at - 1].iter().rev().copied());
        let is_dose = is_dose && !is_signed;
        let is_whole = self.folded[at..end].iter().all(char::is_ascii_digit);
        let is_plain = is_whole && !matches!(self.folded.get(unit), Some('±' | '(' | '%'));
        is_dose || is_plain && CRITERIA.iter().any(|word| self.ends_before(at, word))
    }

    /// Whether a confidence interval is told right behind a place: "; 95% CI", "（95％信頼区間".
    fn has_interval_behind(&self, at: usize) -> bool {
        let next = self.skip_blanks(at);
        let is_mark = self.folded.get(next).is_some_and(|c| matches!(c, ',' | ';' | '、' | '('));
        is_mark && self.holds(self.skip_blanks(next + 1), "95%")
    }

    /// "Per deciliter": how much there is in blood.
    fn is_per_volume(&self, at: usize) -> bool {
        const VOLUMES: [&str; 10] = [
            "dl",
            "deciliter",
            "decilitre",
            "l",
            "liter",
            "litre",
            "ml",
            "milliliter",
            "millilitre",
            "cubic millimeter",
        ];
        let per = self.skip_blanks(at);
        let volume = self.skip_blanks(per + "per ".len());
        let is_whole = |word: &&str| {
            !self.folded.get(volume + word.len()).is_some_and(char::is_ascii_alphabetic) && self.holds(volume, word)
        };
        self.holds(per, "per ") && VOLUMES.iter().any(is_whole)
    }

    /// A page number, or the number of a heading or note. A sentence may go on in the next line: "from 5.1 to⏎4.1."
    pub(super) fn is_alone(&self, at: usize, end: usize) -> bool {
        let is_whole = self.digits_at(at) == end - at;
        let begins = self.flow.starts_line[at] && !self.is_led_to(at);
        let ends = self.flow.starts_line.get(end).copied().unwrap_or(true) || self.folded.get(end) == Some(&' ');
        let next_begins = self.flow.starts_line.get(self.skip_blanks(end)).copied().unwrap_or(true);
        let is_heading = begins
            && matches!(self.folded.get(end), Some('.' | ')' | ':'))
            && !self.folded.get(end + 1).is_some_and(char::is_ascii_digit)
            && (is_whole || self.holds(end, ". "));
        let is_note = matches!(self.folded.get(end), Some(')')) && !self.open_bracket(at) && is_whole;
        (begins && ends && next_begins && is_whole) || is_heading || is_note
    }

    /// Whether what stands in front of a number goes on to it: "a total of", "5.1 to", "5.1 ±", an open bracket.
    fn is_led_to(&self, at: usize) -> bool {
        const WORDS: [&str; 17] = [
            "to", "of", "and", "or", "was", "were", "is", "by", "from", "with", "than", "in", "for", "vs", "versus",
            "が", "に",
        ];
        let front = self.folded[..at].iter().rev().find(|c| **c != ' ');
        matches!(front, Some(',' | '、' | '(' | '[' | '=' | '<' | '>' | '±' | '-' | '~' | '/' | '→'))
            || WORDS.iter().any(|word| self.ends_before(at, word))
    }
}
