//! Charts of two press releases, used by the tests.

use reffect::chart::{
    BeforeAfter, Caption, Difference, Group, Headings, LabelledInterval, Legend, Occasion, Overview, Panel, Row,
    ScaleLimits,
};
use reffect::numeric::interval::Interval;
use reffect::reported::{Direction, Lang};

/// Text in both languages.
fn say(lang: Lang, en: &str, ja: &str) -> String {
    match lang {
        Lang::En => en.to_owned(),
        Lang::Ja => ja.to_owned(),
    }
}

struct Cell {
    outcome: (&'static str, &'static str),
    unit: (&'static str, &'static str),
    before: (f64, f64),
    after: (f64, f64),
    max: Option<f64>,
    intervals: [(f64, f64); 5],
    remark: (&'static str, &'static str),
}

const R: [&str; 5] = ["0", "0.3", "0.5", "0.7", "0.9"];

fn cells() -> [Cell; 4] {
    [
        Cell {
            outcome: ("Annual relapse rate", "年間再発率"),
            unit: ("relapses/year", "回/年"),
            before: (2.9, 1.1),
            after: (0.4, 0.8),
            max: None,
            intervals: [
                (-3.757926, -1.242074),
                (-3.563372, -1.436628),
                (-3.410867, -1.589133),
                (-3.227049, -1.772951),
                (-2.976991, -2.023009),
            ],
            remark: ("p < 0.05 at every r", "p < 0.05：どの r でも"),
        },
        Cell {
            outcome: ("Disability, EDSS", "総合障害度 EDSS"),
            unit: ("points", "点"),
            before: (5.1, 1.7),
            after: (4.1, 1.6),
            max: Some(10.0),
            intervals: [
                (-3.159074, 1.159074),
                (-2.807121, 0.807121),
                (-2.528096, 0.528096),
                (-2.185102, 0.185102),
                (-1.688374, -0.311626),
            ],
            remark: ("p < 0.05 needs r ≥ 0.79", "p < 0.05 には r ≥ 0.79 が必要"),
        },
        Cell {
            outcome: ("Chronic pain, NRS", "慢性疼痛 NRS"),
            unit: ("points", "点"),
            before: (3.0, 1.5),
            after: (0.9, 1.2),
            max: Some(10.0),
            intervals: [
                (-3.876571, -0.323429),
                (-3.594134, -0.605866),
                (-3.371453, -0.828547),
                (-3.100374, -1.099626),
                (-2.720405, -1.479595),
            ],
            remark: ("p < 0.05 at every r ≥ 0", "p < 0.05：r ≥ 0 なら常に"),
        },
        Cell {
            outcome: ("Fatigue, NRS", "疲労 NRS"),
            unit: ("points", "点"),
            before: (6.1, 2.0),
            after: (3.0, 1.4),
            max: Some(10.0),
            intervals: [
                (-5.357836, -0.842164),
                (-5.013336, -1.186664),
                (-4.744042, -1.455958),
                (-4.420944, -1.779056),
                (-3.987081, -2.212919),
            ],
            remark: ("p < 0.05 at every r ≥ 0", "p < 0.05：r ≥ 0 なら常に"),
        },
    ]
}

fn nmo_panel(cell: &Cell, lang: Lang) -> Panel {
    let occasion = |label: String, (mean, sd): (f64, f64)| Occasion {
        label,
        printed: format!("{mean:.1} ± {sd:.1}"),
        mean,
        bar: Some(Interval { lower: mean - sd, upper: mean + sd }),
    };
    let estimate = cell.after.0 - cell.before.0;
    Panel {
        outcome: say(lang, cell.outcome.0, cell.outcome.1),
        unit: Some(say(lang, cell.unit.0, cell.unit.1)),
        n: Some("7".to_owned()),
        better: Some(Direction::LowerIsBetter),
        limits: ScaleLimits { min: Some(0.0), max: cell.max },
        before: occasion(say(lang, "before", "治療前"), cell.before),
        after: occasion(say(lang, "1 year", "1年後"), cell.after),
        difference: Difference {
            label: say(lang, "difference", "差"),
            printed: format!("−{:.1}", -estimate),
            estimate,
            intervals: R
                .iter()
                .zip(cell.intervals)
                .map(|(r, (lower, upper))| LabelledInterval {
                    label: (*r).to_owned(),
                    interval: Interval { lower, upper },
                })
                .collect(),
            axis_title: say(lang, "1 year − before", "1年後 − 治療前"),
            intervals_title: say(lang, "95 % CI if r =", "95% 信頼区間、r ="),
            absent: None,
        },
        remark: Some(say(lang, cell.remark.0, cell.remark.1)),
        shares: None,
    }
}

/// Neuromyelitis optica, n = 7, four outcomes.
pub fn nmo(lang: Lang) -> BeforeAfter {
    BeforeAfter {
        caption: Caption {
            title: say(
                lang,
                "Tocilizumab in neuromyelitis optica: before and after one year",
                "視神経脊髄炎（NMO）7例：トシリズマブ治療前 → 治療1年後",
            ),
            subtitle: say(
                lang,
                "Mean ± SD as printed (the release does not say what ± is; taken as SD). Right: mean difference \
             with 95 % confidence intervals for five assumed correlations r of the two occasions, none of them reported.",
                "平均 ± SD（± の意味は発表に記載なし。SD と解釈）。右：平均差と95%信頼区間。前後の相関 r は未報告のため、5通りに仮定した。",
            ),
            footnotes: vec![
                say(
                    lang,
                    "The line joins two means; it is not the course of a person. ▼ goes on below the end of the scale.",
                    "線は平均どうしを結んだもので、個人の経過ではない。▼は尺度の下端より先へ続くことを示す。",
                ),
                say(
                    lang,
                    "No control group: a change from before to after is not the effect of the treatment alone.",
                    "対照群はない。前後の変化は治療の効果だけを表すものではない。",
                ),
            ],
            source: say(lang, "Source: press release, 2014.", "出典：プレスリリース（2014年）"),
            lang,
        },
        panels: cells().iter().map(|cell| nmo_panel(cell, lang)).collect(),
    }
}

/// ALS, n = 5, means without SD.
pub fn als(lang: Lang) -> BeforeAfter {
    let occasion = |label: String, mean: f64| Occasion { label, printed: format!("{mean:.2}"), mean, bar: None };
    BeforeAfter {
        caption: Caption {
            title: say(lang, "ALS: monthly decline of the ALSFRS-R", "ALS：ALSFRS-R の月あたり低下"),
            subtitle: say(lang, "Means as printed; no SD was reported.", "平均のみ。SD の報告なし。"),
            footnotes: vec![say(
                lang,
                "The line joins two means; it is not the course of a person.",
                "線は平均どうしを結んだもので、個人の経過ではない。",
            )],
            source: say(lang, "Source: press release, 2023.", "出典：プレスリリース（2023年）"),
            lang,
        },
        panels: vec![Panel {
            outcome: say(lang, "ALSFRS-R decline", "ALSFRS-R の低下"),
            unit: Some(say(lang, "points/month", "点/月")),
            n: Some("5".to_owned()),
            better: Some(Direction::LowerIsBetter),
            limits: ScaleLimits { min: Some(0.0), max: None },
            before: occasion(say(lang, "3 months before", "投与前3か月"), 0.47),
            after: occasion(say(lang, "12 months after", "投与後12か月"), 0.25),
            difference: Difference {
                label: say(lang, "difference", "差"),
                printed: "−0.22".to_owned(),
                estimate: 0.25 - 0.47,
                intervals: vec![],
                axis_title: say(lang, "after − before", "後 − 前"),
                intervals_title: String::new(),
                absent: Some(say(lang, "no interval: no SD reported", "SD の報告がなく、区間は求められない")),
            },
            remark: Some(say(
                lang,
                "An SD of the change, or the five pairs, would unlock an interval.",
                "変化の SD か5例の値があれば区間を求められる。",
            )),
            shares: None,
        }],
    }
}

fn row(lang: Lang, names: (&str, &str), printed: &str, n: &str, ratio: f64, spans: [(f64, f64); 2]) -> Row {
    let [wide, narrow] = spans.map(|(lower, upper)| Interval { lower, upper });
    Row {
        outcome: say(lang, names.0, names.1),
        printed: printed.to_owned(),
        n: Some(n.to_owned()),
        ratio: Some(ratio),
        wide: Some(wide),
        narrow: Some(narrow),
        estimate: format!("{ratio:.2} ({:.2}–{:.2})", wide.lower, wide.upper),
        remark: None,
    }
}

/// Two releases with rows, two without.
pub fn overview(lang: Lang) -> Overview {
    let nmo = vec![
        row(
            lang,
            ("Annual relapse rate", "年間再発率"),
            "2.9 ± 1.1 → 0.4 ± 0.8",
            "7",
            0.138,
            [(0.02, 0.93), (0.026, 0.72)],
        ),
        Row {
            remark: Some(say(lang, "p < 0.05 needs r ≥ 0.79", "p < 0.05 には r ≥ 0.79 が必要")),
            ..row(
                lang,
                ("Disability, EDSS", "総合障害度 EDSS"),
                "5.1 ± 1.7 → 4.1 ± 1.6",
                "7",
                0.804,
                [(0.505, 1.28), (0.68, 0.951)],
            )
        },
        row(
            lang,
            ("Chronic pain, NRS", "慢性疼痛 NRS"),
            "3.0 ± 1.5 → 0.9 ± 1.2",
            "7",
            0.3,
            [(0.08, 1.13), (0.11, 0.81)],
        ),
        row(lang, ("Fatigue, NRS", "疲労 NRS"), "6.1 ± 2.0 → 3.0 ± 1.4", "7", 0.492, [(0.29, 0.83), (0.4, 0.61)]),
    ];
    let als = vec![Row {
        outcome: say(lang, "ALSFRS-R decline per month", "ALSFRS-R の月あたり低下"),
        printed: "0.47 → 0.25".to_owned(),
        n: Some("5".to_owned()),
        ratio: Some(0.532),
        wide: None,
        narrow: None,
        estimate: say(lang, "0.53 (no SD reported)", "0.53（SD の報告なし）"),
        remark: Some(say(lang, "three slower, one faster, one unchanged", "3例は緩やかに、1例は速く、1例は不変")),
    }];
    let group = |name: (&str, &str), rows: Vec<Row>, absent: (&str, &str)| Group {
        name: say(lang, name.0, name.1),
        rows,
        absent: say(lang, absent.0, absent.1),
    };
    Overview {
        caption: Caption {
            title: say(lang, "What five press releases report before and after", "プレスリリースが報告した前後の値"),
            subtitle: say(
                lang,
                "After as a multiple of before; 1 is no change. Intervals for two assumed correlations of the occasions.",
                "治療前を1としたときの治療後の値。前後の相関 r は未報告のため、二通りに仮定した区間を示す。",
            ),
            footnotes: vec![say(
                lang,
                "Different outcomes on one axis: compare each with 1, not with one another.",
                "異なる評価項目を同じ軸に並べた。1と比べるもので、互いに比べるものではない。",
            )],
            source: say(lang, "Source: the releases named.", "出典：各プレスリリース"),
            lang,
        },
        headings: Headings {
            outcome: say(lang, "Outcome", "評価項目"),
            printed: say(lang, "As printed", "発表の値"),
            n: "n".to_owned(),
            estimate: say(lang, "Ratio (95 % CI, r = 0)", "比（95%信頼区間、r = 0）"),
            remark: say(lang, "Remark", "備考"),
        },
        legend: Legend {
            wide: say(lang, "95 % CI if r = 0", "95%信頼区間（r = 0）"),
            narrow: say(lang, "95 % CI if r = 0.9", "95%信頼区間（r = 0.9）"),
            hollow: say(lang, "no interval possible", "区間は求められない"),
        },
        axis_title: say(lang, "After as a multiple of before (log scale)", "治療後 ÷ 治療前（対数目盛）"),
        lower: say(lang, "← lower after", "← 後で低い"),
        higher: say(lang, "higher after →", "後で高い →"),
        arrows: say(lang, "Arrows go on beyond the axis.", "矢印は軸の外に続く。"),
        groups: vec![
            group(("Neuromyelitis optica, tocilizumab (2014)", "視神経脊髄炎、トシリズマブ（2014年）"), nmo, ("", "")),
            group(("ALS, mesenchymal stem cells (2023)", "ALS、幹細胞（2023年）"), als, ("", "")),
            group(
                ("SMA campaign (2020)", "SMA 啓発動画（2020年）"),
                vec![],
                ("no result: announcement of a film", "結果なし：動画公開のお知らせ"),
            ),
            group(
                ("Registry of rare diseases (2021)", "希少疾患レジストリ（2021年）"),
                vec![],
                ("registry counts, no before/after result", "登録者数のみで、前後の結果はない"),
            ),
        ],
    }
}

/// 80 characters with markup and a direction override in them.
pub fn long() -> String {
    let text =
        "Relapse <rate> & \"pain\" 'NRS' \u{202E}年間再発率（回）、\u{0007}ー ± 10000000000000000000000000000000000";
    text.to_owned()
}

/// Seven panels with long, empty and marked-up labels, and intervals beyond every limit.
pub fn hostile() -> BeforeAfter {
    let mut chart = nmo(Lang::En);
    chart.caption.title = long() + &long();
    chart.caption.subtitle = long();
    chart.caption.source = long();
    chart.caption.footnotes = vec![long(), String::new(), long() + &long()];
    let more: Vec<Panel> = chart.panels.iter().take(3).cloned().collect();
    chart.panels.extend(more);
    let [a, b, c, d, e, ..] = chart.panels.as_mut_slice() else {
        return chart;
    };
    a.outcome = long();
    a.before.label = long();
    a.after.printed = long();
    b.outcome = String::new();
    b.unit = None;
    b.before.label = String::new();
    b.difference.label = long();
    b.difference.axis_title = long();
    b.difference.intervals_title = long();
    c.difference.intervals[1].label = long();
    c.n = Some(long());
    c.limits.max = Some(3.5);
    d.difference.intervals.clear();
    d.difference.absent = Some(long());
    d.remark = Some(long());
    d.before.bar = Some(Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY });
    e.limits = ScaleLimits::default();
    e.before.mean = -123_456.7;
    e.before.bar = None;
    e.difference.intervals.truncate(1);
    e.difference.estimate = 0.4 + 123_456.7;
    chart
}

/// An overview with long and empty labels, and intervals without end.
pub fn hostile_overview() -> Overview {
    let mut chart = overview(Lang::En);
    chart.caption.title = long();
    chart.lower = long();
    chart.higher = long();
    chart.axis_title = long();
    chart.legend.wide = long();
    chart.legend.narrow = long();
    chart.headings.n = long();
    chart.groups[0].name = long();
    let rows = &mut chart.groups[0].rows;
    rows[0].outcome = long();
    rows[0].wide = Some(Interval { lower: 0.0, upper: f64::INFINITY });
    rows[1].printed = long();
    rows[1].narrow = Some(Interval { lower: -1.0, upper: 0.0 });
    rows[2].estimate = long();
    rows[2].remark = Some(long());
    rows[3].outcome = String::new();
    rows[3].n = Some(long());
    rows[3].ratio = Some(500.0);
    chart.groups[2].absent = long();
    chart.groups[3].absent = String::new();
    chart
}
