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
            let reason = escalc(measure, &inputs, &Options::default()).unwrap_err();
            assert!(
                matches!(&reason, Reason::Missing(fields) | Reason::MissingAny(fields) if fields.contains(field)),
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

/// metafor 3.8-1: `escalc("PR", xi = c(0, 3, 5), ni = c(10, 12, 9), vtype = "AV", to = "if0all", add = 0.5)$vi`, and for
/// `RD` with `ai = c(0, 3, 5), n1i = c(10, 12, 9), ci = c(1, 2, 4), n2i = c(9, 13, 11)`.
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
