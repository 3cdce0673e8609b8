//! Known correlations of random effects as the command takes them; their numbers stand in `walk`.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};

const EFFECTS: &str = "\
species,yi,vi
rat,0.10,0.02
rat,0.30,0.02
mouse,0.40,0.03
mouse,0.20,0.02
newt,1.10,0.05
newt,0.90,0.04
frog,0.70,0.03
";

fn folder(name: &str, tree: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("t.csv", EFFECTS);
    folder.write("tree.csv", tree);
    folder
}

const ARGS: [&str; 6] = ["meta", "t.csv", "--random", "1 | species", "--known-cor", "species=tree.csv"];

#[test]
fn what_is_no_correlation_matrix_of_the_levels_is_refused() {
    let of = |rows: &str| format!("rat,mouse,newt,frog\n{rows}");
    for (at, (tree, expected)) in [
        (
            of("1,0.8,0.1,0.1\n0.8,1,0.1,0.1\n0.1,0.1,1,0.3\n0.1,0.2,0.3,1\n"),
            "not symmetric: mouse and frog have 0.1 and 0.2",
        ),
        (of("1,0.8,0.1,0.1\n0.8,2,0.1,0.1\n0.1,0.1,1,0.3\n0.1,0.1,0.3,1\n"), "2 stands on the diagonal for mouse"),
        (of("1,0.9,0.9,0\n0.9,1,-0.9,0\n0.9,-0.9,1,0\n0,0,0,1\n"), "not positive definite"),
        (of("1,0.8,0.1,0.1\n0.8,1,0.1,0.1\n"), "a square matrix was expected, and there are 4 columns and 2 rows"),
        (of("1,0.8,0.1,0.1\n0.8,1,x,0.1\n0.1,0.1,1,0.3\n0.1,0.1,0.3,1\n"), "the column newt holds what is no number"),
        (of("1,0.8,0.1,0.1\n0.8,1,,0.1\n0.1,0.1,1,0.3\n0.1,0.1,0.3,1\n"), "no correlation of mouse and newt"),
        (
            "rat,mouse,newt\n1,0.8,0.1\n0.8,1,0.1\n0.1,0.1,1\n".to_owned(),
            "no correlations of frog, which is a level of species",
        ),
        (
            "name,rat,mouse,newt,frog\nrat,1,0,0,0\nmouse,0,1,0,0\nnewt,0,0,1,0\ntoad,0,0,0,1\n".to_owned(),
            "the header names frog, and no row does",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let output = folder(&format!("known-refused-{at}"), &tree).run(ARGS);
        assert_ne!(output.status.code(), Some(0), "{tree}: {}", stdout(&output));
        assert!(stderr(&output).contains(expected), "{expected}: {}", stderr(&output));
    }
    let folder = folder("known-terms", &of("1,0,0,0\n0,1,0,0\n0,0,1,0\n0,0,0,1\n"));
    let told = |more: &[&str]| stderr(&folder.run([&ARGS[..], more].concat()));
    assert!(told(&["--known-cor", "specis=tree.csv"]).contains("has no term \"1 | specis\""));
    assert!(told(&["--known-cor", "species=tree.csv"]).contains("names species twice"));
    assert!(told(&["--known-cor", "tree.csv"]).contains("COLUMN=FILE was expected"));
}

/// Correlations of 0 are those of independent effects: the same fit, with and without names of the rows, and in any
/// order.
#[test]
fn correlations_of_0_are_those_of_independent_effects() {
    let plain = "rat,mouse,newt,frog\n1,0,0,0\n0,1,0,0\n0,0,1,0\n0,0,0,1\n";
    let named = "\"\",frog,rat,mouse,newt\nmouse,0,0,1,0\nnewt,0,0,0,1\nrat,0,1,0,0\nfrog,1,0,0,0\n";
    let args = [&ARGS[..], &["--json"]].concat();
    let [one, two] =
        [("known-plain", plain), ("known-named", named)].map(|(name, tree)| json_of(&folder(name, tree).run(&args)));
    let without = json_of(&folder("known-none", plain).run(["meta", "t.csv", "--random", "1 | species", "--json"]));
    for field in ["/coefficients/0/estimate", "/coefficients/0/se", "/sigma2/0", "/sigma2_ci/0/1", "/fit/loglik"] {
        let expected = without.pointer(field).unwrap().as_f64().unwrap();
        within(one.pointer(field).unwrap(), expected, 1e-8);
        within(two.pointer(field).unwrap(), expected, 1e-8);
    }
}

/// Known correlations stand in the text, in the call of R, and beside independent effects of the same column.
#[test]
fn known_correlations_are_told() {
    let tree = "rat,mouse,newt,frog\n1,0.8,0.1,0.1\n0.8,1,0.1,0.1\n0.1,0.1,1,0.3\n0.1,0.1,0.3,1\n";
    let args = [&ARGS[..], &["--random", "1 | species", "--ranef"]].concat();
    let folder = folder("known-told", tree);
    let text = stdout(&folder.run(&args));
    assert!(text.contains("species (known correlations), species (independent)"), "{text}");
    let found = json_of(&folder.run([&args[..], &["--json"]].concat()));
    let call = found["r_call"].as_str().unwrap();
    assert!(call.contains("R = list(species = local({ A <- read.csv(\"tree.csv\""), "{call}");
    // R's argument belongs to all terms of a column: the second term has another one.
    assert!(call.contains("data$species.2 <- data$species; rma.mv(") && call.contains("~ 1 | species.2"), "{call}");
    for (term, names) in [("species", 4), ("species (independent)", 4)] {
        assert_eq!(found["ranef"][term].as_object().unwrap().len(), names, "{term}");
    }
}
