//! Templates for effects that a release reports itself, the longer ones before those that they hold.

/// English templates and their Japanese.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("means are taken at {}, its mean", "平均を求めた点は {}（平均値）"),
    ("means are taken at {}, their means", "平均を求めた点は {}（それぞれの平均値）"),
    ("means are taken at {}", "平均を求めた点は {}"),
    ("means go over the levels of {} with equal weights", "平均は {} の各水準に等しい重みを与えて求めた"),
    (
        "no mean of {}, and no difference from it: the data do not determine it (combinations without rows)",
        "{} の平均とその差はない：データから決まらない（行のない組み合わせ）",
    ),
    (
        "after/before of the sizes of two negative means, a change of {}",
        "後 ÷ 前（両方とも負の平均の大きさの比）、{} の変化",
    ),
    ("both means are negative: the ratio is that of their sizes", "両方の平均が負：比は大きさ（絶対値）の比"),
    (
        "the values give {} ({}), or {} ({}), or {} ({}), and {} is printed",
        "値から求めると {}（{}）、{}（{}）または {}（{}）だが、{} と表示されている",
    ),
    (
        "the values give {} ({}), or {} ({}), and {} is printed",
        "値から求めると {}（{}）または {}（{}）だが、{} と表示されている",
    ),
    ("the values give {} ({}), and {} is printed", "値から求めると {}（{}）だが、{} と表示されている"),
    ("the values give {} ({}), or {} ({})", "値から求めると {}（{}）または {}（{}）"),
    ("the values give {} ({})", "値から求めると {}（{}）"),
    ("the interval is the printed one", "区間は表示されたもの"),
    (
        "a model of the events need not give the ratio of the printed rates",
        "事象のモデルによる比は表示された率の比と一致しなくてよい",
    ),
    (
        "its interval is none of the plain counts: a stratified or adjusted analysis need not give theirs",
        "その区間は単純な人数からのものではない：層別・調整解析なら一致しなくてよい",
    ),
    (
        "the sign is that of the other direction: changes that are falls are written below 0, also where the source prints \
         them without their sign",
        "符号が逆：減少を表す変化量は、出典に符号がなくても 0 未満で書く",
    ),
    ("or `arm` and `versus` are to change with each other", "または `arm` と `versus` を入れ替える"),
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
    ("no common test of these data is likely to give this p", "このデータの一般的な検定の値とは考えにくい"),
    ("if another was used, name it in `test`", "別の検定の値なら `test` に記す"),
    (
        "no exact or score interval of this width lies so far to one side",
        "この幅の正確区間やスコア区間がこれほど片寄ることはない",
    ),
    (
        "{} people are reported before and {} after, and the change is that of those who were measured twice",
        "前は {} 人、後は {} 人の報告であり、変化は2回とも測った人のもの",
    ),
    (
        "no model, and no missing value, is likely to make so much of a difference",
        "モデルや欠測による差としては大きすぎる",
    ),
    ("a model, or missing values, may have made the difference", "モデルや欠測による差かもしれない"),
    ("the mean lies in the middle of its interval", "平均は信頼区間の中央にある"),
    ("the middle of the interval is {}, and that of the logarithms {}", "区間の中央は {}、対数での中央は {}"),
    (
        "the middle of the interval is {}, and not the mean; a bootstrap interval need not have it there",
        "区間の中央は {} であり平均と異なる。ブートストラップ区間ならありうる",
    ),
    (
        "the middle of the interval is {}, and not the mean; intervals by t have it there",
        "区間の中央は {} であり平均と異なる。t による区間では中央に平均がある",
    ),
    ("its precision may be that of a model", "モデルによる精度かもしれない"),
    ("the sign is that of the other direction: a fall is a change below 0", "符号が逆：減少は 0 未満の変化"),
    ("an SD of change of {}, and SDs of {} and {} allow {}", "変化の SD が {} となるが、SD {} と {} から可能なのは {}"),
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
    (
        "it is the effect of the other direction: change `arm` and `versus` with each other",
        "逆方向の効果：`arm` と `versus` を入れ替える",
    ),
    ("a one-sided one may have been meant", "片側検定の p かもしれない"),
    ("a one-sided one of the other direction may have been meant", "逆方向の片側検定の p かもしれない"),
    (
        "the effect lies in the middle of its interval as it is printed, like the mean of each one's percentage",
        "各人の百分率の平均のように、推定値は表示どおりの区間の中央にある",
    ),
    (
        "no standard error of a logarithm: the effect lies in the middle of its interval as it is printed, like the mean of each one's percentage, and not on the scale of its logarithm",
        "対数の標準誤差なし：推定値は各人の百分率の平均のように表示どおりの区間の中央にあり、対数での中央にはない",
    ),
    ("ratio of the means {}, {} CI {}", "平均の比 {}、{} CI {}"),
    (
        "each mean lies in the middle of the logarithms of its interval: their ratio, its interval and its tests are computed on logarithms",
        "各平均は区間の対数での中央にある：比とその区間、検定は対数で計算した",
    ),
    (
        "the intervals are those of logarithms, which give no SD of the values: see ROM",
        "区間は対数のものであり、値の SD は得られない：ROM を参照",
    ),
    (
        "the intervals are those of logarithms, and may be those of a model, which has a test of its own",
        "区間は対数のもので、モデルによる可能性がある：検定はそのモデルのもの",
    ),
    (
        "`{}` lies in the middle of the logarithms of its interval alone, as a geometric mean does: that gives no SD of the values; geometric means are compared by their ratio",
        "`{}` は幾何平均のように区間の対数での中央にだけある：値の SD は得られず、幾何平均は比で比較される",
    ),
    (
        "no data print so with the ± as the sample SD, and some do as something else: see plus-minus",
        "± を標本 SD とするとこの表示になるデータはなく、別の意味ならある（plus-minus を参照）",
    ),
    ("a {} is no ratio of two of them", "{}は2つの値の比ではない"),
    ("a {} does not follow from counts", "{}は人数からは決まらない"),
    ("the release reports {} for this difference itself", "発表はこの差を {} と報告している"),
    ("the values give {}", "値から求めると {}"),
    ("{}, by the pooled SD, corrected", "{}、併合 SD による（補正）"),
    ("{}, by the pooled SD", "{}、併合 SD による"),
    ("{}, by the SD of the second arm", "{}、群2の SD による"),
    (
        "its effect is reported, and no value of an arm: nothing else can be computed",
        "効果だけが報告されており、各群の値がないため、ほかは計算できない",
    ),
    (
        "no standard error: no interval is reported, and nothing else of its precision",
        "標準誤差なし：区間も精度も報告されていない",
    ),
    (
        "no standard error: no interval is reported, and the p is no exact one of its own",
        "標準誤差なし：区間の報告がなく、p も正確な値でない",
    ),
    ("no standard error: the interval has no width or no end", "標準誤差なし：区間に幅または端がない"),
    (
        "no standard error: whether the standard error is that of the number or of its logarithm is not said",
        "標準誤差なし：報告の標準誤差が値のものか対数のものか書かれていない",
    ),
    ("no p of the interval: {}", "区間に対応する p なし：{}"),
    (
        "how many patients were measured twice is not reported: no interval, no test, no standardised change",
        "両時点で測定された人数の報告がない：区間・検定・標準化変化は計算できない",
    ),
    ("how many patients were measured twice is not reported", "両時点で測定された人数の報告がない"),
    ("other people before than after", "前後で人数が異なる"),
    ("a pair in brackets is no SD", "括弧内の組は SD ではない"),
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
