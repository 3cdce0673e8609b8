//! Wholes and percentages that stand apart from their count: "Of the 60 patients, 8 (13.3%)", "8 of 60 patients (13.3%
//! [95% CI, 5.9%-24.6%])".

use crate::numeric::numeral::{Numeral, fold};

/// Whom people count.
const PEOPLE: [&str; 24] = [
    "patients",
    "participants",
    "subjects",
    "women",
    "men",
    "children",
    "infants",
    "adults",
    "people",
    "persons",
    "individuals",
    "students",
    "respondents",
    "cases",
    "controls",
    "volunteers",
    "adolescents",
    "girls",
    "boys",
    "mothers",
    "residents",
    "eyes",
    "patients,",
    "participants,",
];

/// The whole that the clause in front of a count names: "Of the 60 patients, ", "among 60 women with it, ", 60例のうち.
pub(super) fn whole_in_front(before: &str) -> Option<Numeral> {
    let folded = fold(before).to_lowercase();
    let front = folded.trim_end().trim_end_matches([',', '、']).trim_end();
    let japanese = ["のうち", "の内", "中"].iter().find_map(|word| front.strip_suffix(word));
    if let Some(front) = japanese {
        let counted = front.trim_end_matches("患者").trim_end_matches(['例', '名', '人']);
        let start = counted
            .rfind(|c: char| !c.is_ascii_digit() && c != ',')
            .map_or(0, |at| at + counted[at..].chars().next().map_or(1, char::len_utf8));
        return counted[start..].parse().ok().filter(|_| counted.len() < front.len());
    }
    // In English a comma divides both.
    if front.len() == folded.trim_end().len() {
        return None;
    }
    let begins = |word: &&str| front.rfind(*word).filter(|at| !front[..*at].ends_with(char::is_alphanumeric));
    let (at, word) = ["of ", "among ", "amongst "].iter().filter_map(|word| Some((begins(word)?, word))).max()?;
    let words: Vec<&str> = front[at + word.len()..].split_whitespace().collect();
    let is_article = |word: &&&str| ["the", "these", "those", "all", "our", "a", "total"].contains(*word);
    let articles = words.iter().take_while(is_article).count();
    let [number, of @ ..] = words.get(articles..)? else { return None };
    let is_word = |word: &&str| word.chars().all(|c| c.is_alphabetic() || c == '-');
    let is_counted = of.len() <= 8 && of.iter().all(is_word) && of.iter().take(3).any(|word| PEOPLE.contains(word));
    number.parse().ok().filter(|_| is_counted)
}

/// Whether what stands behind a count with its percentage names another whole: "8 (15.4%) of the 52 who came".
pub(super) fn is_of_others(behind: &str) -> bool {
    let rest = behind.split_once([')', '）']).map_or("", |(_, rest)| rest).trim_start();
    rest.strip_prefix("of ")
        .is_some_and(|of| !["whom", "them", "these", "which"].iter().any(|word| of.starts_with(word)))
}

/// The percentage of a count and its whole in the bracket behind them that goes on with the interval.
pub(super) fn percent_in_front_of_interval(behind: &str, whole: &str) -> Option<Numeral> {
    const WORDS: usize = 2;
    let (_, rest) = behind.split_once(whole)?;
    let (between, inside) = rest.split_once('(')?;
    let is_near = between.split_whitespace().count() <= WORDS && !between.contains(['.', ',', ';', ')']);
    let (percent, _) = inside.split_once('[')?;
    percent.trim().parse::<Numeral>().ok().filter(|percent| is_near && percent.is_percent())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wholes_stand_in_front_of_counts() {
        let whole = |before: &str| whole_in_front(before).map(|whole| whole.text().to_owned());
        for before in [
            "It went on. Of the 60 patients, ",
            "Among 60 women with migraine, ",
            "of these 60 participants randomised, ",
            "対象60例のうち、",
            "患者60名中",
        ] {
            assert_eq!(whole(before).as_deref(), Some("60"), "{before}");
        }
        for before in [
            "Of the 60 patients, 52 completed; of these, ",
            "at the age of 60 years, ",
            "Of the 60 patients ",
            "in 60 patients, 30 men, ",
            "",
        ] {
            assert_eq!(whole(before), None, "{before}");
        }
        assert!(is_of_others("8 (15.4%) of the 52 who came") && !is_of_others("8 (13.3%) of whom"));
        let percent = percent_in_front_of_interval("8 of 60 patients (13.3% [95% CI, 5.9%-24.6%])", "60");
        assert_eq!(percent.map(|of| of.text().to_owned()).as_deref(), Some("13.3%"));
    }
}
