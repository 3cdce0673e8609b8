//! What newspapers, journals of psychology and the tables of companies print.

use super::drafts::{assert_drafts, drafted};

#[test]
fn a_middle_dot_is_a_decimal_point() {
    assert_drafts(&[
        (
            "年間の発作回数は指導前の２・８±１・６回から指導後は１・１±０・９回に減少した（Ｐ＜０・００１）。",
            &["1 mean before ２・８±１・６回", "1 mean after １・１±０・９回", "Ｐ＜０・００１"],
        ),
        ("指導を受けた患者の７８・６％（３３／４２名）が続けた。", &["number ３３／４２名"]),
        ("2・3型の患者を4・8・12週後に調べた。", &[]),
    ]);
}

#[test]
fn means_are_named_as_in_psychology() {
    assert_drafts(&[
        (
            "Pain was lower in the drug group (M = 3.8, SD = 1.9) than in the sham group (M = 5.0, SD = 2.1).",
            &[
                "arm drug group n=?",
                "arm sham group n=?",
                "1 drug group: mean open 3.8, SD = 1.9",
                "2 sham group: mean open 5.0, SD = 2.1",
            ],
        ),
        (
            "It was M = 24.3 (SD = 5.1), and mean 20.1 (s.d. 4.2).",
            &["1 mean open 24.3 (SD = 5.1)", "2 mean open 20.1 (s.d. 4.2)"],
        ),
        ("The number of days was Mdn = 4, IQR = 2–7.", &["1 median open 4, IQR = 2–7"]),
        (
            "The mean was 120 (SD 15.2) and then 5.0, SE = 1.2.",
            &["1 mean open 120 (SD 15.2)", "2 mean open 5.0, SE = 1.2"],
        ),
    ]);
}

#[test]
fn an_interval_without_an_upper_end_is_told_beside_its_number() {
    let text = "Median survival was 25.3 months (95% CI, 21.0–not reached) in the drug group.";
    let release = reffect::transcribe::draft("t", "t.txt", text).unwrap();
    let [number] = release.numbers.as_slice() else { panic!("{:?}", release.numbers) };
    assert_eq!(number.text, "25.3");
    assert!(number.label.en.contains("21.0–not reached"), "{}", number.label.en);
    assert_drafts(&[
        ("生存期間中央値は12.8か月（95％信頼区間10.1～未到達）であった。", &["number 12.8"]),
        ("It was 16.6 months (95% CI 14.2 to NR).", &["number 16.6"]),
        ("It was 16.6 months (95% CI 14.2 to 18.9).", &["number 16.6"]),
        // What does not begin an interval is a number of its own.
        ("It rose by 16.6 months, 14.2 not reached.", &["number 16.6", "number 14.2"]),
    ]);
}

#[test]
fn the_last_time_is_one_of_its_own() {
    assert_drafts(&[
        (
            "Scores at final follow-up were 66.1 ± 18.2 with drug C and 65.0 ± 19.0 with placebo.",
            &[
                "arm drug C n=?",
                "arm placebo n=?",
                "1 drug C: mean last 66.1 ± 18.2",
                "1 placebo: mean last 65.0 ± 19.0",
            ],
        ),
        ("点数は投与前6.5±1.8、最終観察時3.2±2.1であった。", &["1 mean before 6.5±1.8", "1 mean last 3.2±2.1"]),
    ]);
}

#[test]
fn sizes_stand_behind_kinds_of_people_and_in_front_of_groups() {
    assert_drafts(&[
        (
            "患者45名と健常者40名を対象とした。指数は患者3.12±0.51、健常者3.58±0.44であった。",
            &[
                "arm 患者 n=45名",
                "arm 健常者 n=40名",
                "1 患者: mean open 3.12±0.51",
                "1 健常者: mean open 3.58±0.44",
                "number 45名",
                "number 40名",
            ],
        ),
        (
            "参加した95名（体操群）と98名（対照群）を追跡した。時間は体操群で8.9±2.1秒、対照群で10.3±2.8秒であった。",
            &[
                "arm 体操群 n=95名",
                "arm 対照群 n=98名",
                "1 体操群: mean open 8.9±2.1秒",
                "1 対照群: mean open 10.3±2.8秒",
                "number 95名",
                "number 98名",
            ],
        ),
        (
            "頭痛は5名（実薬群）と3名（対照群）に見られた。時間は実薬群で8.9±2.1秒、対照群で10.3±2.8秒であった。",
            &[
                "arm 実薬群 n=?",
                "arm 対照群 n=?",
                "1 実薬群: mean open 8.9±2.1秒",
                "1 対照群: mean open 10.3±2.8秒",
                "number 5名",
                "number 3名",
            ],
        ),
    ]);
}

#[test]
fn several_doses_have_one_name() {
    assert_drafts(&[
        (
            "Drug X 10 mg, 20 mg and placebo reduced HbA1c by 1.2, 1.5 and 0.3 points, respectively.",
            &[
                "arm X 10 mg n=?",
                "arm X 20 mg n=?",
                "arm placebo n=?",
                "1 X 10 mg: change after -1.2",
                "1 X 20 mg: change after -1.5",
                "1 placebo: change after -0.3",
            ],
        ),
        (
            "Patients received zolarin 5 mg once daily, 10 mg once daily or placebo. The mean scores were 4.1 (SD 1.0), 3.2 (SD \
             1.1) and 5.3 (SD 1.2), respectively.",
            &[
                "arm zolarin 5 mg once daily n=?",
                "arm zolarin 10 mg once daily n=?",
                "arm placebo n=?",
                "1 zolarin 5 mg once daily: mean open 4.1 (SD 1.0)",
                "1 zolarin 10 mg once daily: mean open 3.2 (SD 1.1)",
                "1 placebo: mean open 5.3 (SD 1.2)",
            ],
        ),
        // Two values of three groups, and values without "respectively".
        (
            "Drug X 10 mg, 20 mg and placebo reduced HbA1c by 1.2 and 1.5 points, respectively.",
            &["number 1.2", "number 1.5"],
        ),
        (
            "Drug X 10 mg, 20 mg and placebo reduced HbA1c by 1.2, 1.5 and 0.3 points.",
            &["number 1.2", "number 1.5", "number 0.3"],
        ),
    ]);
}

#[test]
fn columns_of_differences_and_p_compare_those_beside_them() {
    assert_drafts(&[
        (
            "| 項目 | 実薬群（n=20） | プラセボ群（n=21） | 群間差（95％信頼区間） | p値 |\n|---|---|---|---|---|\n\
             | 体重 変化量 | −3.9±4.2 | −0.8±3.7 | −3.1（−4.0～−2.2） | <0.001 |\n\
             | 血圧 変化量 | −4.1±11.8 | −2.6±12.4 | 1.5（−1.4～4.4） | 0.31 |",
            &[
                "arm 実薬群 n=20",
                "arm プラセボ群 n=21",
                "1 実薬群: change after −3.9±4.2",
                "1 プラセボ群: change after −0.8±3.7",
                "2 実薬群: change after −4.1±11.8",
                "2 プラセボ群: change after −2.6±12.4",
                "number 20",
                "number 21",
                "実薬群 vs プラセボ群: mean-difference −3.1 (−4.0 to −2.2) <0.001",
                "プラセボ群 vs 実薬群: mean-difference 1.5 (−1.4 to 4.4) 0.31",
            ],
        ),
        (
            "Outcome          Weekly (n=29)   Daily (n=28)   Difference (90% CI)\n\
             Glucose, mg/dL   125.1 (2.3)     124.8 (2.4)    0.3 (-6.2 to 6.8)",
            &[
                "arm Weekly n=29",
                "arm Daily n=28",
                "1 Weekly: mean open 125.1 (2.3)",
                "1 Daily: mean open 124.8 (2.4)",
                "number 29",
                "number 28",
                "Weekly vs Daily: mean-difference 0.3 (-6.2 to 6.8)",
            ],
        ),
        // Which of three arms is compared with which, nobody knows; and a pair without a name is no interval.
        (
            "| | Low (n=9) | High (n=9) | Placebo (n=9) | Difference (95% CI) | Diff. |\n\
             | Pain | 5.1 ± 2.0 | 4.1 ± 2.0 | 6.0 ± 2.1 | −0.9 (−1.9 to 0.1) | −1.9 (−2.9 to −0.9) |",
            &[
                "arm Low n=9",
                "arm High n=9",
                "arm Placebo n=9",
                "1 Low: mean open 5.1 ± 2.0",
                "1 High: mean open 4.1 ± 2.0",
                "1 Placebo: mean open 6.0 ± 2.1",
                "number −1.9",
                "number 9",
                "number 9",
                "number 9",
                "mean-difference −0.9 (−1.9 to 0.1)",
            ],
        ),
        (
            "| | Drug Q (n=9) | Placebo (n=9) | P value |\n| Pain | 5.1 ± 2.0 | 6.0 ± 2.1 | 0.37 |",
            &[
                "arm Drug Q n=9",
                "arm Placebo n=9",
                "1 Drug Q: mean open 5.1 ± 2.0",
                "1 Placebo: mean open 6.0 ± 2.1",
                "number 9",
                "number 9",
                "Drug Q vs Placebo: 0.37",
            ],
        ),
    ]);
}

#[test]
fn counts_and_their_share_may_stand_in_one_bracket() {
    assert_drafts(&[
        ("It occurred in (8/60; 13.3%) of them.", &["number 8/60"]),
        ("A 20% relative risk reduction (95% CI 9–29, p=0.0003).", &["percent-reduction 20% (9 to 29) p=0.0003"]),
    ]);
}

#[test]
fn intervals_have_columns_of_their_own_and_headers_need_no_first_cell() {
    let expected = |first: &str, second: &str| vec![format!("hazard-ratio {first}"), format!("hazard-ratio {second}")];
    for (text, numbers) in [
        (
            "| Variable | HR | 95% CI | P value |\n|---|---|---|---|\n| Age | 1.80 | 1.67-1.95 | <0.001 |\n| Sex | 1.36 | \
             1.14, 1.63 | 0.001 |",
            expected("1.80 (1.67 to 1.95) <0.001", "1.36 (1.14 to 1.63) 0.001"),
        ),
        (
            "Variable        HR      95% CI         P value\nAge             1.80    1.67-1.95      <0.001\nSex             \
             1.36    1.14-1.63      0.001",
            expected("1.80 (1.67 to 1.95) <0.001", "1.36 (1.14 to 1.63) 0.001"),
        ),
        (
            "| Variable | HR | Lower | Upper | P |\n| Age | 1.80 | 1.67 | 1.95 | <0.001 |\n| Sex | 1.36 | 1.14 | 1.63 | \
             0.001 |",
            expected("1.80 (1.67 to 1.95) <0.001", "1.36 (1.14 to 1.63) 0.001"),
        ),
        // As pages of journals give their tables: no cell above the names, strokes at the end of each row.
        (
            "Table 2.\nMen |\nWomen |\nsHR (95% CI) | p Value | sHR (95% CI) | p Value | pint | |\nAge (per 10 yrs) | 1.80 \
             (1.67–1.95) | <0.001 | 2.07 (1.89–2.28) | <0.001 | 0.001 |",
            expected("1.80 (1.67 to 1.95) <0.001", "2.07 (1.89 to 2.28) <0.001"),
        ),
        (
            "Mortality was lower (hazard ratio 0.74, 0.60 to 0.91; P=0.004), and so was relapse (HR 0.87; 0.68–1.12).",
            expected("0.74 (0.60 to 0.91) P=0.004", "0.87 (0.68 to 1.12)"),
        ),
    ] {
        let drawn = drafted(text);
        let effects: Vec<&String> = drawn.iter().filter(|line| line.contains("-ratio")).collect();
        assert_eq!(effects, numbers.iter().collect::<Vec<_>>(), "{text}\n{drawn:#?}");
    }
    // Two cells name a row, or one, or none; without a p the statistic stands beside the error; R's own names.
    let lines =
        |text: &str| drafted(text).into_iter().filter(|line| line.contains("ratio") || line.contains("regress"));
    assert_eq!(
        lines(
            "Odds Ratio | 95% Confidence interval | P | β | |||\nAge | in years | 1.105 | [1.095–1.115] | 0.0000 | 0.09 | |\n\
             Female | 0.500 | [0.401–0.625] | 0.0000 | −0.69 | ||\n0.979 | [0.733–1.307] | 0.8866 | −0.02 | |||"
        )
        .collect::<Vec<_>>(),
        [
            "odds-ratio 1.105 (1.095 to 1.115) 0.0000",
            "odds-ratio 0.500 (0.401 to 0.625) 0.0000",
            "odds-ratio 0.979 (0.733 to 1.307) 0.8866"
        ]
    );
    assert_eq!(
        lines(
            "| Gaze | ||||||\n| Predictor | b | SE | t | b | SE | t |\n| US | −0.054 | 0.023 | −2.33 | −0.014 | 0.005 | \
             −2.60 |"
        )
        .collect::<Vec<_>>(),
        ["regression-coefficient −0.054 se 0.023", "regression-coefficient −0.014 se 0.005"]
    );
    assert_eq!(
        lines("Variable | HR | 95 % CI Low | 95 % CI High | p\nHead | 1.160 | 0.958 | 1.405 | 0.128")
            .collect::<Vec<_>>(),
        ["hazard-ratio 1.160 (0.958 to 1.405) 0.128"]
    );
    assert_eq!(
        lines("| Variable | B | SE | t | p |\n| BMI | − 1.663 | 1.029 | 1.616 | 0.1077 |").collect::<Vec<_>>(),
        ["regression-coefficient − 1.663 se 1.029 0.1077"]
    );
    assert_eq!(
        lines("Estimate | Std. Error | z value | Pr(>|z|) | |\nFREQ | 0.06766 | 0.01676 | 4.03729 | 0.00005 |")
            .collect::<Vec<_>>(),
        ["regression-coefficient 0.06766 se 0.01676 0.00005"]
    );
    // Below two rows of names the lower one is that of the columns.
    assert_eq!(
        lines(
            "| | Crude | | Adjusted | |\n| Variable | OR (95% CI) | p | OR (95% CI) | p |\n|---|---|---|---|---|\n\
             | Age | 1.80 (1.67-1.95) | <0.001 | 1.70 (1.57-1.85) | 0.001 |"
        )
        .collect::<Vec<_>>(),
        ["odds-ratio 1.80 (1.67 to 1.95) <0.001", "odds-ratio 1.70 (1.57 to 1.85) 0.001"]
    );
    // Its own cell or row says of a value what it is, and ranges are no intervals.
    assert_eq!(
        lines(
            "| Outcome | Difference (95% CI) | P |\n| Death | HR 2.10 (1.10 to 4.01) | 0.025 |\n| Duration | 2.5 (1.0 to 4.0) | \
             0.001 |"
        )
        .collect::<Vec<_>>(),
        ["hazard-ratio 2.10 (1.10 to 4.01) 0.025"]
    );
    assert_eq!(lines("| Term | OR (range) |\n| Model | 1.5 (1.4 to 9.0) |").count(), 0);
    // Without columns, one below the other (PMC7723764, table 4, two rows).
    assert_eq!(
        lines(
            "Table 4.\nPrognostic factors Category Model 1\nHR (95%CI) P value aHR (95%CI) P value\nGender Female 1.00 1.00\n\
             Male 1.23 (1.22,1.25) <0.001 1.17 (1.14,1.19) <0.001\nBlack 1.12 (1.10,1.15) <0.001 0.98 (0.95,1.02) 0.314"
        )
        .collect::<Vec<_>>(),
        [
            "hazard-ratio 1.23 (1.22 to 1.25) <0.001",
            "hazard-ratio 1.17 (1.14 to 1.19) <0.001",
            "hazard-ratio 1.12 (1.10 to 1.15) <0.001",
            "hazard-ratio 0.98 (0.95 to 1.02) 0.314",
        ]
    );
    assert_eq!(
        lines("Predictors Coefficients (95% CI) p-values\n - Hypertension 0.23 (0.14 – 0.32) <0.001")
            .collect::<Vec<_>>(),
        ["regression-coefficient 0.23 (0.14 to 0.32) <0.001"]
    );
    // A row with other numbers than the header names, and a text that goes on, have none.
    for text in [
        "HR (95% CI) P value\nAge 62 (45–80) 1.23 (1.02–1.48) 0.03",
        "HR (95% CI) P value\nThe patients were old, and of those who came the median age was 62 years (45–80) as in all of the \
         other trials of the same drug that were made in these years before.",
    ] {
        assert_eq!(lines(text).count(), 0, "{text}");
    }
    // A column in front of which no name of a row stands is its own; without brackets a list is no interval.
    for text in [
        "Variable | HR (95% CI) | P value |\nAge | 3 | 1.80 (1.67–1.95) | <0.001 |",
        "The hazard ratios were 0.74, 0.60 and 0.91 in the three trials.",
    ] {
        let drawn = drafted(text);
        assert!(!drawn.iter().any(|line| line.contains("-ratio") && line.contains('(')), "{text}\n{drawn:#?}");
    }
}

#[test]
fn tables_name_times_in_their_header_and_groups_as_elsewhere() {
    assert_drafts(&[
        (
            "\tベースライン\t4週\t8週\n0.5％群\t14.1±5.2\t8.2±4.6\t6.9±4.8\n基剤群\t14.0±5.1\t12.1±6.0\t11.6±6.3",
            &[
                "arm 0.5%群 n=?",
                "arm 基剤群 n=?",
                "1 0.5%群: mean before 14.1±5.2",
                "1 0.5%群: mean week-4 8.2±4.6",
                "1 0.5%群: mean week-8 6.9±4.8",
                "1 基剤群: mean before 14.0±5.1",
                "1 基剤群: mean week-4 12.1±6.0",
                "1 基剤群: mean week-8 11.6±6.3",
            ],
        ),
        (
            "They were allocated to training (n = 60) or usual care (n = 61).\n\n| | Training | Usual care |\n\
             | MoCA, baseline | 22.1 ± 2.4 | 22.0 ± 2.5 |\n| MoCA, 6 months | 24.0 ± 2.6 | 21.8 ± 2.9 |",
            &[
                "arm training n=60",
                "arm usual care n=61",
                "1 training: mean before 22.1 ± 2.4",
                "1 usual care: mean before 22.0 ± 2.5",
                "2 training: mean month-6 24.0 ± 2.6",
                "2 usual care: mean month-6 21.8 ± 2.9",
                "number 60",
                "number 61",
            ],
        ),
        // Of whom a column is, nobody knows.
        ("| | One | Two |\n| Pain | 5.1 ± 2.0 | 6.0 ± 2.1 |", &["number 5.1", "number 6.0"]),
    ]);
}

#[test]
fn a_name_in_front_of_a_comma_is_of_the_value_before() {
    assert_drafts(&[
        (
            "Weight was 19.4 ± 3.3 before and 19.6 ± 3.4 after the programme in the drug group, and 19.5 ± 3.2 before and 20.1 ± \
             3.5 after in the control group.",
            &[
                "arm drug group n=?",
                "arm control group n=?",
                "1 drug group: mean before 19.4 ± 3.3",
                "1 drug group: mean after 19.6 ± 3.4",
                "1 control group: mean before 19.5 ± 3.2",
                "1 control group: mean after 20.1 ± 3.5",
            ],
        ),
        (
            "In the drug group pain was 5.1 ± 2.0. In the sham group it was 6.1 ± 1.9. The medians were 4 (IQR 2–7) and 8 (IQR \
             5–12), respectively.",
            &[
                "arm drug group n=?",
                "arm sham group n=?",
                "1 drug group: mean open 5.1 ± 2.0",
                "2 sham group: mean open 6.1 ± 1.9",
                "number 4",
                "number 8",
            ],
        ),
    ]);
}

/// A number from 1900 to 2099 is no year where it counts people or has a spread or an interval.
#[test]
fn counts_and_values_are_no_years() {
    assert_drafts(&[
        ("It was given in 2045 patients.", &["number 2045"]),
        (
            "Steps rose by 1950 (95% CI 1520 to 2380; p < 0.001) in 120 patients.",
            &["number 120", "mean-change 1950 (1520 to 2380) p < 0.001"],
        ),
        (
            "Platelets were 1850 ± 280 with drug A and 2010 ± 300 with placebo.",
            &["arm drug A n=?", "arm placebo n=?", "1 drug A: mean open 1850 ± 280", "1 placebo: mean open 2010 ± 300"],
        ),
        (
            "People (2000 women and 1950 men) and 2020 controls were asked.",
            &["number 2000", "number 1950", "number 2020"],
        ),
        ("They were treated in 2017, 2018 and 2022, since 2010 or by 2030, until Nov 28, 2023 (Lancet 2014).", &[]),
    ]);
}

/// A number begins a sentence, unless what stands in front of it is shortened.
#[test]
fn a_sentence_may_begin_with_a_number() {
    assert_drafts(&[
        (
            "The hazard ratio was 0.62 (95% CI 0.45 to 0.85). 72.1% (95% CI 60.0 to 80.1) of patients were alive.",
            &["number 72.1%", "hazard-ratio 0.62 (0.45 to 0.85)"],
        ),
        (
            "The score was 5.1 ± 1.0 with drug A vs. 6.2 ± 1.1 with placebo.",
            &["arm drug A n=?", "arm placebo n=?", "1 drug A: mean open 5.1 ± 1.0", "1 placebo: mean open 6.2 ± 1.1"],
        ),
        (
            "The placebo group had a score of 6.1 ± 2.0. 5.0 ± 1.1 was the score with drug A.",
            &["arm placebo group n=?", "1 placebo group: mean open 6.1 ± 2.0", "2 mean open 5.0 ± 1.1"],
        ),
    ]);
}
