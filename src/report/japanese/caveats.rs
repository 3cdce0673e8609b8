//! Templates for the caveats of effects that are pooled, the longer ones before those that they hold.

/// English templates and their Japanese.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    // Means and SDs of an arm.
    ("the SD behind {} is recovered from its confidence interval", "{} の SD は信頼区間から求めた"),
    (
        "the median {} is converted to {} as if the data were normal, and they look skewed",
        "中央値 {} を正規分布とみなして {} に換算（分布は歪んでいるとみられる）",
    ),
    ("the median {} is converted to {} as if the data were normal", "中央値 {} を正規分布とみなして {} に換算"),
    ("what the ± of {} is, is not said: read as the SD", "{} の ± が何であるかは記載がなく、SD と解釈した"),
    (
        "what the ± of {} is, is not said: taken for {}, as was asked, and the SD is {}",
        "{} の ± が何であるかは記載がない。指定どおり{}とみなし、SD は {}",
    ),
    ("half of a confidence interval", "信頼区間の半幅"),
    ("the ± of {} is the standard error: the SD is {}, √{} times as large", "{} の ± は標準誤差で、SD は {}（√{} 倍）"),
    // Effects that are reported as such.
    (
        "of {} reported effects the first is used, {}; --outcome can name another",
        "報告された{}つの効果のうち最初の {} を用いた（別のものは --outcome で指定）",
    ),
    (
        "the effect is taken as reported, adjusted ({}): {}; its standard error, {} ({} to {} with rounding), follows from {}",
        "報告された調整済みの効果（{}）を用いた：{}。標準誤差 {}（丸めを考えると {}〜{}）は{}から求めた",
    ),
    (
        "the effect is taken as reported: {}; its standard error, {} ({} to {} with rounding), follows from {}",
        "報告された効果を用いた：{}。標準誤差 {}（丸めを考えると {}〜{}）は{}から求めた",
    ),
    ("the interval, by t", "区間（t 分布）"),
    ("the interval, by the normal distribution", "区間（正規分布）"),
    ("the reported standard error", "報告された標準誤差"),
    ("the number of people", "人数"),
    (
        "it is turned round, to {}, as the release compares them first",
        "発表で先に示された比較の向きに合わせて反転した（{}）",
    ),
    (
        "the effect does not lie in the middle of its interval: its standard error is a rough one",
        "効果が区間の中央にないため、標準誤差は大まかな値",
    ),
    ("what it reports itself is not taken: {}", "発表自身が報告する効果は用いていない：{}"),
    // Changes and comparisons.
    ("of {} occasions, {} and {} are compared", "{}時点のうち {} と {} を比較した"),
    (
        "the correlation of before and after, {} ({} to {} with rounding), follows from {}",
        "前後の相関 {}（丸めを考えると {}〜{}）は{}から求めた",
    ),
    (
        "the reported change, {}, taken as a plain mean and none of a model (which `adjusted` would say)",
        "報告された変化量 {}（モデルによらない単純な平均とみなす。モデルなら `adjusted` に書く）",
    ),
    (
        "its reported change, {}, is in per cent, and its values are not: the values are used",
        "報告された変化量 {} は百分率だが値はそうではないため、値を用いた",
    ),
    (
        "its reported change, {}, is not in per cent, and its values are in per cent: the values are used",
        "報告された変化量 {} は百分率ではないが値は百分率なので、値を用いた",
    ),
    ("its treated arm alone is used, as a single group before and after", "治療群だけを、単群の前後の比較として用いた"),
    ("the arms are compared at the occasion {}", "群の比較は {} の時点"),
    ("the occasion {} is used", "{} の時点の値を用いた"),
    (
        "its arms report changes: the ratio is one of mean changes, and not of means",
        "群が報告しているのは変化量であり、比は平均の比ではなく平均変化の比",
    ),
    ("compares {} events in {} ({}) with {} in {} ({})", "{} 件／{}（{}）と {} 件／{}（{}）を比較した"),
    ("{} with {} is compared; the release also compares {}", "{} と {} を比較した（発表には {} の比較もある）"),
    ("{} of {} is compared with {} at {}", "{}（{}）と {} を {} の時点で比較した"),
    // The pool.
    (
        "the correlation of before and after is not reported; r = {} is assumed for every trial, and the standard errors depend on it: repeat with other values of --r",
        "前後の相関は報告されていない。すべての試験で r = {} と仮定し、標準誤差はこれに依存する（--r の値を変えて確かめること）",
    ),
    ("the releases report in different units or periods: {}", "単位または期間が発表により異なる：{}"),
    (
        "contrasts of the periods of a crossover ({}): effects of period and of what is carried over are part of them",
        "クロスオーバー試験の時期間の比較（{}）であり、時期効果と持ち越し効果も含まれる",
    ),
    (
        "the correlation of before and after is not reported; r = {} is assumed for {}, and the standard errors depend on it: repeat with other values of --r",
        "前後の相関は報告されていない。r = {} と仮定し（{}）、標準誤差はこれに依存する（--r の値を変えて確かめること）",
    ),
];
