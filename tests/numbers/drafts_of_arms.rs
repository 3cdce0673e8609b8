//! Which arm and which time the numbers of a sentence or a table are of.

use super::drafts::assert_drafts;
use reffect::numeric::numeral::Numeral;
use reffect::transcribe::draft;

#[test]
fn values_that_are_compared_are_of_the_groups_in_their_order() {
    let english: &[&str] = &[
        "arm active group n=?",
        "arm sham group n=?",
        "1 active group: mean open 2.7 ± 1.4",
        "1 sham group: mean open 4.9 ± 1.6",
    ];
    assert_drafts(&[
        ("Itch was lower in the active group than in the sham group (2.7 ± 1.4 vs 4.9 ± 1.6).", english),
        ("The active group had less itch than the sham group (2.7 ± 1.4 versus 4.9 ± 1.6).", english),
        (
            "Itch was worse in the sham group than in the active group at week 8 (4.9 ± 1.6 v 2.7 ± 1.4).",
            &[
                "arm sham group n=?",
                "arm active group n=?",
                "1 sham group: mean week-8 4.9 ± 1.6",
                "1 active group: mean week-8 2.7 ± 1.4",
            ],
        ),
        (
            "Itch was lower in the active group than in the sham group (2.7 ± 1.4 vs 4.9 ± 1.6) and at week 8 (2.1 ± 1.2 vs \
             4.8 ± 1.5).",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean open 2.7 ± 1.4",
                "1 sham group: mean open 4.9 ± 1.6",
                "2 active group: mean week-8 2.1 ± 1.2",
                "2 sham group: mean week-8 4.8 ± 1.5",
            ],
        ),
        (
            "Mean change was greater in the active group than the sham group (-2.7 [SE 0.2] vs -1.1 [SE 0.3]).",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: change after -2.7 [SE 0.2]",
                "1 sham group: change after -1.1 [SE 0.3]",
            ],
        ),
        (
            "かゆみは新薬群で偽薬群より軽かった（2.7±1.4 vs 4.9±1.6）。",
            &["arm 新薬群 n=?", "arm 偽薬群 n=?", "1 新薬群: mean open 2.7±1.4", "1 偽薬群: mean open 4.9±1.6"],
        ),
        (
            "かゆみは新薬群で偽薬群に比べ改善した（2.7±1.4 対 4.9±1.6）。",
            &["arm 新薬群 n=?", "arm 偽薬群 n=?", "1 新薬群: mean open 2.7±1.4", "1 偽薬群: mean open 4.9±1.6"],
        ),
        (
            "Itch was 2.7 ± 1.4 vs. 4.9 ± 1.6 at week 8 in the active group vs. the sham group.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean week-8 2.7 ± 1.4",
                "1 sham group: mean week-8 4.9 ± 1.6",
            ],
        ),
        // Which comes first nobody knows here.
        (
            "Compared with the sham group, the active group had less itch (2.7 ± 1.4 vs 4.9 ± 1.6).",
            &["number 2.7", "number 4.9"],
        ),
        ("偽薬群に比べ、新薬群で軽かった（2.7±1.4 vs 4.9±1.6）。", &["number 2.7", "number 4.9"]),
        // The time behind two values without groups is that of the second.
        (
            "After six months, the median was 3.5 (IQR 2.0 to 5.0) compared to 4.5 (IQR 3.0 to 6.0) at baseline.",
            &["1 median before 4.5 (IQR 3.0 to 6.0)", "1 median month-6 3.5 (IQR 2.0 to 5.0)"],
        ),
        (
            "HbA1c was 8.4% (0.9) vs. 8.3% (0.8) at baseline and 7.1% (0.8) vs. 8.0% (0.9) at week 24.",
            &["number 8.4%", "number 8.3%", "number 7.1%", "number 8.0%"],
        ),
    ]);
}

#[test]
fn values_of_a_second_list_are_of_the_groups_in_front() {
    let both: &[&str] = &[
        "arm 新薬群 n=?",
        "arm 偽薬群 n=?",
        "1 新薬群: mean before 6.4±1.2",
        "1 新薬群: mean week-8 2.7±1.4",
        "1 偽薬群: mean before 6.2±1.3",
        "1 偽薬群: mean week-8 4.9±1.6",
    ];
    assert_drafts(&[
        ("投与前の値は新薬群6.4±1.2、偽薬群6.2±1.3であり、8週後にはそれぞれ2.7±1.4、4.9±1.6となった。", both),
        (
            "Itch was 6.4 ± 1.2 in the active group and 6.2 ± 1.3 in the sham group at baseline, and 2.7 ± 1.4 and 4.9 ± 1.6, \
             respectively, at week 8.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean before 6.4 ± 1.2",
                "1 active group: mean week-8 2.7 ± 1.4",
                "1 sham group: mean before 6.2 ± 1.3",
                "1 sham group: mean week-8 4.9 ± 1.6",
            ],
        ),
        (
            "At baseline itch was 6.4 ± 1.2 in the active group and 6.2 ± 1.3 in the sham group, and at week 8 they were 2.7 ± \
             1.4 and 4.9 ± 1.6, respectively.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean before 6.4 ± 1.2",
                "1 sham group: mean before 6.2 ± 1.3",
                "2 active group: mean week-8 2.7 ± 1.4",
                "2 sham group: mean week-8 4.9 ± 1.6",
            ],
        ),
    ]);
}

#[test]
fn a_visit_behind_several_arms_is_that_of_all() {
    assert_drafts(&[
        (
            "Itch was 2.7 ± 1.4 in the active group and 4.9 ± 1.6 in the sham group at week 8.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean week-8 2.7 ± 1.4",
                "1 sham group: mean week-8 4.9 ± 1.6",
            ],
        ),
        (
            "Itch was 2.7 ± 1.4 in the active group at baseline and 4.9 ± 1.6 in the sham group at week 8.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean before 2.7 ± 1.4",
                "1 sham group: mean week-8 4.9 ± 1.6",
            ],
        ),
    ]);
    let text = "Mean change was -2.7 (SE 0.2) with drug A and -1.1 (SE 0.3) with placebo at week 8.";
    let release = draft("t", "t.txt", text).unwrap();
    let of_week = release.estimates.iter().map(|of| (of.value.text(), of.occasion.as_deref()));
    assert_eq!(of_week.collect::<Vec<_>>(), [("-2.7", Some("week-8")), ("-1.1", Some("week-8"))]);
}

#[test]
fn a_result_has_the_size_beside_it_where_its_arm_has_another() {
    let sizes = |text: &str| -> Vec<Option<String>> {
        let release = draft("t", "t.txt", text).unwrap();
        let cells = release.outcomes.iter().flat_map(|of| &of.results).flat_map(|of| of.reported());
        cells.map(|(_, cell)| cell.n.as_ref().map(|n| n.text().to_owned())).collect()
    };
    let assigned = "Patients were randomised to drug A (n=61) or placebo (n=59).";
    for (said, expected) in [
        ("Itch was 2.7 ± 1.4 with drug A (n=57) and 4.9 ± 1.6 with placebo (n=54).", [Some("57"), Some("54")]),
        ("Itch was 2.7 ± 1.4 (n=57) with drug A and 4.9 ± 1.6 (n=59) with placebo.", [Some("57"), None]),
    ] {
        let expected = expected.map(|n| n.map(str::to_owned));
        assert_eq!(sizes(&format!("{assigned} {said}")), expected, "{said}");
    }
}

#[test]
fn people_to_whom_something_happened_are_no_size_of_an_arm() {
    let sizes = |text: &str| -> Vec<String> {
        let release = draft("t", "t.txt", text).unwrap();
        release.arms.iter().map(|arm| arm.n.as_ref().map_or("?", Numeral::text).to_owned()).collect()
    };
    for (text, expected) in [
        ("有害事象は新薬群9例（17.3％）、偽薬群7例（14.0％）に発現した。", ["?", "?"]),
        ("有害事象：新薬群9例（17.3%）、偽薬群7例（14.0%）。対象：新薬群52例、偽薬群50例。", ["52例", "50例"]),
        ("死亡は新薬群2例、偽薬群4例であった。値は新薬群3.1±1.2、偽薬群5.0±1.4であった。", ["?", "?"]),
        (
            "脱落は新薬群3名、偽薬群2名で、新薬群52名、偽薬群50名を解析した。値は新薬群3.1±1.2、偽薬群5.0±1.4であった。",
            ["52名", "50名"],
        ),
        ("新薬群（52名）と偽薬群（50名）に割り付け、脱落は新薬群3名、偽薬群2名であった。", ["52名", "50名"]),
        ("新薬群52例（51%）、偽薬群50例（49%）に割り付けた。", ["52例", "50例"]),
        (
            "Deaths were seen in the drug group (n = 3) and the placebo group (n = 2). All were assigned to the drug group (n = 52) \
             or the placebo group (n = 50).",
            ["52", "50"],
        ),
    ] {
        assert_eq!(sizes(text), expected, "{text}");
    }
}

#[test]
fn one_kind_of_people_is_not_the_whole() {
    let n = |text: &str| draft("t", "t.txt", text).unwrap().arms[0].n.as_ref().map(|n| n.text().to_owned());
    for (text, expected) in [
        ("対象は男性4名、女性9名の計13名であった。", Some("13名")),
        ("参加者は女性9名（平均年齢52歳）、男性4名の13名であった。", Some("13名")),
        ("患者さん男女各8名を対象とした。", None),
        ("対象は女性患者9名、男性患者4名であった。", None),
        ("男性患者8名を対象とした。", Some("8名")),
        ("Participants were 4 men and 9 women, 13 in all.", Some("13")),
    ] {
        assert_eq!(n(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn times_are_listed_and_lie_around_a_treatment() {
    assert_drafts(&[
        (
            "Iron was 712 ± 54, 610 ± 45 and 480 ± 39 at baseline, 2 months and 5 months, respectively.",
            &["1 mean before 712 ± 54", "1 mean month-2 610 ± 45", "1 mean month-5 480 ± 39"],
        ),
        (
            "Iron was 712 ± 54, 610 ± 45 and 480 ± 39 at baseline, 2 and 5 months.",
            &["1 mean before 712 ± 54", "1 mean month-2 610 ± 45", "1 mean month-5 480 ± 39"],
        ),
        (
            "Iron before and after treatment was 712 ± 54 and 480 ± 39.",
            &["1 mean before 712 ± 54", "1 mean after 480 ± 39"],
        ),
        ("投与前後の値は7.1±1.3、3.9±1.8であった。", &["1 mean before 7.1±1.3", "1 mean after 3.9±1.8"]),
        (
            "Itch was 7.2 ± 1.1 and 3.8 ± 1.5 at baseline and 8 weeks in the active group and 7.1 ± 1.2 and 6.0 ± 1.4 in the sham \
             group.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean before 7.2 ± 1.1",
                "1 active group: mean week-8 3.8 ± 1.5",
                "1 sham group: mean before 7.1 ± 1.2",
                "1 sham group: mean week-8 6.0 ± 1.4",
            ],
        ),
        (
            "The rate fell from 2.6 (SD 1.2) in the year before treatment to 0.5 (SD 0.7) during treatment.",
            &["1 mean before 2.6 (SD 1.2)", "1 mean after 0.5 (SD 0.7)"],
        ),
        (
            "The rate was 2.6 ± 1.2 in the year before enrolment and 0.5 ± 0.7 in the year after.",
            &["1 mean before 2.6 ± 1.2", "1 mean after 0.5 ± 0.7"],
        ),
        (
            "Fits fell from 11.4 ± 4.1 during the baseline period to 5.3 ± 3.0 during the maintenance period in the active group \
             and from 11.2 ± 4.3 during the baseline period to 9.8 ± 4.5 during the maintenance period in the sham group.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean before 11.4 ± 4.1",
                "1 active group: mean after 5.3 ± 3.0",
                "1 sham group: mean before 11.2 ± 4.3",
                "1 sham group: mean after 9.8 ± 4.5",
            ],
        ),
        ("Itch was 6.4 ± 1.2 before and 2.7 ± 1.4 after.", &["1 mean before 6.4 ± 1.2", "1 mean after 2.7 ± 1.4"]),
        (
            "Itch was 6.4 ± 1.2 preoperatively and 2.7 ± 1.4 at 6 months after surgery.",
            &["1 mean before 6.4 ± 1.2", "1 mean month-6 2.7 ± 1.4"],
        ),
        ("点数は入院時65±18、退院時92±21であった。", &["1 mean before 65±18", "1 mean after 92±21"]),
        ("値は開始時6.4±1.2、8週時2.7±1.4であった。", &["1 mean before 6.4±1.2", "1 mean week-8 2.7±1.4"]),
    ]);
}

#[test]
fn a_heading_with_its_n_is_an_arm() {
    let arms: &[&str] = &[
        "arm Drug Q n=61",
        "arm Placebo n=59",
        "1 Drug Q: mean open 58.3 (9.1)",
        "1 Placebo: mean open 57.9 (9.4)",
        "number 61",
        "number 59",
    ];
    assert_drafts(&[
        ("              Drug Q (n=61)   Placebo (n=59)\nAge, years    58.3 (9.1)      57.9 (9.4)", arms),
        ("Outcome | Drug Q (n=61) | Placebo (n=59)\nAge | 58.3 (9.1) | 57.9 (9.4)", arms),
        (
            "Arm\tBaseline\tWeek 8\tChange\nDrug Q (n=61)\t7.8 ± 0.9\t6.9 ± 0.8\t-0.9 ± 0.7\nPlacebo (n=59)\t7.7 ± 0.8\t7.6 ± \
             0.9\t-0.1 ± 0.6",
            &[
                "arm Drug Q n=61",
                "arm Placebo n=59",
                "1 Drug Q: mean before 7.8 ± 0.9",
                "1 Drug Q: mean week-8 6.9 ± 0.8",
                "1 Placebo: mean before 7.7 ± 0.8",
                "1 Placebo: mean week-8 7.6 ± 0.9",
                "2 Drug Q: change week-8 -0.9 ± 0.7",
                "2 Placebo: change week-8 -0.1 ± 0.6",
                "number 61",
                "number 59",
            ],
        ),
        (
            "\tDrug Q (n=61)\tPlacebo (n=59)\tDifference (95% CI)\nScore\t9.8 ± 5.2\t12.9 ± 5.6\t−3.1 (−4.6 to −1.6)\nFemale, n \
             (%)\t31 (50.8)\t28 (47.5)\t3.4 (−2.0 to 8.7)",
            &[
                "arm Drug Q n=61",
                "arm Placebo n=59",
                "1 Drug Q: mean open 9.8 ± 5.2",
                "1 Placebo: mean open 12.9 ± 5.6",
                "2 Drug Q: count open 31",
                "2 Placebo: count open 28",
                "number 61",
                "number 59",
                "number 50.8",
                "number 47.5",
                "Drug Q vs Placebo: mean-difference −3.1 (−4.6 to −1.6)",
                "Drug Q vs Placebo: risk-difference 3.4 (−2.0 to 8.7)",
            ],
        ),
    ]);
}

#[test]
fn groups_share_a_noun_or_have_letters() {
    let of = |one: &str, other: &str| {
        vec![
            format!("arm {one} n=?"),
            format!("arm {other} n=?"),
            format!("1 {one}: mean open 2.7 ± 1.4"),
            format!("1 {other}: mean open 4.9 ± 1.6"),
        ]
    };
    for (text, one, other) in [
        ("Itch was 2.7 ± 1.4 and 4.9 ± 1.6 in the active and sham groups, respectively.", "active group", "sham group"),
        ("Itch was 2.7 ± 1.4 in group A and 4.9 ± 1.6 in group B.", "group A", "group B"),
        ("Itch was 2.7 ± 1.4 and 4.9 ± 1.6 in groups 1 and 2, respectively.", "group 1", "group 2"),
        ("Itch was 2.7 ± 1.4 in the treated group and 4.9 ± 1.6 in placebo.", "treated group", "placebo"),
    ] {
        let expected = of(one, other);
        assert_drafts(&[(text, &expected.iter().map(String::as_str).collect::<Vec<_>>())]);
    }
    assert_drafts(&[
        (
            "値は健常者2.7±1.4、患者4.9±1.6であった。",
            &["arm 健常者 n=?", "arm 患者 n=?", "1 健常者: mean open 2.7±1.4", "1 患者: mean open 4.9±1.6"],
        ),
        (
            "Itch was lower with drug A (2.7 ± 1.4) than with placebo (4.9 ± 1.6).",
            &["arm drug A n=?", "arm placebo n=?", "1 drug A: mean open 2.7 ± 1.4", "2 placebo: mean open 4.9 ± 1.6"],
        ),
        // One letter alone may name anything.
        (
            "Itch was 2.7 ± 1.4 in blood group A and 4.9 ± 1.6 later.",
            &["1 mean open 2.7 ± 1.4", "2 mean open 4.9 ± 1.6"],
        ),
        (
            "Patients were randomised to zelo 40 mg once daily (n = 75) or placebo (n = 38). Itch was 2.7 ± 1.4 with zelo and 4.9 ± \
             1.6 with placebo.",
            &[
                "arm zelo 40 mg once daily n=75",
                "arm placebo n=38",
                "1 zelo 40 mg once daily: mean open 2.7 ± 1.4",
                "1 placebo: mean open 4.9 ± 1.6",
                "number 75",
                "number 38",
            ],
        ),
    ]);
}
