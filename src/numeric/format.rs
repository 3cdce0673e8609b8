//! Digits for people: a true minus sign, and no more decimals than mean something.

use super::interval::Interval;

/// A number with a fixed count of decimals. Beyond 10¹⁵, where a double has no decimals, and below
/// 10⁻⁴ with more than nine of them, digits are counted from the first: `2.5e20`, `−1.7e−12`. What is no number is a
/// dash. A half goes away from zero, as in print: 5 of 16 are 31.3 %. No number has more decimals than 1074, and none
/// is shown with more.
///
/// ```
/// use reffect::numeric::format::fixed;
/// assert_eq!(fixed(-2.5, 1), "−2.5");
/// assert_eq!(fixed(-0.001, 2), "0.00");
/// assert_eq!(fixed(31.25, 1), "31.3");
/// assert_eq!(fixed(-1.67e-12, 13), "−1.7e−12");
/// assert_eq!(fixed(2.5e20, 3), "2.5e20");
/// ```
pub fn fixed(value: f64, decimals: usize) -> String {
    let decimals = decimals.min(MOST_DIGITS);
    let magnitude = value.abs();
    let text = if value.is_nan() {
        return "—".to_owned();
    } else if magnitude.is_infinite() {
        "∞".to_owned()
    } else if magnitude >= 1e15 {
        let text = format!("{magnitude:.3e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.'))
    } else if decimals > 9 && magnitude < 1e-4 {
        let behind = decimals as f64 + magnitude.log10().floor();
        if behind < 0.0 { "0".to_owned() } else { scientific(magnitude, behind as usize + 1) }
    } else {
        away_from_half(magnitude, decimals)
    };
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// The decimals of the smallest double; what formats a number takes no more than 65535.
const MOST_DIGITS: usize = 1074;

/// Digits of a number above 0. Where it is a half exactly, the program's own formatting would go to the even digit.
fn away_from_half(magnitude: f64, decimals: usize) -> String {
    // A half at d decimals has d + 1 of them, and so at most d + 1 binary places.
    const MOST: usize = 40;
    let is_short = decimals < MOST && (magnitude * 2f64.powi(decimals as i32 + 1)).fract() == 0.0;
    let is_half = is_short && format!("{magnitude:.*}", decimals + 1).ends_with('5');
    let value = if is_half { magnitude.next_up() } else { magnitude };
    format!("{value:.decimals$}")
}

/// A number with so many digits and a power of ten, for columns in which its zeros would need too much room.
///
/// ```
/// use reffect::numeric::format::scientific;
/// assert_eq!(scientific(1.234e-9, 2), "1.2e−9");
/// assert_eq!(scientific(-4_851_300.0, 3), "−4.85e6");
/// ```
pub fn scientific(value: f64, digits: usize) -> String {
    if !value.is_finite() || value == 0.0 {
        return fixed(value, 0);
    }
    format!("{value:.*e}", digits.saturating_sub(1).min(MOST_DIGITS)).replace('-', "−")
}

/// A number with at least `digits` significant digits; whole digits are never cut.
///
/// ```
/// use reffect::numeric::format::significant;
/// assert_eq!(significant(0.136_74, 3), "0.137");
/// assert_eq!(significant(-12.34, 3), "−12.3");
/// assert_eq!(significant(4000.0, 3), "4000");
/// ```
pub fn significant(value: f64, digits: usize) -> String {
    fixed(value, decimals_for(value, digits))
}

/// How many decimals show a number with `digits` significant digits.
pub fn decimals_for(value: f64, digits: usize) -> usize {
    let digits = digits.min(MOST_DIGITS);
    if value == 0.0 || !value.is_finite() {
        return digits.saturating_sub(1);
    }
    // A hair above, so that 1.7 − 1.6 counts as 0.1 and not as 0.09999….
    let magnitude = (value.abs().log10() + 1e-9).floor() as i64;
    usize::try_from(digits as i64 - 1 - magnitude).unwrap_or(0)
}

/// A correlation with three decimals, and more where it would come out as ±1 without being so.
///
/// ```
/// use reffect::numeric::format::correlation;
/// assert_eq!(correlation(-0.41998), "−0.420");
/// assert_eq!(correlation(0.9996), "0.9996");
/// assert_eq!(correlation(1.0), "1.000");
/// ```
pub fn correlation(r: f64) -> String {
    let decimals = (3..=9).find(|decimals| r.abs() == 1.0 || !fixed(r.abs(), *decimals).starts_with('1'));
    fixed(r, decimals.unwrap_or(9))
}

/// A p-value with two significant digits, four decimals at most, and never 0.
///
/// ```
/// use reffect::numeric::format::p_value;
/// assert_eq!(p_value(0.0131), "0.013");
/// assert_eq!(p_value(1e-9), "< 0.0001");
/// assert_eq!(p_value(0.98), "0.98");
/// ```
pub fn p_value(p: f64) -> String {
    if p < 1e-4 { "< 0.0001".to_owned() } else { fixed(p, decimals_for(p, 2).min(4)) }
}

/// A p-value as a sentence says it: `p = 0.013`, `p < 0.0001`.
///
/// ```
/// use reffect::numeric::format::p_is;
/// assert_eq!((p_is(0.0131), p_is(1e-9)), ("p = 0.013".to_owned(), "p < 0.0001".to_owned()));
/// ```
pub fn p_is(p: f64) -> String {
    let text = p_value(p);
    if text.starts_with('<') { format!("p {text}") } else { format!("p = {text}") }
}

/// Both ends of an interval of p-values; one, where both read the same.
///
/// ```
/// use reffect::numeric::format::p_interval;
/// use reffect::numeric::interval::Interval;
/// assert_eq!(p_interval(Interval::between(1e-6, 0.0131)), "< 0.0001 to 0.013");
/// assert_eq!(p_interval(Interval::between(1e-6, 1.24e-4)), "< 0.0001 to 0.00012");
/// assert_eq!(p_interval(Interval::between(1e-9, 1e-6)), "< 0.0001");
/// assert_eq!(p_interval(Interval::between(0.5, 0.5)), "0.50");
/// assert_eq!(p_interval(Interval::between(0.9996, 1.0)), "1.00");
/// ```
pub fn p_interval(range: Interval) -> String {
    let [lower, upper] = range.ends().map(p_value);
    // 0.9996 and 1 have other digits, and read the same.
    if lower.starts_with('1') {
        return lower;
    }
    // Four decimals would have both ends meet: < 0.0001 to 0.0001.
    let is_near = lower == format!("< {upper}");
    from_to([lower, if is_near { significant(range.upper, 2) } else { upper }])
}

/// A confidence level as it is spoken of: `95 %`.
pub fn level_text(level: f64) -> String {
    let text = format!("{:.4}", 100.0 * level);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A range whose ends are written already: one text where both read the same.
pub fn from_to([lower, upper]: [String; 2]) -> String {
    if lower == upper { lower } else { format!("{lower} to {upper}") }
}
/// A count with its thousands set apart.
///
/// ```
/// use reffect::numeric::format::grouped;
/// assert_eq!((grouped(369), grouped(16_722_685_090)), ("369".to_owned(), "16,722,685,090".to_owned()));
/// ```
pub fn grouped(count: u128) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_of_digits_is_too_many() {
        for digits in [70_000, usize::MAX, 1 << 63] {
            assert_eq!(fixed(0.5, digits).len(), "0.".len() + MOST_DIGITS);
            assert!(scientific(0.5, digits).starts_with("5.000") && significant(0.5, digits).starts_with("0.5000"));
            assert!(fixed(1e-300, digits).starts_with("1.0000"));
        }
    }
}
