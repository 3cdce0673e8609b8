//! What a meta-analysis says of itself under a chart: its model, its heterogeneity, what was done to its numbers.

use super::heterogeneity;
use super::look::Look;
use super::meta_result::{MetaResult, Variance, counted};
use crate::report::meta::Added;
use crate::report::number::{level_in, plain, significant};
use crate::report::words::say;
use crate::reported::Lang;

impl MetaResult {
    /// The model in a few words, with the level of its intervals.
    pub(super) fn model(&self, look: &Look) -> String {
        let (model, ci) = (self.model_alone(look), level_in(look.lang, self.level));
        match look.lang {
            Lang::En => format!("{}, {ci} intervals.", model.trim_end_matches('.')),
            Lang::Ja => format!("{}、{ci}信頼区間。", model.trim_end_matches('。')),
        }
    }

    /// The model in a few words, for charts without intervals: how many studies, which method.
    pub(super) fn model_alone(&self, look: &Look) -> String {
        let (k, how) = (self.k, self.how(look.lang));
        let method = how.join(look.lang.choose(", ", "、"));
        if self.has_no_variances() {
            let effects = counted(k, "effect", "effects");
            // No method estimates a variance.
            let beside = &how[1..];
            return match look.lang {
                Lang::En if beside.is_empty() => {
                    format!("{effects}, fixed-effects model with dependent sampling errors.")
                }
                Lang::En => {
                    format!("{effects}, fixed-effects model with dependent sampling errors ({}).", beside.join(", "))
                }
                Lang::Ja => {
                    let all = [&["標本誤差が互いに相関".to_owned()], beside].concat();
                    format!("{k}個の効果、固定効果モデル（{}）。", all.join("、"))
                }
            };
        }
        if self.is_multilevel() {
            return match look.lang {
                Lang::En => format!("{}, multilevel model ({method}).", counted(k, "effect", "effects")),
                Lang::Ja => format!("{k}個の効果、マルチレベルモデル（{method}）。"),
            };
        }
        let model = match self.method.as_str() {
            _ if self.is_location_scale => look.say("location–scale", "位置・尺度"),
            "FE" => look.say("fixed-effects", "固定効果"),
            "EE" | "MH" | "PETO" => look.say("equal-effects", "共通効果"),
            _ if self.estimator() == Some("FE") => look.say("fixed-effects", "固定効果"),
            _ if self.estimator() == Some("EE") => look.say("equal-effects", "共通効果"),
            _ if self.is_regression() => look.say("mixed-effects", "混合効果"),
            _ => look.say("random-effects", "変量効果"),
        };
        match look.lang {
            Lang::En => format!("{}, {model} model ({method}).", counted(k, "study", "studies")),
            Lang::Ja => format!("{k}研究、{model}モデル（{method}）。"),
        }
    }

    /// The method, or what was given in its place; what else than the usual weights and standard errors there is.
    fn how(&self, lang: Lang) -> Vec<String> {
        let mut parts = vec![self.method.clone()];
        if self.has_given_tau2() && !self.is_multilevel() {
            // No method has estimated anything.
            parts = vec![say(lang, "τ² given", "τ² は指定値")];
        } else if self.is_multilevel() && self.has_given_parts() {
            parts.push(say(lang, "variances or correlations given", "分散・相関に指定値あり"));
        }
        match self.weighting() {
            "given" => parts.push(say(lang, "weights as given", "重みは指定値")),
            "equal" => parts.push(say(lang, "unweighted", "重み付けなし")),
            _ => {}
        }
        if let Some(column) = self.cluster() {
            parts.push(match lang {
                Lang::En => format!("standard errors robust by {column}"),
                Lang::Ja => format!("{column} ごとのロバスト標準誤差"),
            });
        }
        parts
    }

    /// The variances of the model, I² and Q on one line; none of one study.
    pub(super) fn heterogeneity(&self, lang: Lang) -> Option<String> {
        let q = || Some((self.qe?, self.qe_df?, self.qe_p?));
        let name = match self.is_regression() {
            true => say(lang, "Residual heterogeneity: ", "残差異質性："),
            false => say(lang, "Heterogeneity: ", "異質性："),
        };
        let own = |of: &Variance| Some(format!("σ²({}) = {}", of.name, significant(of.estimate?, 2)));
        let mut parts: Vec<String> = self.variances.iter().filter_map(own).collect();
        let is_known = self.has_tau2() && !self.knows_no_tau2() && self.variances.is_empty();
        let tau2 = self.tau2.filter(|_| is_known);
        parts.extend(heterogeneity(lang, tau2, self.i2, q().map(|(q, df, p)| (q, df, Some(p)))));
        (!parts.is_empty()).then(|| format!("{name}{}", parts.join(", ")))
    }

    /// That some studies have no effect that a chart could show.
    pub(super) fn without_effect(&self, look: &Look) -> Option<String> {
        let (k, shown) = (self.k, self.studies.len());
        let without = k.checked_sub(shown).filter(|without| *without > 0 && !self.is_multilevel())?;
        let has = if without == 1 { "has" } else { "have" };
        Some(look.say(
            &format!("{without} of {k} studies, without an event or with nothing but events, {has} no effect to show."),
            &format!("{k}研究のうち{without}研究は、事象がないか事象だけなので、示せる効果がない。"),
        ))
    }

    /// How many studies had a constant added to their counts, and which, for the caption.
    #[must_use]
    pub fn added_to_counts(&self, lang: Lang) -> Option<String> {
        let Added { constant, studies, pooled } = self.added()?;
        let (constant, k) = (plain(constant), self.k);
        Some(match lang {
            Lang::En if pooled => {
                format!("{constant} was added to the counts of {studies} of {}.", counted(k, "study", "studies"))
            }
            Lang::Ja if pooled => format!("{k}研究のうち{studies}研究の度数に{constant}を加えた。"),
            Lang::En => format!(
                "{constant} was added to the counts of {studies} of {} for the effects that are shown, and not to what is \
                 pooled.",
                counted(k, "study", "studies")
            ),
            Lang::Ja => {
                format!(
                    "{k}研究のうち{studies}研究は、図示する効果の計算にだけ度数に{constant}を加えた（統合には加えていない）。"
                )
            }
        })
    }
}
