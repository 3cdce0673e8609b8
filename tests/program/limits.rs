//! Input of any size and of any characters ends in a result or in a message.

use crate::common::cli::{Folder, stderr, stdout};

/// What the program says of a call that it refuses.
fn refused(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    assert_eq!(output.status.code(), Some(2), "{args:.60?}: {}", stderr(&output));
    assert!(output.stdout.is_empty(), "{args:.60?} printed a result");
    let told = stderr(&output);
    assert!(told.len() < 5000, "{} bytes are told", told.len());
    told
}

#[test]
fn formulas_of_any_depth_are_refused_in_words() {
    let folder = Folder::new("limits-formulas");
    folder.write("t.csv", "y,x,g\n1,2,a\n2,3,b\n3,5,a\n4,4,b\n");
    let deep = format!("{}x{}", "(".repeat(30_000), ")".repeat(30_000));
    let (signs, calls) = ("-".repeat(60_000) + "x", format!("{}x{}", "log(".repeat(20_000), ")".repeat(20_000)));
    for part in [&deep, &signs, &calls] {
        for formula in
            [format!("y ~ {part} + (1 | g)"), format!("y ~ x + ({part} | g)"), format!("1 + {part} ~ x + (1 | g)")]
        {
            let told = refused(&folder, &["fit", &formula, "t.csv"]);
            assert!(told.contains("more than 100 expressions") || told.contains("more than 2000 words"), "{told}");
        }
    }
    let chain = vec!["x"; 30_000].join(" + ");
    assert!(refused(&folder, &["fit", &format!("y ~ {chain} + (1 | g)"), "t.csv"]).contains("more than 2000 words"));
}

/// As many terms as are allowed are worked on, also with the small stack of a thread: in a process of its own, which an
/// overflow would end.
#[test]
fn formulas_of_any_depth_that_is_allowed_need_a_small_stack() {
    let own = "REFFECT_TEST_OF_A_SMALL_STACK";
    if std::env::var_os(own).is_none() {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "limits::formulas_of_any_depth_that_is_allowed_need_a_small_stack"]).env(own, "1");
        let output = command.output().unwrap();
        assert!(output.status.success() && stdout(&output).contains("1 passed"), "{output:?}");
        return;
    }
    let most = vec!["x"; 450].join(" + ");
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let parsed = thread.spawn(move || reffect::formula::Formula::parse(&most).map(|formula| formula.terms.terms.len()));
    assert_eq!(parsed.unwrap().join().unwrap().unwrap(), 1);
}

#[test]
fn a_row_without_an_end_is_told_before_memory_runs_out() {
    let folder = Folder::new("limits-rows");
    std::fs::File::create(folder.path("zeros.csv")).unwrap().set_len(65 << 20).unwrap();
    let mut quote = b"mean,sd,n\n\"5.1,1,7\n".to_vec();
    quote.resize(65 << 20, b'\n');
    folder.write("quote.csv", quote);
    for args in [&["check", "FILE"][..], &["meta", "FILE"], &["effect", "--measure", "RR", "FILE"]] {
        let call =
            |file: &'static str| args.iter().map(|arg| if *arg == "FILE" { file } else { arg }).collect::<Vec<_>>();
        let told = refused(&folder, &call("zeros.csv"));
        assert!(told.contains("line 1 is longer than 64 MiB: it has no line ends"), "{told}");
    }
    let output = folder.run(["check", "quote.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("line 2 is longer than 64 MiB: a quote that opens on it is never closed"));
}

#[test]
fn a_hundred_thousand_columns_are_read() {
    let folder = Folder::new("limits-columns");
    let names: Vec<String> = (0..100_000).map(|at| format!("c{at}")).collect();
    let row = vec!["1"; 100_000].join(",");
    folder.write("wide.csv", format!("{},yi,vi\n{row},0.1,0.2\n{row},0.3,0.1\n", names.join(",")));
    let output = folder.run(["meta", "wide.csv", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = refused(&folder, &["meta", "wide.csv", "--yi", "effect"]);
    assert!(told.contains("and 99982 more"), "{told}");
}

#[test]
fn thousands_of_mistakes_are_counted_and_not_all_told() {
    let folder = Folder::new("limits-mistakes");
    let keys: String = (0..20_000).map(|at| format!("k{at} = 1\n")).collect();
    folder.write("many.toml", format!("label = \"x\"\n{keys}"));
    let output = folder.run(["show", "many.toml"]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("more mistakes are not shown") && told.len() < 50_000, "{}", told.len());
    folder.write("deep.toml", format!("a = {}", "[".repeat(100_000)));
    assert_eq!(folder.run(["show", "deep.toml"]).status.code(), Some(2));
}

#[test]
fn scales_and_trials_of_any_size_are_searched_or_refused() {
    let folder = Folder::new("limits-scales");
    folder.write("rows.csv", "mean,sd,n,min,max\n25455.80,17604.32,518060,0,46877\n49943.85,33743.92,156,0,73235\n");
    assert!(matches!(folder.run(["check", "rows.csv"]).status.code(), Some(0 | 1)));
    // Patients are written as they come; visits are a matrix, and --exact needs all values at once.
    let visits = format!("a: n=3{}", "; 3 ± 1".repeat(3000));
    assert!(refused(&folder, &["simulate", "--arm", &visits, "--r", "0.5"]).contains("too many for one trial"));
    let exact = ["simulate", "--arm", "a: n=1000000000; 3 ± 1; 4 ± 1", "--r", "0.5", "--exact"];
    assert!(refused(&folder, &exact).contains("too many to be held at once"));
}

/// Labels of a table reach a terminal, Markdown, SVG, XML and annotations without their escape sequences.
#[test]
fn hidden_characters_come_out_inert() {
    let folder = Folder::new("limits-hidden");
    let evil = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{202e}\u{2066}\u{9b}<script>alert(1)</script>";
    folder.write(
        "t.csv",
        format!("study,yi,vi,\"{evil}\"\n\"{evil}a\",0.1,0.2,1\n\"{evil}b\",0.3,0.1,2\n\"c\",0.2,0.1,3\n"),
    );
    folder.write("m.csv", format!("mean,sd,n\n5.19,\"{evil}\",28\n5.19,1,\"28\n::error::x\"\n"));
    folder.write(&format!("{evil}.csv").replace('/', "_"), "a\n");
    let name = format!("{evil}.csv").replace('/', "_");
    let harmless = |text: &str, what: &str| {
        let hidden = text.chars().find(|c| *c != '\n' && reffect::diagnostic::is_hidden(*c));
        assert_eq!(hidden, None, "{what}: {text}");
        assert!(!text.lines().any(|line| line.starts_with("::error::x")), "{what}");
    };
    for args in [
        &["meta", "t.csv", "--slab", "study", "--leave-one-out"][..],
        &["meta", "t.csv", "--slab", "study", "--format", "markdown", "--influence"],
        &["meta", "t.csv", "--mods", "nothing"],
        &["meta", "t.csv", "--slab", "nothing"],
        &["check", "m.csv", "--verbose"],
        &["check", "m.csv", "--verbose", "--format", "markdown"],
        &["check", "m.csv", "--verbose", "--format", "github"],
        &["check", "m.csv", "--verbose", "--format", "junit"],
        &["effect", "--before", evil, "--after", "3"],
        &["fit", evil, "t.csv"],
        &["meta", &name],
        &["meta", "t.csv", "--method", evil],
        &["reconstruct", "5 ± 2", "-n", "7", "--min", "0", "--max", "9", "--where", evil],
    ] {
        let output = folder.run(args);
        harmless(&stdout(&output), &format!("{args:?}"));
        harmless(&stderr(&output), &format!("{args:?}"));
    }
    let output = folder.run(["plot", "forest", "t.csv", "--slab", "study", "-o", "f.svg", "--title", evil]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let svg = std::fs::read_to_string(folder.path("f.svg")).unwrap();
    harmless(&svg, "SVG");
    assert!(!svg.contains("<script") && roxmltree::Document::parse(&svg).is_ok());
}

#[test]
fn a_dash_is_standard_output() {
    let folder = Folder::new("limits-dash");
    let plain = folder.run(["effect", "--proportion", "5/7", "--json"]);
    for args in
        [&["effect", "--proportion", "5/7", "--json", "-o", "-"][..], &["effect", "--proportion=5/7", "-o-", "--json"]]
    {
        assert_eq!(stdout(&folder.run(args)), stdout(&plain));
    }
    assert!(!folder.path("-").exists());
    folder.write(
        "r.toml",
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/nmo-tocilizumab-2014.toml")).unwrap(),
    );
    assert!(refused(&folder, &["show", "r.toml", "--toml", "--json"]).contains("--toml"));
    let toml = folder.run(["show", "r.toml", "--toml", "-o", "-"]);
    assert!(stdout(&toml).contains("[[outcome]]"));
}

/// A pipe or a disk that takes nothing is told also of texts that the reader of arguments writes.
#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_no_success() {
    for args in [&["--help"][..], &["help", "effect"], &["effect", "--proportion", "5/7"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_reffect"));
        let output = command.args(args).stdout(full).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let output = output.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("could not be written"), "{args:?}");
    }
}
