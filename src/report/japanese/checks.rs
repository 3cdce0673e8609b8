//! Templates for what checks find, the longer ones before those that they hold.

use super::pieces::is_name;

/// English templates and their Japanese.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    // Percentages, totals, medians and baselines.
    (
        "{}/{} is {} %, which does not print as {}; {} does",
        "{}/{} は {}% であり、{} とは表示されない；{} なら表示される",
    ),
    ("the number has no whole: name it as `of`", "分母の記載がない：`of` に書く"),
    ("the number of people is not stated", "人数の記載がない"),
    ("{} of {} are not two exact whole numbers", "{} と {} は2つの正確な整数ではない"),
    ("not decidable: the whole of {}, {}, is no exact number", "判定不能：{} の分母 {} は正確な数ではない"),
    ("{} of {} is more than all", "{} は全体の {} を超える"),
    ("{}: the whole, or a part, is no exact number", "{}：全体または部分が正確な数ではない"),
    ("{}: no exact percentages alone", "{}：正確な百分率だけではない"),
    ("{} is 100%, as far as rounding allows", "{} は丸めの範囲で 100% になる"),
    ("{} is {}%, and no 100%", "{} は {}% であり、100% にならない"),
    ("{} is {}, as far as rounding allows", "{} は丸めの範囲で {} になる"),
    (
        "the subgroups have {}, {} together, and {} is printed: of curves and of models they may differ",
        "下位群は {}、合わせて {} だが、{} と表示されている：曲線やモデルの値なら異なりうる",
    ),
    (
        "the subgroups have {}, {} together, and {} is printed: models may differ",
        "下位群は {}、合わせて {} だが、{} と表示されている：モデルが異なるのかもしれない",
    ),
    (
        "the subgroups have medians of {}, and {}, which lies beyond all of them, is printed",
        "下位群の中央値は {} だが、そのすべての外にある {} が表示されている",
    ),
    ("the subgroups have medians of {}", "下位群の中央値は {}"),
    ("medians of curves may", "曲線から求めた中央値ならありうる"),
    ("those of a model on another scale need not", "別の尺度のモデルによる区間ならそうとは限らない"),
    ("an interval by the method `{}` has it in its middle", "`{}` による区間ではその中央にある"),
    ("an interval by the method `{}` need not have it there", "`{}` による区間ではそこにあるとは限らない"),
    (
        "an interval by the method `{}` need not have the p of a test",
        "`{}` による区間は検定の p に対応するとは限らない",
    ),
    ("the interval is that of the counts by the method `{}`", "区間は人数から `{}` で求めたものである"),
    (
        "by the method `{}` the counts have an interval of {}, and {} to {} is printed",
        "人数から `{}` で求めた区間は {} だが、{}〜{} と表示されている",
    ),
    ("models may differ", "モデルが異なるのかもしれない"),
    ("their SDs make {} of the whole, and {} is printed", "各群の SD から全体は {} となるが、{} と表示されている"),
    ("their SDs make {} of the whole", "各群の SD から全体は {} となる"),
    ("the subgroups have {}, {} together, and {} is printed", "下位群は {}、合わせて {} だが、{} と表示されている"),
    ("the subgroups have {}, {} together", "下位群は {}、合わせて {}"),
    ("the median of {} people can be {}", "{}人の中央値は {} でありうる"),
    (
        "the median of {} people is one of their values, and none on the scale prints as {}",
        "{}人の中央値はそのうち1人の値であり、{} と表示される値は評価尺度上にない",
    ),
    (
        "the median of {} people is a value or the middle between two, and none on the scale prints as {}",
        "{}人の中央値は1人の値または2人の値の中点であり、{} と表示されるものは評価尺度上にない",
    ),
    ("the median can be {}", "中央値は {} でありうる"),
    (
        "the median is a value or the middle between two, and none on the scale prints as {}",
        "中央値は1人の値または2人の値の中点であり、{} と表示されるものは評価尺度上にない",
    ),
    (
        "it may be a mean, one interpolated within classes, or of another n",
        "平均、階級内で補間した中央値、または別の人数の中央値かもしれない",
    ),
    ("the number stands in its quote, and its sign in the words", "数値は引用の中にあり、符号は語で示されている"),
    ("the quote does not stand in the source", "引用が出典にない"),
    ("the quote stands on line {}, and not on line {}", "引用は {}行目にあり、{}行目にはない"),
    ("the quote stands on line {}", "引用は {}行目にある"),
    ("the release states no sha256 of its source", "出典の sha256 の記載がない"),
    ("the source is the one that was transcribed", "出典は転記したときと同じ"),
    ("the source has changed since it was transcribed", "出典は転記した後に変わっている"),
    // Cells.
    ("too many combinations would have to be tried", "試すべき組み合わせが多すぎる"),
    (
        "so many totals and sums of squares print so that they cannot all be tried",
        "このように表示される合計と平方和が多すぎて、すべては試せない",
    ),
    ("the scale has {} values, and at most {} are searched", "尺度の値は {} 個あり、調べるのは {} 個まで"),
    (
        "the numbers are too large, or have too many digits, to be searched exactly",
        "数値が大きすぎるか桁数が多すぎて、正確には調べられない",
    ),
    ("the scale needs a smallest and a largest value", "尺度の最小値と最大値が必要"),
    ("an SD needs at least 2 people", "SD には2人以上が必要"),
    ("it is a count and no mean", "人数であり平均ではない"),
    ("only one occasion is reported", "報告は1時点のみ"),
    ("only a change is reported", "報告は変化量のみ"),
    ("nothing is reported of this occasion and one before it", "この時点とその前の時点の報告がない"),
    ("neither arm had an event", "どちらの群にも事象がない"),
    ("the arms have no test", "群間の検定がない"),
    ("certain by {} (p {}), whoever had which value", "{}では確実（p {}、誰がどの値でも）"),
    ("impossible by {} (p {}), whoever had which value", "{}では不可能（p {}、誰がどの値でも）"),
    ("possible by {} (p {}), depending on the pairing", "{}では可能（p {}、前後の組合せによる）"),
    // Effects that are reported.
    (
        "the interval makes the SD {} at least, and with this mean that of values on the scale, whatever its steps, is at most {}, and with any other {}",
        "信頼区間によれば SD は {} 以上だが、この平均では尺度上の値の SD は刻みによらず最大 {}、どの平均でも最大 {}",
    ),
    (
        "the interval makes the SD {} at least, and with this mean that of values on the scale, whatever its steps, is at most {}",
        "信頼区間によれば SD は {} 以上で、この平均では尺度上の値の SD は刻みによらず最大 {}",
    ),
    (
        "a model with one variance for several means, or clusters, may make it so",
        "複数の平均に共通の分散を用いるモデル、またはクラスターによる可能性がある",
    ),
    ("the interval of {} by the method {} prints so", "{} の {} 法による区間がこのように表示される"),
    (
        "the usual intervals of {} of {} people begin at {} and end at {}: this one is narrower by more than {} times",
        "{}（{} 人）の通常の区間は下限 {}、上限 {}：この区間はその {} 分の1より狭い",
    ),
    (
        "the usual intervals of {} of {} people begin at {} and end at {}: this one lies further to one side by more than {} times",
        "{}（{} 人）の通常の区間は下限 {}、上限 {}：この区間はその {} 倍を超えて片寄っている",
    ),
    ("the usual intervals of {} of {} people begin at {} and end at {}", "{}（{} 人）の通常の区間は下限 {}、上限 {}"),
    (
        "this one may be that of a curve or of a model: `adjusted` says of which",
        "この区間は曲線またはモデルによる可能性がある：`adjusted` に何によるかを書く",
    ),
    (
        "the interval makes the standard error of the logarithm {}, and that of the ratio {}",
        "区間によれば対数の標準誤差は {}、比の標準誤差は {}",
    ),
    (
        "its precision is a standard error of {}, and the values give {}, whatever their ± is, by Student's t or Welch's",
        "その精度は標準誤差 {} に当たるが、± がどの意味でも、値からは Student または Welch の t で {} になる",
    ),
    (
        "its precision is a standard error of {}, and the values give {}, by Student's t or Welch's",
        "その精度は標準誤差 {} に当たるが、値からは Student または Welch の t で {} になる",
    ),
    ("it is that of a model, or one of the numbers is wrong", "モデルによる精度か、数値のどれかが誤り"),
    (
        "its precision is a standard error of its logarithm of {}, and the values give {}",
        "その精度は対数の標準誤差 {} に当たるが、値からは {} になる",
    ),
    ("no model of the values makes it so narrow", "値のどのモデルでも区間がこれほど狭くはならない"),
    ("or it is that of a model, and `adjusted` says of which", "またはモデルによる精度（モデルは `adjusted` に書く）"),
    (
        "its precision is a standard error of {}, and the change of {} has one of {}",
        "その精度は標準誤差 {} に当たるが、変化量 {} の標準誤差は {}",
    ),
    (
        "the SDs say that the values are skewed, and a test of ranks may give another p",
        "SD からみて値の分布は歪んでおり、順位検定の p は異なりうる",
    ),
    ("as it is printed the interval has no end", "区間の端がない"),
    ("on the scale of its logarithm the interval has no end", "対数尺度での区間の端がない"),
    ("on the scale of the logarithm of its ratio the interval has no end", "比の対数尺度での区間の端がない"),
    ("on Fisher's scale the interval has no end", "Fisher の z の尺度での区間の端がない"),
    ("a bootstrap interval need not have it there", "ブートストラップの区間なら中央でなくてよい"),
    ("an interval that is one of several comparisons is wider", "多重比較の区間なら広くなる"),
    ("the counts give {}", "人数からは {}"),
    (
        "the standard error goes with a p of {}, and {} is printed",
        "標準誤差に対応する p は {} だが、{} と表示されている",
    ),
    ("the standard error goes with a p of {}", "標準誤差に対応する p は {}"),
    (
        "another test than that of the standard error may have given it",
        "標準誤差によるものとは別の検定の値かもしれない",
    ),
    (
        "a correlation of {} people goes with a p of {}, and {} is printed, which is that of another test ({})",
        "{}人の相関に対応する p は {} だが、{} と表示されている（別の検定 {} の値）",
    ),
    (
        "the interval, of means of percentages, goes with a p of {}, and {} is printed",
        "百分率の平均の区間に対応する p は {} だが、{} と表示されている",
    ),
    ("the interval, of means of percentages, goes with a p of {}", "百分率の平均の区間に対応する p は {}"),
    ("that is half of it: a one-sided one may have been meant", "その半分の値：片側検定の p かもしれない"),
    (
        "that is 1 less half of it: a one-sided one of the other direction may have been meant",
        "1 からその半分を引いた値：逆方向の片側検定の p かもしれない",
    ),
    ("programs that print no smaller p print this one", "これより小さい p を表示しないプログラムなら、この値になる"),
    (
        "that is {} times as much, at most 1: one that is adjusted for several comparisons may have been meant",
        "その {} 倍の値（上限 1）：多重比較を調整した p かもしれない",
    ),
    (
        "one half of the interval is longer than the other, and no usual interval of these counts is so lopsided",
        "区間の片側がもう一方より長く、この人数の通常の区間がこれほど片寄ることはない",
    ),
    ("it may be that of a model", "モデルによる値かもしれない"),
    ("it is the effect of the other direction", "逆方向の効果"),
    ("of all people, {}", "全員については、{}"),
    (
        "it fits in per cent, and has no sign of it: write {}% where it is so",
        "百分率としてなら一致するが、% の記載がない：百分率なら {}% と書く",
    ),
    ("values have no SD", "値に SD がない"),
    ("the values have no SD", "値に SD がない"),
    ("the person-time may be 0", "観察人時が 0 かもしれない"),
    ("the margins leave no conditional odds ratio", "周辺度数からは条件付きオッズ比が決まらない"),
    ("a cell without anybody leaves it without a value", "0 人のセルがあるため値が決まらない"),
    ("`{}` and `{}` are different statistics or units", "{} と {} は統計量または単位が異なる"),
    ("{}, with ± as standard errors", "{}、± を標準誤差とみなす"),
    ("a {} does not follow from a change alone", "{}は変化量だけからは決まらない"),
    // Changes.
    (
        "the change is in per cent, and the values are not; a percentage of the value before is a percent-reduction or percent-increase: an [[estimate]]",
        "変化量は百分率だが、値はそうではない；前の値に対する百分率は [[estimate]] に percent-reduction または percent-increase と書く",
    ),
    (
        "the values are in per cent, and the change is not; points of per cent have their sign as well",
        "値は百分率だが、変化量はそうではない；パーセントポイントにも % を付ける",
    ),
    (
        "{}: {} gives r = {}, and a correlation lies between −1 and 1",
        "{}：{}では r = {} となり、相関係数の範囲（−1〜1）を外れる",
    ),
    (
        "{} gives r = {}, and a correlation lies between −1 and 1",
        "{}では r = {} となり、相関係数の範囲（−1〜1）を外れる",
    ),
    (
        "rounding of the printed numbers allows only {}: they contradict each other",
        "丸めを考えても {} であり、互いに矛盾する",
    ),
    (
        "rounding of the printed numbers allows {}, so that it may still be one",
        "丸めを考えると {} であり、相関係数でありうる",
    ),
    (
        "{}: the CI of change lies about {}, and the means change by {}: they contradict each other",
        "{}：変化の信頼区間の中央は {} だが、平均の変化は {} であり、互いに矛盾する",
    ),
    ("the SD of change", "変化の SD"),
    ("the SE of change, s_d = SE·√n,", "変化の標準誤差（s_d = SE·√n）"),
    ("the CI of change, s_d = half-width·√n/t,", "変化の信頼区間（s_d = 半幅·√n/t）"),
    ("SD = SE · √n", "SD = 標準誤差 · √n"),
    ("SD = half-width of the 95 % CI · √n / t(n − 1)", "SD = 95%信頼区間の半幅 · √n / t(n − 1)"),
    // Slopes.
    (
        "a mean of {} in {} people needs a follow-up of no number of {}, if all were followed equally long and a slope is the change over that time",
        "平均が {}（{}人）となる観察期間は存在しない（単位 {}、全員の観察期間が同じで、傾きをその間の変化とした場合）",
    ),
    // Expectations that fail.
    ("{} (source of the expectation: {})", "{}（根拠：{}）"),
    ("it is within {} of {}; source: {}", "{} の差で {}；根拠：{}"),
    ("found {}: {} stands for {} to {}, missed by {}", "計算結果は {}：{} は {}〜{} を表すが、{} だけ外れる"),
    ("found {}: {} was expected", "計算結果は {}：期待は {}"),
    ("found {}: {} does not hold", "計算結果は {}：{} は成り立たない"),
    ("found refused: {}: there is no result: {}", "計算できない（{}）：結果がない（{}）"),
    ("commands are run by `reffect check`", "コマンドは `reffect check` が実行する"),
];

/// How sentences begin that are about one of several things, and their Japanese; the rest has to be known.
const FRONTS: &[(&str, &str)] = &[
    ("the statement names no `occasion`: ", "時点の指定（`occasion`）がなく、時点により異なる："),
    ("the statement is about several comparisons: ", "複数の比較についての主張であり、比較により異なる："),
    ("several effects are reported: ", "複数の効果が報告されており、効果により異なる："),
    ("doubtful: ", "疑わしい："),
];

/// A sentence that begins with what it is about: `a and b at `m6`: …`, `at `m6` …`, `by `hr` …`,
/// `as the standard error, …`.
pub(super) fn begun(text: &str, inner: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let front = |english: &str| text.strip_prefix(english);
    if let Some((japanese, rest)) = FRONTS.iter().find_map(|(english, japanese)| Some((japanese, front(english)?))) {
        return Some(format!("{japanese}{}", inner(rest)?));
    }
    if let Some((at, rest)) = front("at `").and_then(|rest| rest.split_once("` ")) {
        let at = inner(at).unwrap_or_else(|| at.to_owned());
        return Some(format!("{at}：{}", inner(rest)?));
    }
    if let Some((by, rest)) = front("by `").and_then(|rest| rest.split_once("` ")) {
        return Some(format!("{by} による：{}", inner(rest)?));
    }
    if let Some(rest) = front("the ± is not explained: as ") {
        // Either reading has clauses of its own, and the second begins with the last `as`.
        let (first, second) = rest.rsplit_once("; as ")?;
        return Some(format!("± は説明がない：{}；{}", reading(first, ", ", inner)?, reading(second, ", ", inner)?));
    }
    if let Some(rest) = front("as ") {
        const ALONE: &str = ", which alone the unexplained ± can be: ";
        let Some((meaning, rest)) = rest.split_once(ALONE) else { return reading(rest, ", ", inner) };
        let mut out = "説明のない ± でありうるのは".to_owned();
        [inner(meaning)?.as_str(), "のみであり、その場合："]
            .iter()
            .for_each(|next| super::pieces::join(&mut out, next));
        return Some(out + &inner(rest)?);
    }
    let (arms, rest) = text.split_once(": ")?;
    let (arms, at) = arms.strip_suffix('`').and_then(|arms| arms.split_once(" at `")).unwrap_or((arms, ""));
    let (arm, versus) = arms.split_once(" and ").filter(|(arm, versus)| is_name(arm) && is_name(versus))?;
    let at =
        if at.is_empty() { String::new() } else { format!("（{}）", inner(at).unwrap_or_else(|| at.to_owned())) };
    Some(format!("{arm} 対 {versus}{at}：{}", inner(rest)?))
}

/// `the standard error, certain by …`.
fn reading(text: &str, between: &str, inner: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let (meaning, rest) = text.split_once(between)?;
    let mut out = inner(meaning)?;
    super::pieces::join(&mut out, "なら");
    super::pieces::join(&mut out, &inner(rest)?);
    Some(out)
}
