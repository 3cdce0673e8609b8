//! What the axis of a measure is called, and which values it can have.

use super::Look;
use crate::effect::measures::{Back, Family, measure};

/// A name in English and in Japanese.
type Name = [&'static str; 2];

/// The axis of one measure, or of several that differ in their variance alone.
struct Title {
    codes: &'static [&'static str],
    /// The name of the effect as it is computed.
    plain: Name,
    /// The name of its exponential, where it is a logarithm.
    exponential: Option<Name>,
    /// The values that it can have as it is computed.
    bounds: Option<(f64, f64)>,
}

const fn title(codes: &'static [&'static str], plain: Name) -> Title {
    Title { codes, plain, exponential: None, bounds: None }
}

const fn within(codes: &'static [&'static str], plain: Name, bounds: (f64, f64)) -> Title {
    Title { bounds: Some(bounds), ..title(codes, plain) }
}

const fn log(codes: &'static [&'static str], plain: Name, exponential: Name) -> Title {
    Title { exponential: Some(exponential), ..title(codes, plain) }
}

const BOTH_WAYS: (f64, f64) = (-1.0, 1.0);
const SHARE: (f64, f64) = (0.0, 1.0);

const TITLES: [Title; 35] = [
    log(&["RR", "MPRR"], ["Log risk ratio", "リスク比の対数"], ["Risk ratio", "リスク比"]),
    log(
        &["OR", "MPOR", "MPORC", "MPORM", "D2ORL", "D2ORN"],
        ["Log odds ratio", "オッズ比の対数"],
        ["Odds ratio", "オッズ比"],
    ),
    log(
        &["PETO", "MPPETO"],
        ["Log odds ratio (Peto)", "オッズ比の対数（Peto）"],
        ["Odds ratio (Peto)", "オッズ比（Peto）"],
    ),
    log(&["HR"], ["Log hazard ratio", "ハザード比の対数"], ["Hazard ratio", "ハザード比"]),
    log(&["IRR"], ["Log rate ratio", "率比の対数"], ["Rate ratio", "率比"]),
    log(&["ROM", "ROMC"], ["Log ratio of means", "平均の比の対数"], ["Ratio of means", "平均の比"]),
    log(&["VR", "VRC"], ["Log ratio of SDs", "SDの比の対数"], ["Ratio of SDs", "SDの比"]),
    log(
        &["CVR", "CVRC"],
        ["Log ratio of coefficients of variation", "変動係数の比の対数"],
        ["Ratio of coefficients of variation", "変動係数の比"],
    ),
    log(
        &["REH"],
        ["Log relative excess heterozygosity", "相対過剰ヘテロ接合度の対数"],
        ["Relative excess heterozygosity", "相対過剰ヘテロ接合度"],
    ),
    title(&["MD"], ["Mean difference", "平均差"]),
    title(&["SMD", "SMDH", "SMD1", "SMD1H"], ["Standardised mean difference", "標準化平均差"]),
    title(&["MC"], ["Mean change", "平均変化"]),
    title(&["SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH"], ["Standardised mean change", "標準化平均変化"]),
    within(&["RD", "MPRD"], ["Risk difference", "リスク差"], BOTH_WAYS),
    title(&["IRD"], ["Rate difference", "率の差"]),
    within(&["CLES", "CLESN", "CLESCN"], ["Probability of superiority", "優越の確率"], SHARE),
    within(&["COR", "UCOR"], ["Correlation", "相関"], BOTH_WAYS),
    title(&["ZCOR"], ["Correlation (Fisher’s z)", "相関（Fisher の z）"]),
    within(&["PCOR", "SPCOR"], ["Partial correlation", "偏相関"], BOTH_WAYS),
    within(&["PHI", "YUQ", "YUY"], ["Association", "関連"], BOTH_WAYS),
    within(&["RPB", "RBIS"], ["Biserial correlation", "双列相関"], BOTH_WAYS),
    within(&["RTET"], ["Tetrachoric correlation", "四分相関"], BOTH_WAYS),
    within(&["R2"], ["R²", "R²"], SHARE),
    within(&["PR"], ["Proportion", "割合"], SHARE),
    log(&["PLO"], ["Log odds of the proportion", "割合の対数オッズ"], ["Odds of the proportion", "割合のオッズ"]),
    log(&["PLN"], ["Log proportion", "割合の対数"], ["Proportion", "割合"]),
    title(&["PAS"], ["Proportion, arcsine of its root", "割合（逆正弦変換）"]),
    title(&["PFT"], ["Proportion, double arcsine", "割合（二重逆正弦変換）"]),
    within(&["IR"], ["Rate", "率"], (0.0, f64::MAX)),
    log(&["IRLN"], ["Log rate", "率の対数"], ["Rate", "率"]),
    title(&["IRS", "IRFT"], ["Rate, square root", "率（平方根変換）"]),
    title(&["MN"], ["Mean", "平均"]),
    log(&["MNLN"], ["Log mean", "平均の対数"], ["Mean", "平均"]),
    log(&["CVLN"], ["Log coefficient of variation", "変動係数の対数"], ["Coefficient of variation", "変動係数"]),
    log(&["SDLN"], ["Log SD", "SDの対数"], ["SD", "SD"]),
];

impl Look {
    /// The look of a measure by its code, where the user says nothing else: logarithms of ratios of two groups are shown
    /// as ratios, and what is of one group has no value of no effect.
    #[must_use]
    pub fn of_measure(self, code: Option<&str>) -> Self {
        let Some(known) = code.and_then(|code| measure(code).ok()) else { return self.of_unnamed() };
        let one_group = matches!(known.family, Family::Proportions | Family::OneRate | Family::OneGroup);
        let ratio = self.ratio || (known.back == Back::Exp && !one_group);
        let is_share = self.logit || (known.code == "PLN" && ratio);
        let look = Self { ratio, one_group, percent: is_share || known.code == "PR", ..self };
        let title = TITLES.iter().find(|title| title.codes.contains(&known.code));
        let bounds = title.and_then(|title| title.bounds).filter(|_| !ratio);
        let bounds = if is_share { Some(SHARE) } else { bounds };
        let effect = match title {
            Some(title) if look.effect.is_empty() => {
                let [en, ja] = match (look.logit, title.exponential) {
                    (true, _) => ["Proportion", "割合"],
                    (false, Some(exponential)) if ratio => exponential,
                    _ => title.plain,
                };
                look.say(en, ja)
            }
            _ => look.effect,
        };
        Self { effect, bounds, ..look }
    }

    /// The look of effects whose measure nobody names: logits are those of shares.
    fn of_unnamed(self) -> Self {
        if !self.logit {
            return self;
        }
        let effect = if self.effect.is_empty() { self.say("Proportion", "割合") } else { self.effect.clone() };
        Self { effect, one_group: true, percent: true, bounds: Some(SHARE), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::measures::measures;
    use crate::reported::Lang;

    fn plain() -> Look {
        Look {
            lang: Lang::En,
            ratio: false,
            logit: false,
            percent: false,
            effect: String::new(),
            sides: Default::default(),
            one_group: false,
            bounds: None,
            title: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn every_logarithm_has_the_name_of_its_exponential() {
        for known in measures().filter(|known| known.back == Back::Exp) {
            let title = TITLES.iter().find(|title| title.codes.contains(&known.code));
            assert!(title.is_some_and(|title| title.exponential.is_some()), "{}", known.code);
        }
        // Each code has one name, and is one of the catalogue.
        let mut codes: Vec<&str> = TITLES.iter().flat_map(|title| title.codes).copied().collect();
        assert!(codes.iter().all(|code| measure(code).is_ok()));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn ratios_of_two_groups_are_shown_as_ratios() {
        for (code, effect, ratio) in [
            ("HR", "Hazard ratio", true),
            ("MPRR", "Risk ratio", true),
            ("MD", "Mean difference", false),
            ("PLN", "Log proportion", false),
        ] {
            let look = plain().of_measure(Some(code));
            assert_eq!((look.effect.as_str(), look.ratio), (effect, ratio), "{code}");
        }
        assert_eq!(plain().of_measure(Some("COR")).bounds, Some((-1.0, 1.0)));
    }
}
