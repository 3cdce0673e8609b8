//! Numbers of which a draft once said that they are of another group, time, kind or sign; where the text leaves that
//! open, they are numbers without an arm. The sentences follow the ways in which papers and press releases write.

use super::drafts::assert_drafts;

/// Two groups that the sentence in front names, and nothing of them.
fn of_two(text: &str) -> String {
    format!("They were assigned to the drug group or the placebo group. {text}")
}

fn assert_of_two(examples: &[(&str, &[&str])]) {
    for (text, expected) in examples {
        let text = of_two(text);
        let drafted = super::drafts::drafted(&text);
        let without_arms: Vec<&str> =
            drafted.iter().map(String::as_str).filter(|line| !line.starts_with("arm ")).collect();
        assert_eq!(without_arms, *expected, "{text}");
    }
}

#[test]
fn a_group_behind_a_value_is_of_that_value_whatever_its_unit() {
    let of_both = |value: &str, other: &str| {
        [format!("1 drug group: mean open {value}"), format!("1 placebo group: mean open {other}")]
    };
    for (text, value, other) in [
        (
            "eGFR was 45.2 ± 12.1 mL/min/1.73 m2 in the drug group (n = 52) and 40.1 ± 11.8 mL/min/1.73 m2 in the placebo \
             group (n = 50).",
            "45.2 ± 12.1 mL/min/1.73 m2",
            "40.1 ± 11.8 mL/min/1.73 m2",
        ),
        (
            "Pain was 3.1 ± 1.2 out of 10 in the drug group (p = 0.02) and 4.4 ± 1.5 out of 10 in the placebo group.",
            "3.1 ± 1.2",
            "4.4 ± 1.5",
        ),
        (
            "Glucose was 8.2 ± 1.1 mmol/L (148 mg/dL) in the drug group (n=40) and 9.4 ± 1.3 mmol/L (169 mg/dL) in the \
             placebo group (n=41).",
            "8.2 ± 1.1 mmol/L",
            "9.4 ± 1.3 mmol/L",
        ),
        (
            "Pressure was 131.2 (SD 12.1) mm Hg in the drug group and 140.1 (SD 12.9) mm Hg in the placebo group.",
            "131.2 (SD 12.1)",
            "140.1 (SD 12.9)",
        ),
        ("Pain was 3.1±1.9, p=0.03 in the drug group; 4.8±1.8, p=0.40 in the placebo group.", "3.1±1.9", "4.8±1.8"),
        (
            "Age was 50.4 (SD 10.9) years for patients in the drug group and 51.0 (SD 11.2) years for patients in the placebo \
             group.",
            "50.4 (SD 10.9)",
            "51.0 (SD 11.2)",
        ),
        ("Pain was 3.1 ± 1.9* in the drug group and 4.8 ± 1.8† in the placebo group.", "3.1 ± 1.9", "4.8 ± 1.8"),
    ] {
        let drafted = super::drafts::drafted(text);
        let means: Vec<&String> = drafted.iter().filter(|line| line.contains("mean")).collect();
        assert_eq!(means, of_both(value, other).iter().collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn what_is_said_of_somebody_else_is_of_nobody_in_front() {
    let drug = "1 drug group: mean open 1.5 ± 0.2";
    assert_of_two(&[
        ("The drug group scored 1.5 ± 0.2, placebo 1.8 ± 0.2.", &[drug, "number 1.8"]),
        ("The drug group scored 1.5 ± 0.2, the other 1.8 ± 0.2.", &[drug, "number 1.8"]),
        ("The drug group scored 1.5 ± 0.2, whereas healthy volunteers had 1.8 ± 0.2.", &[drug, "number 1.8"]),
        ("In the drug group pain was 1.5 ± 0.2 and fatigue 1.8 ± 0.2.", &[drug, "2 drug group: mean open 1.8 ± 0.2"]),
        // In order, or in none: as many values as groups.
        (
            "At week 12, pain was 3.1 ± 1.2 in the drug group and 3.9 ± 1.4 in the placebo group; at week 24, 2.8 ± 1.1 and 5.1 \
             ± 1.6.",
            &[
                "1 drug group: mean week-12 3.1 ± 1.2",
                "1 placebo group: mean week-12 3.9 ± 1.4",
                "number 2.8",
                "number 5.1",
            ],
        ),
        ("Pain was 3.2 ± 1.1 vs 4.8 ± 1.3 at week 12.", &["number 3.2", "number 4.8"]),
    ]);
    assert_drafts(&[
        (
            "スコアは対照群1.5±0.2点、高用量（20mg）群1.8±0.2点であった。",
            &["arm 対照群 n=?", "1 対照群: mean open 1.5±0.2点", "number 1.8"],
        ),
        (
            "対照群1.5±0.2点、運動あり群1.8±0.2点であった。",
            &[
                "arm 対照群 n=?",
                "arm 運動あり群 n=?",
                "1 対照群: mean open 1.5±0.2点",
                "1 運動あり群: mean open 1.8±0.2点",
            ],
        ),
        (
            "患者を薬剤群とプラセボ群に割り付けた。スコアは薬剤群1.5±0.2点、プラセボでは1.8±0.2点であった。",
            &["arm 薬剤群 n=?", "1 薬剤群: mean open 1.5±0.2点", "number 1.8"],
        ),
    ]);
}

#[test]
fn groups_of_doses_have_their_whole_dose() {
    assert_drafts(&[
        (
            "HbA1c was 6.5 ± 0.7 with drug A 0.5 mg, 6.9 ± 0.8 with drug A 0.25 mg and 7.8 ± 0.9 with placebo.",
            &[
                "arm drug A 0.5 mg n=?",
                "arm drug A 0.25 mg n=?",
                "arm placebo n=?",
                "1 drug A 0.5 mg: mean open 6.5 ± 0.7",
                "1 drug A 0.25 mg: mean open 6.9 ± 0.8",
                "1 placebo: mean open 7.8 ± 0.9",
            ],
        ),
        (
            "HbA1cは10 mg群で7.1±0.9％、20 mg群で6.8±1.0％であった。",
            &["arm 10 mg群 n=?", "arm 20 mg群 n=?", "1 10 mg群: mean open 7.1±0.9％", "1 20 mg群: mean open 6.8±1.0％"],
        ),
        (
            "In the 5 mg/kg group it was 1.8 ± 0.2, and in the 10 mg/kg group 1.7 ± 0.3.",
            &[
                "arm 5 mg/kg group n=?",
                "arm 10 mg/kg group n=?",
                "1 5 mg/kg group: mean open 1.8 ± 0.2",
                "1 10 mg/kg group: mean open 1.7 ± 0.3",
            ],
        ),
    ]);
}

#[test]
fn a_number_behind_an_effect_is_the_same_only_in_a_list() {
    let ratio = "hazard-ratio 0.62 (0.45 to 0.86)";
    for (text, is_two) in [
        ("The hazard ratio was 0.62 (95% CI 0.45-0.86) with 50 mg and 0.81 (95% CI 0.60-0.99) with 100 mg.", true),
        (
            "The hazard ratio was 0.62 (95% CI 0.45-0.86), with a median survival of 18.1 months (95% CI 15.2-21.0).",
            false,
        ),
        ("The hazard ratio was 0.62 (95% CI 0.45-0.86), and the C-statistic 0.74 (95% CI 0.70-0.78).", false),
        ("ハザード比は0.62（95%信頼区間：0.45～0.86）、中央値は18.1か月（95%信頼区間：15.2～21.0）であった。", false),
        ("ハザード比は０．６２（９５％ＣＩ：０．４５，０．８６）であった。", false),
    ] {
        let estimates = reffect::transcribe::draft("t", "t.txt", text).unwrap().estimates;
        assert_eq!(estimates.len(), if is_two { 2 } else { 1 }, "{text}");
        let first = format!("{} {}", estimates[0].measure.name(), estimates[0].printed());
        assert_eq!(reffect::numeric::numeral::fold(&first), ratio, "{text}");
    }
    assert_drafts(&[
        (
            "The hazard ratio for disease progression or death, 0.58; 95% CI, 0.44 to 0.77; P<0.001.",
            &["hazard-ratio 0.58 (0.44 to 0.77) P<0.001"],
        ),
        (
            "Mean differences were −0.8 (95% CI −1.2 to −0.4) for 5 mg and −1.1 (95% CI −1.5 to −0.7) for 10 mg.",
            &["mean-difference −0.8 (−1.2 to −0.4)", "mean-difference −1.1 (−1.5 to −0.7)"],
        ),
        (
            "(difference, 0.42 points per month; 95% confidence interval, 0.03 to 0.81; P = 0.03)",
            &["mean-difference 0.42 (0.03 to 0.81) P = 0.03"],
        ),
    ]);
}

#[test]
fn a_comma_behind_decimals_divides_two_numbers() {
    for text in [
        "群間差は80.3 mL（95%信頼区間：36.7，123.9，p＝0.0004）であった．",
        "オッズ比は0.62（95%CI：0.45,0.86）であった。",
        "変化量は－０．４ｋｇ（９５％ＣＩ：－１．５，０．７）であった。",
    ] {
        let release = reffect::transcribe::draft("t", "t.txt", text).unwrap();
        assert_eq!((release.estimates.len(), release.numbers.len()), (1, 0), "{text}");
        for check in reffect::check::provenance::numbers_in_quotes(&release) {
            assert_eq!(check.status, reffect::check::Status::Pass, "{text}: {check:?}");
        }
    }
    use reffect::check::provenance::holds_number;
    assert!(
        !holds_number("18,198 people", "198") && !holds_number("12,5 kg", "5") && !holds_number("36.7,123.9", "6.7")
    );
}

#[test]
fn an_effect_over_the_group_named_first_is_not_of_it() {
    for text in [
        "患者を薬剤群とプラセボ群に割り付けた。薬剤群に対するプラセボ群のオッズ比は2.1（95%信頼区間1.2～3.6）であった。",
        "患者を薬剤群とプラセボ群に割り付けた。薬剤群とプラセボ群の差（プラセボ群－薬剤群）は2.1（95%信頼区間1.2～3.6）であった。",
        "Compared with the drug group, the placebo group had more relapses (odds ratio 2.1, 95% CI 1.2–3.6).",
        "With the drug group as reference, the hazard ratio for the placebo group was 2.1 (95% CI 1.2–3.6).",
    ] {
        let estimates = reffect::transcribe::draft("t", "t.txt", text).unwrap().estimates;
        assert_eq!(estimates.len(), 1, "{text}");
        assert_eq!((&estimates[0].arm, &estimates[0].versus), (&None, &None), "{text}");
    }
}

#[test]
fn signs_are_kept_behind_brackets_lines_and_names() {
    assert_drafts(&[
        (
            "FVCの変化量は、実薬群（n＝60）－98.3±15.2 mL、対照群(58例)−178.6±16.1 mLであった。",
            &[
                "arm 実薬群 n=60",
                "arm 対照群 n=58例",
                "1 実薬群: change after －98.3±15.2 mL",
                "1 対照群: change after −178.6±16.1 mL",
                "number 60",
                "number 58例",
            ],
        ),
        ("HbA1cの変化量はー1.2±0.9%であった。", &["1 change after ー1.2±0.9%"]),
        ("EDSS−0.8±1.2、IL-6 3", &["1 mean open −0.8±1.2", "number 3"]),
        ("The difference was -\n1.7 (95% CI -2.4 to -1.0).", &["mean-difference -1.7 (-2.4 to -1.0)"]),
        ("Weight fell by 3.1 kg (95% CI −4.2 to −2.0).", &["mean-change -3.1 (−4.2 to −2.0)"]),
        (
            "Weight fell by 3.1 kg (95% CI −4.2 to −2.0) with drug X and by 0.4 kg (95% CI −1.5 to 0.7) with placebo.",
            &["mean-change -3.1 (−4.2 to −2.0)", "mean-change -0.4 (−1.5 to 0.7)"],
        ),
        ("Weight fell by 3.1 kg (95% CI 2.0 to 4.2).", &["mean-reduction 3.1 (2.0 to 4.2)"]),
    ]);
}

#[test]
fn times_that_are_not_known_are_open() {
    let weeks = "At week 12, BMI was 24.2 (SD 2.2) in the drug group and 25.2 (SD 2.2) in the placebo group, whereas";
    let first = ["1 drug group: mean week-12 24.2 (SD 2.2)", "1 placebo group: mean week-12 25.2 (SD 2.2)"];
    for (time, occasion) in [("at diagnosis", "open"), ("initially", "open"), ("at randomization", "before")] {
        let text = format!("{weeks} {time} it was 25.1 (SD 2.3) and 25.3 (SD 2.1), respectively.");
        let drafted = super::drafts::drafted(&text).join("\n");
        assert!(first.iter().all(|line| drafted.contains(line)), "{drafted}");
        assert!(drafted.contains(&format!("{occasion} 25.1 (SD 2.3)")), "{drafted}");
    }
    assert_drafts(&[
        (
            "スコアは投与4週後に5.1±1.2、投与終了4週後に5.8±1.2であった。",
            &["1 mean week-4 5.1±1.2", "2 mean after 5.8±1.2"],
        ),
        (
            "体重は摂取前71.2±9.9kg、摂取後70.1±9.8kgであった。",
            &["1 mean before 71.2±9.9kg", "1 mean after 70.1±9.8kg"],
        ),
        (
            "Pressure was 132.4 ± 14.2 mm Hg before and 125.0 ± 13.1 mm Hg after treatment.",
            &["1 mean before 132.4 ± 14.2 mm Hg", "1 mean after 125.0 ± 13.1 mm Hg"],
        ),
    ]);
}

#[test]
fn tables_keep_their_columns_and_rows_apart() {
    let both = [
        "arm Drug group n=?",
        "arm Placebo group n=?",
        "1 Drug group: mean open 3.1 (1.9)",
        "1 Placebo group: mean open 4.8 (1.8)",
    ];
    assert_drafts(&[
        ("Outcome\tDrug group\tPlacebo group\nPain, mean (SD)\t3.1 (1.9)\t4.8 (1.8)", &both),
        (
            "They were assigned to drug X (n = 45) or placebo (n = 44).\n\n| Group | Baseline | Week 8 |\n| Drug X | 6.8 (1.2) | \
             4.2 (1.9) |\n| Placebo | 6.7 (1.3) | 5.6 (1.8) |",
            &[
                "arm drug X n=45",
                "arm placebo n=44",
                "1 drug X: mean before 6.8 (1.2)",
                "1 drug X: mean week-8 4.2 (1.9)",
                "2 placebo: mean before 6.7 (1.3)",
                "2 placebo: mean week-8 5.6 (1.8)",
                "number 45",
                "number 44",
            ],
        ),
    ]);
    let release = |text: &str| reffect::transcribe::draft("t", "t.txt", text).unwrap();
    let hours = "| Marker | 0 hr | 24 hr | P value |\n| Glucose (mmol/L) | 5.6 | 6.1 | 0.03 |";
    assert!(release(hours).estimates.is_empty());
    let change = "| | Drug group | Placebo group |\n| Change from baseline, mean (SD) | −24.0 (16.1) | −18.2 (15.7) |";
    let row = &release(change).outcomes[0].results[0];
    assert_eq!(row.reported().next().unwrap().1.statistic, reffect::reported::Statistic::Change);
}

#[test]
fn drafts_read_back_and_say_what_a_spread_is_only_where_it_is_told() {
    assert_drafts(&[
        ("Median pain was 5 (IQR 3) at baseline.", &["number 5", "number 3"]),
        ("Median age was 54.2 ± 11.3.", &["1 median open 54.2 ± 11.3"]),
    ]);
    let meaning = |text: &str| {
        let release = reffect::transcribe::draft("t", "t.txt", text).unwrap();
        let cells = release.outcomes.iter().flat_map(|of| &of.results).flat_map(|row| row.reported());
        cells.filter_map(|(_, cell)| cell.spread()).map(|of| of.name()).collect::<Vec<_>>()
    };
    assert_eq!(meaning("Mean (90% CI) pain was 3.1 (2.6 to 3.6) at baseline."), ["unexplained"]);
    assert_eq!(meaning("Mean (95% CI) pain was 3.1 (2.6 to 3.6) at baseline."), ["ci95"]);
    // Another result of the sentence says more than the text says of all.
    let all =
        "Values are mean ± SD. The score was 12.1 ± 1.1 (SE) in the drug group and 20.2 ± 1.2 in the placebo group.";
    assert_eq!(meaning(all), ["se", "se"]);
    let mixed = "Age (mean ± SD) was 50.1 ± 9.1; FVC (mean ± SE) was 107.3 ± 1.3; weight was 70.1 ± 9.8.";
    assert_eq!(meaning(mixed), ["sd", "se", "unexplained"]);
    assert_eq!(meaning("年齢は54.2±1.3歳（平均±SE）であった．体重は72.1±10.2kgであった．"), ["se", "unexplained"]);
    assert_eq!(meaning("（1）変化量（平均±標準誤差）は2.1±1.8\n（2）血圧は130.1±9.8"), ["se", "unexplained"]);
}

#[test]
fn a_power_of_ten_behind_both_numbers_is_that_of_both() {
    use reffect::numeric::numeral::{Expression, interval_ends};
    let Expression::Spread { center, spread, .. } = "2.1 ± 0.4 ×10^9".parse().unwrap() else { panic!() };
    assert_eq!((center.value(), spread.value()), (2.1e9, 0.4e9));
    let Expression::Spread { center, spread, .. } = "21.3±4.5万".parse().unwrap() else { panic!() };
    assert_eq!((center.value(), spread.value()), (213_000.0, 45_000.0));
    let ends = interval_ends("1.5〜3.0万").unwrap();
    assert_eq!(ends.map(|of| of.value()), [15_000.0, 30_000.0]);
    let Expression::Range { center, lower, upper, .. } = "2.1（95%信頼区間1.5〜3.0万）".parse().unwrap() else {
        panic!()
    };
    assert_eq!([center, lower, upper].map(|of| of.value()), [21_000.0, 15_000.0, 30_000.0]);
}

#[test]
fn addresses_notes_and_hours_are_no_numbers() {
    for text in [
        "岡山市北区鹿田町2-5-1",
        "D O I：10.1177/09636897231214370",
        "2重盲検で比べた",
        "効果を示しました＊1",
        "午後4 時に発表",
        "症状なしを 0、最大の症状を 10 とした",
        "抗アクアポリン 4 抗体",
        "It took 2½ years",
        "The mean was 1 234.5 ± 200.1",
    ] {
        assert_drafts(&[(text, &[])]);
    }
    assert_drafts(&[("Weight of all (n =\n60) rose.", &["arm all n=60", "number 60"])]);
    assert_drafts(&[("It was 70.1 kg/66.0 kg.", &["number 70.1", "number 66.0"])]);
}
