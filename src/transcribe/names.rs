//! What texts call measures, in front of a number and behind it, and what a number in per cent is of.

use super::changes::{Way, changed_by, changed_right_in_front};
use super::flow::Flow;
use super::letters::{is_behind_logarithm, is_letter, names_another};
use super::scan::Found;
use crate::numeric::numeral::{Numeral, fold, fold_char};
use crate::reported::{EffectScale, ReportedMeasure, Statistic};

/// So many characters may stand between a name and its number.
pub(super) const BETWEEN: usize = 40;

/// What texts call measures: names in any case, abbreviations in capitals alone. No measure have words that hold
/// the name of one and mean something else, or another sign.
const NAMES: &[(&str, Option<ReportedMeasure>)] = &[
    ("hazard ratio", Some(ReportedMeasure::HazardRatio)),
    ("ハザード比", Some(ReportedMeasure::HazardRatio)),
    ("HR", Some(ReportedMeasure::HazardRatio)),
    ("aHR", Some(ReportedMeasure::HazardRatio)),
    ("AHR", Some(ReportedMeasure::HazardRatio)),
    ("SHR", Some(ReportedMeasure::HazardRatio)),
    ("odds ratio", Some(ReportedMeasure::OddsRatio)),
    ("オッズ比", Some(ReportedMeasure::OddsRatio)),
    ("OR", Some(ReportedMeasure::OddsRatio)),
    ("aOR", Some(ReportedMeasure::OddsRatio)),
    ("AOR", Some(ReportedMeasure::OddsRatio)),
    ("rate ratio", Some(ReportedMeasure::RateRatio)),
    ("率比", Some(ReportedMeasure::RateRatio)),
    ("standardized mortality ratio", Some(ReportedMeasure::RateRatio)),
    ("standardised mortality ratio", Some(ReportedMeasure::RateRatio)),
    ("standardized incidence ratio", Some(ReportedMeasure::RateRatio)),
    ("standardised incidence ratio", Some(ReportedMeasure::RateRatio)),
    ("SMR", Some(ReportedMeasure::RateRatio)),
    ("IRR", Some(ReportedMeasure::RateRatio)),
    ("risk ratio", Some(ReportedMeasure::RiskRatio)),
    ("relative risk", Some(ReportedMeasure::RiskRatio)),
    ("リスク比", Some(ReportedMeasure::RiskRatio)),
    ("相対危険", Some(ReportedMeasure::RiskRatio)),
    ("相対リスク", Some(ReportedMeasure::RiskRatio)),
    ("RR", Some(ReportedMeasure::RiskRatio)),
    ("aRR", Some(ReportedMeasure::RiskRatio)),
    ("risk difference", Some(ReportedMeasure::RiskDifference)),
    ("リスク差", Some(ReportedMeasure::RiskDifference)),
    ("geometric mean ratio", Some(ReportedMeasure::RatioOfGeometricMeans)),
    ("GMR", Some(ReportedMeasure::RatioOfGeometricMeans)),
    ("ratio of geometric means", Some(ReportedMeasure::RatioOfGeometricMeans)),
    ("幾何平均比", Some(ReportedMeasure::RatioOfGeometricMeans)),
    ("ratio of means", Some(ReportedMeasure::RatioOfMeans)),
    ("平均の比", Some(ReportedMeasure::RatioOfMeans)),
    ("standardized mean difference", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("standardised mean difference", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("標準化平均差", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("SMD", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("cohen's d", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("cohen d", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("hedges' g", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("hedges's g", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("hedges g", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("median difference", Some(ReportedMeasure::MedianDifference)),
    ("difference in medians", Some(ReportedMeasure::MedianDifference)),
    ("difference of medians", Some(ReportedMeasure::MedianDifference)),
    ("中央値の差", Some(ReportedMeasure::MedianDifference)),
    ("difference in response rates", Some(ReportedMeasure::RiskDifference)),
    ("difference in proportions", Some(ReportedMeasure::RiskDifference)),
    ("difference", Some(ReportedMeasure::MeanDifference)),
    ("LSMD", Some(ReportedMeasure::MeanDifference)),
    ("ETD", Some(ReportedMeasure::MeanDifference)),
    ("群間差", Some(ReportedMeasure::MeanDifference)),
    ("平均差", Some(ReportedMeasure::MeanDifference)),
    ("の差", Some(ReportedMeasure::MeanDifference)),
    ("差は", Some(ReportedMeasure::MeanDifference)),
    ("偏差は", None),
    ("誤差は", None),
    ("有意差は", None),
    ("correlation", Some(ReportedMeasure::Correlation)),
    ("pearson", Some(ReportedMeasure::Correlation)),
    ("spearman", Some(ReportedMeasure::Correlation)),
    ("r =", Some(ReportedMeasure::Correlation)),
    ("r=", Some(ReportedMeasure::Correlation)),
    ("相関係数", Some(ReportedMeasure::Correlation)),
    ("regression coefficient", Some(ReportedMeasure::RegressionCoefficient)),
    ("unstandardized coefficient", Some(ReportedMeasure::RegressionCoefficient)),
    ("unstandardised coefficient", Some(ReportedMeasure::RegressionCoefficient)),
    ("beta coefficient", Some(ReportedMeasure::RegressionCoefficient)),
    ("回帰係数", Some(ReportedMeasure::RegressionCoefficient)),
    ("beta =", Some(ReportedMeasure::RegressionCoefficient)),
    ("beta=", Some(ReportedMeasure::RegressionCoefficient)),
    ("β =", Some(ReportedMeasure::RegressionCoefficient)),
    ("β=", Some(ReportedMeasure::RegressionCoefficient)),
    ("β,", Some(ReportedMeasure::RegressionCoefficient)),
    ("β:", Some(ReportedMeasure::RegressionCoefficient)),
    ("b =", Some(ReportedMeasure::RegressionCoefficient)),
    ("b=", Some(ReportedMeasure::RegressionCoefficient)),
    ("estimate =", Some(ReportedMeasure::RegressionCoefficient)),
    ("d =", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("d=", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("g =", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("g=", Some(ReportedMeasure::StandardizedMeanDifference)),
    ("MD", Some(ReportedMeasure::MeanDifference)),
    ("WMD", Some(ReportedMeasure::MeanDifference)),
    ("prevalence ratio", Some(ReportedMeasure::RiskRatio)),
    ("aIRR", Some(ReportedMeasure::RateRatio)),
    ("sHR", Some(ReportedMeasure::HazardRatio)),
    ("vaccine efficacy", Some(ReportedMeasure::PercentReduction)),
    ("vaccine effectiveness", Some(ReportedMeasure::PercentReduction)),
    ("efficacy was", Some(ReportedMeasure::PercentReduction)),
    ("efficacy of", Some(ReportedMeasure::PercentReduction)),
    ("有効性は", Some(ReportedMeasure::PercentReduction)),
    ("relative risk reduction", Some(ReportedMeasure::PercentReduction)),
    ("relative risk reduction of", Some(ReportedMeasure::PercentReduction)),
    ("相対リスク減少", Some(ReportedMeasure::PercentReduction)),
    // The difference of the risks with its sign turned.
    ("absolute risk reduction", None),
    ("absolute risk reduction of", None),
    ("absolute reduction of", None),
    ("percent change", Some(ReportedMeasure::PercentIncrease)),
    ("percentage change", Some(ReportedMeasure::PercentIncrease)),
    ("変化率", Some(ReportedMeasure::PercentIncrease)),
    ("mean change", Some(ReportedMeasure::MeanChange)),
    ("change from baseline", Some(ReportedMeasure::MeanChange)),
    ("変化量", Some(ReportedMeasure::MeanChange)),
    ("changed by", Some(ReportedMeasure::MeanChange)),
    ("rose by", Some(ReportedMeasure::MeanChange)),
    ("increased by", Some(ReportedMeasure::MeanChange)),
    ("increase of", Some(ReportedMeasure::MeanChange)),
    ("fell by", Some(ReportedMeasure::MeanReduction)),
    ("decreased by", Some(ReportedMeasure::MeanReduction)),
    ("declined by", Some(ReportedMeasure::MeanReduction)),
    ("dropped by", Some(ReportedMeasure::MeanReduction)),
    ("reduced by", Some(ReportedMeasure::MeanReduction)),
    ("lowered by", Some(ReportedMeasure::MeanReduction)),
    ("reduction of", Some(ReportedMeasure::MeanReduction)),
    ("decrease of", Some(ReportedMeasure::MeanReduction)),
    ("mean reduction", Some(ReportedMeasure::MeanReduction)),
];

/// What stands behind a number and its unit: "a 54% reduction", 86%減少.
const BEHIND: [(&str, ReportedMeasure); 11] = [
    ("relative risk red", ReportedMeasure::PercentReduction),
    ("reduction", ReportedMeasure::MeanReduction),
    ("decrease", ReportedMeasure::MeanReduction),
    ("decline", ReportedMeasure::MeanReduction),
    ("減少", ReportedMeasure::MeanReduction),
    ("低下", ReportedMeasure::MeanReduction),
    ("increase", ReportedMeasure::MeanChange),
    ("rise", ReportedMeasure::MeanChange),
    ("増加", ReportedMeasure::MeanChange),
    ("上昇", ReportedMeasure::MeanChange),
    ("の変化", ReportedMeasure::MeanChange),
];

/// What words say of a number in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PerCent {
    /// It is a share of people or events.
    Share,
    /// Per cent is the unit of what was measured.
    Unit,
    /// Per cent is the unit of what was measured, or it is a part of what was there before.
    Either,
}

const OF_PER_CENT: [(&str, PerCent); 36] = [
    ("risk", PerCent::Share),
    ("risks", PerCent::Share),
    ("rate", PerCent::Share),
    ("rates", PerCent::Share),
    ("proportion", PerCent::Share),
    ("proportions", PerCent::Share),
    ("incidence", PerCent::Share),
    ("prevalence", PerCent::Share),
    ("responders", PerCent::Share),
    ("percentage of patients", PerCent::Share),
    ("percentage of participants", PerCent::Share),
    ("リスク", PerCent::Share),
    ("割合", PerCent::Share),
    ("率", PerCent::Share),
    ("hba1c", PerCent::Unit),
    ("lvef", PerCent::Unit),
    ("ejection fraction", PerCent::Unit),
    ("駆出率", PerCent::Unit),
    ("spo2", PerCent::Unit),
    ("酸素飽和度", PerCent::Unit),
    ("hematocrit", PerCent::Unit),
    ("haematocrit", PerCent::Unit),
    ("ヘマトクリット", PerCent::Unit),
    ("fvc", PerCent::Either),
    ("fev1", PerCent::Either),
    ("vital capacity", PerCent::Either),
    ("肺活量", PerCent::Either),
    ("weight", PerCent::Either),
    ("体重", PerCent::Either),
    // The mean of what changed in each, and no share of people.
    ("変化率", PerCent::Either),
    ("減少率", PerCent::Either),
    ("低下率", PerCent::Either),
    ("増加率", PerCent::Either),
    ("上昇率", PerCent::Either),
    ("percent change", PerCent::Either),
    ("percentage change", PerCent::Either),
];

/// Whether words in front of a number in per cent say that this is the unit of what was measured: "HbA1c was 7.1%".
pub(super) fn is_unit_of_measured(front: &str) -> bool {
    matches!(last_of(front, &OF_PER_CENT), Some(PerCent::Unit | PerCent::Either))
}

/// Whether words in front of a number in per cent say that it is a share of people or events: 無再発率は.
pub(super) fn is_called_share(front: &str) -> bool {
    matches!(last_of(front, &OF_PER_CENT), Some(PerCent::Share))
}

/// Words that make one arm's change a comparison, which is of another measure.
const COMPARED: [&str; 6] = ["vs", "versus", "compared", "than", "relative to", "adjusted"];

/// Words for what has an interval and is the mean of no outcome, and those for a mean.
const OF_INTERVALS: [(&str, bool); 27] = [
    ("mean", true),
    ("means", true),
    ("average", true),
    ("平均", true),
    ("score", true),
    ("scores", true),
    ("スコア", true),
    ("点数", true),
    ("median", false),
    ("中央値", false),
    ("area under", false),
    ("auc", false),
    ("auroc", false),
    ("曲線下面積", false),
    ("sensitivity", false),
    ("specificity", false),
    ("感度", false),
    ("特異度", false),
    ("accuracy", false),
    ("kappa", false),
    ("rate", false),
    ("proportion", false),
    ("ratio", false),
    ("survival", false),
    ("efficacy", false),
    ("率", false),
    ("比", false),
];

/// A measure that words beside a number name.
pub(super) struct NamedMeasure {
    pub(super) measure: ReportedMeasure,
    /// Where its name, or else its number begins.
    pub(super) start: usize,
    /// Whether the words leave open what its per cent are of.
    pub(super) is_open: bool,
    /// Whether it is the change of one arm: a percent change is one, where no word compares it.
    pub(super) of_one_arm: bool,
}

/// The measure that the words in front of a number name last, or those right behind it.
pub(super) fn named_measure(flow: &Flow, number: &Found, value: &Numeral) -> Option<NamedMeasure> {
    let at = number.range.start;
    let (named, start) = match measure_before(flow, at) {
        Some((named, start)) => (named?, start),
        None => (measure_behind(flow, number).or_else(|| measure_of_verb(flow, at))?, at),
    };
    let is_change = matches!(named, ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction);
    let beside = flow.text(start..flow.chars.len().min(number.range.end + BETWEEN));
    let beside = fold(&beside).to_lowercase();
    let beside = beside.split(['(', '[', '。']).next().unwrap_or_default();
    let is_percent = value.is_percent();
    let is_compared =
        last_of(beside, &COMPARED.map(|word| (word, ()))).is_some() || is_more_than(flow, number.range.end);
    if is_change && !is_percent && is_compared {
        return None;
    }
    if !is_percent {
        let is_possible = !matches!(named, ReportedMeasure::PercentReduction | ReportedMeasure::PercentIncrease);
        let of_one_arm = named.is_of_one_arm();
        return is_possible.then_some(NamedMeasure { measure: named, start, is_open: false, of_one_arm });
    }
    const BEFORE: usize = 200;
    let said = last_of(&fold(&flow.text(at.saturating_sub(BEFORE)..at)).to_lowercase(), &OF_PER_CENT);
    // Points are of the unit, however many per cent of it that is.
    let is_points = ["point", "ポイント"].iter().any(|word| value.text().to_lowercase().contains(word));
    let measure = match (named, said) {
        (ReportedMeasure::MeanDifference, Some(PerCent::Share)) => ReportedMeasure::RiskDifference,
        (named, _) if is_points => named,
        (ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction, Some(PerCent::Either)) => return None,
        (ReportedMeasure::MeanChange, Some(PerCent::Share) | None) => ReportedMeasure::PercentIncrease,
        (ReportedMeasure::MeanReduction, Some(PerCent::Share) | None) => ReportedMeasure::PercentReduction,
        (named, _) => named,
    };
    // "Percent change" alone is one of an arm; what stands behind a number may be of one over the other.
    let of_one_arm = measure.is_of_one_arm() || named == ReportedMeasure::PercentIncrease && !is_compared;
    let is_open = measure == ReportedMeasure::MeanDifference && said.is_none();
    Some(NamedMeasure { measure, start, is_open, of_one_arm })
}

/// Whether words behind a number and its bracket compare it: "by 2.1 points (95% CI 1.5 to 2.7) more in the drug group
/// than in the placebo group".
fn is_more_than(flow: &Flow, end: usize) -> bool {
    const FAR: usize = 120;
    let behind: Vec<char> = flow.chars[end..].iter().take(FAR).map(|c| fold_char(*c).to_ascii_lowercase()).collect();
    let behind: String = without_brackets(&behind).into_iter().collect();
    let clause = behind.split(|c: char| c.is_ascii_digit() || matches!(c, '.' | '。' | ';' | ',' | '(')).next();
    clause.is_some_and(|clause| {
        let more = ["more", "less", "greater", "better"].iter().filter_map(|word| clause.find(word)).min();
        more.is_some_and(|at| clause[at..].contains(" than "))
    })
}

/// The measure that the words in front of a number name last, and where its name begins; an inner none where these
/// words are the name of no measure.
fn measure_before(flow: &Flow, at: usize) -> Option<(Option<ReportedMeasure>, usize)> {
    // "The difference in the mean change from baseline in the score for fatigue at week 24 was" begins further in front.
    let begin = at.saturating_sub(3 * BETWEEN);
    let straight = |c: char| if matches!(c, '’' | '‘') { '\'' } else { fold_char(c) };
    let words: Vec<char> = flow.chars[begin..at].iter().map(|c| straight(*c)).collect();
    let named = NAMES.iter().filter_map(|(name, measure)| {
        let name: Vec<char> = name.chars().collect();
        // "ARR" is an annualized relapse rate, and no aRR.
        let is_short = name.iter().any(char::is_ascii_uppercase);
        let is_same = |(c, named): (&char, &char)| c == named || !is_short && c.to_ascii_lowercase() == *named;
        let place = words.windows(name.len()).rposition(|window| window.iter().zip(&name).all(is_same))?;
        let is_word = |at: Option<&char>| at.is_some_and(char::is_ascii_alphabetic);
        // "Hazard ratios", "ORs", "mean differences".
        let end = place + name.len();
        let end = end + usize::from(is_word(name.last()) && words.get(end) == Some(&'s'));
        let cut = (is_word(name.first()) && is_word(place.checked_sub(1).and_then(|at| words.get(at))))
            || (is_word(name.last()) && is_word(words.get(end)))
            || is_letter(&name) && names_another(&words[..place]);
        // 群間差（95%信頼区間）は goes on.
        let behind = without_brackets(&words[place + name.len()..]);
        // 注2 is the mark of a note.
        let is_note = |at: usize| at.checked_sub(1).is_some_and(|before| matches!(behind[before], '注' | '※' | '*'));
        let is_number = |(at, c): (usize, &char)| c.is_ascii_digit() && !is_note(at);
        let ends = behind.iter().enumerate().any(|of| is_number(of) || matches!(of.1, '.' | '。' | ';'));
        // The logarithm of a ratio lies in the middle of its interval, as a coefficient does.
        let is_ratio = measure.is_some_and(|measure| measure.scale() == EffectScale::Log);
        let is_log = is_ratio && is_behind_logarithm(&words[..place]);
        let measure = if is_log { Some(ReportedMeasure::RegressionCoefficient) } else { *measure };
        (!cut && !ends).then_some((place, name.len(), measure))
    });
    // The name that stands nearest; of names within names the longest.
    let all: Vec<_> = named.collect();
    let is_within = |(place, length, _): &(usize, usize, Option<ReportedMeasure>)| {
        let holds = |(other, long, _): &(usize, usize, Option<ReportedMeasure>)| {
            other <= place && place + length <= other + long && long > length
        };
        all.iter().any(holds)
    };
    let whole = || all.iter().filter(|of| !is_within(of));
    // "The difference between the drug group and the placebo group was", "the hazard ratio for disease progression or
    // death,".
    let says_of_what = |end: usize, is_ratio: bool, is_difference: bool| {
        let behind: String = words[end..].iter().collect::<String>().to_lowercase();
        let ends = |all: &[&str]| all.iter().any(|word| behind.trim_end().ends_with(word));
        let is_of_event = || [" for ", " of "].iter().any(|word| behind.starts_with(word)) && ends(&[","]);
        let of_what = [" for ", " in ", " of "].iter().any(|word| behind.starts_with(word)) && !behind.contains(',');
        (behind.starts_with(" between ") || of_what && (is_ratio || is_difference))
            && ends(&[" was", " of", " is", ":"])
            || is_ratio && is_of_event()
    };
    let is_near = |(place, length, measure): &&(usize, usize, Option<ReportedMeasure>)| {
        let is_ratio = measure.is_some_and(|measure| measure.scale() == EffectScale::Log);
        let is_difference = *measure == Some(ReportedMeasure::MeanDifference);
        begin + place + BETWEEN >= at || says_of_what(place + length, is_ratio, is_difference)
    };
    let nearest = whole().filter(is_near).max_by_key(|(place, length, _)| place + length)?;
    // "The difference in mean change was": of two arms, and no change of one.
    let is_change = matches!(nearest.2, Some(ReportedMeasure::MeanChange | ReportedMeasure::PercentIncrease));
    let difference = whole().find(|of| is_change && of.2 == Some(ReportedMeasure::MeanDifference));
    let (place, _, measure) = difference.unwrap_or(nearest);
    Some((*measure, begin + place))
}

/// The measure of a verb right in front of a number: "fell 3.3 points".
fn measure_of_verb(flow: &Flow, at: usize) -> Option<ReportedMeasure> {
    let front = fold(&flow.text(at.saturating_sub(BETWEEN)..at)).to_lowercase();
    match changed_right_in_front(&front)? {
        Way::Down => Some(ReportedMeasure::MeanReduction),
        Way::Up => Some(ReportedMeasure::MeanChange),
        Way::Open => None,
    }
}

/// Characters without the brackets that open and close among them.
fn without_brackets(chars: &[char]) -> Vec<char> {
    let mut left = Vec::new();
    let mut open = Vec::new();
    for c in chars {
        match c {
            '(' | '[' => open.push(left.len()),
            ')' | ']' if !open.is_empty() => {
                left.truncate(open.pop().unwrap_or_default());
                continue;
            }
            _ => {}
        }
        left.push(*c);
    }
    left
}

/// The measure that the words right behind a number and its unit name: "a 54% reduction", 86%減少.
pub(super) fn measure_behind(flow: &Flow, number: &Found) -> Option<ReportedMeasure> {
    const UNIT: usize = 18;
    let end = number.range.end;
    let behind = fold(&flow.text(end..flow.chars.len().min(end + UNIT))).to_lowercase();
    let clause = behind.split(|c: char| c.is_ascii_digit() || "()[].,;。、".contains(c)).next().unwrap_or_default();
    let is_count = number.text.trim_end().ends_with(['名', '人', '例', '年', '日']);
    let first = BEHIND.iter().filter_map(|(name, measure)| Some((clause.find(name)?, *measure)));
    let (place, measure) = first.min_by_key(|(place, _)| *place)?;
    (says_by(&clause[..place]) && !is_count).then_some(measure)
}

/// Whether what stands between a number and the word for a change leaves it that by which it changed: 56へ低下, 56へと低下
/// and 56まで減少 say to what.
fn says_by(between: &str) -> bool {
    const TO_WHAT: [&str; 9] = ["へ", "に", "まで", "と", "が", "は", "で", "から", "を"];
    const OF_OTHERS: [&str; 12] = ["in", "with", "of", "and", "at", "for", "on", "was", "were", "to", "from", "had"];
    let between = between.replace("有意に", "").replace("有意な", "");
    !TO_WHAT.iter().any(|word| between.contains(word)) && !between.split(' ').any(|word| OF_OTHERS.contains(&word))
}

/// Whether words right in front of a result with its spread call it a difference, which is between arms and the mean of
/// none: "a difference of 0.65 ± 0.78", but no "significant difference, 6.1 ± 1.2 vs".
pub(super) fn is_called_difference(flow: &Flow, number: &Found) -> bool {
    const BEHIND: usize = 12;
    let at = number.range.start;
    let Some((Some(ReportedMeasure::MeanDifference), start)) = measure_before(flow, at) else { return false };
    let words = fold(&flow.text(start..at)).to_lowercase();
    // "(difference, 2.49".
    let words = words.trim_end().trim_end_matches([',', ':']);
    let front = fold(&flow.text(start.saturating_sub(BEHIND)..start)).to_lowercase();
    let end = number.range.end;
    let behind = fold(&flow.text(end..flow.chars.len().min(end + BEHIND))).to_lowercase();
    let is_joined =
        ["was", "of", "is", "difference", "=", "は", "が", "差"].iter().any(|end| words.trim_end().ends_with(end));
    let is_denied = front.contains("no ") || front.contains("significant");
    let is_compared = ["vs", "versus", "対"].iter().any(|word| behind.trim_start().starts_with(word));
    is_joined && !is_denied && !is_compared && !words.contains([',', '、'])
}

/// Whether the words in front of a number with an interval call it a mean, or else something that is none.
pub(super) fn is_called_mean(sentence: &str) -> Option<bool> {
    last_of(&fold(sentence).to_lowercase(), &OF_INTERVALS)
}

/// Whether the words in front of a number with an interval, in the same sentence, call it a median: "the median
/// survival was", and nothing that is none since then.
pub(super) fn is_called_median(sentence: &str) -> bool {
    let text = fold(sentence).to_lowercase();
    let behind = ["median", "中央値"].iter().filter_map(|word| Some(text.rsplit_once(word)?.1));
    let since = behind.min_by_key(|behind| behind.len()).map(|behind| behind.replace("survival", ""));
    since.is_some_and(|since| last_of(&since, &OF_INTERVALS).is_none())
}

/// Whether the words in front of a number with an interval, in the same sentence, call it a rate of events: "the
/// annualized relapse rate was", 年間再発率は; a response rate is a share.
pub(super) fn is_called_rate(sentence: &str) -> bool {
    const RATES: [&str; 9] = [
        "annualized",
        "annualised",
        "relapse rate",
        "exacerbation rate",
        "attack rate",
        "event rate",
        "年間再発率",
        "年間発作率",
        "年間増悪率",
    ];
    let text = fold(sentence).to_lowercase();
    let start = RATES.iter().filter_map(|word| text.rfind(word)).max();
    start.is_some_and(|start| {
        let last = last_of(&text[start..], &OF_INTERVALS.map(|(word, _)| (word, word)));
        matches!(last, Some("rate" | "率"))
    })
}

/// Whether words in front of a number say that it is a mean of a model: "the least-squares mean change was".
pub(super) fn is_called_adjusted(sentence: &str) -> bool {
    const WORDS: [&str; 8] = [
        "ls mean",
        "lsm ",
        "least squares",
        "least-squares",
        "adjusted mean",
        "最小二乗平均",
        "調整済み平均",
        "調整平均",
    ];
    let text = fold(sentence).to_lowercase();
    let behind = WORDS.iter().filter_map(|word| Some(text.rsplit_once(word)?.1)).min_by_key(|behind| behind.len());
    // "The least-squares mean score was 6.8, and the mean age".
    let since = behind.map(|behind| behind.trim_start().strip_prefix("mean").unwrap_or(behind));
    since.is_some_and(|since| !["mean", "average", "平均"].iter().any(|word| since.contains(word)))
}

/// Whether the words in front of a number, in the same sentence, call it the change since the beginning, however far in
/// front: "the mean change from baseline in the score for fatigue at week 24 was".
pub(super) fn is_called_change_from_baseline(sentence: &str) -> bool {
    const WORDS: [&str; 6] = [
        "change from baseline",
        "changes from baseline",
        "ベースラインからの変化量",
        "前値からの変化量",
        "投与前からの変化量",
        "mean change",
    ];
    let text = fold(sentence).to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether words in front of a number call it the change since the beginning, and behind a comma say how it is told:
/// "change from baseline in EDSS, mean (:", of whose bracket the rest is left out. In the row of a table nothing but
/// numbers stands behind that.
pub(super) fn is_heading_of_change(sentence: &str, is_in_row: bool) -> bool {
    let text = fold(sentence).to_lowercase();
    let told = [", mean", ", median"].iter().filter_map(|word| text.rsplit_once(word));
    told.max_by_key(|(front, _)| front.len()).is_some_and(|(front, behind)| {
        let is_end = behind.trim_start_matches([' ', '(']).starts_with([':', ',']);
        (is_end || is_in_row && !behind.contains(char::is_alphabetic)) && is_called_change_from_baseline(front)
    })
}

/// What the words in front of a number with its spread, in the same sentence, call it.
pub(super) fn called(sentence: &str) -> Option<Statistic> {
    called_so(&fold(sentence).to_lowercase()).map(|(called, _)| called)
}

/// The same of words in small letters, with the way in which it changed.
pub(super) fn called_so(sentence: &str) -> Option<(Statistic, Way)> {
    const WORDS: [(&str, (Statistic, Way)); 32] = [
        ("mean", (Statistic::Mean, Way::Open)),
        ("m =", (Statistic::Mean, Way::Open)),
        ("m=", (Statistic::Mean, Way::Open)),
        ("mdn", (Statistic::Median, Way::Open)),
        ("md =", (Statistic::Median, Way::Open)),
        ("average", (Statistic::Mean, Way::Open)),
        ("平均", (Statistic::Mean, Way::Open)),
        ("median", (Statistic::Median, Way::Open)),
        ("中央値", (Statistic::Median, Way::Open)),
        ("change", (Statistic::Change, Way::Open)),
        ("changes", (Statistic::Change, Way::Open)),
        ("変化量", (Statistic::Change, Way::Open)),
        ("変化", (Statistic::Change, Way::Open)),
        ("減少量", (Statistic::Change, Way::Down)),
        ("減少幅", (Statistic::Change, Way::Down)),
        ("低下量", (Statistic::Change, Way::Down)),
        ("低下幅", (Statistic::Change, Way::Down)),
        ("増加量", (Statistic::Change, Way::Up)),
        ("増加幅", (Statistic::Change, Way::Up)),
        ("上昇量", (Statistic::Change, Way::Up)),
        ("上昇幅", (Statistic::Change, Way::Up)),
        ("decreased by", (Statistic::Change, Way::Down)),
        ("decreased by a mean of", (Statistic::Change, Way::Down)),
        ("increased by", (Statistic::Change, Way::Up)),
        ("increased by a mean of", (Statistic::Change, Way::Up)),
        ("fell by", (Statistic::Change, Way::Down)),
        ("rose by", (Statistic::Change, Way::Up)),
        ("changed by", (Statistic::Change, Way::Open)),
        ("reduced by", (Statistic::Change, Way::Down)),
        ("変化量の平均", (Statistic::Change, Way::Open)),
        ("変化量の最小二乗平均", (Statistic::Change, Way::Open)),
        ("変化量の中央値", (Statistic::Change, Way::Open)),
    ];
    // What did not change has values.
    let sentence = sentence.replace("not change", "").replace("変化なく", "");
    if let Some(way) = changed_by(&sentence) {
        return Some((Statistic::Change, way));
    }
    let of_noun = noun_of_change(&sentence).map(|(end, way)| ((end, usize::MAX), (Statistic::Change, way)));
    let all = [of_noun, last_place_of(&sentence, &WORDS)].into_iter().flatten();
    all.max_by_key(|(place, _)| *place).map(|(_, stands_for)| stands_for)
}

/// Where the last noun of a change ends of which words in small letters say how much it is, and which way it goes: "an
/// improvement of", "reductions were", but no "reduction was seen".
fn noun_of_change(sentence: &str) -> Option<(usize, Way)> {
    const NOUNS: [(&str, Way); 11] = [
        ("decrease", Way::Down),
        ("decline", Way::Down),
        ("reduction", Way::Down),
        ("fall", Way::Down),
        ("drop", Way::Down),
        ("loss", Way::Down),
        ("increase", Way::Up),
        ("rise", Way::Up),
        ("gain", Way::Up),
        ("improvement", Way::Open),
        ("worsening", Way::Open),
    ];
    const DONE: [&str; 5] = [" seen", " observed", " found", " noted", " reported"];
    let place = |noun: &str| {
        let ends =
            ["", "s"].iter().flat_map(|plural| ["of", "was", "were"].map(|verb| format!("{noun}{plural} {verb}")));
        let places = ends.filter_map(|words| {
            let (at, end) = sentence.rfind(&words).map(|at| (at, at + words.len()))?;
            let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            let is_whole = !is_letter(sentence[..at].chars().next_back()) && !is_letter(sentence[end..].chars().next());
            // "Blood loss was 250 ± 80 mL" has not changed.
            let is_value = noun == "loss" && !words.ends_with("of") && !sentence[..at].ends_with("weight ");
            let is_done = !words.ends_with("of") && DONE.iter().any(|done| sentence[end..].starts_with(done));
            (is_whole && !is_value && !is_done).then_some(end)
        });
        places.max()
    };
    let found = NOUNS.iter().filter_map(|(noun, way)| Some((place(noun)?, *way)));
    found.max_by_key(|(place, _)| *place)
}

/// What the last of some words in a text of small letters stands for; of words that end together the longest.
fn last_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    last_place_of(text, words).map(|(_, stands_for)| stands_for)
}

/// The same with where that word ends, and how long it is.
fn last_place_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<((usize, usize), T)> {
    let place = |word: &str| {
        let is_letter = |c: Option<char>| word.is_ascii() && c.is_some_and(|c| c.is_ascii_alphabetic());
        let mut places = text.rmatch_indices(word);
        let whole = |at: usize| {
            !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next())
        };
        places.find(|(at, _)| whole(*at)).map(|(at, _)| (at + word.len(), word.len()))
    };
    let found = words.iter().filter_map(|(word, stands_for)| Some((place(word)?, *stands_for)));
    found.max_by_key(|(place, _)| *place)
}
