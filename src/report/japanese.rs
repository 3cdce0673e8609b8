//! Japanese for the headings and sentences of reports, which are made in English.
//!
//! A template has `{}` where something stands that differs; what stands there is translated too, as far
//! as it is known. What has no template stays English, and the page says so with its `lang` attribute.

/// English templates and their Japanese.
const TEMPLATES: &[(&str, &str)] = &[
    // A statement holds anything, and so comes before what it may hold.
    ("{}: {} — {}: “{}”", "{}：{} — {}「{}」"),
    ("it is refused: {}; source: {}", "計算できない（{}）；根拠：{}"),
    ("it is {}; source: {}", "{}；根拠：{}"),
    // Whole sentences, before what they may hold.
    (
        "changes of single groups before and after treatment: without a control group, regression to the mean and the course of the disease are part of the effect; they are not pooled with randomised differences",
        "単群の治療前後の変化であり、対照群がないため平均への回帰や自然経過も効果に含まれる。無作為化比較の差とは統合していない",
    ),
    (
        "the correlation of before and after is not reported; r = {} is assumed for every trial, and the standard errors depend on it: repeat with other values of --r",
        "前後の相関は報告されていない。すべての試験で r = {} と仮定し、標準誤差はこれに依存する（--r の値を変えて確かめること）",
    ),
    (
        "medians are converted to means and SDs ({}), which is right for normal data alone: leave these trials out to see what they do",
        "中央値を平均と SD に換算した（{}）。正規分布のデータでのみ正しい（これらの試験を除いた結果も確かめること）",
    ),
    ("{} groups of {} are pooled as if they were trials of their own", "{}群（{}）を別々の試験として統合した"),
    ("the trials were measured after different times: {}", "測定時期は試験により異なる：{}"),
    (
        "{}: the median {} is converted to {} as if the data were normal, and they look skewed",
        "{}：中央値 {} を正規分布とみなして {} に換算（分布は歪んでいるとみられる）",
    ),
    ("{}: the median {} is converted to {} as if the data were normal", "{}：中央値 {} を正規分布とみなして {} に換算"),
    ("only `{}` is reported: a change needs a second occasion", "報告は {} のみ：変化の計算には2つ目の時点が必要"),
    ("no contrast between arms: {}", "群間の比較はできない：{}"),
    (
        "`{}` is a median: a mean change needs means, or a model of the data",
        "{} は中央値：平均変化の計算には、平均またはデータのモデルが必要",
    ),
    (
        "the arms report different statistics or units: they cannot be compared",
        "群により統計量または単位が異なり、比較できない",
    ),
    (
        "`{}` counts patients: a before/after effect needs the 2×2 table of both occasions",
        "{} は人数：前後の効果には両時点の2×2表が必要",
    ),
    ("it is a change, whose values are no values of the scale", "変化の値であり、尺度上の値ではない"),
    ("it is no mean", "平均ではない"),
    (
        "a scale without steps has too many data sets to say anything: its limits are known and its step is not",
        "刻みのない尺度では可能なデータが多すぎて何も言えない：上下限は既知、刻みは不明",
    ),
    ("{}: were the ± the SE, the {} CI would be {} to {} with p {}", "{}：± が標準誤差なら、{}信頼区間は {}〜{}、p {}"),
    ("were the ± the SE, the {} CI would be {} to {} with p {}", "± が標準誤差なら、{}信頼区間は {}〜{}、p {}"),
    ("{}: {} against {}", "{}：{}対 {}"),
    ("{}: mean change, n = {}", "{}：平均変化、n = {}"),
    ("{}: mean change, n not stated", "{}：平均変化、n の記載なし"),
    (
        "NNT {}, interval from {} through ∞ to {}: it holds no effect at all",
        "NNT {}、区間は {} から ∞ を経て {} まで（効果なしを含む）",
    ),
    ("NNT {}, interval {} to {}", "NNT {}、区間 {}〜{}"),
    ("n not stated", "n の記載なし"),
    ("d in other words", "d の言い換え"),
    ("a member of group 1 has more than one of group 2", "群1の1人の値が群2の1人の値より大きい確率"),
    ("group 2 that lies below the mean of group 1", "群2のうち群1の平均を下回る割合"),
    ("both groups together that the other does not cover", "両群を合わせたうち互いに重ならない割合"),
    ("the higher group that exceeds the same share of the lower", "高い群のうち、低い群の同じ割合を上回る割合"),
    ("the two distributions have in common", "2つの分布が重なる割合"),
    ("mean difference", "平均差"),
    ("difference in units of the pooled SD", "差 ÷ プールした SD"),
    ("d, corrected", "d（補正）"),
    ("difference in units of the average SD, corrected", "差 ÷ 平均の SD（補正）"),
    ("difference in units of the SD of group 2, corrected", "差 ÷ 群2の SD（補正）"),
    ("SMD1, variance for unequal SDs", "SMD1（SD が異なる場合の分散）"),
    ("log ratio of SDs, bias-corrected", "SD の対数比（偏り補正）"),
    ("change in units of the SD of change", "変化 ÷ 変化の SD"),
    ("dz, corrected", "dz（補正）"),
    ("change ±, not explained", "変化と ±（意味の説明なし）"),
    ("change ± SD", "変化 ± SD"),
    ("change ± SE", "変化 ± 標準誤差"),
    ("slope ± SE", "傾き ± 標準誤差"),
    ("median with range", "中央値と範囲"),
    ("publisher not stated", "発行元の記載なし"),
    ("date not stated", "日付の記載なし"),
    ("publisher not stated, date not stated, in English", "発行元と日付の記載なし、英語"),
    ("{}, CI {} to {}, p {}", "{}、信頼区間 {}〜{}、p {}"),
    ("{}, CI {} to {}", "{}、信頼区間 {}〜{}"),
    ("{}, rounding alone {} to {}", "{}、丸めのみ {}〜{}"),
    ("{}, se {}", "{}、標準誤差 {}"),
    ("in words only", "言葉のみ"),
    ("no SD", "SD なし"),
    ("it needs a correlation", "相関が必要"),
    ("MC of {} at r = {}", "{} の MC（r = {}）"),
    ("SMCR of {} at r = {}", "{} の SMCR（r = {}）"),
    ("SMCC of {} at r = {}", "{} の SMCC（r = {}）"),
    ("MC of {}", "{} の MC"),
    ("MD of {}", "{} の MD"),
    ("dpre of {}", "{} の dpre"),
    ("share of {}", "{} の割合"),
    ("percentage of {}", "{} の百分率"),
    ("data sets behind {}", "{} の背後にあるデータの数"),
    ("tables over the pairings of {}", "{} の前後の組み合わせの数"),
    ("claim of {}: {}", "{} についての主張：{}"),
    ("slope of {}", "{} の傾き"),
    ("sex of {}", "{} の性別"),
    ("hospital of {}", "{} の施設"),
    ("course of {}", "{} の経過"),
    // Headings of tables.
    ("outcome", "評価項目"),
    ("reported", "報告された値"),
    ("change", "変化"),
    ("ratio", "比"),
    ("p < 0.05 needs", "p < 0.05 の条件"),
    ("p < 0.05", "p < 0.05"),
    ("before", "前"),
    ("after", "後"),
    ("share", "割合"),
    ("proportion", "割合の項目"),
    ("rounding alone", "丸めのみ"),
    ("without r", "r によらない"),
    ("estimate", "推定値"),
    ("if r were", "仮に r が"),
    ("measure", "指標"),
    ("by", "方法"),
    ("arm", "群"),
    ("where", "箇所"),
    ("read from", "原文"),
    ("unit", "単位"),
    ("scale", "尺度"),
    ("better", "良い方向"),
    ("reported as", "報告の形"),
    ("when", "時点"),
    ("number", "数値"),
    ("unit, remark", "単位・備考"),
    ("difference", "差"),
    ("test", "検定"),
    ("paired t-test", "対応のある t 検定"),
    ("p, rounding alone", "p（丸めのみ）"),
    ("Wilson {} CI", "Wilson の{}信頼区間"),
    ("Clopper–Pearson CI", "Clopper–Pearson の信頼区間"),
    ("MC, {} CI", "MC、{}信頼区間"),
    ("gav, {} CI", "gav、{}信頼区間"),
    ("ratio (delta), {} CI", "比（デルタ法）、{}信頼区間"),
    ("{} CI", "{}信頼区間"),
    ("subject", "対象"),
    ("reason", "理由"),
    ("check", "検査"),
    ("result", "結果"),
    ("found", "内容"),
    ("release", "発表"),
    ("results", "結果の数"),
    ("refused", "計算できない項目"),
    ("checks passed", "検査：適合"),
    ("failed", "不適合"),
    ("not decidable", "判定不能"),
    ("accepted", "確認済み"),
    // Fields.
    ("pass", "適合"),
    ("fail", "不適合"),
    ("lower", "低いほど"),
    ("higher", "高いほど"),
    ("continuous", "連続"),
    ("count", "回数"),
    ("count, from {}", "回数、{}以上"),
    ("from {}", "{}以上"),
    ("edss, {} to {}", "EDSS、{}〜{}"),
    ("nrs, {} to {}", "NRS、{}〜{}"),
    ("alsfrs-r, {} to {}", "ALSFRS-R、{}〜{}"),
    ("percent, {} to {}", "百分率、{}〜{}"),
    ("of {} {}, rounded to {}", "分母 {}（{}）、{} 単位に丸めた値"),
    ("of {} {}", "分母 {}（{}）"),
    ("{}, = {}", "{}（= {}）"),
    ("about", "約"),
    ("at least", "以上"),
    ("more than", "超"),
    ("at most", "以下"),
    ("less than", "未満"),
    ("not stated", "記載なし"),
    ("no value reported", "数値の報告なし"),
    ("mean ±, not explained", "平均と ±（意味の説明なし）"),
    ("mean alone", "平均のみ"),
    ("slope alone", "傾きのみ"),
    ("any r", "r によらず"),
    ("no r will do", "どの r でも不可"),
    ("—: no SD reported", "—：SD の報告なし"),
    ("the release as a whole", "発表全体"),
    ("mean change", "平均変化"),
    ("log ratio of means, bias-corrected", "平均の対数比（偏り補正）"),
    ("log ratio of means, not corrected for bias", "平均の対数比（偏り補正なし）"),
    ("change in units of the SD before", "変化 ÷ 前の SD"),
    ("dpre, corrected", "dpre（補正）"),
    ("SMCR, variance for unequal SDs", "SMCR（SD が異なる場合の分散）"),
    ("change in units of the average SD", "変化 ÷ 平均の SD"),
    ("dav, corrected", "dav（補正）"),
    ("change in units of the mean of both SDs", "変化 ÷ 両 SD の平均"),
    ("log ratio of SDs", "SD の対数比"),
    ("log ratio of coefficients of variation, bias-corrected", "変動係数の対数比（偏り補正）"),
    ("after/before, a change of {}", "後 ÷ 前、{} の変化"),
    ("r ≥ {} ({} to {})", "r ≥ {}（{}〜{}）"),
    ("{} data sets", "データ {} 通り"),
    ("only {}", "{} のみ"),
    ("very many", "非常に多い"),
    ("not decided", "判定できない"),
    ("none", "なし"),
    ("always: in all {} joint tables", "常に成り立つ：前後の組み合わせ {} 通りのすべて"),
    ("never: in none of {} joint tables", "成り立たない：前後の組み合わせ {} 通りのどれでも"),
    ("in {} of {} joint tables; needs {}", "前後の組み合わせ {}／{} 通り；{} が必要"),
    ("needs {}", "{} が必要"),
    ("r above {}", "r > {}"),
    (
        "r of at least {} to {}, by data set (every pairing with r above {} has it, none below {})",
        "データにより r が {}〜{} 以上（r > {} の組み合わせはすべて、r < {} のものはない）",
    ),
    (
        "r of at least {} to {}, by data set (every pairing with r above {} has it)",
        "データにより r が {}〜{} 以上（r > {} の組み合わせはすべて）",
    ),
    ("r of at least {} to {}, by data set", "データにより r が {}〜{} 以上"),
    ("always", "常に成り立つ"),
    ("never", "成り立たない"),
    ("before or after does not vary", "前か後の値にばらつきがない"),
    ("no data set prints as one of the cells", "一つのセルは、そう表示されるデータがない"),
    ("too many data sets to say", "データが多すぎて判断できない"),
    // About a release.
    ("trial: {}", "臨床試験：{}"),
    ("animal study: {}", "動物実験：{}"),
    ("registry: {}", "レジストリ：{}"),
    ("announcement: {}", "お知らせ：{}"),
    ("publisher not stated, date not stated, in Japanese", "発行元と日付の記載なし、日本語"),
    ("{}, {}, in Japanese", "{}、{}、日本語"),
    ("{}, {}, in English", "{}、{}、英語"),
    ("{}, in Japanese", "{}、日本語"),
    ("{}, in English", "{}、英語"),
    ("source: {}", "出典のファイル：{}"),
    ("paper: {}", "論文：{}"),
    ("registered as {}", "試験登録番号：{}"),
    ("No outcome has a reported value.", "数値が報告された評価項目はない。"),
    ("paper, line {}, {}", "論文 {}行目、{}"),
    ("paper, {}", "論文、{}"),
    ("line {}, {}", "{}行目、{}"),
    ("line {}", "{}行目"),
    ("place not stated", "箇所の記載なし"),
    ("abstract", "抄録"),
    ("significant", "有意"),
    ("not-significant", "有意でない"),
    ("tendency", "傾向"),
    ("other", "その他"),
    ("significant, p < {}", "有意、p < {}"),
    ("significant, p = {}", "有意、p = {}"),
    // What follows.
    (
        "over every r from −1 to 1: SD of change {} to {}, t {} to {}, p {} to {}",
        "r が −1〜1 のどこにあっても：変化の SD {}〜{}、t {}〜{}、p {}〜{}",
    ),
    (
        "at the printed numbers the {} CI of the mean change lies within {} to {} whatever r is",
        "報告された数値では、平均変化の{}信頼区間は r によらず {}〜{} の中にある",
    ),
    ("paired t-test: p < {} holds whatever r is", "対応のある t 検定：r によらず p < {}"),
    ("paired t-test: p < {} holds at no r", "対応のある t 検定：どの r でも p < {} にならない"),
    (
        "paired t-test: p < {} needs r ≥ {} ({} to {} with rounding)",
        "対応のある t 検定：p < {} には r ≥ {} が必要（丸めを考えると {}〜{}）",
    ),
    (
        "the source does not say what its ± is; it is read as the sample SD here",
        "出典は ± が何であるかを述べていない。ここでは標本 SD と解釈する",
    ),
    (
        "were the ± the SE, the SDs would be {} times as large, and p < {} needs r ≥ {} ({} to {} with rounding)",
        "± が標準誤差なら SD は {} 倍になり、p < {} には r ≥ {} が必要（丸めを考えると {}〜{}）",
    ),
    (
        "the correlation r between before and after is not reported; what depends on it is shown for several r, none of which is a default",
        "前後の相関 r は報告されていない。r に依存する結果は複数の r で示し、どれも標準値ではない",
    ),
    (
        "the interval of the mean change leaves the scale: at r = {} it reaches {}, and from the mean before the scale allows no mean change beyond {}",
        "平均変化の区間が尺度の範囲を超える：r = {} で {} に達するが、前の平均からは {} を超える変化はありえない",
    ),
    (
        "the reported p < {}, if it is that of a paired t-test, needs r ≥ {} ({} to {} with rounding)",
        "報告された p < {} は、対応のある t 検定のものなら r ≥ {} を必要とする（丸めを考えると {}〜{}）",
    ),
    (
        "no SD before and after is reported: no interval, no test, no standardised change",
        "前後の SD が報告されていない：区間・検定・標準化した変化は計算できない",
    ),
    (
        "{}: a mean of {} in {} people needs a follow-up of {} or more months",
        "{}：平均が {}（{}人）となるには、{} か月（またはそれ以上）の観察期間が必要",
    ),
    (
        "{}: all of these slopes can have a follow-up of {} or more months",
        "{}：これらの傾きがすべて可能な観察期間は {} か月（またはそれ以上）",
    ),
    (
        "{}: with n = {} no exact two-sided signed-rank or sign test can give a p below {}, so that a claim of significance at a smaller level can only rest on a t-test or a one-sided test",
        "{}：n = {} では、正確な両側の符号付順位検定・符号検定の p は {} より小さくならない。より小さい水準での有意の主張は t 検定か片側検定によるほかない",
    ),
    (
        "What data can be behind these numbers, whoever had which value: each data set that prints so, and p of the paired t-test over all of them and all pairings.",
        "この数値の背後にありうるデータ（誰がどの値だったかは問わない）：同じ表示になるすべてのデータと、その全部・全組み合わせにわたる対応のある t 検定の p。",
    ),
    (
        "the unexplained ± can only be {}: {} has no data set for {}; {} has no data set for {}; {} has no data set for {}",
        "説明のない ± でありうるのは{}のみ：{}なら {} のデータがなく、{}なら {} のデータがなく、{}なら {} のデータがない",
    ),
    (
        "the unexplained ± can only be {}: {} has no data set for {}; {} has no data set for {}",
        "説明のない ± でありうるのは{}のみ：{}なら {} のデータがなく、{}なら {} のデータがない",
    ),
    (
        "the unexplained ± can only be {}: {} has no data set for {}",
        "説明のない ± でありうるのは{}のみ：{}なら {} のデータがない",
    ),
    (
        "the unexplained ± can be {}: {} has no data set for {}; {} has no data set for {}; {} has no data set for {}",
        "説明のない ± でありうるのは{}：{}なら {} のデータがなく、{}なら {} のデータがなく、{}なら {} のデータがない",
    ),
    (
        "the unexplained ± can be {}: {} has no data set for {}; {} has no data set for {}",
        "説明のない ± でありうるのは{}：{}なら {} のデータがなく、{}なら {} のデータがない",
    ),
    (
        "the unexplained ± can be {}: {} has no data set for {}",
        "説明のない ± でありうるのは{}：{}なら {} のデータがない",
    ),
    (
        "the unexplained ± cannot be one and the same thing in all cells: {} has no data set for {}; {} has no data set for {}; {} has no data set for {}; {} has no data set for {}",
        "説明のない ± は全セルで同じ意味ではありえない：{}なら {} のデータがなく、{}なら {} のデータがなく、{}なら {} のデータがなく、{}なら {} のデータがない",
    ),
    ("the unexplained ± can only be {}", "説明のない ± でありうるのは{}のみ"),
    ("the unexplained ± can be {}", "説明のない ± でありうるのは{}"),
    ("the sample SD or {}", "標本 SD または{}"),
    ("the population SD or {}", "母集団 SD または{}"),
    ("the standard error or {}", "標準誤差または{}"),
    ("the sample SD", "標本 SD"),
    ("the population SD", "母集団 SD（n で割る SD）"),
    ("the standard error", "標準誤差"),
    ("half of a 95 % interval", "95%信頼区間の半幅"),
    // Refusals.
    (
        "it is compared in words only: means with SDs, or counts, would give an effect size",
        "言葉だけの比較。平均と SD、または人数があれば効果量が計算できる",
    ),
    (
        "it is named and nothing is reported of it: means with SDs, or counts, would give an effect size",
        "名前だけで値の報告がない。平均と SD、または人数があれば効果量が計算できる",
    ),
    (
        "no standard error, interval, test or standardised change: the release gives no SD; an SD, SE, confidence interval, exact p or individual data would give them",
        "標準誤差・区間・検定・標準化した変化は計算できない：SD の報告がない。SD、標準誤差、信頼区間、正確な p、または個人データがあれば計算できる",
    ),
    (
        "no trial outcome at all: an announcement, whose numbers count people and things",
        "臨床試験の結果ではない：お知らせであり、数値は人や物の数",
    ),
    (
        "no before/after outcome: a registry that counts what it has collected",
        "前後の結果はない：登録したものを数えるレジストリ",
    ),
    (
        "no effect size: the release prints no result of any group",
        "効果量は計算できない：どの群の結果も数値で示されていない",
    ),
    ("no effect size: the release prints no before/after result", "効果量は計算できない：前後の結果の数値がない"),
    (
        "{}: {} has no denominator in the release. Up to 100 it can be {}; the smallest whole is {}",
        "{}：{} の分母が示されていない。100 までで可能なのは {}、最小の分母は {}",
    ),
    // Checks.
    ("checks: {} passed, {} failed, {} not decidable", "検査：適合 {}、不適合 {}、判定不能 {}"),
    ("the number stands in its quote", "数値は引用の中にある"),
    ("whole numbers exist that print so", "このように表示される整数のデータが存在する"),
    ("exactly 1 data set prints so, such as {}", "ちょうど 1 通りのデータがこう表示される：{}"),
    ("many data sets print so, such as {}", "多くのデータがこう表示される、例：{}"),
    ("{} data sets print so, such as {}", "{} 通りのデータがこう表示される、例：{}"),
    (
        "with this mean the SD of values on the scale lies between {} and {}",
        "この平均では、尺度上の値の SD は {}〜{} の間にある",
    ),
    (
        "a total of {} prints as the mean {}; every mean of so few decimals is possible, so that this says nothing",
        "合計 {} は平均 {} と表示される。この桁数ではどの平均も可能なので、何も言えない",
    ),
    (
        "a total of {} prints as the mean {}; {} of means at random would be caught",
        "合計 {} は平均 {} と表示される。無作為な平均の {} はこの検査で見つかる",
    ),
    (
        "a mean of {} in {} people needs a follow-up of {} or more months",
        "平均が {}（{}人）となるには、{} か月（またはそれ以上）の観察期間が必要",
    ),
    (
        "all of these slopes can have a follow-up of {} or more months",
        "これらの傾きがすべて可能な観察期間は {} か月（またはそれ以上）",
    ),
    (
        "not decidable: a slope is a change over a time that is not reported",
        "判定不能：傾きは報告されていない期間での変化",
    ),
    ("not decidable: {}", "判定不能：{}"),
    ("a slope is a change over a time that is not reported", "傾きは報告されていない期間での変化"),
    (
        "with n = {} the exact two-sided p of signed ranks, and of signs, is never below {}",
        "n = {} では、符号付順位・符号の正確な両側 p は {} より小さくならない",
    ),
    ("the number is not in its quote", "数値が引用の中にない"),
    (
        "not decidable: the draft is not finished, {} labels say \"to do\"",
        "判定不能：下書きが未完成（「to do」のラベルが {} 個）",
    ),
    ("certain by {} of the values `{}` (p {})", "{}では確実（時点 {} の値、p {}）"),
    ("possible by {} of the values `{}` (p {})", "{}では可能（時点 {} の値、p {}）"),
    ("impossible by {} of the values `{}` (p {})", "{}では不可能（時点 {} の値、p {}）"),
    (
        "the release does not say whether these values, changes or adjusted values were compared",
        "比較したのがこの値か、変化量か、調整後の値かは記載がない",
    ),
    (
        "{} is reported between the arms; Welch's t-test of these values has p {} ({} with rounding), tests of changes or of adjusted values have others",
        "群間の {} が報告されている。この値の Welch の t 検定では p {}（丸めを考えると {}）。変化量や調整後の値の検定では異なる",
    ),
    ("the release does not report both arms at one occasion", "両群の同じ時点の値が報告されていない"),
    ("Welch's t-test", "Welch の t 検定"),
    ("Student's t-test", "Student の t 検定"),
    ("Fisher's exact test", "Fisher の正確検定"),
    ("p (Welch)", "p（Welch）"),
    ("p (Fisher)", "p（Fisher）"),
    ("certain by {} (p {} to {}), whoever had which value", "{}では確実（p {}〜{}、誰がどの値でも）"),
    ("certain by {} (p {} to {})", "{}では確実（p {}〜{}）"),
    ("possible by {} (p {} to {}), depending on who had which value", "{}では可能（p {}〜{}、誰がどの値かによる）"),
    ("possible by {} (p {} to {})", "{}では可能（p {}〜{}）"),
    ("impossible by {} (p {} to {})", "{}では不可能（p {}〜{}）"),
    (
        "it needs a correlation of before and after of at least {} to {} (by data set), which is not reported",
        "前後の相関がデータにより {}〜{} 以上であることが必要だが、相関は報告されていない",
    ),
    (
        "it needs a correlation of before and after of at least {}, which is not reported",
        "前後の相関が {} 以上であることが必要だが、相関は報告されていない",
    ),
    ("the paired t-test", "対応のある t 検定"),
    ("the exact signed-rank test", "正確な符号付順位検定"),
    ("the exact signed-rank test with zeros ranked", "正確な符号付順位検定（0 にも順位）"),
    ("the signed-rank test by normal approximation", "正規近似の符号付順位検定"),
    ("the sign test", "符号検定"),
    ("the release gives no whole for {}; it can be {}", "{} の分母が示されていない。可能なのは {}"),
    ("{} before: {}", "{}（前）：{}"),
    ("{} after: {}", "{}（後）：{}"),
    ("{}, before", "{}（前）"),
    ("{}, after", "{}（後）"),
    ("{} by hand", "{}（手計算）"),
];

/// How many templates at the start are of whole texts, whatever clauses they have.
const WHOLE: usize = 3;
/// Words within a sentence are translated no deeper than this.
const DEEPEST: usize = 3;

/// The Japanese of an English text, if there is one.
///
/// ```
/// use reffect::report::japanese::translated;
/// assert_eq!(translated("line 12, abstract").as_deref(), Some("12行目、抄録"));
/// assert_eq!(translated("something unheard of"), None);
/// ```
pub fn translated(text: &str) -> Option<String> {
    within(text, DEEPEST)
}

fn within(text: &str, depth: usize) -> Option<String> {
    if depth == 0 {
        return None;
    }
    let translate = |part: &str| within(part, depth - 1).unwrap_or_else(|| part.to_owned());
    let of_template = |(english, japanese): &(&str, &str)| {
        let parts = parts(english, text)?;
        let mut pieces = japanese.split("{}");
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for (part, piece) in parts.into_iter().zip(pieces) {
            // What is quoted stays as it was said.
            let is_quoted = out.ends_with('「');
            out.push_str(&if is_quoted { part.to_owned() } else { translate(part) });
            out.push_str(piece);
        }
        // No space stands beside a bracket.
        Some(listed(&out.replace("） が", "）が").replace("） の", "）の")))
    };
    // A place of a template could swallow clauses that follow, but for a statement's quote and a source.
    let statement = TEMPLATES.iter().take(WHOLE).find_map(of_template);
    statement
        .or_else(|| numbers(text))
        .or_else(|| clauses(text, depth))
        .or_else(|| TEMPLATES.iter().find_map(of_template))
}

/// A Japanese text whose lists have Japanese commas: between numbers, and beside Japanese. What stands in ASCII
/// brackets is a call or a citation and stays.
fn listed(text: &str) -> String {
    if text.contains('(') || text.contains('「') {
        return text.to_owned();
    }
    let is_japanese = |c: char| c >= '\u{3000}';
    let pieces: Vec<&str> = text.split(", ").collect();
    let mut out = pieces[0].to_owned();
    for pair in pieces.windows(2) {
        let sides = (pair[0].chars().next_back(), pair[1].chars().next());
        let is_listed = match sides {
            (Some(last), Some(next)) => {
                is_japanese(last) || is_japanese(next) || (last.is_ascii_digit() && next.is_ascii_digit())
            }
            _ => false,
        };
        out.push_str(if is_listed { "、" } else { ", " });
        out.push_str(pair[1]);
    }
    out
}

/// Percentages and ranges of numbers: `95 %`, `−0.23 to −0.21`.
fn numbers(text: &str) -> Option<String> {
    let is_number = |part: &str| {
        part.chars().any(|c| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || ".,−–-+<>≥≤ %".contains(c))
    };
    if let Some((fraction, percent)) = text.split_once(" prints as ") {
        let is_fraction = is_number(&fraction.replace('/', "")) && is_number(percent);
        return is_fraction.then(|| format!("{fraction} は {} と表示される", percent.replace(" %", "%")));
    }
    let japanese = match text.split_once(" to ") {
        Some((lower, upper)) if is_number(lower) && is_number(upper) => format!("{lower}〜{upper}"),
        None if is_number(text) && text.contains(" %") => text.to_owned(),
        _ => return None,
    };
    Some(japanese.replace(" %", "%"))
}

/// A sentence of clauses, each of which has its Japanese.
fn clauses(text: &str, depth: usize) -> Option<String> {
    let all: Vec<&str> = text.split("; ").collect();
    let japanese: Option<Vec<String>> = all.iter().map(|clause| within(clause, depth - 1)).collect();
    japanese.filter(|clauses| clauses.len() > 1).map(|clauses| clauses.join("；"))
}

/// What stands in the places of a template, if the text is one of it: each as short as it can be.
fn parts<'t>(template: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = template.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else { return rest.is_empty().then(Vec::new) };
    let mut found = Vec::with_capacity(pieces.len());
    for piece in between {
        let (part, after) = rest.split_once(piece)?;
        found.push(part);
        rest = after;
    }
    found.push(rest.strip_suffix(last)?);
    // A word with one place, such as “only {}”, would swallow a sentence that begins with it.
    let is_word = template.len() < 12 && template.matches("{}").count() == 1 && !template.contains(':');
    let swallows = |part: &&str| is_word && part.contains(": ");
    found.iter().all(|part| !part.is_empty() && !swallows(part)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_have_as_many_places_in_both_languages() {
        for (english, japanese) in TEMPLATES {
            assert_eq!(english.matches("{}").count(), japanese.matches("{}").count(), "{english}");
        }
        for (at, (english, _)) in TEMPLATES.iter().enumerate() {
            assert!(TEMPLATES[..at].iter().all(|(earlier, _)| earlier != english), "{english} twice");
        }
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
    fn what_stands_in_a_place_is_translated_too() {
        assert_eq!(translated("needs r above −0.42").as_deref(), Some("r > −0.42 が必要"));
        assert_eq!(translated("possible by x (p 1 to 2); needs 3").as_deref(), Some("xでは可能（p 1〜2）；3 が必要"));
        assert_eq!(translated("95 % CI").as_deref(), Some("95%信頼区間"));
        assert_eq!(translated("35.9 to 91.8 %").as_deref(), Some("35.9〜91.8%"));
        assert_eq!(translated("shown to work"), None);
        assert_eq!(parts("a {} c", "a b c"), Some(vec!["b"]));
        assert_eq!(parts("a {} c", "a b d"), None);
    }

    #[test]
    fn no_place_swallows_a_sentence_and_lists_have_japanese_commas() {
        let of = |text: &str| translated(text).unwrap_or_default();
        assert_eq!(
            of("only `week-24` is reported: a change needs a second occasion"),
            "報告は week-24 のみ：変化の計算には2つ目の時点が必要"
        );
        assert_eq!(translated("only this: that"), None);
        assert_eq!(of("paper: A title: a subtitle"), "論文：A title: a subtitle");
        assert_eq!(of("11/14 prints as 79 %"), "11/14 は 79% と表示される");
        assert_eq!(
            of("a mean of 0.47 in 5 people needs a follow-up of 3, 6 or more months"),
            "平均が 0.47（5人）となるには、3、6 か月（またはそれ以上）の観察期間が必要"
        );
        assert_eq!(listed("論文：Araki M, Matsuoka T"), "論文：Araki M, Matsuoka T");
        assert_eq!(
            of("it is −2.5, CI −3.758 to −1.242, p = 0.00281; source: x"),
            "−2.5、信頼区間 −3.758〜−1.242、p = 0.00281；根拠：x"
        );
        assert_eq!(
            of("were the ± the SE, the 95 % CI would be −1.69 to 2.99 with p = 0.59"),
            "± が標準誤差なら、95%信頼区間は −1.69〜2.99、p = 0.59"
        );
    }
}
