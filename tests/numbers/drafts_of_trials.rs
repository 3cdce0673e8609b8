//! Forms in which published trials print their results; the sentences are made for the tests, and the numbers are those
//! of the trials that stand beside them.

use super::drafts::{assert_drafts, drafted};
use reffect::reported::{CellForm, SpreadMeaning};

/// Lancet and N Engl J Med: DAPA-HF's kin LEADER (2016;375:311), RECOVERY (2021;384:693), SAkuraSky (2019;381:2114),
/// N-MOmentum (Lancet 2019;394:1352), 4S (Lancet 1994;344:1383), and the ketamine trial of Murrough et al. (Am J
/// Psychiatry 2013;170:1134).
#[test]
fn counts_and_means_are_of_the_groups_that_their_nouns_name() {
    assert_drafts(&[
        (
            "A total of 2104 patients were assigned to receive dexamethasone and 4321 to receive usual care. In the \
             dexamethasone group 482 patients (22.9%) died, compared with 1110 (25.7%) in the usual care group.",
            &[
                "arm dexamethasone group n=2104",
                "arm usual care group n=4321",
                "1 dexamethasone group: count open 482 (22.9%)",
                "1 usual care group: count open 1110 (25.7%)",
                "number 2104",
                "number 4321",
            ],
        ),
        (
            "21 (12%) of 174 participants receiving inebilizumab had an attack versus 22 (39%) of 56 participants \
             receiving placebo.",
            &[
                "arm inebilizumab n=?",
                "arm placebo n=?",
                "1 inebilizumab: count open 21 of 174 (12%)",
                "1 placebo: count open 22 of 56 (39%)",
            ],
        ),
        (
            "It occurred in the liraglutide group (608 of 4668 patients [13.0%]) and in the placebo group (694 of 4672 \
             [14.9%]).",
            &[
                "arm liraglutide group n=?",
                "arm placebo group n=?",
                "1 liraglutide group: count open 608 of 4668 (13.0%)",
                "1 placebo group: count open 694 of 4672 (14.9%)",
            ],
        ),
        (
            "Relapse occurred in 8 patients (20%) receiving satralizumab and in 18 (43%) receiving placebo. The \
             satralizumab group and the placebo group were alike.",
            &[
                "arm satralizumab group n=?",
                "arm placebo group n=?",
                "1 satralizumab group: count open 8 (20%)",
                "1 placebo group: count open 18 (43%)",
            ],
        ),
        (
            "The mean score was 14.77 (95% CI 11.73-17.80) for ketamine and 22.72 (95% CI 18.85-26.59) for midazolam, \
             lower in the ketamine group than in the midazolam group.",
            &[
                "arm ketamine group n=?",
                "arm midazolam group n=?",
                "1 ketamine group: mean open 14.77 (95% CI 11.73-17.80)",
                "1 midazolam group: mean open 22.72 (95% CI 18.85-26.59)",
            ],
        ),
        (
            "48週時の無再発率は、サトラリズマブ群88.9%、プラセボ群66.0%でした。",
            &[
                "arm サトラリズマブ群 n=?",
                "arm プラセボ群 n=?",
                "1 サトラリズマブ群: percent week-48 88.9%",
                "1 プラセボ群: percent week-48 66.0%",
            ],
        ),
        (
            "Patients were randomized into group A (n = 20), group B (n = 20) or group C (n = 20).",
            &["arm group A n=20", "arm group B n=20", "arm group C n=20", "number 20", "number 20", "number 20"],
        ),
        (
            "The relative risk of death in the simvastatin group was 0.70 (95% CI 0.58-0.85, p = 0.0003).",
            &["risk-ratio 0.70 (0.58 to 0.85) p = 0.0003"],
        ),
        (
            "The between-group difference in the change in the pain score from baseline to week 24 was 4.08 (95% CI, \
             −8.44 to 16.61).",
            &["mean-difference 4.08 (−8.44 to 16.61)"],
        ),
    ]);
}

/// SPRINT (N Engl J Med 2015;373:2103), PREVENT (2019;381:614), CLARITY AD (2023;388:9), AFFIRM (2006;354:899).
#[test]
fn means_without_a_spread_are_of_the_groups_behind_them() {
    assert_drafts(&[
        (
            "At 1 year, the mean systolic blood pressure was 121.4 mm Hg in the intensive-treatment group and 136.2 mm Hg in \
             the standard-treatment group.",
            &[
                "arm intensive-treatment group n=?",
                "arm standard-treatment group n=?",
                "1 intensive-treatment group: mean year-1 121.4",
                "1 standard-treatment group: mean year-1 136.2",
            ],
        ),
        (
            "The mean change in the EDSS score was −0.18 in the eculizumab group and 0.12 in the placebo group.",
            &[
                "arm eculizumab group n=?",
                "arm placebo group n=?",
                "1 eculizumab group: change after −0.18",
                "1 placebo group: change after 0.12",
            ],
        ),
        // That of the year is another number, and so is one that fell.
        (
            "The rate at one year fell by 68.1 in the drug group and over two years lesions were fewer (mean number, 1.9 in the \
             drug group and 11.0 in the placebo group).",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: mean open 1.9",
                "1 placebo group: mean open 11.0",
                "number 68.1",
                "number two",
            ],
        ),
        ("The mean dose was 12.5 in the drug group, the placebo group had 3.5 visits.", &["number 12.5", "number 3.5"]),
    ]);
}

/// SAkuraSky: of 41 and 42 people nobody counts 11% and 43%; these are shares of those with antibodies.
#[test]
fn a_share_that_no_part_of_its_arm_prints_is_nobodys() {
    let text = "Of the drug group (n = 41) and the placebo group (n = 42), those with antibodies relapsed in 11% of those in \
                the drug group and in 43% of those in the placebo group.";
    let lines = drafted(text);
    assert!(lines.iter().any(|line| line == "number 11%") && !lines.iter().any(|line| line.contains("percent")));
    let of_all = drafted(&text.replace("11%", "12%"));
    assert!(of_all.contains(&"1 drug group: percent open 12%".to_owned()), "{of_all:?}");
}

/// Open-label placebos (Frey Nascimento et al. 2025), walking (Murtagh et al. 2015, Prev Med 72:34), TRAILBLAZER-ALZ 2
/// (JAMA 2023;330:512).
#[test]
fn coefficients_signs_and_participants_are_what_they_are() {
    assert_drafts(&[
        (
            "Scores were lower with the label (b=-9.97, SE=2.85, p<0.001).",
            &["regression-coefficient -9.97 se 2.85 p<0.001"],
        ),
        (
            "Walking reduced pressure (− 3.58 mm Hg, 95% CI − 5.19 to − 1.97) and weight (− 1.37 kg, 95% CI − 1.75 to − 1.00).",
            &["number − 3.58", "number − 1.37"],
        ),
        ("Edema was seen in 205 participants (24.0%; 52 symptomatic).", &["number 205 (24.0%)", "number 52"]),
        (
            "The block group and the sham group were compared (median difference, -11 mg; 95% CI, -16 to -6 mg; P < .001).",
            &[
                "arm block group n=?",
                "arm sham group n=?",
                "block group vs sham group: median-difference -11 (-16 to -6) P < .001",
            ],
        ),
        // Each of three groups had 40.
        (
            "In three groups (each n = 40) the age was 52.84 ± 8.19 years.",
            &["1 mean open 52.84 ± 8.19 years", "number 40"],
        ),
    ]);
    let release =
        reffect::transcribe::draft("t", "t.txt", "There were 120 participants (62 to 70 of them men).").unwrap();
    assert!(!release.numbers.iter().any(|number| number.label.en.contains("interval")));
    let covid =
        drafted("No deaths were reported with the drug, as compared to 8 deaths in patients who received placebo.");
    assert_eq!(covid, ["number 8"]);
}

/// Dienogest (Mochida, phase 2), escitalopram (LSAS-J): three doses of one drug, values over time, and two differences.
#[test]
fn doses_and_times_of_japanese_groups_are_kept_apart() {
    assert_drafts(&[
        (
            "投与12週時の変化量（mean±SD）は、プラセボ群-1.5±1.7、0.25mg×2/日群-2.6±1.7、0.5mg×2/日群-3.1±2.1であった。",
            &[
                "arm プラセボ群 n=?",
                "arm 0.25mg×2/日群 n=?",
                "arm 0.5mg×2/日群 n=?",
                "1 プラセボ群: change week-12 -1.5±1.7",
                "1 0.25mg×2/日群: change week-12 -2.6±1.7",
                "1 0.5mg×2/日群: change week-12 -3.1±2.1",
            ],
        ),
        (
            "プラセボ群との差［両側95％信頼区間］は、それぞれ−3.9［−8.3, 0.6］及び−9.8［−14.5, −5.2］であった。",
            &["mean-difference −3.9 (−8.3 to 0.6)", "mean-difference −9.8 (−14.5 to −5.2)"],
        ),
        (
            "年間再発率は、投与前1年間で2.04±1.16回、投与後1年間で0.59±0.84回であった。",
            &["1 mean before 2.04±1.16回", "1 mean year-1 0.59±0.84回"],
        ),
        (
            "Counts (mean ± SD) were 4.1 ± 1.6 at baseline, 1.2 ± 0.9 at cycle 1 day 15 and 2.8 ± 1.3 on C3D1.",
            &["1 mean before 4.1 ± 1.6", "1 mean cycle-1-day-15 1.2 ± 0.9", "1 mean cycle-3-day-1 2.8 ± 1.3"],
        ),
    ]);
    // At which of the weeks each was, nobody knows, and the last is none of the next group.
    let lines = drafted(
        "12週時のスコアは、プラセボ群では4.1±1.4、3.3±1.7、2.5±1.7、実薬群では4.8±1.6、3.5±1.9、2.6±1.7であった。",
    );
    assert!(!lines.iter().any(|line| line.contains("week-12") || line.contains("実薬群: mean open 2.5")), "{lines:?}");
}

#[test]
fn values_of_people_that_have_no_name_are_of_no_arm() {
    assert_drafts(&[
        (
            "Students in the new class had M = 4.12, SD = 0.71, and controls M = 3.85, SD = 0.80.",
            &["number 4.12", "number 3.85"],
        ),
        (
            "LVEF rose from 32.4 ± 6.1% to 41.8 ± 8.3% in responders and was 31.9 ± 5.8% in nonresponders.",
            &["number 32.4", "number 41.8", "number 31.9"],
        ),
        (
            "In the counselling group drinks fell from 18.2 ± 6.1 to 11.4 ± 5.0; with usual care they fell from 18.0 ± 6.4 to \
             15.9 ± 6.2.",
            &[
                "arm counselling group n=?",
                "1 counselling group: mean before 18.2 ± 6.1",
                "1 counselling group: mean after 11.4 ± 5.0",
                "number 18.0",
                "number 15.9",
            ],
        ),
        // Annualized relapse rates are no adjusted relative risks.
        ("ARR: 0.17 (0.14-0.21).", &["number 0.17"]),
    ]);
}

/// Efpeglenatide (Diabetes Obes Metab 2019;21:2012, table 2) and tafolecimab (2023), some of their columns.
#[test]
fn tables_say_what_their_brackets_hold_in_title_heading_or_note() {
    assert_drafts(&[
        (
            "Table 2. Efficacy, mean (SD)\n\nOutcome | Placebo n = 60 | Drug X n = 59\nBody weight, kg\nBaseline | 97.5 (12.1) | \
             100.8 (19.3)\nWeek 21 | 97.9 (12.2) | 93.6 (15.7)\n",
            &[
                "arm Placebo n=60",
                "arm Drug X n=59",
                "1 Placebo: mean before 97.5 (12.1)",
                "1 Placebo: mean week-21 97.9 (12.2)",
                "1 Drug X: mean before 100.8 (19.3)",
                "1 Drug X: mean week-21 93.6 (15.7)",
                "number 60",
                "number 59",
            ],
        ),
        (
            "Endpoint | Drug (n = 201) | Placebo (n = 98)\nCFB at week 12 | −2.10 ± 0.05 | −0.17 ± 0.06\nCFB at week 24 | −2.46 \
             ± 0.06 | −0.24 ± 0.07\nValues are least squares mean ± SE.\n",
            &[
                "arm Drug n=201",
                "arm Placebo n=98",
                "1 Drug: mean week-12 −2.10 ± 0.05",
                "1 Placebo: mean week-12 −0.17 ± 0.06",
                "2 Drug: mean week-24 −2.46 ± 0.06",
                "2 Placebo: mean week-24 −0.24 ± 0.07",
                "number 201",
                "number 98",
            ],
        ),
    ]);
    for (text, expected) in [
        (
            "Efficacy, mean (SD)\n\n| Pain | Drug (n=5) | Placebo (n=6) |\n| week 4 | 9.5 (1.1) | 8.8 (1.3) |\n",
            SpreadMeaning::Sd,
        ),
        (
            "| Pain | Drug (n=5) | Placebo (n=6) |\n| week 4 | 9.5 ± 1.1 | 8.8 ± 1.3 |\nNumbers are mean ± SE.\n",
            SpreadMeaning::Se,
        ),
    ] {
        let release = reffect::transcribe::draft("t", "t.txt", text).unwrap();
        let cells = release.outcomes.iter().flat_map(|of| &of.results).flat_map(|of| &of.cells);
        let meanings: Vec<_> = cells
            .map(|(_, cell)| match &cell.form {
                CellForm::PlusMinus { meaning, .. } => Some(*meaning),
                _ => None,
            })
            .collect();
        assert!(!meanings.is_empty() && meanings.iter().all(|of| *of == Some(expected)), "{text}: {meanings:?}");
    }
    let before_and_after =
        "Means (SDs) of scores\n\nMeasure\tPre\tPost\tt\tp\nBDI-II\t24.6 (8.1)\t14.2 (9.0)\t6.31\t<.001\n";
    let lines = drafted(before_and_after);
    assert_eq!(lines[..2], ["1 mean before 24.6 (8.1)", "1 mean after 14.2 (9.0)"], "{lines:?}");
}

/// n of some is not that of all.
#[test]
fn those_with_something_are_some_of_all() {
    let text =
        "NfL was 14.2 ± 10.1 at baseline and 11.8 ± 8.9 at week 48. In patients with relapse (n = 12) it was higher.";
    assert!(!drafted(text).iter().any(|line| line.starts_with("arm")), "{:?}", drafted(text));
}
