//! Japanese for the headings and sentences of reports, which are made in English.
//!
//! A template has `{}` where something stands that differs; what stands there is translated too, as far
//! as it is known. What has no template stays English, and the page says so with its `lang` attribute.

mod caveats;
mod checks;
mod claims;
mod estimates;
mod labels;
mod pieces;
mod refusals;
mod subjects;
mod templates;
mod verdicts;

pub use labels::Labels;
use std::collections::HashSet;
use std::sync::LazyLock;
use templates::{TEMPLATES, WHOLE};

/// Words within a sentence are translated no deeper than this.
const DEEPEST: usize = 8;

/// What stands behind these is not ours to translate: quotes, sources and reasons.
const AS_IT_IS: [&str; 5] = ["「", "根拠：", "論文：", "出典のファイル：", "確認済み："];

/// The Japanese of an English text, if there is one.
pub fn translated(text: &str) -> Option<String> {
    translated_but(text, &HashSet::new())
}

/// The Japanese of an English text, where some texts stay as they are wherever they stand: labels, quotes and printed
/// values of a release are not ours to translate, whatever words they begin with.
pub fn translated_but(text: &str, kept: &HashSet<&str>) -> Option<String> {
    within(text, DEEPEST, kept)
}

/// The Japanese of a caveat of a pooled effect, before which the name of its release can stand, and of its arm.
pub fn caveat(text: &str) -> Option<String> {
    let of_study = |(at, _)| {
        let (name, rest) = (&text[..at], &text[at + 2..]);
        let is_name = name.split(": ").all(|part| !part.contains(' '));
        let told = failed_check(rest).or_else(|| translated(rest)).filter(|_| is_name)?;
        Some(format!("{}：{told}", name.replace(": ", "：")))
    };
    // The name may have an arm behind it.
    text.rmatch_indices(": ").find_map(of_study).or_else(|| failed_check(text)).or_else(|| translated(text))
}

/// That a check fails of what is pooled: its code, its subject and what it found.
fn failed_check(text: &str) -> Option<String> {
    let (code, rest) = text.strip_prefix("check ")?.split_once(" fails: ")?;
    let told = |(at, _)| {
        let (of, found) = (&rest[..at], translated(&rest[at + 2..])?);
        Some(format!(
            "検査 {code} が不適合：{}：{found}",
            subject(of, &HashSet::new()).unwrap_or_else(|| of.to_owned())
        ))
    };
    rest.match_indices(": ").find_map(told)
}

/// The Japanese of the subject of a check: of what it is, and after a colon the number or the claim. The `id` of a
/// release stays, even where it is a word such as `share`.
pub fn subject(text: &str, kept: &HashSet<&str>) -> Option<String> {
    if pieces::is_name(text) {
        return None;
    }
    let parts = text.split_once(": ");
    let named = parts.and_then(|(of, what)| {
        let of = if pieces::is_name(of) { of.to_owned() } else { pieces::cell(of)? };
        Some((of, what))
    });
    let (of, what) = match named {
        Some(named) => named,
        None => match (translated_but(text, kept), parts) {
            (Some(japanese), _) => return Some(japanese),
            (None, Some((of, what))) => (translated_but(of, kept).unwrap_or_else(|| of.to_owned()), what),
            (None, None) => return None,
        },
    };
    Some(format!("{of}：{}", translated_but(what, kept).unwrap_or_else(|| what.to_owned())))
}

fn within(text: &str, depth: usize, kept: &HashSet<&str>) -> Option<String> {
    if depth == 0 || kept.contains(text) {
        return None;
    }
    let inner = |part: &str| within(part, depth - 1, kept);
    // But for a statement's quote and a source, clauses have their templates one by one.
    let statement = templates().iter().take(WHOLE).find_map(|of| of_template(of, text, true, &inner));
    statement
        .or_else(|| joined(text, ". And ", "。また、", &inner))
        .or_else(|| checks::begun(text, &inner))
        .or_else(|| pieces::numbers(text).or_else(|| pieces::reported_as(text)))
        .or_else(|| joined(text, "; ", "；", &inner))
        .or_else(|| templates().iter().find_map(|of| of_template(of, text, false, &inner)))
        .or_else(|| pieces::none_of(text, &inner))
        .or_else(|| pieces::bracketed(text, &inner))
        .or_else(|| pieces::list(text, kept, &inner))
        .or_else(|| pieces::before_or_after(text))
}

/// A template, cut at its places: a report compares many thousand texts with each.
struct Template {
    /// What stands before its first place, between its places, and behind its last one; the only piece of one without
    /// places is the first.
    first: &'static str,
    between: Vec<&'static str>,
    last: Option<&'static str>,
    japanese: Vec<&'static str>,
    /// Whether it is a word with one place, such as “only {}”.
    is_word: bool,
    /// Whether it is of one clause.
    is_clause: bool,
}

impl Template {
    fn new((english, japanese): &'static (&'static str, &'static str)) -> Self {
        let mut between: Vec<&str> = english.split("{}").collect();
        let first = between.remove(0);
        let is_word = english.len() < 12 && between.len() == 1 && !english.contains(':');
        let last = between.pop();
        let is_clause = !english.contains("; ");
        Self { first, between, last, japanese: japanese.split("{}").collect(), is_word, is_clause }
    }

    /// What stands in its places, if the text is one of it: each as short as it can be.
    fn parts<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let mut rest = text.strip_prefix(self.first)?;
        let Some(last) = self.last else { return rest.is_empty().then(Vec::new) };
        if !rest.ends_with(last) {
            return None;
        }
        let mut found = Vec::with_capacity(self.between.len() + 1);
        for piece in &self.between {
            let (part, after) = rest.split_once(piece)?;
            found.push(part);
            rest = after;
        }
        found.push(rest.strip_suffix(last)?);
        // A word would swallow a sentence that begins with it.
        let swallows = |part: &&str| {
            let is_whole = part.matches('(').count() == part.matches(')').count();
            (self.is_word && part.contains(": ")) || !is_whole
        };
        found.iter().all(|part| !part.is_empty() && !swallows(part)).then_some(found)
    }
}

/// The text by a template, if it is one of it.
fn of_template(
    template: &Template,
    text: &str,
    is_whole: bool,
    inner: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let parts = template.parts(text)?;
    // A place of a template of one clause holds no other one.
    if !is_whole && template.is_clause && parts.iter().any(|part| part.contains("; ")) {
        return None;
    }
    let mut pieces = template.japanese.iter().copied();
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for (part, piece) in parts.into_iter().zip(pieces) {
        match AS_IT_IS.iter().any(|front| out.ends_with(front)) {
            true => out.push_str(part),
            false => pieces::join(&mut out, &inner(part).unwrap_or_else(|| part.to_owned())),
        }
        pieces::join(&mut out, piece);
    }
    Some(out)
}

/// Every template, in the order in which they are tried.
fn templates() -> &'static [Template] {
    static ALL: LazyLock<Vec<Template>> = LazyLock::new(|| sources().map(Template::new).collect());
    &ALL
}

/// What they are made of: English and Japanese.
fn sources() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let (whole, rest) = TEMPLATES.split_at(WHOLE);
    let special = [
        caveats::TEMPLATES,
        checks::TEMPLATES,
        estimates::TEMPLATES,
        claims::TEMPLATES,
        verdicts::TEMPLATES,
        refusals::TEMPLATES,
    ];
    whole.iter().chain(special.into_iter().flatten()).chain(rest).chain(subjects::TEMPLATES)
}

/// Sentences or clauses, each of which has its Japanese.
fn joined(text: &str, english: &str, japanese: &str, inner: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    // A text of one part is itself, and would be looked at again and again.
    let parts = Some(text.split(english)).filter(|_| text.contains(english))?;
    Some(parts.map(inner).collect::<Option<Vec<String>>>()?.join(japanese))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_have_as_many_places_in_both_languages() {
        let all: Vec<_> = sources().collect();
        for (english, japanese) in &all {
            assert_eq!(english.matches("{}").count(), japanese.matches("{}").count(), "{english}");
        }
        for (at, (english, _)) in all.iter().enumerate() {
            assert!(all[..at].iter().all(|(earlier, _)| earlier != english), "{english} twice");
        }
    }

    #[test]
    fn what_has_no_template_has_no_japanese() {
        assert_eq!(translated("line 12, abstract").as_deref(), Some("12行目、抄録"));
        assert_eq!(translated("something unheard of"), None);
    }

    #[test]
    fn what_was_said_stays_as_it_was_said() {
        let statement = "significant, p < 0.005: it fell — paper, abstract: “from 2.9 ± 1.1; lower”";
        assert_eq!(
            translated(statement).as_deref(),
            Some("有意、p < 0.005：it fell — 論文、抄録「from 2.9 ± 1.1; lower」")
        );
    }

    #[test]
    fn what_is_kept_stays_wherever_it_stands() {
        let kept = HashSet::from(["only women", "from 2.9 to 0.4"]);
        assert_eq!(translated_but("from 2.9 to 0.4", &kept), None);
        assert_eq!(translated_but("only women, never below 3", &kept), translated("only women, never below 3"));
        assert_eq!(
            translated_but("possible by only women (p 1 to 2)", &kept).as_deref(),
            Some("only women では可能（p 1〜2）")
        );
    }

    #[test]
    fn what_stands_in_a_place_is_translated_too() {
        assert_eq!(translated("needs r above −0.42").as_deref(), Some("r > −0.42 が必要"));
        assert_eq!(translated("possible by x (p 1 to 2); needs 3").as_deref(), Some("x では可能（p 1〜2）；3 が必要"));
        assert_eq!(translated("95 % CI").as_deref(), Some("95%信頼区間"));
        assert_eq!(translated("Clopper–Pearson 95 % CI").as_deref(), Some("Clopper–Pearson の95%信頼区間"));
        assert_eq!(translated("35.9 to 91.8 %").as_deref(), Some("35.9〜91.8%"));
        assert_eq!(translated("shown to work"), None);
        assert_eq!(
            translated("no CVR, dz: a coefficient of variation needs a mean above 0").as_deref(),
            Some("CVR、dz なし：変動係数には 0 より大きな平均が必要")
        );
        let template = Template::new(&("a {} c", "x {} y"));
        assert_eq!(template.parts("a b c"), Some(vec!["b"]));
        assert_eq!(template.parts("a b d"), None);
    }

    /// Sentences as the checks write them.
    #[test]
    fn verdicts_on_tests_have_their_japanese() {
        let of = |text: &str| translated(text).unwrap_or_default();
        assert_eq!(
            of("p < 0.01 is called not significant, and is significant at the level of 0.05; certain by the reported \
                interval of `e` (0.4 (0.2 to 0.6)) (p < 0.0001); certain by the t-test by the precision of the reported \
                change (p 0.002)"),
            "p < 0.01 が有意でないとされているが、水準 0.05 では有意；報告された `e`（0.4（0.2〜0.6））の区間では確実（p < 0.0001）；\
             報告された変化の精度による t 検定では確実（p 0.002）"
        );
        assert_eq!(
            of(
                "Fisher's exact test of 12 (40%) against 5 (17%) has a p of 0.084, and p = 0.01 is printed; of one side it \
                would be 0.042 or 0.99"
            ),
            "Fisher の正確検定（12 (40%) 対 5 (17%)）の p は 0.084 だが、p = 0.01 と表示されている；片側なら 0.042 または 0.99"
        );
        assert_eq!(
            of(
                "`1.75 (0.5–5)` is a median: a difference of means needs means and SDs; `reffect convert --to mean-sd` estimates \
                them from its quartiles or range"
            ),
            "1.75 (0.5–5) は中央値：平均の差の計算には平均と SD が必要；`reffect convert --to mean-sd` で四分位点や範囲から推定できる"
        );
        assert_eq!(of("mean ± SD, change ± SD"), "平均 ± SD、変化 ± SD");
        assert_eq!(of("change ± SE"), "変化 ± 標準誤差");
        assert_eq!(
            of("mean ± SE, mean ±, not explained, rate alone"),
            "平均 ± 標準誤差、平均と ±（意味の説明なし）、率のみ"
        );
    }

    /// A source, a reason and a quote are not ours, and a place of a template changes nothing of them.
    #[test]
    fn what_others_wrote_stays_as_it_is() {
        let of = |text: &str| translated(text).unwrap_or_default();
        assert_eq!(
            of("it is not decidable: 6/7; source: 85.7 % of an unknown whole: 6/7, 12/14 … print so"),
            "判定不能（6/7）；根拠：85.7 % of an unknown whole: 6/7, 12/14 … print so"
        );
        assert_eq!(
            of(
                "no total of 28 people prints as the mean 5.19; a slip of one digit that explains it: mean 5.39, n 48 …; \
                accepted: looked at, 1, 2; so be it"
            ),
            "28人のどの合計も平均 5.19 と表示されない。1桁の誤記とすれば：平均 5.39、n = 48 …；確認済み：looked at, 1, 2; so be it"
        );
    }

    #[test]
    fn sentences_of_several_comparisons_have_their_japanese() {
        let of = |text: &str| translated(text).unwrap_or_default();
        assert_eq!(
            of(
                "the statement names no `occasion`: a and b at `m6`: certain by Welch's t-test of the values `m6` (p 0.001); \
                the release does not say which analysis it rests on. And a and b at `m12`: impossible by Welch's t-test of \
                the values `m12` (p 0.2)"
            ),
            "時点の指定（`occasion`）がなく、時点により異なる：a 対 b（m6）：Welch の t 検定では確実（m6 の値、p 0.001）；\
             主張がどの解析によるかは記載がない。また、a 対 b（m12）：Welch の t 検定では不可能（m12 の値、p 0.2）"
        );
        assert_eq!(
            of(
                "the ± is not explained: as the sample SD, certain by the sign test (p 0.01 to 0.02); needs 3; as the standard \
                error, impossible by the sign test (p 0.2 to 0.3)"
            ),
            "± は説明がない：標本 SD なら符号検定では確実（p 0.01〜0.02）；3 が必要；標準誤差なら符号検定では不可能（p 0.2〜0.3）"
        );
        assert_eq!(translated("a and b at `m6`: something unheard of"), None);
    }

    /// No template is taken for another one, and the name of a release before a caveat stays.
    #[test]
    fn caveats_of_pooled_effects_have_their_japanese() {
        for (english, japanese) in caveats::TEMPLATES {
            let [english, expected] = [english, japanese].map(|text| text.replace("{}", "12"));
            assert_eq!(translated(&english).as_deref(), Some(expected.as_str()));
            let named = caveat(&format!("als-2014: arm-a: {english}"));
            assert_eq!(named, Some(format!("als-2014：arm-a：{expected}")));
        }
        assert_eq!(
            caveat("als-2017: the ± of −5.01 ± 0.64 is the standard error: the SD is 5.28, √68 times as large")
                .as_deref(),
            Some("als-2017：−5.01 ± 0.64 の ± は標準誤差で、SD は 5.28（√68 倍）")
        );
        let whole = "changes of single groups before and after treatment: without a control group, regression to the mean \
                     and the course of the disease are part of the effect; they are not pooled with randomised differences";
        assert!(caveat(whole).is_some_and(|told| told.starts_with("単群の治療前後の変化")));
        assert_eq!(
            caveat("imp: check interval fails: hr: 0.21 (0.30 to 0.76): the effect lies outside of its interval")
                .as_deref(),
            Some("imp：検査 interval が不適合：hr：0.21（0.30〜0.76）：推定値が信頼区間の外にある")
        );
        assert_eq!(caveat("als-2017: something unheard of"), None);
    }

    #[test]
    fn subjects_of_checks_have_japanese_occasions_and_arms() {
        let of = |text: &str| subject(text, &HashSet::new()).unwrap_or_default();
        assert_eq!(of("sc before (a): 5.19 ± 1.50"), "sc（前、a）：5.19 ± 1.50");
        assert_eq!(of("sc m12 (a): change −2.5 ± 1.2"), "sc（m12、a）：変化量 −2.5 ± 1.2");
        assert_eq!(of("sc (a): p = 0.2"), "sc（a）：p = 0.2");
        assert_eq!(of("resp (a against b): p = 0.2"), "resp（a 対 b）：p = 0.2");
        assert_eq!(of("md: 1.0 (0.9 to 1.1)"), "md：1.0（0.9〜1.1）");
        assert_eq!(of("fatigue before: 2.9 ± 1.1"), "fatigue（前）：2.9 ± 1.1");
        assert_eq!(subject("the file", &HashSet::new()), None);
        // The id of a number may be a word that headings have as well.
        assert_eq!(subject("share", &HashSet::new()), None);
        assert_eq!(of("share before: 3.0"), "share（前）：3.0");
    }

    #[test]
    fn no_space_stands_between_two_japanese_words_and_one_beside_a_latin_word() {
        let of = |text: &str| translated(text).unwrap_or_default();
        assert_eq!(of("the unexplained ± can only be the sample SD"), "説明のない ± でありうるのは標本 SD だけ");
        assert_eq!(of("MC of 疼痛"), "疼痛の MC");
        assert_eq!(of("MC of EDSS"), "EDSS の MC");
    }

    #[test]
    fn clauses_that_are_not_known_are_not_swallowed() {
        let of = |text: &str| translated(text).unwrap_or_default();
        assert_eq!(
            of(
                "NNTB 5.9; the interval includes no effect (benefit from 2.7, through ∞, to harm from 65) (d: Kraemer & Kupfer)"
            ),
            "NNTB 5.9。区間は効果なしを含む（利益 2.7 から ∞ を経て害 65 まで）（d：Kraemer & Kupfer）"
        );
        assert_eq!(translated("no count of 317 prints as 43.3%; something unheard of"), None);
        assert_eq!(
            of("no count of 317 prints as 43.3%; 136/314 does: say so by `n` if fewer were analysed"),
            "317 のうちのどの数も 43.3% と表示されない；136/314 なら表示される：解析人数が少なければ `n` に書く"
        );
        assert_eq!(
            of(
                "no count of 20 prints as 33%; 6/18 does: if fewer were analysed, write them as a [[number]] and name that as `of`"
            ),
            "20 のうちのどの数も 33% と表示されない；6/18 なら表示される：解析人数が少なければ [[number]] として書き、`of` で指す"
        );
        assert_eq!(
            of(
                "p = 0.001 is called a tendency, and is significant at the level of 0.05; consistent with the printed p, but \
                the release does not say which analysis it rests on"
            ),
            "p = 0.001 が傾向とされているが、水準 0.05 では有意；表示された p と矛盾しないが、どの解析によるかは記載がない"
        );
        assert_eq!(
            of(
                "the values give 2.20 (12 vs 6), and 4.00 is printed; the odds ratio of the counts is, with its interval"
            ),
            "値から求めると 2.20（12 対 6）だが、4.00 と表示されている；人数からのオッズ比なら、区間も含めて一致する"
        );
        assert_eq!(
            of(
                "possible by Welch's t-test of the values `after` (p 0.0004 to 0.055, or 0.39 to 0.67 were the ± the SE)"
            ),
            "Welch の t 検定では可能（後の値、p 0.0004〜0.055、± が標準誤差なら 0.39〜0.67）"
        );
    }

    #[test]
    fn no_place_swallows_a_sentence_and_lists_have_japanese_commas() {
        let of = |text: &str| translated(text).unwrap_or_default();
        assert_eq!(
            of("only `week-24` is reported: a change needs a second occasion"),
            "報告は「week-24」のみ：変化の計算には2つ目の時点が必要"
        );
        assert_eq!(translated("only this: that"), None);
        assert_eq!(of("paper: A title: a subtitle"), "論文：A title: a subtitle");
        assert_eq!(of("11/14 prints as 79 %"), "11/14 は 79% と表示される");
        assert_eq!(
            of(
                "a mean of 0.47 in 5 people needs a follow-up of 3, 6 or more months, if all were followed equally long and \
                a slope is the change over that time"
            ),
            "平均が 0.47（5人）となるには、3、6 か月（またはそれ以上）の観察期間が必要（全員の観察期間が同じで、傾きをその間の変化とした場合）"
        );
        assert_eq!(of("paper: Araki M, 1, 2"), "論文：Araki M, 1, 2");
        // An interval of another level stands in its brackets as one of 95 % does.
        assert_eq!(of("0.01 (90 % CI 0.00 to 0.06)"), "0.01（90%信頼区間 0.00〜0.06）");
        assert_eq!(of("−12.3 percentage points (−22.0 to −2.0)"), "−12.3パーセントポイント（−22.0〜−2.0）");
        assert_eq!(
            of("it is −2.5, CI −3.758 to −1.242, p = 0.00281; source: x"),
            "−2.5、信頼区間 −3.758〜−1.242、p = 0.00281；根拠：x"
        );
        assert_eq!(
            of("if the ± were the SE, the 95 % CI would be −1.69 to 2.99 with p = 0.59"),
            "± が標準誤差なら、95%信頼区間は −1.69〜2.99、p = 0.59"
        );
    }
}
