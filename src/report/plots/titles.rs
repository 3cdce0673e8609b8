//! What the axis of a measure is called, and which values it can have.

use super::Look;
use crate::effect::measures::{Back, Family, measure};
use crate::report::transformation::Transformation;

/// A name in English and in Japanese.
type Name = [&'static str; 2];

/// The axis of one measure, or of several that differ in their variance alone.
struct Title {
    codes: &'static [&'static str],
    /// The name of the effect as it is computed.
    plain: Name,
    /// The name of what `--transf` shows: the exponential of a logarithm, the share of a logit, the correlation of
    /// Fisher's z.
    back: Option<Name>,
    /// The values that it can have as it is computed.
    bounds: Option<(f64, f64)>,
}

const fn title(codes: &'static [&'static str], plain: Name) -> Title {
    Title { codes, plain, back: None, bounds: None }
}

const fn within(codes: &'static [&'static str], plain: Name, bounds: (f64, f64)) -> Title {
    Title { bounds: Some(bounds), ..title(codes, plain) }
}

const fn transformed(codes: &'static [&'static str], plain: Name, back: Name) -> Title {
    Title { back: Some(back), ..title(codes, plain) }
}

const BOTH_WAYS: (f64, f64) = (-1.0, 1.0);
const SHARE: (f64, f64) = (0.0, 1.0);

const TITLES: [Title; 58] = [
    // Two groups, means and SDs.
    title(&["MD"], ["Mean difference", "平均差"]),
    title(&["SMD", "SMDH", "SMD1", "SMD1H"], ["Standardised mean difference", "標準化平均差"]),
    transformed(&["ROM", "ROMC"], ["Log ratio of means", "平均の比の対数"], ["Ratio of means", "平均の比"]),
    transformed(&["VR", "VRC"], ["Log ratio of SDs", "SDの比の対数"], ["Ratio of SDs", "SDの比"]),
    transformed(
        &["CVR", "CVRC"],
        ["Log ratio of coefficients of variation", "変動係数の比の対数"],
        ["Ratio of coefficients of variation", "変動係数の比"],
    ),
    within(&["RPB"], ["Point-biserial correlation", "点双列相関係数"], BOTH_WAYS),
    transformed(
        &["ZPB"],
        ["Fisher’s z of the point-biserial correlation", "点双列相関係数の Fisher の z"],
        ["Point-biserial correlation", "点双列相関係数"],
    ),
    within(&["RBIS"], ["Biserial correlation", "双列相関係数"], BOTH_WAYS),
    transformed(
        &["ZBIS"],
        ["Fisher’s z of the biserial correlation", "双列相関係数の Fisher の z"],
        ["Biserial correlation", "双列相関係数"],
    ),
    within(&["CLES", "CLESN", "CLESCN"], ["Probability of superiority", "優越確率"], SHARE),
    // Two groups, yes or no.
    transformed(&["RR", "MPRR"], ["Log risk ratio", "リスク比の対数"], ["Risk ratio", "リスク比"]),
    transformed(
        &["OR", "MPOR", "MPORM", "D2ORL", "D2ORN"],
        ["Log odds ratio", "オッズ比の対数"],
        ["Odds ratio", "オッズ比"],
    ),
    transformed(
        &["MPORC"],
        ["Log conditional odds ratio", "条件付きオッズ比の対数"],
        ["Conditional odds ratio", "条件付きオッズ比"],
    ),
    transformed(
        &["PETO", "MPPETO"],
        ["Log odds ratio (Peto)", "オッズ比の対数（Peto）"],
        ["Odds ratio (Peto)", "オッズ比（Peto）"],
    ),
    within(&["RD", "MPRD"], ["Risk difference", "リスク差"], BOTH_WAYS),
    title(&["AS"], ["Arcsine risk difference", "リスクの逆正弦差"]),
    title(&["PBIT"], ["Probit difference, as SMD", "プロビット差（標準化平均差に相当）"]),
    title(&["OR2DL", "OR2DN"], ["Log odds ratio converted to SMD", "オッズ比の対数を換算した標準化平均差"]),
    // Two features, yes or no.
    within(&["PHI"], ["Phi coefficient", "φ係数"], BOTH_WAYS),
    transformed(&["ZPHI"], ["Fisher’s z of the phi coefficient", "φ係数の Fisher の z"], ["Phi coefficient", "φ係数"]),
    within(&["YUQ"], ["Yule’s Q", "Yule の Q"], BOTH_WAYS),
    within(&["YUY"], ["Yule’s Y", "Yule の Y"], BOTH_WAYS),
    within(&["RTET"], ["Tetrachoric correlation", "四分相関係数"], BOTH_WAYS),
    transformed(
        &["ZTET"],
        ["Fisher’s z of the tetrachoric correlation", "四分相関係数の Fisher の z"],
        ["Tetrachoric correlation", "四分相関係数"],
    ),
    // Events over time.
    transformed(&["HR"], ["Log hazard ratio", "ハザード比の対数"], ["Hazard ratio", "ハザード比"]),
    title(&["HD"], ["Hazard difference", "ハザード差"]),
    transformed(&["IRR"], ["Log rate ratio", "率比の対数"], ["Rate ratio", "率比"]),
    title(&["IRD"], ["Rate difference", "率の差"]),
    title(&["IRSD"], ["Difference of square-root rates", "率の平方根の差"]),
    within(&["IR"], ["Rate", "率"], (0.0, f64::MAX)),
    transformed(&["IRLN"], ["Log rate", "率の対数"], ["Rate", "率"]),
    transformed(&["IRS"], ["Square-root rate", "率の平方根"], ["Rate", "率"]),
    transformed(&["IRFT"], ["Freeman–Tukey square-root rate", "率の Freeman–Tukey 平方根変換値"], ["Rate", "率"]),
    // One group, yes or no.
    within(&["PR"], ["Proportion", "割合"], SHARE),
    transformed(&["PLO"], ["Log odds of the proportion", "割合の対数オッズ"], ["Proportion", "割合"]),
    transformed(&["PLN"], ["Log proportion", "割合の対数"], ["Proportion", "割合"]),
    transformed(&["PRZ"], ["Probit of the proportion", "割合のプロビット"], ["Proportion", "割合"]),
    transformed(&["PAS"], ["Arcsine-transformed proportion", "割合の逆正弦変換値"], ["Proportion", "割合"]),
    transformed(&["PFT"], ["Double-arcsine-transformed proportion", "割合の二重逆正弦変換値"], ["Proportion", "割合"]),
    // One group, mean and SD.
    title(&["MN"], ["Mean", "平均"]),
    title(&["SMN"], ["Standardised mean", "標準化平均"]),
    transformed(&["MNLN"], ["Log mean", "平均の対数"], ["Mean", "平均"]),
    transformed(
        &["CVLN"],
        ["Log coefficient of variation", "変動係数の対数"],
        ["Coefficient of variation", "変動係数"],
    ),
    transformed(&["SDLN"], ["Log SD", "SDの対数"], ["SD", "SD"]),
    // Correlations.
    within(&["COR", "UCOR"], ["Correlation", "相関係数"], BOTH_WAYS),
    transformed(&["ZCOR"], ["Fisher’s z of the correlation", "相関係数の Fisher の z"], ["Correlation", "相関係数"]),
    within(&["PCOR"], ["Partial correlation", "偏相関係数"], BOTH_WAYS),
    transformed(
        &["ZPCOR"],
        ["Fisher’s z of the partial correlation", "偏相関係数の Fisher の z"],
        ["Partial correlation", "偏相関係数"],
    ),
    within(&["SPCOR"], ["Semi-partial correlation", "部分相関係数"], BOTH_WAYS),
    transformed(
        &["ZSPCOR"],
        ["Fisher’s z of the semi-partial correlation", "部分相関係数の Fisher の z"],
        ["Semi-partial correlation", "部分相関係数"],
    ),
    within(&["R2"], ["R²", "R²"], SHARE),
    transformed(&["ZR2"], ["Fisher’s z of R", "R の Fisher の z"], ["R²", "R²"]),
    // One group twice.
    title(&["MC"], ["Mean change", "平均変化"]),
    title(&["SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH"], ["Standardised mean change", "標準化平均変化"]),
    // Others.
    title(&["ARAW"], ["Cronbach’s alpha", "Cronbach のα係数"]),
    transformed(
        &["AHW"],
        ["Cronbach’s alpha, cube-root transformed", "Cronbach のα係数（立方根変換）"],
        ["Cronbach’s alpha", "Cronbach のα係数"],
    ),
    transformed(
        &["ABT"],
        ["Cronbach’s alpha, log transformed", "Cronbach のα係数（対数変換）"],
        ["Cronbach’s alpha", "Cronbach のα係数"],
    ),
    transformed(
        &["REH"],
        ["Log relative excess heterozygosity", "相対過剰ヘテロ接合度の対数"],
        ["Relative excess heterozygosity", "相対過剰ヘテロ接合度"],
    ),
];

impl Look {
    /// The look of a measure by its code, where the user says nothing else: logarithms of ratios of two groups are
    /// shown as ratios, and what is of one group has no value of no effect.
    #[must_use]
    pub fn of_measure(self, code: Option<&str>) -> Self {
        // Any effect: only its source knows what it is.
        let known = code.and_then(|code| measure(code).ok()).filter(|known| known.code != "GEN");
        let Some(known) = known else { return self.of_unnamed() };
        let is_reliability = matches!(known.code, "ARAW" | "AHW" | "ABT");
        let one_group =
            is_reliability || matches!(known.family, Family::Proportions | Family::OneRate | Family::OneGroup);
        let ratio = self.ratio || (known.back == Back::Exp && !one_group);
        let is_share = self.back.name() == Some("proportion") || (known.code == "PLN" && ratio);
        let look = Self { ratio, one_group, percent: is_share || known.code == "PR", ..self };
        let title = TITLES.iter().find(|title| title.codes.contains(&known.code));
        let is_back = ratio || look.back != Transformation::None;
        let bounds = match title.and_then(|title| title.bounds) {
            _ if is_share => Some(SHARE),
            _ if is_back && !ratio => look.bounds_of_back(),
            bounds => bounds.filter(|_| !ratio),
        };
        let effect = match title {
            Some(title) if look.effect.is_empty() => {
                let [en, ja] = title.back.filter(|_| is_back).unwrap_or(title.plain);
                look.say(en, ja)
            }
            _ => look.effect,
        };
        Self { effect, bounds, ..look }
    }

    /// The look of effects whose measure nobody names: logits are those of shares, Fisher's z is that of correlations.
    fn of_unnamed(self) -> Self {
        let effect = |en: &str, ja: &str| if self.effect.is_empty() { self.say(en, ja) } else { self.effect.clone() };
        let bounds = self.bounds_of_back();
        let (effect, percent) = match self.back.name() {
            Some("proportion") => (effect("Proportion", "割合"), true),
            Some("correlation") => return Self { effect: effect("Correlation", "相関係数"), bounds, ..self },
            Some("rate") => (effect("Rate", "率"), false),
            Some("alpha") => (effect("Cronbach’s alpha", "Cronbach のα係数"), false),
            Some("R²") => (effect("R²", "R²"), false),
            _ => return self,
        };
        Self { effect, one_group: true, percent, bounds, ..self }
    }

    /// The values that effects can have once they are taken back.
    fn bounds_of_back(&self) -> Option<(f64, f64)> {
        match self.back.name()? {
            "correlation" => Some(BOTH_WAYS),
            "rate" => Some((0.0, f64::MAX)),
            _ => Some(SHARE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::measures::measures;
    use crate::reported::Lang;

    fn plain() -> Look {
        Look {
            decimals: None,
            lang: Lang::En,
            ratio: false,
            back: Transformation::None,
            percent: false,
            effect: String::new(),
            sides: Default::default(),
            one_group: false,
            bounds: None,
            limits: None,
            title: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn every_measure_has_a_title_in_both_languages() {
        for known in measures().filter(|known| known.code != "GEN") {
            let titles: Vec<&Title> = TITLES.iter().filter(|title| title.codes.contains(&known.code)).collect();
            let [title] = titles[..] else { panic!("{} has {} titles", known.code, titles.len()) };
            // What `--transf` shows has a name of its own.
            let is_transformed = known.back != Back::Identity;
            assert_eq!(title.back.is_some(), is_transformed, "{}", known.code);
            for [en, ja] in [title.plain].into_iter().chain(title.back) {
                assert!(!en.is_empty() && en.chars().count() <= 46, "{}: {en}", known.code);
                let is_japanese = ja.chars().any(|c| c > '\u{3000}');
                assert!(is_japanese || matches!(ja, "R²" | "SD"), "{}: {ja}", known.code);
            }
            let look = plain().of_measure(Some(known.code));
            let [shown, _] = title.back.filter(|_| look.ratio).unwrap_or(title.plain);
            assert_eq!(look.effect_name(), shown, "{}", known.code);
        }
        assert!(TITLES.iter().flat_map(|title| title.codes).all(|code| measure(code).is_ok()));
    }

    #[test]
    fn what_is_transformed_back_is_called_so() {
        let logit = Look { back: Transformation::InverseLogit, ..plain() }.of_measure(Some("PLO"));
        assert_eq!((logit.effect_heading().as_str(), logit.percent), ("Proportion, %", true));
        let fisher = Look { back: Transformation::FisherToR, ..plain() }.of_measure(Some("ZCOR"));
        assert_eq!((fisher.effect_heading().as_str(), fisher.bounds), ("Correlation", Some((-1.0, 1.0))));
        assert_eq!(fisher.shown(0.5), 0.5_f64.tanh());
        let log = Look { ratio: true, ..plain() }.of_measure(Some("PLN"));
        assert_eq!((log.effect_heading().as_str(), log.percent), ("Proportion, %", true));
        // What is not transformed is no percentage.
        for code in ["PLO", "PLN", "PAS", "PFT", "PRZ", "IRS", "IRFT", "IRLN", "ZCOR"] {
            assert!(!plain().of_measure(Some(code)).percent, "{code}");
        }
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
        // No reliability is one of no effect.
        for (code, is_one_group) in [("ARAW", true), ("AHW", true), ("ABT", true), ("REH", false)] {
            assert_eq!(plain().of_measure(Some(code)).one_group, is_one_group, "{code}");
        }
        assert_eq!(plain().of_measure(Some("COR")).bounds, Some((-1.0, 1.0)));
    }
}
