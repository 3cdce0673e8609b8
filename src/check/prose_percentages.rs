//! What a text says of a percentage beside a count: that it is a bound, that of a curve of survival or a model, or one
//! without those of whom nothing is known.

use crate::numeric::numeral::Numeral;

/// Words of curves and models in a paragraph; its percentages need not be those of the counts beside them.
const OF_MODELS: &str = "kaplan estimate cumulative adjusted weighted imput actuarial model 推定 累積 調整 カプラン";

/// Words beside which percentages may be those of curves of survival, which censoring makes larger.
const OF_SURVIVAL: &str = "hazard survival log-rank logrank time-to-event -year month-rate event-rate cox ハザード 生存 \
    ログランク コックス";

/// Words of such a curve that are about all of a text.
const OF_CURVES: &str = "kaplan cumulative-incidence life-table actuarial カプラン 累積発生率 累積罹患率";

/// Words of those of whom nothing is known.
const OF_MISSING: &str = "missing not-available evaluable available-for excluding excluded exclude unknown not-reported \
    no-data were-assessed not-assessed 欠測 欠損 不明 除く 除い 除外 評価可能";

/// Of what a sentence about all percentages of a text speaks, and that they are weighted or modelled.
const PERCENTAGES: &str = "percentage proportion prevalence denominator share rates 割合 パーセント 百分率 分母";
const WEIGHTED: &str = "weight imput adjusted standardi estimate model 加重 補完 推定 調整";

/// Means and scores, which are out of something as well: "the mean score was 45 of 60 (74.6%)".
const OF_MEANS: &str = "mean average median score points 平均 中央値 得点 スコア";

/// Words in which a blank stands for white space or a hyphen.
fn says(text: &str, words: &str) -> bool {
    words
        .split_whitespace()
        .any(|word| text.contains(word) || word.contains('-') && text.contains(&word.replace('-', " ")))
}

/// How a percentage is said to be near its number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Above,
    Below,
    About,
    /// One of a change, "20% reduction", or of a criterion.
    OfChange,
}

/// What is said of a percentage, and round it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Said {
    bound: Option<Bound>,
    is_of_model: bool,
    is_of_survival: bool,
    is_of_missing: bool,
    is_weighted: bool,
    is_of_mean: bool,
}

/// What the paragraphs of a text say, and the whole of it.
pub(super) struct Surroundings {
    of_lines: Vec<Said>,
    all: Said,
}

impl Surroundings {
    pub(super) fn of(text: &str) -> Self {
        let mut all = Said::default();
        let (mut of_lines, mut start) = (Vec::new(), 0);
        let mut paragraph = String::new();
        for line in text.lines().chain([""]) {
            of_lines.push(Said::default());
            if !line.trim().is_empty() {
                paragraph.push_str(&line.to_lowercase());
                paragraph.push(' ');
                continue;
            }
            let of = Said {
                is_of_model: says(&paragraph, OF_MODELS),
                is_of_survival: says(&paragraph, OF_SURVIVAL),
                is_of_missing: says(&paragraph, OF_MISSING),
                ..Said::default()
            };
            of_lines[start..].fill(of);
            start = of_lines.len();
            all.is_of_survival |= says(&paragraph, OF_CURVES);
            for sentence in paragraph.split([';', '。']).flat_map(|part| part.split(". ")) {
                let is_of_all = says(sentence, PERCENTAGES);
                all.is_of_missing |= is_of_all && says(sentence, OF_MISSING);
                all.is_weighted |= is_of_all && says(sentence, WEIGHTED);
            }
            // Numbers may not add up because of missing values.
            all.is_of_missing |= paragraph.contains("missing values") || paragraph.contains("missing data");
            paragraph.clear();
        }
        Self { of_lines, all }
    }

    /// What is said of a percentage on a line, with what stands in front of its count and from there on.
    pub(super) fn said(&self, line: usize, [before, behind]: &[String; 2], percent: &str) -> Said {
        let of_line = self.of_lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let clause = before.rsplit(['.', ';', '。', ')']).next().unwrap_or_default().to_lowercase();
        Said {
            bound: bound_of([before, behind], percent),
            is_of_mean: says(&clause, OF_MEANS) || says(&behind.to_lowercase(), "points 点"),
            is_of_survival: of_line.is_of_survival || self.all.is_of_survival,
            is_of_missing: of_line.is_of_missing || self.all.is_of_missing,
            is_weighted: self.all.is_weighted,
            ..of_line
        }
    }
}

/// What stands round the percentage that is nearest to a count.
fn bound_of([before, behind]: [&String; 2], percent: &str) -> Option<Bound> {
    // What says that it is one may be printed with it.
    let is_number = |c: char| c.is_numeric() || c == '.';
    let percent = percent.trim_start_matches(|c| !is_number(c)).trim_end_matches(|c| !is_number(c));
    let at = behind.find(percent).map(|at| (behind.as_str(), at));
    let (text, at) = at.or_else(|| before.rfind(percent).map(|at| (before.as_str(), at)))?;
    let front = text[..at].trim_end().to_lowercase();
    let back = text[at + percent.len()..].trim_start_matches(['%', '％', ' ', 'の']).to_lowercase();
    const BELOW: &str = "< ≤ ＜ ≦ under less-than below fewer-than at-most up-to no-more-than no-greater-than 最大";
    const ABOVE: &str = "> ≥ ＞ ≧ over more-than above at-least exceeding greater-than no-less-than no-fewer-than";
    const ABOUT: &str = "about approximately approx. nearly almost roughly around circa ca. c. ~ ∼ ～ ≈ some close-to half-to 約 およそ ほぼ";
    const OR_MORE: &str = "or-more or-higher or-greater or-above and-more + 以上 超 を超え を上回";
    const OR_LESS: &str = "or-less or-fewer or-lower or-below 以下 未満 を下回";
    const SO: &str = "程度 前後 弱 強 くらい ほど or-so";
    const CHANGES: &str =
        "reduction increase decrease decline improvement change loss gain rise fall 減少 増加 改善 低下";
    let is = |words: &str, fits: &dyn Fn(&str) -> bool| {
        words.split_whitespace().any(|word| fits(word) || word.contains('-') && fits(&word.replace('-', " ")))
    };
    let ends = |words: &str| is(words, &|word| ends_in_word(&front, word));
    let begins = |words: &str| is(words, &|word| back.starts_with(word));
    // "No more than" ends with "more than".
    if ends(BELOW) && !ends("no-less-than no-fewer-than") || begins(OR_LESS) {
        Some(Bound::Below)
    } else if ends(ABOVE) || begins(OR_MORE) {
        Some(Bound::Above)
    } else if ends(ABOUT) || begins(SO) {
        Some(Bound::About)
    } else if begins(CHANGES) {
        Some(Bound::OfChange)
    } else {
        None
    }
}

/// Whether a text ends in a word, and not in one that ends so, as "Clover".
fn ends_in_word(text: &str, word: &str) -> bool {
    let is_latin = word.starts_with(|c: char| c.is_ascii_alphabetic());
    text.strip_suffix(word).is_some_and(|front| !(is_latin && front.ends_with(|c: char| c.is_alphanumeric())))
}

impl Said {
    /// So many characters in front of a count and behind its beginning are looked at.
    pub(super) const BEFORE: usize = 100;
    pub(super) const BEHIND: usize = 80;

    /// Whether a percentage is a bound of its count, and holds.
    pub(super) fn holds_as_bound(self, percent: f64, k: u64, n: u64) -> bool {
        let share = 100.0 * k as f64 / n as f64;
        match self.bound {
            Some(Bound::Above) => share >= percent,
            Some(Bound::Below) => share <= percent,
            _ => false,
        }
    }

    /// Why a percentage that is not that of its count may be right all the same. How far off one may be are
    /// conventions: censoring makes a share larger, and those of whom nothing is known are no more than half of all.
    pub(super) fn excuse(self, percent: &Numeral, (k, n): (u64, u64)) -> Option<&'static str> {
        const OF_CURVE: [f64; 2] = [0.97, 1.5];
        const OF_WEIGHTS: [f64; 2] = [1.0 / 1.5, 1.5];
        const OF_FEWER: [f64; 2] = [1.0, 2.0];
        // Those of small counts are rounded to much.
        let (half, share) = (0.5 * percent.unit().to_f64(), 100.0 * k as f64 / n as f64);
        let is_within =
            |[least, most]: [f64; 2]| percent.value() + half >= least * share && percent.value() - half <= most * share;
        // A mean of 45 is one of 44.5 to 45.5.
        let is_rounded_mean = || {
            let of = |k: f64| 100.0 * k / n as f64;
            percent.value() + half >= of(k as f64 - 0.5) && percent.value() - half <= of(k as f64 + 0.5)
        };
        if self.bound.is_some() {
            Some("the text says that the percentage is a bound, a criterion or not exact")
        } else if self.is_of_model {
            Some("the text speaks of estimated or adjusted shares")
        } else if self.is_of_survival && is_within(OF_CURVE) {
            Some("the text speaks of survival, and the percentage may be that of a curve")
        } else if self.is_weighted && is_within(OF_WEIGHTS) {
            Some("the text speaks of estimated or adjusted shares")
        } else if self.is_of_missing && is_within(OF_FEWER) {
            Some("the text speaks of those who are missing or left out, and of fewer it may be")
        } else if self.is_of_mean && is_rounded_mean() {
            Some("it may be that of a mean, whose decimals are not printed")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::prose_shares::shares_of;
    use crate::transcribe::draft;

    fn verdicts(text: &str) -> Vec<(u64, Option<bool>)> {
        let draft = draft("t", "t.txt", text).unwrap();
        let judged =
            |share: &super::super::prose_shares::PrintedShare| (share.line, share.judge(0.95, Default::default()).grim);
        shares_of(&draft, text).iter().map(judged).collect()
    }

    /// ISAR-REACT 5 (Schüpke et al. 2019, N Engl J Med 381:1524): its percentages are Kaplan–Meier estimates.
    #[test]
    fn shares_of_curves_are_not_those_of_counts() {
        let of = |first: &str, behind: &str| {
            format!("An event occurred in 184 of 2012 patients ({first}%) and in 137 of 2006 patients (6.9%){behind}.")
        };
        let ratio = " (hazard ratio, 1.36; 95% confidence interval, 1.09 to 1.70; P = 0.006)";
        assert_eq!(verdicts(&of("9.3", ratio)), [(1, None), (1, None)]);
        assert_eq!(verdicts(&of("3.9", ratio))[0], (1, Some(false)));
        assert_eq!(verdicts(&of("9.3", ""))[0], (1, Some(false)));
        let elsewhere = format!("{}\n\nEvent rates are Kaplan-Meier estimates.", of("9.3", ""));
        assert_eq!(verdicts(&elsewhere), [(1, None), (1, None)]);
    }

    #[test]
    fn of_those_who_are_known_shares_are_larger() {
        assert_eq!(verdicts("Women were 120 (61.2%) of 200 (4 missing)."), [(1, None)]);
        assert_eq!(verdicts("Percentages exclude missing data.\n\nDiabetes: 120 of 200 (61.2%)."), [(3, None)]);
        assert_eq!(verdicts("Women were 120 (16.2%) of 200 (4 missing)."), [(1, Some(false))]);
    }

    #[test]
    fn bounds_and_approximations_are_no_exact_percentages() {
        for text in [
            "31 of 60 patients (>50%) improved",
            "31 of 60 patients (over 50%) improved",
            "1 of 12,000 patients (<0.1%) died",
            "60例中8例（10％以上）",
            "60例中31例（50％超）",
        ] {
            assert_eq!(verdicts(text), [(1, Some(true))], "{text}");
        }
        for text in [
            "12 of 60 patients (30% or more) improved",
            "8 of 60 patients (about 15%) improved",
            "60例中8例（約15％）",
            "the mean score was 45 of 60 (74.6%)",
            "2 of 3 patients (66.6%) improved",
        ] {
            assert_eq!(verdicts(text), [(1, None)], "{text}");
        }
        assert_eq!(verdicts("Those over 50 were 8 of 60 patients (15.3%)"), [(1, Some(false))]);
    }

    #[test]
    fn the_line_is_that_of_the_count() {
        for (text, line) in [
            ("By week 18\n8 of 60 patients (15.3%) had left.", 2),
            ("t(18) = 2.31, p = .03\n8 of 60 (15.3%)", 2),
            ("At 8 weeks,\n8 of\n60 (15.3%)", 2),
        ] {
            assert_eq!(verdicts(text), [(line, Some(false))], "{text}");
        }
    }
}
