//! Natural splines, polynomials, scaled columns and comparisons in formulas against R's model matrices
//! (`tests/ref/formula/curves.R`).

use reffect::formula::{Contrasts, Design, Formula, Frame};

const FIT: [f64; 10] = [1.5, 2.0, 3.5, 4.0, 7.0, 9.0, 9.5, 12.0, 2.2, 6.1];
const NEW: [f64; 6] = [0.0, 1.5, 5.0, 9.2, 12.0, 15.0];

fn frame(values: &[f64]) -> Frame {
    let mut frame = Frame::default();
    frame.numbers("x", values.to_vec());
    let other = [5.0, 0.0, 0.0, 10.0, 10.0, 5.0];
    let rounded = values.iter().map(|x| 5.0 * (x / 5.0).round()).collect();
    frame.numbers("round5", if values == NEW { other.to_vec() } else { rounded });
    frame
}

#[test]
fn columns_are_those_of_r_for_the_fit_and_for_new_rows() {
    let text = include_str!("../ref/formula/curves.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut checked = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let formula = Formula::parse(&record[0]).unwrap();
        let all: Vec<usize> = (0..FIT.len()).collect();
        let design = Design::new(&formula.terms, &frame(&FIT), &all, Contrasts::Treatment).unwrap();
        let values: &[f64] = if &record[1] == "fit" { &FIT } else { &NEW };
        let rows: Vec<usize> = (0..values.len()).collect();
        let matrix = design.matrix(&frame(values), &rows, "(Intercept)").unwrap();
        let at = matrix.names.iter().position(|name| *name == record[2]);
        let at = at.unwrap_or_else(|| panic!("{} is not among {:?}", &record[2], matrix.names));
        for (found, expected) in matrix.columns[at].iter().zip(record[3].split(' ')) {
            let expected: f64 = expected.parse().unwrap();
            assert!((found - expected).abs() < 1e-12, "{} {}: {found} for {expected}", &record[0], &record[1]);
        }
        checked += 1;
    }
    assert_eq!(checked, 228);
}

/// R's ways to write a slope that breaks are one column.
#[test]
fn broken_lines_are_written_as_in_r() {
    let values = [1.0, 4.0, 5.0, 7.5, f64::NAN];
    let column = |term: &str| {
        let formula = Formula::parse(term).unwrap();
        let (frame, rows) = (frame(&values), [0, 1, 2, 3]);
        let design = Design::new(&formula.terms, &frame, &rows, Contrasts::Treatment).unwrap();
        let matrix = design.matrix(&frame, &rows, "(Intercept)").unwrap();
        assert_eq!(matrix.names[1], term);
        matrix.columns[1].clone()
    };
    for term in ["pmax(x - 5, 0)", "I((x - 5) * (x > 5))", "ifelse(x > 5, x - 5, 0)", "I(-pmin(5 - x, 0))"] {
        assert_eq!(column(term), [0.0, 0.0, 0.0, 2.5], "{term}");
    }
    // Of ifelse only the branch that is chosen needs a value, and its arguments have names.
    assert_eq!(column("ifelse(x > 4, sqrt(x - 5), 9)"), [9.0, 9.0, 0.0, 2.5f64.sqrt()]);
    assert_eq!(column("ifelse(x > 5, no = 1, yes = 0)"), [1.0, 1.0, 1.0, 0.0]);
}

#[test]
fn a_spline_that_cannot_be_made_says_why() {
    for (term, told) in [
        ("ns(x)", "write ns(x, df = 3)"),
        ("ns(x, df = 0)", "df is a whole number from 1"),
        ("ns(x, df = 2.5)", "df is a whole number from 1"),
        ("ns(x, knots = 99)", "the knot 99 does not lie between"),
        ("ns(x, knots = c(3, 3))", "two knots coincide"),
        ("ns(x, deg = 3)", "ns() has no argument deg"),
        ("ns(x, boundary.knots = 3)", "`Boundary.knots`"),
        ("ns(x, 3, Boundary.knots = 4)", "the boundary knots are two different numbers"),
        ("ns(x, 3, Boundary.knots = c(50, 60))", "no value lies between the boundary knots 50 and 60"),
        ("ns(x, knots = 7, Boundary.knots = c(2, 6))", "does not lie between the boundary knots, 2 and 6"),
        ("ns(x, 3, knots = 7)", "df and knots say the same thing twice"),
        ("ns(x, 3, df = 3)", "df is given twice"),
        ("ns(x, Boundary.knots = c(2, 6))", "ns() needs df or knots"),
        ("poly(x, 2, raw = 1)", "raw is TRUE or FALSE"),
        ("poly(x, 2, row = TRUE)", "`raw`"),
        ("poly(x)", "write poly(x, 2)"),
        ("ns(x, knots = c(a))", "a knot is a number"),
        ("poly(x, 10)", "needs more than 10 different values"),
        ("scale(x, 2)", "center is TRUE or FALSE"),
        ("scale(x, mean = TRUE)", "scale() has no argument mean"),
        ("pmax(x)", "pmax() takes two or more arguments"),
        ("ifelse(x > 5, 1)", "ifelse() takes three arguments"),
        ("pmax(x, 3, na.rm = 3)", "pmax() has no argument na.rm"),
        ("I(x - mean(x))", "scale(x, scale = FALSE)"),
        ("I(x == \"a\")", "numbers are compared with a number, and `a` is none"),
        ("relevel(x, ref = \"5\")", "relevel() takes a factor, and this is a column of numbers"),
        ("relevel(factor(round5), ref = \"7\")", "factor(round5) has no level `7`"),
        ("relevel(factor(round5))", "relevel() takes a factor and a level"),
    ] {
        let formula = Formula::parse(term).unwrap();
        let all: Vec<usize> = (0..FIT.len()).collect();
        let error = Design::new(&formula.terms, &frame(&FIT), &all, Contrasts::Treatment).unwrap_err();
        assert!(error.to_string().contains(told), "{term}: {error}");
    }
    let bare = Formula::parse("x > 5").unwrap_err();
    assert!(bare.to_string().contains("write it in I(): I(age > 65)"), "{bare}");
    let constant = Formula::parse("ns(x, df = 2)").unwrap();
    assert!(Design::new(&constant.terms, &frame(&[1.0, 1.0]), &[0, 1], Contrasts::Treatment).is_err());
}
