//! Numbers for people: a true minus sign, and no more digits than mean something.

pub use crate::numeric::format::{
    correlation, decimals_for, fixed, from_to, grouped, level_text, p_interval, p_is, p_value, scientific, significant,
};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Comparison;
use crate::reported::Lang;

/// A p-value that a source prints, written as [`p_is`] writes one, with the digits of the source.
///
/// ```
/// use reffect::report::number::p_reported;
/// assert_eq!(p_reported(&"P<0.001".parse()?), "p < 0.001");
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
pub fn p_reported(p: &Comparison) -> String {
    format!("p {} {}", p.relation.sign(), p.bound.text())
}

/// Both ends of an interval with as many decimals as its width makes meaningful.
///
/// ```
/// use reffect::numeric::interval::Interval;
/// use reffect::report::number::interval;
/// assert_eq!(interval(Interval::between(-3.7579, -1.242)), "−3.76 to −1.24");
/// ```
pub fn interval(range: Interval) -> String {
    format!("{} to {}", interval_end(range.lower, range), interval_end(range.upper, range))
}

/// An interval with so many decimals that no end comes out as 0 without being 0: on which side of it an end lies is
/// what is asked.
///
/// ```
/// use reffect::numeric::interval::Interval;
/// use reffect::report::number::clear_interval;
/// assert_eq!(clear_interval(Interval::between(-0.935, -0.0036)), "−0.935 to −0.004");
/// assert_eq!(clear_interval(Interval::between(-1e-16, 1.2)), "0.00 to 1.20");
/// ```
pub fn clear_interval(range: Interval) -> String {
    let decimals = clear_decimals(range, interval_decimals(range));
    format!("{} to {}", fixed(range.lower, decimals), fixed(range.upper, decimals))
}

/// So many decimals, or as many more as show on which side of 0 each end lies.
fn clear_decimals(range: Interval, least: usize) -> usize {
    let is_zero = |text: String| text.chars().all(|c| matches!(c, '0' | '.' | '−'));
    // An end that is 0 but for rounding has no side.
    let hidden = |end: &f64| end.abs() > 1e-9 * range.width() && is_zero(fixed(*end, least));
    let nearest = range.ends().into_iter().filter(hidden).map(f64::abs).reduce(f64::min);
    // Ends that are nearer to 0 are shown as 0: what lies within the first digits of the width is of no weight.
    nearest.map(|end| decimals_for(end, 1)).filter(|decimals| *decimals <= least + 2).unwrap_or(least)
}

/// One end of an interval, with the decimals of [`interval`].
pub fn interval_end(end: f64, range: Interval) -> String {
    fixed(end, interval_decimals(range))
}

/// As many decimals as the width of an interval makes meaningful.
fn interval_decimals(range: Interval) -> usize {
    let width = range.width();
    if width >= 10.0 { decimals_for(width, 3) } else { decimals_for(width, 2).max(2) }
}

/// An estimate and its interval with the same decimals: three digits of the estimate, but at least those of the
/// interval, and at most one more.
///
/// ```
/// use reffect::numeric::interval::Interval;
/// use reffect::report::number::with_interval;
/// let ci = Some(Interval::between(1.2312, 4.3688));
/// assert_eq!(with_interval(2.8, ci), ["2.80", "1.23 to 4.37"]);
/// assert_eq!(with_interval(0.00485, Some(Interval::between(-0.25, 0.26))), ["0.005", "−0.250 to 0.260"]);
/// assert_eq!(with_interval(1.04, Some(Interval::between(0.0033, 2.07))), ["1.040", "0.003 to 2.070"]);
/// assert_eq!(with_interval(2.8, None), ["2.80", "—"]);
/// ```
pub fn with_interval(estimate: f64, ci: Option<Interval>) -> [String; 2] {
    let Some(ci) = ci.filter(|ci| ci.is_finite()) else {
        return [significant(estimate, 3), ci.map_or_else(|| "—".to_owned(), interval)];
    };
    let least = interval_decimals(ci);
    let decimals = decimals_for(estimate.abs(), 3).clamp(least, least + 1);
    let decimals = decimals.max(clear_decimals(ci, least));
    let [lower, upper] = ci.ends().map(|end| fixed(end, decimals));
    [fixed(estimate, decimals), format!("{lower} to {upper}")]
}

/// A ratio with its interval, all with the same decimals: at least two, and a digit of each end. Ends too far apart for
/// that have two significant digits each.
///
/// ```
/// use reffect::numeric::interval::Interval;
/// use reffect::report::number::ratio_with_interval;
/// assert_eq!(ratio_with_interval(0.8039, Interval::between(0.55, 1.176)), "0.80 (0.55–1.18)");
/// assert_eq!(ratio_with_interval(1.3, Interval::between(0.0034, 502.428)), "1.3 (0.0034–502)");
/// assert_eq!(ratio_with_interval(0.998, Interval::between(0.997_47, 0.998_53)), "0.9980 (0.9975–0.9985)");
/// assert_eq!(ratio_with_interval(1e-6, Interval::between(8.1e-7, 1.2e-6)), "1.0e−6 (8.1e−7 – 1.2e−6)");
/// ```
pub fn ratio_with_interval(ratio: f64, range: Interval) -> String {
    // An interval so narrow that its ends look alike has digits of its own.
    let own = if range.width() > 0.0 { decimals_for(range.width(), 2) } else { 0 };
    let decimals = decimals_for(range.lower, 1).max(2);
    let decimals = if own > decimals + 1 { own.min(6) } else { decimals };
    let is_far = decimals_for(range.lower, 1) > 3 || range.upper >= 1e4 * range.lower || range.upper >= 1e6;
    let text = |value: f64| if is_far { ratio_text(value) } else { fixed(value, decimals) };
    let [ratio, lower, upper] = [ratio, range.lower, range.upper].map(text);
    // A dash beside the minus of a power of ten stands off.
    let dash = if lower.contains('e') || upper.contains('e') { " – " } else { "–" };
    format!("{ratio} ({lower}{dash}{upper})")
}

/// A ratio in two significant digits, with a power of ten where these have many zeros before or behind them.
///
/// ```
/// use reffect::report::number::ratio_text;
/// assert_eq!([0.0137, 1.5e-8, 162_755.0, 4_851_300.0].map(ratio_text), ["0.014", "1.5e−8", "162755", "4.9e6"]);
/// ```
pub fn ratio_text(ratio: f64) -> String {
    if ratio > 0.0 && !(1e-4..1e6).contains(&ratio) { scientific(ratio, 2) } else { significant(ratio, 2) }
}

/// A number in three significant digits, with a power of ten where these have many zeros before or behind them.
///
/// ```
/// use reffect::report::number::brief;
/// assert_eq!([0.0, 0.0884, -3.3e-6, 132_290_540_718.0].map(brief), ["0", "0.0884", "−3.30e−6", "1.32e11"]);
/// ```
pub fn brief(value: f64) -> String {
    let is_plain = (1e-4..1e6).contains(&value.abs());
    if is_plain { significant(value, 3) } else { scientific(value, 3) }
}

/// A ratio in two significant digits; near 1, where these would round a change away, with two decimals.
///
/// ```
/// use reffect::report::number::short_ratio;
/// assert_eq!([0.137, 1.044, 0.996, 3.21].map(short_ratio), ["0.14", "1.04", "1.00", "3.2"]);
/// ```
pub fn short_ratio(ratio: f64) -> String {
    if (0.5..2.0).contains(&ratio) { fixed(ratio, 2) } else { significant(ratio, 2) }
}

/// A share as a percentage.
///
/// ```
/// use reffect::report::number::percent;
/// assert_eq!(percent(5.0 / 7.0), "71.4 %");
/// assert_eq!(percent(3e-5), "0.0030 %");
/// ```
pub fn percent(share: f64) -> String {
    format!("{} %", fixed(100.0 * share, share_decimals(share)))
}

/// How many decimals a percentage has: one, or so many that a share which is neither 0 nor 1 does not look so.
fn share_decimals(share: f64) -> usize {
    let nearest = 100.0 * share.min(1.0 - share);
    if nearest > 0.0 && nearest < 0.1 { decimals_for(nearest, 2).min(8) } else { 1 }
}

/// Both ends of an interval of shares as percentages.
///
/// ```
/// use reffect::numeric::interval::Interval;
/// use reffect::report::number::percent_interval;
/// assert_eq!(percent_interval(Interval::between(0.3, 0.92)), "30.0 to 92.0 %");
/// assert_eq!(percent_interval(Interval::between(0.0, 3.7e-5)), "0.0000 to 0.0037 %");
/// // A narrow one has two digits of its width.
/// assert_eq!(percent_interval(Interval::between(0.00172, 0.00524)), "0.17 to 0.52 %");
/// ```
pub fn percent_interval(range: Interval) -> String {
    let of_width = decimals_for(100.0 * (range.upper - range.lower), 2);
    let decimals = range.ends().map(share_decimals).into_iter().fold(of_width.max(1), usize::max);
    let [lower, upper] = range.ends().map(|end| fixed(100.0 * end, decimals));
    format!("{lower} to {upper} %")
}

/// [`level_text`] as a language writes it: `95 %`, `95%`.
pub fn level_in(lang: Lang, level: f64) -> String {
    percent_sign(lang, level_text(level))
}

/// Percentages as a language writes them: Japanese has no space before the sign.
///
/// ```
/// use reffect::report::number::percent_sign;
/// use reffect::reported::Lang;
/// assert_eq!(percent_sign(Lang::Ja, "71.4 %".to_owned()), "71.4%");
/// ```
pub fn percent_sign(lang: Lang, text: String) -> String {
    match lang {
        Lang::En => text,
        Lang::Ja => text.replace(" %", "%"),
    }
}

/// A number in as few digits as say it exactly, such as a correlation that was given.
pub fn plain(value: f64) -> String {
    value.to_string().replace('-', "−")
}

/// A correlation beside a mark: as it was given, or as one that was computed.
pub fn correlation_given(r: f64) -> String {
    const LONGEST_GIVEN: usize = 6;
    let given = plain(r);
    if given.trim_start_matches('−').chars().count() > LONGEST_GIVEN { correlation(r) } else { given }
}

/// Appends a number with every digit that it takes to read back the same double; nothing where
/// there is none.
#[cfg(all(feature = "json", feature = "csv"))]
pub(super) fn full(out: &mut Vec<u8>, value: Option<f64>) {
    if let Some(value) = value.filter(|value| value.is_finite()) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    }
}

/// Appends a number with every digit, or null.
#[cfg(all(feature = "json", feature = "csv"))]
pub(super) fn json_number(out: &mut Vec<u8>, value: Option<f64>) {
    match value.filter(|value| value.is_finite()) {
        None => out.extend_from_slice(b"null"),
        value => full(out, value),
    }
}
