//! Numbers with kanji in them: 十二, 百二十, 三千五百, 1万5,210, 1万5千, 3億2,000万.

use crate::numeric::decimal::{Decimal, MAX_DIGITS};

const DIGITS: &str = "〇一二三四五六七八九";

/// Powers within four digits, and those of four digits each.
const SMALL: [(char, u32); 3] = [('千', 3), ('百', 2), ('十', 1)];
const LARGE: [(char, u32); 2] = [('億', 8), ('万', 4)];

/// Whether a number with kanji may begin with a character.
pub(crate) fn is_of_kanji_number(c: char) -> bool {
    DIGITS.contains(c) || SMALL.iter().chain(&LARGE).any(|(kanji, _)| *kanji == c)
}

/// The number of several parts that a folded text begins with, and how many bytes they take; none where it is of one
/// part, such as 5万 and 一, or where its parts are in no order: 二三 is two or three. What is written out to the tens is
/// exact; 千, 万 and 億 at the end say how far it is: 1万5千 is 15 of 千.
///
/// Sources: the system of numerals (命数法) in which 万 and 億 stand for 10⁴ and 10⁸ of all that stands in front of them
/// since the last larger one.
pub(super) fn kanji_number(text: &str) -> Option<(Decimal, usize)> {
    let mut reader = Reader { rest: text, parts: 0, total: 0, section: 0, number: None, unit: 0, small: 4, large: 12 };
    while reader.part()? {}
    let value = reader.total.checked_add(reader.section)?.checked_add(reader.number.unwrap_or(0))?;
    let length = text.len() - reader.rest.len();
    let unit = 10_i128.checked_pow(reader.unit)?;
    let is_whole = value % unit == 0 && value.to_string().len() <= MAX_DIGITS;
    let has_kanji = text[..length].contains(is_of_kanji_number);
    (reader.parts > 2 && has_kanji && is_whole || reader.is_tens(&text[..length]))
        .then(|| (Decimal::new(value / unit, reader.unit as i32), length))
}

struct Reader<'a> {
    rest: &'a str,
    /// How many digits and powers were read.
    parts: usize,
    total: i128,
    /// What stands since the last 万.
    section: i128,
    /// A number that waits for its power.
    number: Option<i128>,
    /// The power of ten that the last part stands for.
    unit: u32,
    /// Powers must fall: the last one of each kind.
    small: u32,
    large: u32,
}

impl Reader<'_> {
    /// Reads one part; false where there is none, and none where parts are in no order.
    fn part(&mut self) -> Option<bool> {
        let Some(c) = self.rest.chars().next() else { return Some(false) };
        let power = |known: &[(char, u32)]| known.iter().find(|(kanji, _)| *kanji == c).map(|(_, power)| *power);
        if c.is_ascii_digit() {
            return self.digits().map(|()| true);
        }
        if let Some(digit) = DIGITS.chars().position(|kanji| kanji == c) {
            if self.number.is_some() {
                return None;
            }
            self.number = Some(digit as i128);
            self.unit = 0;
        } else if let Some(power) = power(&SMALL).filter(|power| *power < self.small) {
            self.section =
                self.section.checked_add(self.number.take().unwrap_or(1).checked_mul(10_i128.pow(power))?)?;
            self.small = power;
            self.unit = if power == 3 { 3 } else { 0 };
        } else if let Some(power) = power(&LARGE).filter(|power| *power < self.large) {
            let section = self.section.checked_add(self.number.take().unwrap_or(0))?;
            if section == 0 {
                return None;
            }
            self.total = self.total.checked_add(section.checked_mul(10_i128.pow(power))?)?;
            (self.section, self.small, self.large) = (0, 4, power);
            self.unit += power;
        } else {
            return Some(false);
        }
        self.rest = &self.rest[c.len_utf8()..];
        self.parts += 1;
        Some(true)
    }

    /// Reads digits of whole numbers, with commas between thousands.
    fn digits(&mut self) -> Option<()> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let groups: Vec<&str> = digits.split(',').collect();
        let is_grouped = groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
        let number = groups.concat().parse::<i128>().ok().filter(|_| is_grouped && !rest.starts_with('.'))?;
        // 1万 and 5,210 behind it: what follows a power is less than one of it.
        let most = if self.large < 12 { 10_i128.pow(self.large) } else { i128::MAX };
        let fits = self.number.is_none() && self.small == 4 && number < most;
        (self.number, self.unit, self.rest) = (Some(number), 0, rest);
        self.parts += 1;
        fits.then_some(())
    }

    /// Whether what was read holds a 十 or 百: 十二, 二十, 百; 五千 and 5万 are of one number and its power.
    fn is_tens(&self, read: &str) -> bool {
        self.parts > 1 && read.contains(['十', '百'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up() {
        for (text, value, unit) in [
            ("十二名", 12, 1),
            ("二十", 20, 1),
            ("百二十人", 120, 1),
            ("三千五百", 3500, 1),
            ("一万二千", 12_000, 1000),
            ("1万5,210人", 15_210, 1),
            ("1万5210", 15_210, 1),
            ("1万5千人", 15_000, 1000),
            ("3億2,000万円", 320_000_000, 10_000),
            ("2千万", 20_000_000, 10_000_000),
        ] {
            let (read, length) = kanji_number(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((read.to_integer(), read.unit().to_integer()), (Some(value), Some(unit)), "{text}");
            assert!(!text[length..].starts_with(is_of_kanji_number), "{text}");
        }
        for text in ["一", "5万", "五千", "1.2万", "15", "二三名", "万", "1万15,210", "1万2.5", "百千"] {
            assert_eq!(kanji_number(text), None, "{text}");
        }
    }
}
