//! What a meta-analysis says of itself under a chart: its model, its heterogeneity, what was done to its numbers.

use super::heterogeneity;
use super::look::Look;
use super::meta_result::{MetaResult, Variance, counted};
use crate::numeric::numeral::plain_number;
use crate::report::number::{level_in, significant};
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
            _ if self.is_call_of("FE") => look.say("fixed-effects", "固定効果"),
            _ if self.is_call_of("EE") => look.say("equal-effects", "共通効果"),
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
        let call = self.r_call.as_deref().unwrap_or_default();
        let is_given = |argument: &str| call.contains(&format!(", {argument} = "));
        // The correlations of sampling errors, which have such names too, stand before the random effects.
        let of_random = call.split_once(", random = ").map_or("", |(_, rest)| rest);
        let is_fixed = |argument: &&str| of_random.contains(&format!(", {argument} = "));
        let mut parts = vec![self.method.clone()];
        if is_given("tau2") && !self.is_multilevel() {
            // No method has estimated anything.
            parts = vec![say(lang, "τ² given", "τ² は指定値")];
        } else if ["sigma2", "tau2", "gamma2", "rho", "phi"].iter().any(is_fixed) {
            parts.push(say(lang, "variances or correlations given", "分散・相関に指定値あり"));
        }
        if is_given("weights") {
            parts.push(say(lang, "weights as given", "重みは指定値"));
        } else if call.contains(", weighted = FALSE") {
            parts.push(say(lang, "unweighted", "重み付けなし"));
        }
        if let Some((_, cluster)) = call.strip_prefix("robust(").and_then(|rest| rest.rsplit_once("), cluster = ")) {
            let column = cluster.trim_end_matches(')').split(", ").next().unwrap_or(cluster).trim_matches('`');
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

    /// What was assumed or read into the numbers, which belongs under every chart of them.
    pub fn caveats(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().filter_map(|note| note.strip_prefix("caveat: "))
    }

    /// How many studies had a constant added to their counts, and which, for the caption.
    #[must_use]
    pub fn added(&self, lang: Lang) -> Option<String> {
        let constant = |note: &String| {
            let (lines, rest) = note.strip_prefix("lines ").or(note.strip_prefix("line "))?.split_once(": ")?;
            let (constant, what) = rest.split_once(" was added to each ")?;
            Some((
                how_many(lines)?,
                constant.to_owned(),
                what.contains("of single studies, as they are shown") && !what.contains("--mh-add"),
            ))
        };
        let all: Vec<(usize, String, bool)> = self.notes.iter().filter_map(constant).collect();
        let (_, constant, alone) = all.first()?;
        let (count, k) = (all.iter().map(|(lines, ..)| lines).sum::<usize>(), self.k);
        Some(match lang {
            Lang::En if *alone => format!(
                "{constant} was added to the counts of {count} of {} for the effects that are shown, and not to what is \
                 pooled.",
                counted(k, "study", "studies")
            ),
            Lang::Ja if *alone => {
                format!(
                    "{k}研究のうち{count}研究は、図示する効果の計算にだけ度数に{constant}を加えた（統合には加えていない）。"
                )
            }
            Lang::En => format!("{constant} was added to the counts of {count} of {}.", counted(k, "study", "studies")),
            Lang::Ja => format!("{k}研究のうち{count}研究の度数に{constant}を加えた。"),
        })
    }
}

/// How many lines a note names: `2`, `2, 5`, `2, 5, 7 and 12 more`.
fn how_many(lines: &str) -> Option<usize> {
    let (named, more) = match lines.strip_suffix(" more") {
        Some(text) => text.rsplit_once(" and ").map(|(named, more)| (named, plain_number(more)))?,
        None => (lines, Some(0.0)),
    };
    Some(named.split(", ").count() + more? as usize)
}
