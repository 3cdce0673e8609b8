//! Units behind a number: `40.5 years`, `14.2か月`, `25.1 kg/m2`.

use super::fold_char;

/// Units of Japanese texts, longer ones before those that they end with.
const JAPANESE: [&str; 16] = [
    "か月間",
    "か月",
    "ヶ月",
    "カ月",
    "ヵ月",
    "ケ月",
    "年間",
    "年",
    "週間",
    "週",
    "日間",
    "日",
    "時間",
    "分",
    "秒",
    "歳",
];

/// Parts of units of Japanese texts, between what is measured and over what: `5.0 mg/日`, `12.5回/月`.
const PER: [&str; 10] = ["回", "件", "点", "年", "月", "週", "日", "時間", "分", "人年"];

/// What a unit is made of. What multiplies a number (thousand, million) is none.
const ATOMS: [&str; 53] = [
    "cmH2O", "years", "year", "months", "month", "weeks", "week", "days", "day", "hours", "h", "minutes", "min",
    "seconds", "s", "ms", "mmHg", "kPa", "m", "cm", "mm", "kg", "g", "mg", "µg", "mcg", "ng", "pg", "L", "dL", "mL",
    "µL", "mol", "mmol", "µmol", "nmol", "pmol", "mEq", "U", "IU", "mU", "kU", "bpm", "beats", "cells", "copies",
    "points", "lesions", "attacks", "relapses", "episodes", "kcal", "Hz",
];

/// A number of a result without the unit behind it: `14.2か月（範囲3～31）`, `40.5 years (SD 10.2)`.
pub(super) fn without_unit(text: &str) -> &str {
    let text = text.trim();
    let is_digit = |c: char| fold_char(c).is_ascii_digit();
    let ends = text.char_indices().filter(|(_, c)| is_digit(*c)).map(|(at, c)| at + c.len_utf8());
    let mut cuts = ends.filter(|at| !text[*at..].starts_with(is_digit));
    cuts.find(|at| is_unit(text[*at..].trim_start())).map_or(text, |at| &text[..at])
}

fn is_unit(text: &str) -> bool {
    let is_part = |part: &str| is_power_of_unit(part) || PER.contains(&part);
    let text = text.replace("mm Hg", "mmHg").replace("cm H2O", "cmH2O");
    let per_surface = ["/1.73 m2", "/1.73 m²", "/1.73m2", "/1.73m²"];
    let text = per_surface.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(&text);
    // "Points per month", "mg per deciliter".
    let is_amount = |of: &str| !of.is_empty() && of.chars().all(|c| c.is_ascii_alphabetic());
    let text = text.split_once(" per ").filter(|(_, of)| is_amount(of)).map_or(text, |(unit, _)| unit);
    JAPANESE.contains(&text) || (!text.is_empty() && text.split(['/', '·', '⋅', '／']).all(is_part))
}

/// `m2`, `m²`, `min`; in any of the two signs for micro, and `ml` beside `mL`.
fn is_power_of_unit(text: &str) -> bool {
    let base = text.trim_end_matches(['2', '3', '²', '³']);
    let same = |atom: &str| {
        let is_of_litres = atom.ends_with('L');
        let mut own = base.chars().map(|c| if c == 'μ' { 'µ' } else { c });
        let matches = |(known, own): (char, char)| known == own || (is_of_litres && known == 'L' && own == 'l');
        atom.chars().all(|known| own.next().is_some_and(|own| matches((known, own)))) && own.next().is_none()
    };
    ATOMS.into_iter().any(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_left_out_and_nothing_else() {
        for (text, number) in [
            ("40.5 years", "40.5"),
            ("94 ml", "94"),
            ("94ml", "94"),
            ("25.1 kg/m2", "25.1"),
            ("25.1 kg/m²", "25.1"),
            ("120 U/L", "120"),
            ("3.2 μg/dL", "3.2"),
            ("12.1 pg/mL", "12.1"),
            ("14.2か月", "14.2"),
            ("１４．２か月", "１４．２"),
            ("6.2 m", "6.2"),
            ("5 million", "5 million"),
            ("7 of 24", "7 of 24"),
            ("5/7", "5/7"),
            ("about 3", "about 3"),
            ("85.7%", "85.7%"),
            ("2.9", "2.9"),
            ("m2", "m2"),
            ("12.5 mg/日", "12.5"),
            ("12.5回/月", "12.5"),
            ("12.5回／月", "12.5"),
        ] {
            assert_eq!(without_unit(text), number, "{text}");
        }
    }
}
