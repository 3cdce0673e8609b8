//! Factors whose levels are in order against R's model matrices (`tests/ref/formula/ordered.R`).

use reffect::formula::{Contrasts, Design, Formula, FormulaError, Frame, ModelMatrix};

fn matrix(term: &str, frame: &Frame, contrasts: Contrasts) -> Result<ModelMatrix, FormulaError> {
    let rows: Vec<usize> = (0..frame.len()).collect();
    Design::new(&Formula::parse(term)?.terms, frame, &rows, contrasts)?.matrix(frame, &rows, "(Intercept)")
}

#[test]
fn contrasts_are_polynomials_whichever_are_chosen_for_other_factors() {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/formula/ordered.csv").as_bytes());
    let mut checked = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let levels: u32 = record[0].parse().unwrap();
        let mut frame = Frame::default();
        frame.numbers("x", (1..=levels).rev().map(f64::from).collect());
        for contrasts in [Contrasts::Treatment, Contrasts::Sum, Contrasts::Helmert] {
            let own = matrix("ordered(x)", &frame, contrasts).unwrap();
            let at = own.names.iter().position(|name| *name == record[1]).unwrap();
            for (found, expected) in own.columns[at].iter().zip(record[2].split(' ')) {
                let expected: f64 = expected.parse().unwrap();
                // R's own are by a decomposition of powers, and lose digits with many levels.
                let tolerance = if levels <= 12 { 1e-12 } else { 1e-9 };
                assert!((found - expected).abs() < tolerance, "{} {}: {found} for {expected}", &record[0], &record[1]);
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 73);
}

/// By rational arithmetic: tests/ref/formula/ordered.py.
#[test]
fn polynomials_over_many_levels_are_exact() {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/formula/ordered_exact.csv").as_bytes());
    let mut checked = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let levels: u32 = record[0].parse().unwrap();
        let mut frame = Frame::default();
        frame.numbers("x", (1..=levels).map(f64::from).collect());
        let own = matrix("ordered(x)", &frame, Contrasts::Treatment).unwrap();
        let column = &own.columns[record[1].parse::<usize>().unwrap()];
        for (found, expected) in column.iter().zip(record[2].split(' ')) {
            assert!((found - expected.parse::<f64>().unwrap()).abs() < 1e-14, "{} {}", &record[0], &record[1]);
        }
        checked += 1;
    }
    assert_eq!(checked, 63);
}

#[test]
fn texts_have_an_order_by_their_numbers_or_as_they_are_listed() {
    let mut frame = Frame::default();
    let grades = ["mild", "severe", "moderate", "mild"].map(|text| Some(text.to_owned()));
    frame.texts("grade", grades);
    frame.texts("visit", ["V10", "V2", "V1", "V2"].map(|text| Some(text.to_owned())));
    let of = |term: &str| matrix(term, &frame, Contrasts::Treatment);
    let listed = of("ordered(grade, levels = c('mild', 'moderate', 'severe'))").unwrap();
    let names: Vec<&str> = listed.names[1..].iter().map(|name| &name[name.len() - 2..]).collect();
    assert_eq!(names, [".L", ".Q"]);
    let half = 0.5f64.sqrt();
    for (found, expected) in listed.columns[1].iter().zip([-half, half, 0.0, -half]) {
        assert!((found - expected).abs() < 1e-15);
    }
    let by_number = of("ordered(visit)").unwrap();
    assert!((by_number.columns[1][0] - half).abs() < 1e-15 && (by_number.columns[1][2] + half).abs() < 1e-15);
    let error = of("ordered(grade)").unwrap_err();
    assert!(error.message.contains("no order of their own: mild, moderate"), "{error}");
    let error = of("ordered(grade, levels = c('mild', 'moderate', 'sever'))").unwrap_err();
    assert!(error.message.contains("no level `sever`"), "{error}");
    let mut many = Frame::default();
    many.numbers("x", (0..96).map(f64::from).collect());
    let error = matrix("ordered(x)", &many, Contrasts::Treatment).unwrap_err();
    assert!(error.message.contains("96 levels"), "{error}");
}
