//! Templates for effects that a release reports itself, the longer ones before those that they hold.

/// English templates and their Japanese.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    (
        "the values give {} ({}), or {} ({}), and {} is printed",
        "値から求めると {}（{}）または {}（{}）だが、{} と表示されている",
    ),
    ("the values give {} ({}), and {} is printed", "値から求めると {}（{}）だが、{} と表示されている"),
    ("the values give {} ({}), or {} ({})", "値から求めると {}（{}）または {}（{}）"),
    ("the values give {} ({})", "値から求めると {}（{}）"),
    (
        "a model of the events need not give the ratio of the printed rates",
        "事象のモデルによる比は表示された率の比と一致しなくてよい",
    ),
    ("another SD may stand below the difference", "別の SD で割った値かもしれない"),
    (
        "it may be the mean of each one's percentage, or that of a model",
        "各人の変化率の平均、またはモデルによる値かもしれない",
    ),
    (
        "its precision makes the SD of change {}, and SDs of {} and {} allow {} to {}",
        "その精度では変化の SD は {} だが、{} と {} の SD からは {}〜{} しかありえない",
    ),
    (
        "as it is printed the middle of the interval is {}, and {} is printed",
        "区間の中央は {} だが、{} と表示されている",
    ),
    (
        "on the scale of its logarithm the middle of the interval is {}, and {} is printed",
        "対数尺度での区間の中央は {} だが、{} と表示されている",
    ),
    (
        "on the scale of the logarithm of its ratio the middle of the interval is {}, and {} is printed",
        "比の対数尺度での区間の中央は {} だが、{} と表示されている",
    ),
    (
        "on Fisher's scale the middle of the interval is {}, and {} is printed",
        "Fisher の z の尺度での区間の中央は {} だが、{} と表示されている",
    ),
    ("intervals of a {} have it in their middle", "{}の区間では推定値が中央にある"),
    (
        "exact, score, profile and bootstrap intervals need not have it there",
        "正確法・スコア法・プロファイル・ブートストラップの区間なら中央でなくてよい",
    ),
    ("the {} interval leaves out {}, and {} is printed", "{}区間は {} を含まないが、{} と表示されている"),
    ("the {} interval holds {}, and {} is printed", "{}区間は {} を含むが、{} と表示されている"),
    ("no interval of some width is reported", "幅のある区間が報告されていない"),
    ("the interval has no end", "区間の端がない"),
    ("the values of its arm are not reported", "その群の値が報告されていない"),
    ("the values of both arms are not reported", "両群の値が報告されていない"),
    ("its outcome has several arms, and it names none", "評価項目に複数の群があるが、群を示していない"),
    ("values of both signs, or near 0, have no ratio", "符号の異なる値、0 に近い値には比がない"),
    ("it names no outcome", "評価項目を示していない"),
    ("its arms report no occasion in common", "両群に共通の時点がない"),
    ("the arm has {}, and {} is more", "群は {} であり、{} はそれより多い"),
    (
        "the {} interval has a standard error of {}, and {} is printed",
        "{}区間の標準誤差は {} だが、{} と表示されている",
    ),
    ("the effect lies outside of its interval", "推定値が信頼区間の外にある"),
    ("the effect lies in the middle of its interval, as it is printed", "推定値は信頼区間の中央にある"),
    (
        "the effect lies in the middle of its interval, on the scale of its logarithm",
        "推定値は対数尺度で信頼区間の中央にある",
    ),
    (
        "the effect lies in the middle of its interval, on the scale of the logarithm of its ratio",
        "推定値は比の対数尺度で信頼区間の中央にある",
    ),
    (
        "the effect lies in the middle of its interval, on Fisher's scale",
        "推定値は Fisher の z の尺度で信頼区間の中央にある",
    ),
    (
        "the interval goes with a p of {}, and {} is printed, which is that of another test ({})",
        "区間に対応する p は {} だが、{} と表示されている（別の検定 {} の値）",
    ),
    ("the interval goes with a p of {}, and {} is printed", "区間に対応する p は {} だが、{} と表示されている"),
    ("another test than that of the interval may have given it", "区間とは別の検定の値かもしれない"),
    ("no other test of the same data is likely to give it", "同じデータの別の検定の値とも考えにくい"),
    ("the interval goes with a p of {}", "区間に対応する p は {}"),
    ("the effect does not lie in the middle of its interval", "推定値が信頼区間の中央にない"),
    (
        "it is adjusted ({}), and does not follow from the values alone",
        "調整済みの値（{}）であり、表の値だけからは決まらない",
    ),
    ("where it is that of a model, `adjusted` says of which", "モデルによる値なら `adjusted` に書く"),
    (
        "the sign is that of the other direction: change `arm` and `versus` with each other",
        "符号が逆：`arm` と `versus` を入れ替える",
    ),
    (
        "the sign is that of the other direction: a fall without a sign is a mean-reduction",
        "符号が逆：符号のない減少は mean-reduction と書く",
    ),
    ("a {} does not follow from two means", "{}は2つの平均からは決まらない"),
    ("a {} does not follow from counts", "{}は人数からは決まらない"),
    ("the release reports {} for this difference itself", "発表はこの差を {} と報告している"),
    ("the values give {}", "値からは {}"),
    (
        "its effect is reported, and no value of an arm: nothing else can be computed",
        "効果だけが報告されており、各群の値がないため、ほかは計算できない",
    ),
    ("no standard error: no interval of some width is reported", "標準誤差なし：幅のある区間が報告されていない"),
    (
        "neither an interval nor a standard error is reported, and nothing of its precision",
        "区間も標準誤差も報告されていない",
    ),
    (
        "{} people are reported before and {} after: who was measured twice is not, and there is no interval or test of the \
         change",
        "前は {}人、後は {}人：両方で測定された人が不明のため、変化の区間も検定もない",
    ),
    (
        "{} people are reported before and {} after: who was measured twice is not",
        "前は {}人、後は {}人：両方で測定された人が不明",
    ),
    ("reported effect", "報告された効果"),
    ("its p", "報告の p"),
    ("p by its CI", "区間による p"),
    ("{} (SE of ln)", "{}（対数の標準誤差）"),
    ("{} (SE of z)", "{}（z の標準誤差）"),
    ("{}, adjusted: {}", "{}、調整済み：{}"),
    ("{}, adjusted", "{}（調整済み）"),
    ("mean reduction", "平均減少"),
    ("percent reduction", "減少率（%）"),
    ("percent increase", "増加率（%）"),
    ("ratio of geometric means", "幾何平均比"),
    ("ratio of means", "平均比"),
    ("standardized mean difference", "標準化平均差"),
    ("median difference", "中央値の差"),
    ("hazard ratio", "ハザード比"),
    ("odds ratio", "オッズ比"),
    ("risk ratio", "リスク比"),
    ("risk difference", "リスク差"),
    ("rate ratio", "率比"),
];
