//! Sentences as releases and papers write them, of which a part was once lost, or given to another arm, time or kind.

use super::drafts::assert_drafts;
use reffect::read::read_release;
use reffect::report::release_toml::release_toml;
use reffect::reported::{CellForm, Claim, SpreadMeaning};
use reffect::transcribe::draft;

#[test]
fn a_bracket_behind_a_time_does_not_hide_the_group() {
    assert_drafts(&[
        (
            "NRS scores decreased from 6.3 ± 0.4 at baseline to 3.4 ± 0.6 at week 12 (p < 0.001) in the active group \
             and from 6.1 ± 0.5 at baseline to 5.9 ± 0.4 at week 12 (p = 0.61) in the sham group.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean before 6.3 ± 0.4",
                "1 active group: mean week-12 3.4 ± 0.6",
                "1 sham group: mean before 6.1 ± 0.5",
                "1 sham group: mean week-12 5.9 ± 0.4",
                "p < 0.001",
                "p = 0.61",
            ] as &[&str],
        ),
        (
            "Pain was 3.4 ± 0.6 at week 12 (p < 0.001) in the active group and 5.9 ± 0.4 at week 12 in the sham \
             group.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean week-12 3.4 ± 0.6",
                "1 sham group: mean week-12 5.9 ± 0.4",
                "p < 0.001",
            ],
        ),
        (
            "NRS scores (mean ± SEM) decreased from 6.3 ± 0.4 at baseline to 3.4 ± 0.6 at week 12 (p < 0.001) in the \
             active group (n = 12) and from 6.1 ± 0.5 to 5.9 ± 0.4 in the sham group (n = 11; p = 0.61).",
            &[
                "arm active group n=12",
                "arm sham group n=11",
                "1 active group: mean before 6.3 ± 0.4",
                "1 active group: mean week-12 3.4 ± 0.6",
                "1 sham group: mean before 6.1 ± 0.5",
                "1 sham group: mean week-12 5.9 ± 0.4",
                "number 12",
                "number 11",
                "p < 0.001",
                "p = 0.61",
            ],
        ),
        (
            "Pain fell from 6.3 ± 0.4 to 3.4 ± 0.6 points (mean ± SE; n = 12) in the active group and from 6.1 ± 0.5 \
             to 5.9 ± 0.4 points (n = 11) in the sham group.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean before 6.3 ± 0.4",
                "1 active group: mean after 3.4 ± 0.6 points",
                "1 sham group: mean before 6.1 ± 0.5",
                "1 sham group: mean after 5.9 ± 0.4 points",
                "number 12",
                "number 11",
            ],
        ),
        (
            "At week 12, pain was 3.4 ± 0.6 (p<0.001 versus the placebo group) in the drug group and 5.9 ± 0.4 in \
             the placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: mean week-12 3.4 ± 0.6",
                "1 placebo group: mean week-12 5.9 ± 0.4",
                "p<0.001",
            ],
        ),
        (
            "Pain was 3.4 ± 0.6 (n = 12; mean ± SD) in the active group and 5.9 ± 0.4 in the sham group.",
            &[
                "arm active group n=?",
                "arm sham group n=?",
                "1 active group: mean open 3.4 ± 0.6",
                "1 sham group: mean open 5.9 ± 0.4",
                "number 12",
            ],
        ),
    ]);
}

#[test]
fn lists_on_both_sides_of_to_are_pairs_in_their_order() {
    assert_drafts(&[
        (
            "The EDSS score, the fatigue NRS and the pain NRS decreased from 5.1 ± 1.7, 6.1 ± 2.0 and 3.0 ± 1.5 to \
             4.1 ± 1.6, 3.0 ± 1.4 and 0.9 ± 1.2, respectively.",
            &[
                "1 mean before 5.1 ± 1.7",
                "1 mean after 4.1 ± 1.6",
                "2 mean before 6.1 ± 2.0",
                "2 mean after 3.0 ± 1.4",
                "3 mean before 3.0 ± 1.5",
                "3 mean after 0.9 ± 1.2",
            ] as &[&str],
        ),
        (
            "Scores fell from 5.1 ± 1.7 and 3.0 ± 1.5 to 4.1 ± 1.6 and 0.9 ± 1.2, respectively.",
            &["1 mean before 5.1 ± 1.7", "1 mean after 4.1 ± 1.6", "2 mean before 3.0 ± 1.5", "2 mean after 0.9 ± 1.2"],
        ),
        (
            "EDSSと疼痛NRSは、それぞれ5.1±1.7、3.0±1.5から4.1±1.6、0.9±1.2へ改善した。",
            &["1 mean before 5.1±1.7", "1 mean after 4.1±1.6", "2 mean before 3.0±1.5", "2 mean after 0.9±1.2"],
        ),
        (
            "EDSS、疲労、疼痛は5.1±1.7→4.1±1.6、6.1±2.0→3.0±1.4、3.0±1.5→0.9±1.2と改善した。",
            &[
                "1 mean before 5.1±1.7",
                "1 mean after 4.1±1.6",
                "2 mean before 6.1±2.0",
                "2 mean after 3.0±1.4",
                "3 mean before 3.0±1.5",
                "3 mean after 0.9±1.2",
            ],
        ),
    ]);
}

#[test]
fn the_group_beside_one_value_is_its_own_whatever_is_listed_elsewhere() {
    assert_drafts(&[
        (
            "投与前、12週後、24週後のEDSSは、実薬群でそれぞれ5.1±1.7、4.4±1.7、4.1±1.6、プラセボ群でそれぞれ5.0±1.6、5.1±1.7、5.2±1.7であった。",
            &[
                "arm 実薬群 n=?",
                "arm プラセボ群 n=?",
                "1 実薬群: mean before 5.1±1.7",
                "1 実薬群: mean week-12 4.4±1.7",
                "1 実薬群: mean week-24 4.1±1.6",
                "1 プラセボ群: mean before 5.0±1.6",
                "1 プラセボ群: mean week-12 5.1±1.7",
                "1 プラセボ群: mean week-24 5.2±1.7",
            ] as &[&str],
        ),
        (
            "本剤50mg群（36例）では−1.8±1.9、100mg群（35例）では−2.3±2.0、プラセボ群（36例）では−0.9±1.8であり、プラセボ群との差はそれぞれ−0.9（95％信頼区間：−1.7～−0.1、p=0.03）、−1.4（95％信頼区間：−2.2～−0.6、p=0.01）であった。",
            &[
                "arm 本剤50mg群 n=36例",
                "arm 100mg群 n=35例",
                "arm プラセボ群 n=36例",
                "1 本剤50mg群: mean open −1.8±1.9",
                "1 100mg群: mean open −2.3±2.0",
                "1 プラセボ群: mean open −0.9±1.8",
                "number 36例",
                "number 35例",
                "number 36例",
                "mean-difference −0.9 (−1.7 to −0.1) p=0.03",
                "mean-difference −1.4 (−2.2 to −0.6) p=0.01",
            ],
        ),
    ]);
}

#[test]
fn names_with_their_sizes_are_a_list() {
    assert_drafts(&[
        (
            "At week 12, scores in the drug group (n = 12) and in the placebo group (n = 11) were 3.1 ± 1.2 and 4.0 \
             ± 1.1 (p = 0.03).",
            &[
                "arm drug group n=12",
                "arm placebo group n=11",
                "1 drug group: mean week-12 3.1 ± 1.2",
                "1 placebo group: mean week-12 4.0 ± 1.1",
                "number 12",
                "number 11",
                "p = 0.03",
            ] as &[&str],
        ),
        (
            "実薬群（n=20）とプラセボ群（n=19）のEDSSは3.1±1.2と4.0±1.1であった。",
            &[
                "arm 実薬群 n=20",
                "arm プラセボ群 n=19",
                "1 実薬群: mean open 3.1±1.2",
                "1 プラセボ群: mean open 4.0±1.1",
                "number 20",
                "number 19",
            ],
        ),
        (
            "EDSS scores at baseline (n = 20) and week 24 (n = 18) were 5.1 ± 1.7 and 4.1 ± 1.6.",
            &["1 mean before 5.1 ± 1.7", "1 mean week-24 4.1 ± 1.6", "number 20", "number 18"],
        ),
        (
            "実薬群（20例）、プラセボ群（19例）のEDSSはそれぞれ3.1±1.2、4.0±1.1であった。",
            &[
                "arm 実薬群 n=20例",
                "arm プラセボ群 n=19例",
                "1 実薬群: mean open 3.1±1.2",
                "1 プラセボ群: mean open 4.0±1.1",
                "number 20例",
                "number 19例",
            ],
        ),
    ]);
}

#[test]
fn what_was_there_before_is_no_change() {
    assert_drafts(&[
        (
            "Weight fell by 4.7 ± 3.9 kg from 81.2 ± 10.1 kg with drug A.",
            &["1 change after -4.7 ± 3.9 kg", "2 mean before 81.2 ± 10.1 kg"] as &[&str],
        ),
        (
            "Pain improved by 2.1 ± 1.0 from 6.3 ± 1.4 at baseline.",
            &["1 change after 2.1 ± 1.0", "2 mean before 6.3 ± 1.4"],
        ),
        (
            "The mean change was −0.5 ± 0.9 from 5.1 ± 1.7 at baseline.",
            &["1 change after −0.5 ± 0.9", "2 mean before 5.1 ± 1.7"],
        ),
        (
            "The change in pain was −2.1 ± 1.0 (baseline 6.3 ± 1.4).",
            &["1 change after −2.1 ± 1.0", "2 mean before 6.3 ± 1.4"],
        ),
        ("変化量は−2.1±1.0（投与前6.3±1.4）であった。", &["1 change after −2.1±1.0", "2 mean before 6.3±1.4"]),
        (
            "Change from baseline, −2.1 ± 1.0; baseline, 6.3 ± 1.4.",
            &["1 change after −2.1 ± 1.0", "2 mean before 6.3 ± 1.4"],
        ),
        (
            "The mean change from baseline (6.3 ± 1.4) to week 12 was −2.1 ± 1.0.",
            &["1 mean before 6.3 ± 1.4", "2 change week-12 −2.1 ± 1.0"],
        ),
        ("投与前6.3±1.4から−2.1±1.0の変化がみられた。", &["1 mean before 6.3±1.4", "2 change after −2.1±1.0"]),
    ]);
}

#[test]
fn a_change_goes_on_to_the_next_group() {
    assert_drafts(&[
        (
            "The mean change from baseline to week 24 in the total score was −0.5 (0.9) in the drug group; in the \
             placebo group it was 0.1 (1.0).",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: change week-24 −0.5 (0.9)",
                "2 placebo group: change after 0.1 (1.0)",
            ] as &[&str],
        ),
        (
            "Change from baseline in EDSS at week 24, mean (SD): the drug group, −0.5 (0.9); the placebo group, 0.1 \
             (1.0).",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: change week-24 −0.5 (0.9)",
                "1 placebo group: change week-24 0.1 (1.0)",
            ],
        ),
    ]);
}

#[test]
fn a_unit_may_be_of_a_time() {
    assert_drafts(&[(
        "The mean change from baseline in ALSFRS-R slope was −0.9 (SE 0.1) points per month with drug A and −1.3 \
             (SE 0.1) points per month with placebo.",
        &[
            "arm drug A n=?",
            "arm placebo n=?",
            "1 drug A: change after −0.9 (SE 0.1)",
            "1 placebo: change after −1.3 (SE 0.1)",
        ] as &[&str],
    )]);
}

#[test]
fn a_difference_of_means_is_between_two_groups() {
    assert_drafts(&[
        (
            "The least-squares mean (±SE) change in ALSFRS-R at week 24 was −5.01±0.64 in the edaravone group and \
             −7.50±0.66 in the placebo group (difference, 2.49±0.76; 95% CI, 0.99 to 3.98; P=0.0013).",
            &[
                "arm edaravone group n=?",
                "arm placebo group n=?",
                "1 edaravone group: change week-24 −5.01±0.64",
                "1 placebo group: change week-24 −7.50±0.66",
                "edaravone group vs placebo group: mean-difference 2.49 (0.99 to 3.98) se 0.76 P=0.0013",
            ] as &[&str],
        ),
        (
            "The mean (±SE) change was −5.01±0.64 in the drug group and −7.50±0.66 in the placebo group (difference, \
             2.49±0.76; 95% CI, 0.99 to 3.98; P=0.0013).",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: change after −5.01±0.64",
                "1 placebo group: change after −7.50±0.66",
                "drug group vs placebo group: mean-difference 2.49 (0.99 to 3.98) se 0.76 P=0.0013",
            ],
        ),
        ("The difference was 2.49±0.76 (SD) between groups.", &["number 2.49"]),
        (
            "The mean difference between the placebo group and the drug group was 1.8 (95% CI 0.1 to 3.5).",
            &["mean-difference 1.8 (0.1 to 3.5)"],
        ),
        (
            "The difference between the drug group and the placebo group was 1.8 points (95% CI 0.1 to 3.5) at week \
             12 and 2.6 points (95% CI 0.7 to 4.5) at week 24.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "drug group vs placebo group: mean-difference 1.8 (0.1 to 3.5)",
                "drug group vs placebo group: mean-difference 2.6 (0.7 to 4.5)",
            ],
        ),
        (
            "群間差（実薬群－プラセボ群）は1.8点（95％信頼区間：0.1～3.5、p=0.04）であった。",
            &[
                "arm 実薬群 n=?",
                "arm プラセボ群 n=?",
                "実薬群 vs プラセボ群: mean-difference 1.8点 (0.1 to 3.5) p=0.04",
            ],
        ),
        (
            "The drug won, a difference of 1.7 points (p=0.043; 95% CI: 0.1, 3.3).",
            &["mean-difference 1.7 (0.1 to 3.3) p=0.043"],
        ),
        (
            "NRS fell by 2.1 points (95% CI 1.5 to 2.7) more in the drug group than in the placebo group.",
            &["number 2.1"],
        ),
        (
            "NRS fell by 2.1 points (95% CI 1.5 to 2.7) in the drug group and by 0.8 (95% CI 0.2 to 1.4) in the \
             placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "drug group: mean-reduction 2.1 (1.5 to 2.7)",
                "placebo group: mean-reduction 0.8 (0.2 to 1.4)",
            ],
        ),
    ]);
}

#[test]
fn the_number_of_a_time_is_no_effect() {
    assert_drafts(&[
        ("There was no significant difference between groups at week 24 (p = 0.18).", &["p = 0.18"] as &[&str]),
        ("The difference was significant at week 12 (p = 0.01) and at 6 months (p = 0.02).", &["p = 0.01", "p = 0.02"]),
        (
            "The between-group difference at week 24 (95% CI, 0.1 to 3.5) was 1.8 points.",
            &["number 0.1", "number 3.5", "number 1.8"],
        ),
        ("ALSFRS-R declined by week 24 (p = 0.03).", &["p = 0.03"]),
        ("The mean change at week 24 (p = 0.03) was small.", &["p = 0.03"]),
        ("群間差は12週時（p=0.03）および24週時（p=0.01）で有意であった。", &["p=0.03", "p=0.01"]),
        ("群間差は24週（p=0.03）で有意であった。", &["number 24", "p=0.03"]),
        ("The difference was 3.2 months (p = 0.02).", &["mean-difference 3.2 p = 0.02"]),
        ("The difference at week 24 was 3.2 points (p = 0.02).", &["mean-difference 3.2 p = 0.02"]),
    ]);
}

#[test]
fn a_rate_goes_on_to_the_next_group() {
    assert_drafts(&[
        (
            "The adjusted annualized relapse rate was 0.17 (95% CI, 0.10 to 0.26) in the eculizumab group and 0.35 \
             (0.25 to 0.49) in the placebo group.",
            &[
                "arm eculizumab group n=?",
                "arm placebo group n=?",
                "1 eculizumab group: rate open 0.17 (95% CI, 0.10 to 0.26)",
                "1 placebo group: rate open 0.35 (0.25 to 0.49)",
            ] as &[&str],
        ),
        (
            "Median survival was 12.3 months (95% CI 10.1 to 15.2) in the drug group and 7.8 months (6.9–9.4) in the \
             placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: median open 12.3 months (95% CI 10.1 to 15.2)",
                "1 placebo group: median open 7.8 months (6.9–9.4)",
            ],
        ),
    ]);
}

#[test]
fn reductions_and_ratios_are_compared_with_the_control() {
    assert_drafts(&[
        (
            "Hazard ratios versus placebo were 0.38 (95% CI 0.16 to 0.88) with 50 mg and 0.52 (0.25 to 1.07) with 25 \
             mg.",
            &["hazard-ratio 0.38 (0.16 to 0.88)", "hazard-ratio 0.52 (0.25 to 1.07)"] as &[&str],
        ),
        (
            "Compared with the placebo group, the annualized relapse rate was reduced by 52.3% (95% CI, 48.9 to \
             55.3) in the 50 mg group and by 62.1% (95% CI, 58.0 to 66.0) in the 100 mg group.",
            &[
                "arm 50 mg group n=?",
                "arm placebo group n=?",
                "arm 100 mg group n=?",
                "50 mg group vs placebo group: percent-reduction 52.3% (48.9 to 55.3)",
                "100 mg group vs placebo group: percent-reduction 62.1% (58.0 to 66.0)",
            ],
        ),
    ]);
}

#[test]
fn a_mean_in_per_cent_with_its_interval_is_no_share() {
    assert_drafts(&[
        (
            "HbA1c was 7.1% (95% CI 6.9 to 7.3) in the drug group and 8.2% (95% CI 8.0 to 8.4) in the placebo group.",
            &["number 7.1%", "number 8.2%"] as &[&str],
        ),
        (
            "HbA1cは実薬群で1.1％（95％信頼区間0.9～1.3）、プラセボ群で0.2％（95％信頼区間0.0～0.4）低下した。",
            &["arm プラセボ群 n=?", "number 1.1％", "プラセボ群: mean-reduction 0.2％ (0.0 to 0.4)"],
        ),
    ]);
}

#[test]
fn groups_in_front_of_japanese_shares_are_in_order() {
    assert_drafts(&[(
        "実薬群とプラセボ群の奏効率はそれぞれ29.0％（45/155例）、12.9％（20/155例）であった。",
        &[
            "arm 実薬群 n=?",
            "arm プラセボ群 n=?",
            "1 実薬群: count open 45/155例 (29.0％)",
            "1 プラセボ群: count open 20/155例 (12.9％)",
        ] as &[&str],
    )]);
}

#[test]
fn rows_of_counts_are_no_means() {
    assert_drafts(&[
        (
            "Outcome\tDrug A (n=52)\tPlacebo (n=50)\nACR20, n (%)\t31 (60)\t20 (40)",
            &[
                "arm Drug A n=52",
                "arm Placebo n=50",
                "1 Drug A: count open 31",
                "1 Placebo: count open 20",
                "number 52",
                "number 50",
                "number 60",
                "number 40",
            ] as &[&str],
        ),
        (
            "Adverse event, No. (%)\tActive (n=40)\tPlacebo (n=38)\nHeadache\t12 (30)\t9 (24)\nAge, mean (SD)\t54 \
             (9)\t52 (8)",
            &[
                "arm Active n=40",
                "arm Placebo n=38",
                "1 Active: mean open 54 (9)",
                "1 Placebo: mean open 52 (8)",
                "2 Active: count open 12",
                "2 Placebo: count open 9",
                "number 40",
                "number 38",
                "number 30",
                "number 24",
            ],
        ),
        (
            "Characteristic\tDrug A (n=52)\tPlacebo (n=50)\nFemale, No. (%)\t24 (60)\t20 (53)\nAge, mean (SD), \
             y\t54.2 (9.8)\t51.0 (8.1)",
            &[
                "arm Drug A n=52",
                "arm Placebo n=50",
                "1 Drug A: mean open 54.2 (9.8)",
                "1 Placebo: mean open 51.0 (8.1)",
                "2 Drug A: count open 24",
                "2 Placebo: count open 20",
                "number 52",
                "number 50",
                "number 60",
                "number 53",
            ],
        ),
        (
            "Outcome\tDrug A (n=52)\tPlacebo (n=50)\tDifference (95% CI)\tP value\nAnnualized relapse rate\t0.4 ± \
             0.8\t1.2 ± 1.1\t−0.8 (−1.2 to −0.4)\t<0.001\nResponse rate\t45%\t30%\t15 (2 to 28)\t0.02",
            &[
                "arm Drug A n=52",
                "arm Placebo n=50",
                "1 Drug A: mean open 0.4 ± 0.8",
                "1 Placebo: mean open 1.2 ± 1.1",
                "number 52",
                "number 50",
                "number 45%",
                "number 30%",
                "Drug A vs Placebo: mean-difference −0.8 (−1.2 to −0.4) <0.001",
                "Drug A vs Placebo: risk-difference 15 (2 to 28) 0.02",
            ],
        ),
    ]);
}

#[test]
fn a_size_is_that_of_an_arm_and_no_count_of_events() {
    assert_drafts(&[
        (
            "Adverse events occurred in the drug group (n = 8) and the placebo group (n = 5). The score was 3.1 ± \
             1.2 in the drug group and 4.0 ± 1.1 in the placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: mean open 3.1 ± 1.2",
                "1 placebo group: mean open 4.0 ± 1.1",
                "number 8",
                "number 5",
            ] as &[&str],
        ),
        (
            "Completers: drug group (n=18) and placebo group (n=17). They had been randomised to the drug group \
             (n=20) or the placebo group (n=20). The score was 3.1 ± 1.2 in the drug group and 4.0 ± 1.1 in the \
             placebo group.",
            &[
                "arm drug group n=20",
                "arm placebo group n=20",
                "1 drug group: mean open 3.1 ± 1.2",
                "1 placebo group: mean open 4.0 ± 1.1",
                "number 18",
                "number 17",
                "number 20",
                "number 20",
            ],
        ),
        (
            "合計20,000人の患者が登録されている。7名の患者を対象とした。EDSSは3.1±1.2であった。",
            &["arm all n=7名", "1 mean open 3.1±1.2", "number 20,000人", "number 7名"],
        ),
        (
            "At week 12, the scores in groups A, B and C were 5.1 ± 1.7, 4.1 ± 1.6 and 6.0 ± 1.5 (n = 20, 19 and \
             21), respectively.",
            &[
                "arm group A n=?",
                "arm group B n=?",
                "arm group C n=?",
                "1 group A: mean week-12 5.1 ± 1.7",
                "1 group B: mean week-12 4.1 ± 1.6",
                "1 group C: mean week-12 6.0 ± 1.5",
                "number 20",
                "number 19",
                "number 21",
            ],
        ),
        (
            "The score was 5.1 ± 1.2 in arm 2 and 4.1 ± 1.1 in arm 3. Mean age was 51 ± 9 years.",
            &[
                "arm arm 2 n=?",
                "arm arm 3 n=?",
                "1 arm 2: mean open 5.1 ± 1.2",
                "1 arm 3: mean open 4.1 ± 1.1",
                "2 mean open 51 ± 9 years",
            ],
        ),
    ]);
}

#[test]
fn times_are_read_whole() {
    assert_drafts(&[
        (
            "NRSは投与前6.1±2.0、1年6か月後4.0±1.6、2年後3.0±1.4であった。",
            &["1 mean before 6.1±2.0", "1 mean month-18 4.0±1.6", "1 mean year-2 3.0±1.4"] as &[&str],
        ),
        (
            "From week 12 to week 24, NRS fell from 4.0 ± 1.6 to 3.0 ± 1.4.",
            &["1 mean week-12 4.0 ± 1.6", "1 mean week-24 3.0 ± 1.4"],
        ),
        (
            "From week 12 to week 24, NRS fell from 4.0 ± 1.6 to 3.0 ± 1.4 in the drug group and from 4.1 ± 1.5 to \
             3.9 ± 1.2 in the placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: mean week-12 4.0 ± 1.6",
                "1 drug group: mean week-24 3.0 ± 1.4",
                "1 placebo group: mean week-12 4.1 ± 1.5",
                "1 placebo group: mean week-24 3.9 ± 1.2",
            ],
        ),
        (
            "投与開始1年6か月後の値は4.0±1.6、10年後は5.0±1.1であった。",
            &["1 mean month-18 4.0±1.6", "1 mean year-10 5.0±1.1"],
        ),
        ("EDSSは投与前5.1±1.7、十二か月後3.3±1.9であった。", &["1 mean before 5.1±1.7", "1 mean month-12 3.3±1.9"]),
        (
            "EDSSは投与前5.1±1.7、二十四週後3.3±1.9、五十二週後3.1±1.8であった。",
            &["1 mean before 5.1±1.7", "1 mean week-24 3.3±1.9", "1 mean week-52 3.1±1.8"],
        ),
        ("令和5年時点のEDSSは3.3±1.9であった。", &["1 mean open 3.3±1.9"]),
    ]);
}

#[test]
fn a_sentence_may_go_on_in_the_next_line() {
    assert_drafts(&[
        (
            "The risk was lower with drug A (hazard ratio, 0.38; 95% CI, 0.16 to\n0.88).",
            &["hazard-ratio 0.38 (0.16 to 0.88)"] as &[&str],
        ),
        ("The score fell from 5.1 to\n4.1. Nothing else changed.", &["1 mean before 5.1", "1 mean after 4.1"]),
        ("Groups (n = 12,\n15) were alike.", &["arm all n=12", "number 12", "number 15"]),
        ("Methods\n1. Patients were seen\n2. Results came\n3) Others", &[]),
        ("The hazard ratio was\n0.38\n(95% CI 0.16 to 0.88).", &["hazard-ratio 0.38 (0.16 to 0.88)"]),
        ("We saw a total of\n46\npatients.", &["number 46"]),
        ("The drug was good.\n12\nThe other page.", &[]),
        ("Methods\n2.1. Patients were seen in 12 hospitals.", &["number 12"]),
    ]);
}

#[test]
fn a_sentence_may_end_in_a_number_and_the_next_begin_with_one() {
    assert_drafts(&[
        ("The score fell to 3 ± 1. 12 patients left.", &["1 mean open 3 ± 1", "number 12"] as &[&str]),
        ("Fatigue was 6. 20 of 40 patients were women.", &["number 6", "number 20 of 40"]),
        ("Relapses were seen in 4. 25% had none.", &["number 4", "number 25%"]),
        ("The trial began in 2010. 12 of 20 patients relapsed.", &["number 12 of 20"]),
        ("See 10.1212/WNL.0000000 for 5 patients.", &["number 5"]),
        ("A dose of 10. 5 of 12 patients.", &["number 10", "number 5 of 12"]),
    ]);
}

#[test]
fn levels_of_intervals_are_no_results_in_any_spelling() {
    assert_drafts(&[
        (
            "Drug A removed 30% circulating cells, and 12% cirrhotic patients were among them.",
            &["number 30%", "number 12%"] as &[&str],
        ),
        (
            "It was 1.5 (95% CIs 1.1 to 2.0) and 95% CrI 1.2 to 1.4, 95％CI0.45–0.92",
            &["number 1.5", "number 1.2", "number 1.4"],
        ),
        ("The hazard ratio was 0.64 (95%CI0.45–0.92).", &["hazard-ratio 0.64 (0.45 to 0.92)"]),
        (
            "OR = 2.1 (95% CI 1.5 to 3.0); RR 1.5 (95%-CI 1.1–2.0).",
            &["odds-ratio 2.1 (1.5 to 3.0)", "risk-ratio 1.5 (1.1 to 2.0)"],
        ),
        ("The difference was 1.8 points (95%-CI 0.1 to 3.5).", &["mean-difference 1.8 (0.1 to 3.5)"]),
        ("HR 0.38 (CI 95%: 0.16–0.88).", &["hazard-ratio 0.38 (0.16 to 0.88)"]),
        (
            "The difference was −2.1 points (95% CI −2.7–−1.5; P<0.001).",
            &["mean-difference −2.1 (−2.7 to −1.5) P<0.001"],
        ),
        ("差は-2.1点（95％信頼区間 −2.7-−1.5、p=0.001）であった。", &["mean-difference -2.1点 (−2.7 to −1.5) p=0.001"]),
    ]);
}

#[test]
fn what_looks_like_a_month_a_year_or_a_name_may_be_a_result() {
    assert_drafts(&[
        (
            "Of these, 12 may have relapsed, and 5 marched on. On 5 May and 12 March 2020.",
            &["number 12", "number 5"] as &[&str],
        ),
        ("ハザード比はHR0.64（95%CI0.45–0.92、p=0.01）であった。", &["hazard-ratio 0.64 (0.45 to 0.92) p=0.01"]),
        ("変化量はEDSS−0.8±1.2、NRS−2.1±1.0であった。", &["1 change after −0.8±1.2", "2 change after −2.1±1.0"]),
        ("Mean NYHA class 2.1 ± 0.4 fell to 1.5 ± 0.5.", &["1 mean before 2.1 ± 0.4", "1 mean after 1.5 ± 0.5"]),
        (
            "実薬群：疼痛6.3±0.4→3.4±0.6、EDSS5.1±0.3→4.1±0.3。",
            &["1 mean before 6.3±0.4", "1 mean after 3.4±0.6", "2 mean before 5.1±0.3", "2 mean after 4.1±0.3"],
        ),
        ("EDSS5.1±0.3, IL-6 ± 2, ver.2.1, HbA1c7.2%, CL2020, AQP4", &["1 mean open 5.1±0.3"]),
        ("Energy intake fell from 2050 to 1950 kcal in 12 patients.", &["number 2050", "number 1950", "number 12"]),
        ("Patients were seen from 2010 to 2015, 2017 and 2022.", &["number 2015"]),
        ("Intake was 1950 and 2010 kcal.", &["number 1950", "number 2010"]),
    ]);
}

#[test]
fn a_justified_line_is_no_row_of_a_table() {
    assert_drafts(&[
        (
            "The rate of relapses  fell from 2.9 ± 1.1 to 0.4 ± 0.8  in the drug group.",
            &["1 mean before 2.9 ± 1.1", "1 mean after 0.4 ± 0.8"] as &[&str],
        ),
        ("EDSSは  5.1±1.7  から  4.1±1.6  に改善した。", &["1 mean before 5.1±1.7", "1 mean after 4.1±1.6"]),
        (
            "年間再発率は、　2.9±1.1回から　0.4±0.8回に　減少した。",
            &["1 mean before 2.9±1.1回", "1 mean after 0.4±0.8回"],
        ),
    ]);
}

#[test]
fn a_bracket_may_say_more_than_the_sd() {
    assert_drafts(&[
        (
            "Mean age was 51.2 years (SD 9.8; range 20–75).",
            &["1 mean open 51.2 years (SD 9.8)", "number 20", "number 75"] as &[&str],
        ),
        (
            "平均年齢は51.2歳（標準偏差9.8、範囲20-75）であった。",
            &["1 mean open 51.2歳（標準偏差9.8）", "number 20", "number 75"],
        ),
        (
            "Mean age was 51.2 years (SD 9.8; range 20–75) in the drug group and 49.3 years (SD 8.8; range 22–71) in the \
             placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: mean open 51.2 years (SD 9.8)",
                "1 placebo group: mean open 49.3 years (SD 8.8)",
                "number 20",
                "number 75",
                "number 22",
                "number 71",
            ],
        ),
        (
            "Median age was 51 years (IQR 40–60; range 20–75).",
            &["1 median open 51 years (IQR 40–60)", "number 20", "number 75"],
        ),
    ]);
}

#[test]
fn nobody_knows_what_a_blank_behind_a_point_divides() {
    assert_drafts(&[
        ("P = 0. 03, and the mean was 2. 9 ± 1. 1.", &["number 0", "number 03", "number 2", "number 1"] as &[&str]),
        (
            "Relapses fell (p = 0.03). 12 patients left, p = 0.04. 5 stayed.",
            &["number 12", "number 5", "p = 0.03", "p = 0.04"],
        ),
    ]);
}

#[test]
fn what_goes_on_in_front_is_no_size_and_no_level() {
    assert_drafts(&[
        ("The share was 96% (95% CI 95% to 99%).", &["number 96%"] as &[&str]),
        (
            "Relapsed patients were randomised to the drug group (n = 36) or the placebo group (n = 35). The score was \
             3.1 ± 1.2 in the drug group and 4.0 ± 1.1 in the placebo group.",
            &[
                "arm drug group n=36",
                "arm placebo group n=35",
                "1 drug group: mean open 3.1 ± 1.2",
                "1 placebo group: mean open 4.0 ± 1.1",
                "number 36",
                "number 35",
            ],
        ),
        (
            "The  rate  fell  from  2.9 ± 1.1  to\n0.4 ± 0.8  in  all  patients.",
            &["1 mean before 2.9 ± 1.1", "1 mean after 0.4 ± 0.8"],
        ),
    ]);
    let significant =
        draft("t", "t.txt", "The fall was considered significant (p = 0.01), from 5.1 ± 1.7 to 4.1 ± 1.6.").unwrap();
    assert_eq!(significant.statements[0].claim, Claim::Significant);
}

#[test]
fn what_stands_behind_a_plus_minus_is_said_of_it_alone() {
    let spreads = |text: &str| {
        let release = draft("t", "t.txt", text).unwrap();
        let cells = release.outcomes.iter().flat_map(|outcome| &outcome.results).flat_map(|row| &row.cells);
        let meaning = |form: &CellForm| match form {
            CellForm::PlusMinus { meaning, .. } | CellForm::Pair { meaning, .. } => Some(*meaning),
            _ => None,
        };
        cells.filter_map(|(_, cell)| meaning(&cell.form)).collect::<Vec<_>>()
    };
    use SpreadMeaning::{Sd, Se, Unexplained};
    for (text, expected) in [
        ("Pain was 6.3 ± 1.4 (95% CI 5.5–7.1).", &[Unexplained] as &[SpreadMeaning]),
        ("疼痛は6.3±1.4（95％信頼区間5.5～7.1）であった。", &[Unexplained]),
        ("Pain was 6.3 ± 1.4 (SE 0.3).", &[Unexplained]),
        ("Mean ± SD EDSS was 5.1 ± 1.7 and mean ± SE pain was 6.3 ± 0.4.", &[Sd, Se]),
        ("EDSS（平均±SD）は5.1±1.7、疼痛（平均±SE）は6.3±0.4であった。", &[Sd, Se]),
        ("Mean (SD) EDSS was 5.1 (1.7) and SE 0.3.", &[Sd]),
        ("Mean ± SD age was 51.2 ± 9.8, and SE 1.2.", &[Sd]),
        ("The median was 5.0 (3.5–6.5), range 1–9.", &[Unexplained]),
        ("Pain was 6.3 ± 1.4 (SE), 5.1 ± 0.2 SD and 3.0±1.0点（平均値±標準誤差）.", &[Se, Sd, Se]),
    ] {
        assert_eq!(spreads(text), expected, "{text}");
    }
}

#[test]
fn a_level_of_significance_claims_nothing() {
    for text in ["P values below 0.05 were considered significant (p<0.05).", "p値は0.05未満を有意とした。"]
    {
        let release = draft("t", "t.txt", text).unwrap();
        assert!(release.statements.iter().all(|of| of.claim == Claim::Other), "{text}");
    }
}

#[test]
fn nothing_changes_up_to_before() {
    let text = "change 6.3±1.4から6.3 ± 1.4減少した";
    let release = draft("t", "t.txt", text).unwrap();
    assert_eq!(read_release("t", "t.toml", &release_toml(&release)).map_err(|error| error.to_string()), Ok(release));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]

    /// Whatever words stand around numbers, a draft is a file that reads back as it is.
    #[test]
    fn drafts_of_any_words_read_back(
        words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 1..24),
        line in "[ \n]",
    ) {
        let text = words.join(&line);
        let release = draft("t", "t.txt", &text).unwrap();
        let again = read_release("t", "t.toml", &release_toml(&release));
        proptest::prop_assert_eq!(again.map_err(|error| error.to_string()), Ok(release), "{}", text);
    }
}

/// Words that name what numbers are, and numbers.
const WORDS: [&str; 62] = [
    "change",
    "from",
    "to",
    "baseline",
    "at",
    "week 12",
    "before",
    "after",
    "fell by",
    "rose",
    "improved by",
    "mean",
    "median",
    "difference",
    "(SD)",
    "mean ± SE",
    "in",
    "the drug group",
    "the placebo group",
    "arm 2",
    "arm 3",
    "and",
    "versus",
    "respectively",
    "(n = 12)",
    "hazard ratio",
    "relapse rate",
    "6.3 ± 1.4",
    "2.1 ± 1.0",
    "−0.5 (0.9)",
    "5.0 (3.5–6.5)",
    "1.8 (95% CI 0.1 to 3.5)",
    "7.1%",
    "12 of 20",
    "45",
    "p = 0.03",
    "was",
    ",",
    ";",
    ".",
    "。",
    "(",
    ")",
    "は",
    "から",
    "に",
    "の変化",
    "投与前",
    "12か月後",
    "実薬群",
    "プラセボ群",
    "それぞれ",
    "6.3±1.4",
    "4.1±1.6点",
    "減少した",
    "20例",
    "b = 0.42",
    "SE = 0.10",
    "t(98) = 4.20",
    "(0.31, 0.12 to 0.49)",
    "HR (95% CI) P value",
    "\n| B | SE | t | p |\n| 0.42 | 0.10 | 4.20 | 0.03 |\n",
];
