//! Names of visits in the order of time.

use crate::numeric::numeral::plain_number;

/// What stands before every other visit, as names of visits begin in English and are called in Japanese.
const FIRST: [&str; 12] = [
    "baseline",
    "before",
    "pre",
    "screening",
    "start",
    "前",
    "治療前",
    "投与前",
    "開始前",
    "ベースライン",
    "開始時",
    "登録時",
];

/// What stands after every other one.
const LAST: [&str; 9] = ["after", "post", "end", "final", "last", "後", "治療後", "終了時", "最終"];

/// Units of time with their length in days.
const UNITS: [(&[&str], f64); 5] = [
    (&["h", "hr", "hour", "hours", "時間"], 1.0 / 24.0),
    (&["d", "day", "days", "日"], 1.0),
    (&["w", "wk", "wks", "week", "weeks", "週", "週間"], 7.0),
    (&["m", "mo", "month", "months", "月", "か月", "カ月", "ヶ月", "ヵ月", "ケ月"], 30.4375),
    (&["y", "yr", "yrs", "year", "years", "年"], 365.25),
];

/// Words for time in the names of factors, English ones as words of their own, Japanese ones anywhere.
const OF_TIME: [&str; 26] = [
    "visit",
    "avisit",
    "visitnum",
    "week",
    "wk",
    "month",
    "day",
    "hour",
    "minute",
    "year",
    "time",
    "timepoint",
    "period",
    "wave",
    "occasion",
    "session",
    "phase",
    "時点",
    "時期",
    "時間",
    "時刻",
    "期間",
    "来院",
    "測定",
    "週",
    "経過",
];

/// Whether a factor is one of time by its name: `visit`, `Week_No`, `測定時点`.
pub(super) fn is_of_time(factor: &str) -> bool {
    let lower = factor.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
    let is_word = |known: &str| words.iter().any(|word| *word == known || word.strip_suffix('s') == Some(known));
    OF_TIME.iter().any(|known| if known.is_ascii() { is_word(known) } else { lower.contains(known) })
}

/// Whether names are of times by themselves: by a unit of time beside each number, or by a first or a last visit.
pub(super) fn tell_time(names: &[String]) -> bool {
    let has_unit = |name: &String| Numbered::of(name).is_some_and(|one| one.days().is_some() && !one.is_lettered());
    let is_end = |name: &String| Numbered::of(name).is_none() && end_of(name).is_some();
    names.iter().any(is_end) || names.iter().all(has_unit)
}

/// The names in the order of time: those before treatment first, then by the number in each, wherever it stands. None
/// where nothing but the alphabet orders them.
///
/// The numbers are of one thing, “Week 4” and “Week 12 (end)”, or of units of time, “Week 4” and “Month 6”.
pub(super) fn in_order_of_time(names: &[String]) -> Option<Vec<String>> {
    let read: Vec<Option<Numbered>> = names.iter().map(|name| Numbered::of(name)).collect();
    let numbered: Vec<&Numbered> = read.iter().flatten().collect();
    let is_one = numbered.windows(2).all(|pair| pair[0].counts_the_same(pair[1]));
    let is_time = numbered.iter().all(|one| one.days().is_some());
    let place = |(name, read): (&String, &Option<Numbered>)| match read {
        Some(one) if is_one => Some((1, one.number)),
        Some(one) if is_time => Some((1, one.days()?)),
        Some(_) => None,
        None => end_of(name).map(|end| (end, 0.0)),
    };
    let places: Option<Vec<(u8, f64)>> = names.iter().zip(&read).map(place).collect();
    let mut all: Vec<((u8, f64), &String)> = places?.into_iter().zip(names).collect();
    all.sort_by(|a, b| a.0.0.cmp(&b.0.0).then(a.0.1.total_cmp(&b.0.1)));
    // Two of one place have no order.
    let is_clear = all.windows(2).all(|pair| pair[0].0 != pair[1].0);
    is_clear.then(|| all.into_iter().map(|(_, name)| name.clone()).collect())
}

/// Whether a name without a number is of a first visit (0) or of a last one (2).
fn end_of(name: &str) -> Option<u8> {
    let lower = name.trim().to_lowercase();
    let word = |c: char| !c.is_alphabetic();
    let first = lower.split(word).find(|word| !word.is_empty())?;
    let is_one_of =
        |known: &[&str]| known.iter().any(|known| first == *known || (!known.is_ascii() && lower.ends_with(known)));
    match (is_one_of(&FIRST), is_one_of(&LAST)) {
        (true, _) => Some(0),
        (_, true) => Some(2),
        _ => None,
    }
}

/// A name with its first number, and the words on both sides of it.
struct Numbered {
    number: f64,
    before: String,
    after: String,
}

impl Numbered {
    fn of(name: &str) -> Option<Self> {
        let start = name.find(|c: char| c.is_ascii_digit())?;
        let rest = &name[start..];
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number = plain_number(rest[..length].trim_end_matches('.'))?;
        let head = &name[..start];
        // The hyphen of Week-4 joins; that of Day −7 is a sign.
        let minus = head.strip_suffix(['-', '−']).filter(|head| head.is_empty() || head.ends_with(' '));
        let word = |text: &str| text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let after = rest[length..].trim_start();
        let after = &after[..after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len())];
        let number = if minus.is_some() { -number } else { number };
        Some(Self { number, before: word(minus.unwrap_or(head)), after: word(after) })
    }

    /// The number is of the same thing: of the word before it, or of that after it.
    fn counts_the_same(&self, other: &Self) -> bool {
        let is_led = self.before.is_ascii() && !self.before.is_empty() && unit(&self.after).is_none();
        self.before == other.before && (self.after == other.after || (is_led && unit(&other.after).is_none()))
    }

    /// The number stands behind one letter alone, as in W4, which can be the fourth week or the fourth ward.
    fn is_lettered(&self) -> bool {
        unit(&self.after).is_none() && self.before.chars().count() == 1 && self.before.is_ascii()
    }

    /// The time in days, where a unit of time stands beside the number.
    fn days(&self) -> Option<f64> {
        let last = self.before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let in_japanese = self.after.strip_suffix(['後', '目', '時']).unwrap_or(&self.after);
        let days = unit(&self.after).or_else(|| unit(in_japanese)).or_else(|| unit(last))?;
        Some(days * self.number)
    }
}

fn unit(word: &str) -> Option<f64> {
    UNITS.iter().find(|(names, _)| names.contains(&word)).map(|(_, days)| *days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(names: &str) -> Option<String> {
        let names: Vec<String> = names.split(", ").map(str::to_owned).collect();
        in_order_of_time(&names).map(|names| names.join(", "))
    }

    #[test]
    fn visits_follow_one_another_by_their_numbers_wherever_these_stand() {
        for (names, expected) in [
            ("Baseline, Week 12, Week 24, Week 4", "Baseline, Week 4, Week 12, Week 24"),
            (
                "Week 12, Week 4, Week 52 (end of treatment), Week 8",
                "Week 4, Week 8, Week 12, Week 52 (end of treatment)",
            ),
            ("12 weeks, 4 weeks, before", "before, 4 weeks, 12 weeks"),
            ("Month 6, Week 12, Week 4", "Week 4, Week 12, Month 6"),
            ("12週, 24週, 4週, 治療前", "治療前, 4週, 12週, 24週"),
            ("第12週, 第4週, 第6か月, ベースライン", "ベースライン, 第4週, 第12週, 第6か月"),
            ("Day 1, Day 15, Day −7", "Day −7, Day 1, Day 15"),
            ("after, before", "before, after"),
            ("V1, V10, V2", "V1, V2, V10"),
        ] {
            assert_eq!(ordered(names).as_deref(), Some(expected));
        }
        for (factor, expected) in
            [("visit", true), ("Week_No", true), ("days", true), ("測定時点", true), ("Type", false), ("dosage", false)]
        {
            assert_eq!(is_of_time(factor), expected, "{factor}");
        }
        for (names, expected) in [
            ("Week 4, Week 12", true),
            ("before, after", true),
            ("T1, T2, T3", false),
            ("D1, D2, D5", false),
            ("4 w, 12 w", true),
        ] {
            let names: Vec<String> = names.split(", ").map(str::to_owned).collect();
            assert_eq!(tell_time(&names), expected, "{names:?}");
        }
        for unordered in ["drug, placebo", "F, M", "10 mg, 20 mg, placebo", "oral 5, iv 3", "Week 4, Visit 2"] {
            assert_eq!(ordered(unordered), None, "{unordered}");
        }
    }
}
