use super::*;
use Field::*;

/// A row with a value for every column of the first set of a measure.
fn row(measure: &EffectMeasure) -> Inputs {
    let mut inputs = Inputs::default();
    for field in measure.columns[0] {
        let value = match field {
            Ai if measure.columns[0].contains(&Mi) || measure.code == "CLES" => 0.8,
            Ri | R2i => 0.4,
            N1i | N2i | Ni => 20.0,
            Mi => 5.0,
            Sd1i | Sd2i | Sdi => 1.5,
            M1i => 4.0,
            Pi => 0.1,
            Ti => 2.0,
            _ => 7.0,
        };
        inputs.set(*field, Some(value));
    }
    inputs
}

#[test]
fn rows_of_the_table_are_complete_and_compute() {
    let mut codes: Vec<&str> = Vec::new();
    for measure in measures() {
        codes.extend(measure.aliases.iter().chain([&measure.code]));
        for text in [measure.name, measure.estimate, measure.variance, measure.reference] {
            assert!(!text.is_empty(), "{}", measure.code);
        }
        let answer = escalc(measure, &row(measure), &Options::default());
        let answer = answer.unwrap_or_else(|reason| panic!("{}: {reason}", measure.code));
        assert!(answer.yi.is_finite() && answer.vi.is_some_and(|vi| vi > 0.0), "{}: {answer:?}", measure.code);
        for vtype in measure.vtypes {
            let across = Across {
                has_zero: false,
                average: Some(0.3),
                variations: Some([0.3, 0.4, 0.35]),
                shares: [Some(0.3), Some(0.4)],
                variance: Some(1.2),
            };
            let options = Options { vtype: *vtype, across, ..Options::default() };
            assert_eq!(options.check(measure), Ok(()));
            let other = escalc(measure, &row(measure), &options).unwrap();
            assert!(other.vi.is_some_and(|vi| vi > 0.0), "{} {vtype}: {other:?}", measure.code);
        }
        if measure.corrects {
            let plain = escalc(measure, &row(measure), &Options { correct: false, ..Options::default() }).unwrap();
            // With equal sizes the corrections of VR cancel.
            assert!(plain.yi != answer.yi || measure.code == "VR", "{} is not corrected", measure.code);
        }
    }
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all, "a code stands twice");
    assert!(all >= 80, "{all}");
}

#[test]
fn whatever_is_missing_gives_its_name_and_no_number() {
    for measure in measures() {
        for field in measure.columns[0] {
            let mut inputs = row(measure);
            inputs.set(*field, None);
            let reason = match escalc(measure, &inputs, &Options::default()) {
                // An effect that needs no sizes.
                Ok(answer) => {
                    assert!(answer.vi.is_none() && SIZES.contains(field), "{}: {answer:?}", measure.code);
                    let whole = escalc(measure, &row(measure), &Options::default()).unwrap();
                    assert_eq!(answer.yi, whole.yi, "{}", measure.code);
                    answer.note.unwrap()
                }
                Err(reason) => reason,
            };
            assert!(
                matches!(&reason, Reason::Missing(fields) | Reason::MissingAny(fields) | Reason::WithoutSize(fields) if fields.contains(field)),
                "{}: {reason}",
                measure.code
            );
        }
    }
}

#[test]
fn no_input_makes_a_number_that_is_none() {
    let extremes = [0.0, -1.0, 1.0, 0.5, 1e-300, 1e308, -1e308, 2.0, 3.0, 4.0, 1e16];
    for measure in measures() {
        for a in extremes {
            for b in extremes {
                for (position, field) in measure.columns[0].iter().enumerate() {
                    let mut inputs = row(measure);
                    inputs.set(*field, Some(a));
                    inputs.set(measure.columns[0][(position + 1) % measure.columns[0].len()], Some(b));
                    for vtype in [Vtype::Ls, Vtype::Ub, Vtype::St] {
                        let options = Options { vtype, ..Options::default() };
                        if let Ok(answer) = escalc(measure, &inputs, &options) {
                            assert!(answer.yi.is_finite(), "{} {inputs:?}", measure.code);
                            assert!(answer.vi.is_none_or(|vi| vi.is_finite() && vi >= 0.0), "{}", measure.code);
                            assert!(answer.vi.is_some() || answer.note.is_some(), "{}", measure.code);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn options_that_do_not_apply_are_refused() {
    let check = |code: &str, options: Options| options.check(measure(code).unwrap());
    let usual = Options::default();
    assert!(check("MD", Options { add: Some(1.0), ..usual }).unwrap_err().reason().contains("no zero counts"));
    assert!(check("PR", Options { drop00: true, ..usual }).is_err());
    assert!(check("RR", Options { drop00: true, ..usual }).is_ok());
    assert!(check("SMD", Options { vtype: Vtype::Ho, ..usual }).unwrap_err().reason().contains("LS, LS2, UB, AV"));
    assert!(check("MD", Options { correct: false, ..usual }).is_err());
    assert!(check("OR", Options { add: Some(-0.5), ..usual }).is_err());
}

#[test]
fn two_groups_with_a_zero_get_the_constant_and_a_word_on_it() {
    let table = Inputs::from([(Ai, 0.0), (Bi, 9.0), (Ci, 5.0), (Di, 6.0)]);
    let or = measure("OR").unwrap();
    let added = escalc(or, &table, &Options::default()).unwrap();
    assert_eq!(added.note.map(|note| note.to_string()), Some("0.5 was added to each cell".to_owned()));
    let plain = Options { to: AddTo::None, ..Options::default() };
    assert!(matches!(escalc(or, &table, &plain), Err(Reason::Undefined(_))));
    let mut survey = Survey::default();
    let all = Options { to: AddTo::If0All, ..Options::default() };
    survey.add(or, &Inputs::from([(Ai, 1.0), (Bi, 9.0), (Ci, 5.0), (Di, 6.0)]), &all);
    assert!(!survey.across().has_zero);
    survey.add(or, &table, &all);
    assert!(survey.across().has_zero);
}

/// metafor 3.8-1: `escalc("PR", xi = c(0, 3, 5), ni = c(10, 12, 9), vtype = "AV", to = "if0all", add = 0.5)$vi`, and
/// for `RD` with `ai = c(0, 3, 5), n1i = c(10, 12, 9), ci = c(1, 2, 4), n2i = c(9, 13, 11)`.
#[test]
fn averages_are_those_of_counts_with_the_constant_where_any_row_has_a_zero() {
    let variances = |code: &str, rows: &[Inputs]| {
        let of = measure(code).unwrap();
        let mut options = Options { vtype: Vtype::Av, to: AddTo::If0All, add: Some(0.5), ..Options::default() };
        let mut survey = Survey::default();
        rows.iter().for_each(|row| survey.add(of, row, &options));
        options.across = survey.across();
        rows.iter().map(|row| escalc(of, row, &options).unwrap().vi.unwrap()).collect::<Vec<f64>>()
    };
    let close = |found: Vec<f64>, expected: [f64; 3]| {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
        }
    };
    let one = [(0.0, 10.0), (3.0, 12.0), (5.0, 9.0)].map(|(x, n)| Inputs::from([(Xi, x), (Ni, n)]));
    close(variances("PR", &one), [0.0183037118590752, 0.0154877561884482, 0.0201340830449827]);
    let two = [[0.0, 10.0, 1.0, 9.0], [3.0, 12.0, 2.0, 13.0], [5.0, 9.0, 4.0, 11.0]]
        .map(|[a, n1, c, n2]| Inputs::from([(Ai, a), (N1i, n1), (Ci, c), (N2i, n2)]));
    close(variances("RD", &two), [0.0363399772911739, 0.0283708029256616, 0.0351643042383983]);
}

/// The last of two rows under options for which the rows are seen twice.
fn last_of(code: &str, rows: [Inputs; 2], options: Options) -> YiVi {
    let of = measure(code).unwrap();
    let mut survey = Survey::default();
    rows.iter().for_each(|row| survey.add(of, row, &options));
    escalc(of, &rows[1], &Options { across: survey.across(), ..options }).unwrap()
}

/// metafor 3.8-1: `escalc("OR", ai = c(0, 3), bi = c(10, 7), ci = c(0, 5), di = c(12, 6), to = "if0all", drop00 = TRUE)`, the
/// same of `IRR` with the second numbers as times, and `IRSD` with `add = 0.5` and the first time missing.
#[test]
fn a_row_that_is_dropped_asks_for_no_constant_in_the_others() {
    let options = Options { to: AddTo::If0All, drop00: true, add: Some(0.5), ..Options::default() };
    let tables = [[0.0, 10.0, 0.0, 12.0], [3.0, 7.0, 5.0, 6.0]];
    let cells = tables.map(|[a, b, c, d]| Inputs::from([(Ai, a), (Bi, b), (Ci, c), (Di, d)]));
    let sized = tables.map(|[a, b, c, d]| Inputs::from([(Ai, b), (N1i, a + b), (Ci, d), (N2i, c + d)]));
    let rates = tables.map(|[a, b, c, d]| Inputs::from([(X1i, a), (T1i, b), (X2i, c), (T2i, d)]));
    let mut without_time = rates;
    without_time[0].set(T1i, None);
    for (code, rows, yi, vi) in [
        ("OR", cells, -0.664_976_303_593_249, 0.842_857_142_857_142_9),
        ("OR", sized, 0.664_976_303_593_249, 0.842_857_142_857_142_9),
        ("IRR", rates, -0.664_976_303_593_249_1, 0.533_333_333_333_333_3),
        ("IRSD", without_time, -0.258_217_258_467_299_8, 0.077_380_952_380_952_38),
    ] {
        let found = last_of(code, rows, options);
        assert!((found.yi - yi).abs() < 1e-14 && (found.vi.unwrap() - vi).abs() < 1e-14, "{code}: {found:?}");
    }
}

/// metafor 3.8-1, `escalc("ROM", m1i = 4, sd1i = 2, n1i = 12, m2i = 3, sd2i = 1, n2i = 9, vtype = "AVHO")$vi`, alone
/// and behind a row with means of 5 and 4, SDs of 1 and sizes of 10.
#[test]
fn a_row_without_a_ratio_is_no_part_of_an_average() {
    let of =
        |m1, s1, n1, m2, s2, n2| Inputs::from([(M1i, m1), (Sd1i, s1), (N1i, n1), (M2i, m2), (Sd2i, s2), (N2i, n2)]);
    let counted = of(4.0, 2.0, 12.0, 3.0, 1.0, 9.0);
    let options = Options { vtype: Vtype::AvHo, ..Options::default() };
    let with = |other| last_of("ROM", [other, counted], options).vi.unwrap();
    assert!((with(of(5.0, 1.0, 10.0, 4.0, 1.0, 10.0)) - 0.021_081_201_665_675_19).abs() < 1e-14);
    let alone = last_of("ROM", [Inputs::default(), counted], options).vi.unwrap();
    assert_eq!(with(of(0.0, 1.0, 10.0, 4.0, 1.0, 10.0)), alone);
}

/// As `escalc` of metafor 3.8-1, which gives NA for a coefficient of variation of a mean below 0.
#[test]
fn means_below_zero_have_a_ratio_and_no_coefficient_of_variation() {
    let row = Inputs::from([
        (M1i, -2.68),
        (Sd1i, 2.0),
        (M2i, -1.7696),
        (Sd2i, 1.856),
        (Ri, 0.2),
        (Ni, 9.0),
        (N1i, 9.0),
        (N2i, 9.0),
    ]);
    let of = |code: &str| escalc(measure(code).unwrap(), &row, &Options::default());
    for code in ["CVR", "CVRC"] {
        assert!(of(code).unwrap_err().to_string().contains("needs a mean above 0"), "{code}");
    }
    for code in ["ROM", "ROMC"] {
        assert!(of(code).unwrap().note.unwrap().to_string().contains("both means are negative"), "{code}");
    }
}

#[test]
fn margins_of_pairs_are_of_the_same_people() {
    let of = |c: f64| Inputs::from([(Ai, 40.0), (Bi, 60.0), (Ci, c), (Di, 50.0), (Ri, 0.3)]);
    let mporm = measure("MPORM").unwrap();
    assert!(escalc(mporm, &of(50.0), &Options::default()).is_ok());
    let reason = escalc(mporm, &of(5.0), &Options::default()).unwrap_err().to_string();
    assert!(reason.contains("ai + bi is not ci + di"), "{reason}");
}

/// metafor 3.8-1: `escalc("AHW", ai = 0.149, mi = 8, ni = 2)`.
#[test]
fn the_cube_root_of_alpha_has_a_variance_in_two() {
    let row = Inputs::from([(Ai, 0.149), (Mi, 8.0), (Ni, 2.0)]);
    let found = escalc(measure("AHW").unwrap(), &row, &Options::default()).unwrap();
    assert!((found.yi - 0.052_360_430_656_423_15).abs() < 1e-14, "{found:?}");
    assert!((found.vi.unwrap() - 0.377_011_628_243_550_7).abs() < 1e-14, "{found:?}");
    for code in ["ARAW", "ABT"] {
        assert!(escalc(measure(code).unwrap(), &row, &Options::default()).is_err(), "{code}");
    }
}

proptest::proptest! {
    /// Exchanging the groups turns every contrast round.
    #[test]
    fn contrasts_are_antisymmetric(m in 0.5f64..9.0, k in 0.5f64..9.0, s in 0.2f64..4.0, u in 0.2f64..4.0, n in 2u32..40, l in 2u32..40) {
        let of = |m1, s1, n1: u32, m2, s2, n2: u32| Inputs::from([
            (M1i, m1), (Sd1i, s1), (N1i, f64::from(n1)), (M2i, m2), (Sd2i, s2), (N2i, f64::from(n2)),
        ]);
        for code in ["MD", "SMD", "SMDH", "ROM", "CVR", "VR", "D2OR", "RPB"] {
            let measure = measure(code).unwrap();
            let there = escalc(measure, &of(m, s, n, k, u, l), &Options::default()).unwrap();
            let back = escalc(measure, &of(k, u, l, m, s, n), &Options::default()).unwrap();
            proptest::prop_assert!((there.yi + back.yi).abs() <= 1e-12 * (1.0 + there.yi.abs()), "{}", code);
            proptest::prop_assert!((there.vi.unwrap() / back.vi.unwrap() - 1.0).abs() < 1e-12, "{}", code);
        }
    }
}

/// By hand: the pooled variance of (n, SD) = (10, 1) and (20, 2) is (9 + 19 · 4)/28, as of
/// `escalc("MN", …, vtype = "HO")` in metafor from 4.0 on.
#[test]
fn means_of_one_group_can_share_a_variance() {
    let rows = [(3.0, 1.0, 10.0), (4.0, 2.0, 20.0)].map(|(m, s, n)| Inputs::from([(Mi, m), (Sdi, s), (Ni, n)]));
    let found = last_of("MN", rows, Options { vtype: Vtype::Ho, ..Options::default() });
    assert!((found.vi.unwrap() - 85.0 / 28.0 / 20.0).abs() < 1e-15);
    // One row alone does not tell what all rows have.
    let alone = Options { vtype: Vtype::Ho, ..Options::default() };
    assert!(escalc(measure("MN").unwrap(), &rows[0], &alone).is_err());
}

/// metafor 3.8-1: `escalc("MPORC", ai = NA_real_, bi = 2, ci = 4, di = 16)` and `MPPETO`.
#[test]
fn discordant_pairs_are_enough_for_their_measures() {
    let row = Inputs::from([(Bi, 2.0), (Ci, 4.0)]);
    for (code, yi, vi) in
        [("MPORC", -std::f64::consts::LN_2, 0.75), ("MPPETO", -0.666_666_666_666_667, 0.666_666_666_666_667)]
    {
        let found = escalc(measure(code).unwrap(), &row, &Options::default()).unwrap();
        assert!((found.yi - yi).abs() < 1e-14 && (found.vi.unwrap() - vi).abs() < 1e-14, "{code}: {found:?}");
    }
}

/// log(2.9/0.4), log(1.1/0.8) and 2.5: sizes change none of them, and every variance.
#[test]
fn an_effect_that_needs_no_sizes_has_no_variance_without_them() {
    let pairs = [(Field::M1i, 2.9), (Field::Sd1i, 1.1), (Field::M2i, 0.4), (Field::Sd2i, 0.8), (Field::Ri, 0.5)];
    let plain = Options { correct: false, ..Options::default() };
    for (code, options, expected) in [
        ("MD", Options::default(), Some(2.5)),
        ("MC", Options::default(), Some(2.5)),
        ("ROM", plain, Some((2.9f64 / 0.4).ln())),
        ("SMD1", plain, Some(2.5 / 0.8)),
        ("VRC", Options::default(), Some((1.1f64 / 0.8).ln())),
        ("ROM", Options::default(), None),
        ("SMD", plain, None),
        ("SMD1", Options::default(), None),
    ] {
        let found = escalc(measure(code).unwrap(), &Inputs::from(pairs), &options);
        match expected {
            Some(yi) => {
                let found = found.unwrap();
                assert!((found.yi - yi).abs() < 1e-12 && found.vi.is_none(), "{code}: {found:?}");
                assert!(found.note.unwrap().to_string().starts_with("no variance: n"), "{code}");
            }
            None => assert!(matches!(found, Err(Reason::Missing(_))), "{code}: {found:?}"),
        }
    }
}
