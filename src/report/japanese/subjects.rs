//! Templates for what checks are about and for their shorter messages, which other templates may hold: they come last.

/// English templates and their Japanese.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    (
        "checks: {} passed, {} failed, {} not decidable, {} accepted",
        "検査：適合 {}、不適合 {}、判定不能 {}、確認済み {}",
    ),
    ("checks: {} passed, {} failed, {} not decidable", "検査：適合 {}、不適合 {}、判定不能 {}"),
    ("the number stands in its quote", "数値は引用の中にある"),
    ("values in whole steps exist that print so", "刻みどおりの値でこのように表示されるデータが存在する"),
    ("exactly 1 data set prints so, such as {}", "ちょうど 1 通りのデータがこう表示される：{}"),
    ("many data sets print so, such as {}", "多くのデータがこう表示される、例：{}"),
    ("{} data sets print so, such as {}", "{} 通りのデータがこう表示される、例：{}"),
    (
        "with this mean the SD of values on the scale lies between {} and {}",
        "この平均では、尺度上の値の SD は {}〜{} の間にある",
    ),
    (
        "a total of {} prints as the mean {}; with this n every mean to so few decimals is possible, so passing is uninformative",
        "合計 {} は平均 {} と表示される。この桁数ではどの平均も可能なので、何も言えない",
    ),
    (
        "a total of {} prints as the mean {}; {} of means at random would be caught",
        "合計 {} は平均 {} と表示される。無作為な平均値なら {} を検出できる",
    ),
    (
        "a mean of {} in {} people needs a follow-up of {} or more months, if all were followed equally long and a slope is the change over that time",
        "平均が {}（{}人）となるには、{} か月（またはそれ以上）の観察期間が必要（全員の観察期間が同じで、傾きをその間の変化とした場合）",
    ),
    (
        "a mean of {} in {} people needs a follow-up of {}, if all were followed equally long and a slope is the change over that time",
        "平均が {}（{}人）となるには、{} の観察期間が必要（全員の観察期間が同じで、傾きをその間の変化とした場合）",
    ),
    (
        "if the follow-up was equally long before and after, it can be one of {} or more months",
        "前後の観察期間が同じなら、ありうる期間は {} か月（またはそれ以上）",
    ),
    (
        "if the follow-up was equally long before and after, it can be one of {}",
        "前後の観察期間が同じなら、ありうる期間は {}",
    ),
    ("{} or more units of time", "{} 単位時間（またはそれ以上）"),
    ("{} units of time", "{} 単位時間"),
    (
        "not decidable: a slope is a change over time, and no value of the scale",
        "判定不能：傾きは時間あたりの変化であり、評価尺度の値ではない",
    ),
    ("does not apply: not a mean", "対象外：平均ではない"),
    ("does not apply: {}", "対象外：{}"),
    ("not decidable: {}", "判定不能：{}"),
    (
        "a scale without steps has too many data sets to say anything: its values can be any number",
        "刻みのない評価尺度では、ありうるデータが多すぎて何も言えない：値はどの数でもありうる",
    ),
    ("a slope is a change over time, and no value of the scale", "傾きは時間あたりの変化であり、評価尺度の値ではない"),
    (
        "with n = {} the exact two-sided p of signed ranks, and of signs, is never below {}",
        "n = {} では、符号付順位・符号の正確な両側 p は {} より小さくならない",
    ),
    ("the number is not in its quote", "数値が引用の中にない"),
    (
        "not decidable: the draft is not finished, {} entries say \"to do\"",
        "判定不能：下書きが未完成（「to do」のラベルが {} 個）",
    ),
    ("the release gives no whole for {}; it can be {}", "{} の分母が示されていない。可能なのは {}"),
    ("{} before: {}", "{}（前）：{}"),
    ("{} after: {}", "{}（後）：{}"),
    ("{}, change", "{}（変化量）"),
    ("{}, before", "{}（前）"),
    ("{}, after", "{}（後）"),
];
