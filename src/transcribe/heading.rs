//! The title and the date of a document, where its first lines tell them.

use super::not_results::MONTHS;
use crate::numeric::numeral::{fold, fold_char};
use crate::reported::Date;

/// So many lines are looked at that are not empty.
const LINES: usize = 10;

/// A longer line with a date in it is a sentence, and its date any.
const LONGEST_DATE: usize = 40;

/// A line with so few characters beside its date holds nothing else: a weekday, a place.
const BESIDE_DATE: usize = 12;

/// Lines that stand above a title.
const ABOVE: [&str; 8] = [
    "press release",
    "news release",
    "for immediate release",
    "プレスリリース",
    "ニュースリリース",
    "報道関係",
    "報道発表",
    "お知らせ",
];

/// What the names of those who publish begin with, and end with.
const PUBLISHERS: [&[&str]; 2] = [
    &["国立大学法人", "公立大学法人", "学校法人", "医療法人", "独立行政法人", "国立研究開発法人", "株式会社"],
    &[
        "株式会社",
        "大学",
        "病院",
        "センター",
        "研究所",
        "研究機構",
        "inc.",
        "ltd.",
        "corporation",
        "university",
        "hospital",
    ],
];

/// The first line that is no date, no name of the kind of document and none of a publisher.
pub(super) fn title(text: &str) -> Option<&str> {
    let mut lines = lines(text);
    lines.clone().take(LINES).find(|line| !is_head(line) && !is_publisher(line)).or_else(|| lines.next())
}

/// The first short line that is the name of a university, a hospital or a company.
pub(super) fn publisher(text: &str) -> Option<&str> {
    lines(text).take(LINES).find(|line| !is_head(line) && is_publisher(line))
}

fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Whether a line says what kind of document it is, or when it is of.
fn is_head(line: &str) -> bool {
    let is_above = ABOVE.iter().any(|words| fold(line).to_lowercase().starts_with(words));
    let is_date = date_in(line).is_some_and(|(_, length)| line.chars().count() <= length + BESIDE_DATE);
    (is_above || is_date) && is_short(line)
}

fn is_publisher(line: &str) -> bool {
    let line = line.to_lowercase();
    let [first, last] = PUBLISHERS;
    let is_sentence = line.contains(['。', '、', '「', '?', ':', '：', '—', '―']);
    let is_name = first.iter().any(|word| line.starts_with(word)) || last.iter().any(|word| line.ends_with(word));
    is_name && is_short(&line) && !is_sentence
}

/// The date on a short line among the first ones.
pub(super) fn date(text: &str) -> Option<Date> {
    lines(text).take(LINES).filter(|line| is_short(line)).find_map(|line| Some(date_in(line)?.0))
}

fn is_short(line: &str) -> bool {
    line.chars().count() <= LONGEST_DATE
}

/// A day in a line, and how many characters name it: 2025年4月18日, 2025-04-18, 18 April 2025, April 18, 2025.
fn date_in(line: &str) -> Option<(Date, usize)> {
    let chars: Vec<char> = line.chars().map(fold_char).flat_map(char::to_lowercase).collect();
    (0..chars.len()).find_map(|at| {
        let mut rest = Reader { chars: &chars, at };
        let date = rest.year_first().or_else(|| {
            rest.at = at;
            rest.month_in_words()
        })?;
        Some((date, rest.at - at))
    })
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn number(&mut self, most: usize) -> Option<u16> {
        let begins = self.at == 0 || !self.chars[self.at - 1].is_ascii_digit();
        let digits: String = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        let fits = begins && !digits.is_empty() && digits.len() <= most;
        self.at += digits.len();
        digits.parse().ok().filter(|_| fits)
    }

    fn sign(&mut self, signs: &[char]) -> Option<char> {
        self.blanks();
        let c = *self.chars.get(self.at).filter(|c| signs.contains(c))?;
        self.at += 1;
        self.blanks();
        Some(c)
    }

    fn blanks(&mut self) {
        while self.chars.get(self.at) == Some(&' ') {
            self.at += 1;
        }
    }

    fn year_first(&mut self) -> Option<Date> {
        let year = self.number(4).filter(|year| *year >= 1900)?;
        let divided = self.sign(&['年', '-', '/', '.'])?;
        let month = self.number(2)?;
        self.sign(&[if divided == '年' { '月' } else { divided }])?;
        let day = self.number(2)?;
        if divided == '年' {
            self.sign(&['日'])?;
        }
        Date::new(year, month as u8, day as u8)
    }

    fn month_in_words(&mut self) -> Option<Date> {
        if let Some(month) = self.month() {
            let day = self.day()?;
            return Date::new(self.year()?, month, day);
        }
        let day = self.day()?;
        let month = self.month()?;
        Date::new(self.year()?, month, day)
    }

    fn month(&mut self) -> Option<u8> {
        let word: String = self.chars[self.at..].iter().take_while(|c| c.is_ascii_alphabetic()).collect();
        let begins = self.at == 0 || !self.chars[self.at - 1].is_alphanumeric();
        let is_meant = |month: &&str| word.len() >= 3 && month.starts_with(word.as_str());
        let month = MONTHS.iter().position(is_meant).filter(|_| begins)?;
        self.at += word.len();
        self.sign(&['.', ',']);
        self.blanks();
        Some(month as u8 + 1)
    }

    fn day(&mut self) -> Option<u8> {
        let day = self.number(2)?;
        let ending: String = self.chars[self.at..].iter().take(2).collect();
        if ["st", "nd", "rd", "th"].contains(&ending.as_str()) {
            self.at += 2;
        }
        self.blanks();
        u8::try_from(day).ok()
    }

    fn year(&mut self) -> Option<u16> {
        self.sign(&[',']);
        self.blanks();
        self.number(4).filter(|year| *year >= 1900)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_both_languages() {
        for (line, expected) in [
            ("2025年4月18日", Some("2025-04-18")),
            ("２０２５年 ４月１８日（金）", Some("2025-04-18")),
            ("Tokyo, April 18, 2025", Some("2025-04-18")),
            ("18th Sept. 2025", Some("2025-09-18")),
            ("2025/4/18", Some("2025-04-18")),
            ("on 2025-02-30", None),
            ("Phase 3 in 2025", None),
            ("maybe 18 2025", None),
        ] {
            assert_eq!(date_in(line).map(|(date, _)| date.to_string()).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_title_is_no_date() {
        let text =
            "\nPRESS RELEASE\nOsaka, 18 April 2025\nRelapses fell in 24 patients\nOn 1 May 2020 the trial began.\n";
        assert_eq!(title(text), Some("Relapses fell in 24 patients"));
        assert_eq!(date(text).map(|date| date.to_string()).as_deref(), Some("2025-04-18"));
        assert_eq!(title("2025年4月18日\n"), Some("2025年4月18日"));
        let text = "報道関係者各位　ＮＥＷＳ ＲＥＬＥＡＳＥ\nＮＥＷＳ ＲＥＬＥＡＳＥ\n国立大学法人みなと医科大学\n新薬が再発を減らす\n";
        assert_eq!((publisher(text), title(text)), (Some("国立大学法人みなと医科大学"), Some("新薬が再発を減らす")));
        let english =
            "Relapses fell in Tokyo University Hospital, says a trial of 24 patients\nTokyo University Hospital\n";
        assert_eq!(publisher(english), Some("Tokyo University Hospital"));
        assert_eq!(title(english), english.lines().next());
    }
}
