//! The console blocks of README.md run as they are printed, and so do its calls in a shell that draw charts.

#[test]
fn readme() {
    trycmd::TestCases::new().case("README.md");
}

#[test]
#[cfg(unix)]
fn charts_of_the_readme_are_drawn() {
    use crate::common::cli::{Folder, stderr};
    use std::path::Path;
    use std::process::Command;
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
    let calls: Vec<&str> = blocks.flat_map(str::lines).filter(|line| line.contains("reffect plot ")).collect();
    assert!(calls.len() >= 6, "{calls:?}");
    let folder = Folder::with_data("readme-charts");
    let program = Path::new(env!("CARGO_BIN_EXE_reffect")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    for call in calls {
        let output = Command::new("sh").args(["-c", call]).current_dir(folder.path("")).env("PATH", &path).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{call}: {}", stderr(&output));
        let chart = call.split(" -o ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        assert!(folder.path(chart).is_file(), "{call}");
    }
}
