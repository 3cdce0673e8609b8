//! The title and the date of a document, where its first lines tell them.

use super::dates::MONTHS;
use crate::numeric::numeral::{fold, fold_char};
use crate::reported::Date;
use std::ops::Range;

/// So many lines are looked at that are not empty.
const LINES: usize = 10;

/// A longer line with a date in it is a sentence, and its date any.
const LONGEST_DATE: usize = 40;

/// A line with so few characters beside its date holds nothing else: a weekday, a place.
const BESIDE_DATE: usize = 12;

/// Lines that stand above a title.
const ABOVE: [&str; 11] = [
    "embargo",
    "各報道",
    "報道機関",
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
        "nhs foundation trust",
        "nhs trust",
    ],
];

/// The first line that is no date, no name of the kind of document and none of a publisher.
pub(super) fn title(text: &str) -> Option<&str> {
    let mut lines = lines(text);
    let first = lines.clone().take(LINES).find(|line| !is_head(line) && !is_publisher(line));
    // Behind a dateline the text has begun.
    first.or_else(|| lines.next()).filter(|line| dateline(line).is_none())
}

/// The first short line that is the name of a university, a hospital or a company.
pub(super) fn publisher(text: &str) -> Option<&str> {
    let line = lines(text).take(LINES).find(|line| !is_head(line) && is_publisher(line))?;
    // "1 March 2024, Example Hospital"
    let Some((_, date)) = date_at(line).filter(|(_, date)| date.start == 0) else { return Some(line) };
    let behind = line.char_indices().nth(date.end).map_or("", |(at, _)| &line[at..]);
    Some(behind.trim_start_matches([' ', ',', '、', '|', '/', '–', '-'])).filter(|name| !name.is_empty())
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

/// The date on a short line or in a dateline among the first ones.
pub(super) fn date(text: &str) -> Option<Date> {
    let of_line = |line| match is_short(line) {
        true if is_of_trial(line) => None,
        true => Some(date_in(line)?.0),
        false => dateline(line),
    };
    lines(text).take(LINES).find_map(of_line)
}

/// Whether a line tells of a day of the trial, and none of the document: "Data cutoff: September 3, 2018".
fn is_of_trial(line: &str) -> bool {
    const WORDS: [&str; 16] = [
        "cutoff",
        "cut-off",
        "cut off",
        "as of ",
        "enrol",
        "randomi",
        "began",
        "started",
        "since ",
        "until ",
        "カットオフ",
        "データ固定",
        "現在",
        "時点",
        "登録",
        "開始",
    ];
    let line = fold(line).to_lowercase();
    WORDS.iter().any(|word| line.contains(word))
}

/// The date between a place and the text that it heads: "LEEDS, 12 March 2024 — A drug …", "BOSTON, Jan. 18, 2025
/// (WIRE)".
fn dateline(line: &str) -> Option<Date> {
    /// Longer are no names of places.
    const PLACE: usize = 64;
    let (date, range) = date_at(line)?;
    let chars: Vec<char> = line.chars().collect();
    let place: String = chars[..range.start].iter().collect();
    let place = place.trim_end();
    let name = place.strip_suffix([',', '–', '—', '-', ':', '/', '(']).unwrap_or(place);
    let mut words = name.split([' ', ',', '/']).filter(|word| !word.is_empty()).peekable();
    // "On 12 March 2024 the trial began" is a sentence.
    // "TOKYO and CAMBRIDGE".
    let is_of_name = |word: &str| word == "and" || !word.starts_with(char::is_lowercase);
    let is_place = words.peek().is_some() && name.len() < place.len() && words.all(is_of_name);
    let behind: String = chars[range.end..].iter().collect();
    let divides = behind.trim_start().starts_with(['—', '–', '-', '(', '/', '.', ':', ')']);
    (is_place && range.start <= PLACE && divides).then_some(date)
}

fn is_short(line: &str) -> bool {
    line.chars().count() <= LONGEST_DATE
}

/// A day in a line, and how many characters name it: 2025年4月18日, 2025-04-18, 18 April 2025, April 18, 2025, 令和7年4月18日.
fn date_in(line: &str) -> Option<(Date, usize)> {
    date_at(line).map(|(date, range)| (date, range.len()))
}

/// The same with the characters that name it.
fn date_at(line: &str) -> Option<(Date, Range<usize>)> {
    let chars: Vec<char> = line.chars().map(|c| fold_char(c).to_ascii_lowercase()).collect();
    (0..chars.len()).find_map(|at| {
        let mut rest = Reader { chars: &chars, at };
        let date = rest.year_first().or_else(|| {
            rest.at = at;
            rest.month_in_words()
        });
        let date = date.or_else(|| {
            rest.at = at;
            rest.day_with_points()
        })?;
        Some((date, at..rest.at))
    })
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn number(&mut self, most: usize) -> Option<u16> {
        let begins = self.at == 0 || !self.chars[self.at - 1].is_ascii_digit();
        let digits = self.chars[self.at..].iter().take(most + 1).take_while(|c| c.is_ascii_digit());
        let digits: String = digits.collect();
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
        let of_era = self.era_year();
        let year = of_era.or_else(|| self.number(4)).filter(|year| *year >= 1900)?;
        let divided = self.sign(if of_era.is_some() { &['年'] } else { &['年', '-', '/', '.'] })?;
        self.year_in_brackets(year)?;
        let month = self.number(2)?;
        self.sign(&[if divided == '年' { '月' } else { divided }])?;
        let day = self.number(2)?;
        if divided == '年' {
            self.sign(&['日'])?;
        }
        Date::new(year, month as u8, day as u8)
    }

    /// The year of an era: 令和5 is 2023, and 令和元 2019.
    fn era_year(&mut self) -> Option<u16> {
        const ERAS: [(&str, u16); 3] = [("令和", 2018), ("平成", 1988), ("昭和", 1925)];
        let rest = self.chars.get(self.at..self.at + 2)?;
        let (_, before) = ERAS.iter().find(|(era, _)| rest.iter().copied().eq(era.chars()))?;
        self.at += 2;
        self.blanks();
        if self.sign(&['元']).is_some() {
            return Some(before + 1);
        }
        Some(before + self.number(2).filter(|year| *year > 0)?)
    }

    /// Moves behind the same year in brackets: 令和5年（2023年）9月5日; none where it is another.
    fn year_in_brackets(&mut self, year: u16) -> Option<()> {
        if self.sign(&['(']).is_none() {
            return Some(());
        }
        let is_same = self.number(4)? == year;
        self.sign(&['年']);
        self.sign(&[')'])?;
        is_same.then_some(())
    }

    /// 14.03.2024, as in much of Europe; with strokes the month may come first, and nobody knows.
    fn day_with_points(&mut self) -> Option<Date> {
        let day = self.number(2)?;
        let is_point = |reader: &mut Self| reader.chars.get(reader.at) == Some(&'.') && reader.sign(&['.']).is_some();
        let month = is_point(self).then(|| self.number(2))??;
        let year = is_point(self).then(|| self.number(4))?.filter(|year| *year >= 1900)?;
        Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
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
        /// No month has a longer name.
        const LONGEST: usize = "September".len();
        let begins = self.at == 0 || !self.chars[self.at - 1].is_alphanumeric();
        let word = self.chars[self.at..].iter().take(LONGEST + 1).take_while(|c| c.is_ascii_alphabetic());
        let word: String = word.collect();
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
            ("令和5年9月5日", Some("2023-09-05")),
            ("令和５年（２０２３年）９月５日", Some("2023-09-05")),
            ("令和5年（2022年）9月5日", None),
            ("令和元年5月1日", Some("2019-05-01")),
            ("平成26年3月10日", Some("2014-03-10")),
            ("昭和64年1月7日", Some("1989-01-07")),
            ("Basel, 14.03.2024", Some("2024-03-14")),
            ("Basel, 14. 3. 2024", Some("2024-03-14")),
            ("version 3.14.2024", None),
        ] {
            assert_eq!(date_in(line).map(|(date, _)| date.to_string()).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn datelines_have_the_date_and_no_title() {
        const REST: &str = "A drug reduced relapses in 24 patients with a long disease, says a study of a year.";
        for (line, expected) in [
            ("LEEDS, 12 March 2024 —", Some("2024-03-12")),
            ("BASEL – 3 June 2025.", Some("2025-06-03")),
            ("BOSTON, Jan. 18, 2025 (WIRE) --", Some("2025-01-18")),
            ("Osaka, Japan, April 18, 2025 –", Some("2025-04-18")),
            ("KYOTO and Boston, Mass., Nov 9, 2023 -", Some("2023-11-09")),
            ("BASEL, Switzerland and CAMBRIDGE, Mass., March 14, 2024 –", Some("2024-03-14")),
            ("SAN DIEGO--(NEWSWIRE)--", None),
            ("The trial, which began on 12 March 2024 -", None),
            ("Since 12 March 2024.", None),
        ] {
            let text = format!("Relapses fell by half\n\n{line} {REST}\n");
            assert_eq!(date(&text).map(|date| date.to_string()).as_deref(), expected, "{line}");
            assert_eq!(title(&text), Some("Relapses fell by half"), "{line}");
            let headed = title(&text["Relapses fell by half\n\n".len()..]);
            assert_eq!(headed.is_none(), expected.is_some(), "{line}: {headed:?}");
        }
    }

    #[test]
    fn days_of_the_trial_are_none_of_the_document() {
        for line in [
            "Data cutoff: March 5, 2021",
            "データカットオフ：2021年3月5日",
            "First patient enrolled: 5 May 2021",
            "2021年3月5日時点",
        ] {
            assert_eq!(date(&format!("Relapses fell by half\n{line}\n")), None, "{line}");
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
