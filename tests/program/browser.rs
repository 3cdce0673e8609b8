//! The report page in a real browser, the Chromium that `REFFECT_CHROMIUM` names; `.ci/run` names one where it finds one.

use crate::common::cli::{Folder, stderr};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const AUDIT: &str = include_str!("../browser/audit.js");
const ACTIONS: &str = include_str!("../browser/actions.js");

fn chromium() -> PathBuf {
    let named = std::env::var_os("REFFECT_CHROMIUM").unwrap_or_else(|| panic!("REFFECT_CHROMIUM names no Chromium"));
    PathBuf::from(named)
}

/// A page in a window of a width.
struct Visit<'a> {
    chromium: &'a Path,
    folder: &'a Folder,
    page: &'a str,
    width: u32,
    arguments: &'a [&'a str],
}

impl Visit<'_> {
    /// What the reader of `actions.js` found, and what the browser's console said.
    fn findings(&self) -> (Value, Vec<String>) {
        let test = format!("<script>{AUDIT}\n{ACTIONS}</script></body>");
        let (before, after) = self.page.rsplit_once("</body>").unwrap();
        self.folder.write("visited.html", format!("{before}{test}{after}"));
        let frame = format!(
            "<!DOCTYPE html><meta charset=utf-8><style>body {{ margin: 0; }} iframe {{ border: 0; display: block; }}</style>\
             <iframe src=visited.html width={} height=900></iframe><pre id=findings></pre><script>\
             addEventListener('message', event => {{ document.getElementById('findings').textContent = event.data; }});</script>",
            self.width
        );
        self.folder.write("frame.html", frame);
        let profile = self.folder.path("profile");
        let mut command = Command::new(self.chromium);
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-extensions", "--enable-logging=stderr"])
            .args(["--virtual-time-budget=20000", "--dump-dom"])
            .arg("--window-size=1500,900")
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(self.arguments)
            .arg(format!("file://{}", self.folder.path("frame.html").display()));
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = errors.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
        let dom = String::from_utf8_lossy(&output.stdout).into_owned();
        let (_, found) = dom
            .rsplit_once("<pre id=\"findings\">")
            .unwrap_or_else(|| panic!("no findings; the browser said {errors}"));
        let found = found.split_once("</pre>").unwrap().0;
        let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&amp;", "&");
        (serde_json::from_str(&found).unwrap(), said)
    }
}

fn report(folder: &Folder, arguments: &[&str]) -> String {
    let output = folder.run([&["report", "data", "-o", "plots", "--quiet"], arguments].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    std::fs::read_to_string(folder.path("plots/index.html")).unwrap()
}

#[test]
#[ignore = "opens the Chromium that REFFECT_CHROMIUM names"]
fn readers_find_everything_at_every_width() {
    let chromium = chromium();
    let folder = Folder::with_data("browser");
    let page = report(&folder, &[]);
    for (width, arguments) in
        [(360, &[][..]), (1400, &[][..]), (1400, &["--blink-settings=preferredColorScheme=0"][..])]
    {
        let visit = Visit { chromium: &chromium, folder: &folder, page: &page, width, arguments };
        let (found, said) = visit.findings();
        assert_eq!(found["error"], Value::Null, "{width}");
        assert!(said.is_empty(), "{width}: {said:#?}");
        assert_eq!(found["width"], width);
        assert_eq!(found["dark"], Value::from(!arguments.is_empty()));
        assert_eq!(found["audit"]["en"], serde_json::json!([]), "{width} {arguments:?}");
        assert_eq!(found["audit"]["ja"], serde_json::json!([]), "{width} {arguments:?}");
        for overflow in [&found["overflow"], &found["overflow_open"], &found["japanese"]["overflow"]] {
            assert!(overflow.as_i64().unwrap() <= 0, "{width}: the page is {overflow} px too wide");
        }
        let charts = found["charts"].as_array().unwrap();
        assert_eq!(charts.len(), 4, "{width}");
        for chart in charts {
            assert!(chart[0].as_f64().unwrap() >= 300.0 && chart[1].as_f64().unwrap() >= 150.0, "{width}: {chart}");
        }
        assert_eq!(found["font"], serde_json::json!(["loaded"]), "the font of the charts");
        moved(&found);
        sorted(&found);
        let japanese = &found["japanese"];
        assert_eq!(japanese["lang"], "ja");
        assert_eq!(japanese["title"], "発表された数値と、そこから言えること");
        assert_eq!(japanese["pages"], serde_json::json!(["ja"]));
        assert_eq!(japanese["charts"], serde_json::json!(["ja", "ja", "ja", "ja"]));
        // The controls of both languages stand at one r.
        assert!(japanese["half"].as_str().unwrap().starts_with("r = 1.00; 年間再発率"), "{japanese}");
    }
}

/// r changes the numbers, to those that `reffect effect` prints for it.
fn moved(found: &Value) {
    let texts = |state: &str| -> Vec<String> {
        found[state]["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let has = |state: &str, expected: [&str; 5]| {
        let texts = texts(state);
        let is_there = texts.windows(5).any(|five| five == expected);
        assert!(is_there, "{state}: {expected:?} is not in {texts:?}");
    };
    // EDSS: mean change, interval, p of the paired t-test, dz; R: −1 ± qt(0.975, 6)·√((1.7² + 1.6² − 2r·1.7·1.6)/7).
    has("at_first", ["−1.0", "−3.16", "1.16", "0.30", "−0.428"]);
    has("at_half", ["−1.0", "−2.53", "0.53", "0.16", "−0.605"]);
    assert!(found["at_half"]["says"].as_str().unwrap().starts_with("r = 0.50; Annual relapse rate: p 0.0005;"));
    let impossible = texts("at_one");
    assert!(impossible.iter().any(|text| text.starts_with("impossible: the data behind the numbers allow r −0.906")));
}

fn sorted(found: &Value) {
    let expected = serde_json::json!([["ascending", [5, 11, 13, 20, 82]], ["descending", [82, 20, 13, 11, 5]]]);
    assert_eq!(found["sorted"], expected);
    let copied: Vec<&str> = found["copied"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert!(
        copied[0].starts_with("release\tresults\trefused\tchecks passed\tfailed\tnot decidable\taccepted\nTocilizumab")
    );
    assert!(
        copied[1].starts_with("Decline of ALSFRS-R (n = 5): 0.47 → 0.25") && copied[1].ends_with('.'),
        "{}",
        copied[1]
    );
}

#[test]
#[ignore = "opens the Chromium that REFFECT_CHROMIUM names"]
fn the_first_language_is_the_one_asked_for() {
    let chromium = chromium();
    let folder = Folder::with_data("browser-ja");
    let page = report(&folder, &["--lang", "ja"]);
    let (found, _) =
        Visit { chromium: &chromium, folder: &folder, page: &page, width: 1000, arguments: &[] }.findings();
    assert!(found["at_half"]["says"].as_str().unwrap().starts_with("r = 0.50; 年間再発率"), "{found}");
}

#[test]
#[ignore = "opens the Chromium that REFFECT_CHROMIUM names"]
fn the_page_is_whole_without_its_script() {
    let chromium = chromium();
    let folder = Folder::with_data("browser-plain");
    let page = report(&folder, &[]);
    let (before, script) = page.rsplit_once("<script>").unwrap();
    let page = format!("{before}{}", script.split_once("</script>").unwrap().1);
    let (found, said) =
        Visit { chromium: &chromium, folder: &folder, page: &page, width: 360, arguments: &[] }.findings();
    assert!(said.is_empty() && found["error"].is_null(), "{said:?} {found}");
    assert_eq!((&found["buttons"], &found["charts"].as_array().unwrap().len()), (&Value::from(0), &4));
    assert_eq!(found["japanese"]["pages"], serde_json::json!(["ja"]));
    assert_eq!(found["audit"], serde_json::json!({ "en": [], "ja": [] }));
}

#[test]
#[ignore = "opens the Chromium that REFFECT_CHROMIUM names"]
fn the_audit_finds_what_is_wrong() {
    let chromium = chromium();
    let folder = Folder::with_data("browser-audit");
    let wrong = "<img src='data:,'><input><a href='#nowhere'>x</a><p id=numbers style='color: #999; background: #fff'>faint</p>\
                 <table><tr><th>a</th></tr></table><h6>deep</h6></main>";
    let page = report(&folder, &[]).replace("</main>", wrong);
    let (found, _) =
        Visit { chromium: &chromium, folder: &folder, page: &page, width: 1000, arguments: &[] }.findings();
    let found = found["audit"]["en"].to_string();
    for expected in [
        "picture without",
        "field without",
        "href leads nowhere",
        "a contrast of 2.8",
        "there twice",
        "heading without scope",
    ] {
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

#[test]
#[ignore = "opens the Chromium that REFFECT_CHROMIUM names"]
fn labels_are_inert() {
    let chromium = chromium();
    let folder = Folder::with_data("browser-hostile");
    let name = "data/nmo-tocilizumab-2014.toml";
    let text = std::fs::read_to_string(folder.path(name)).unwrap();
    let hostile = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>";
    let text = text.replace("Annual relapse rate", hostile).replace("年間再発率\" }", &format!("{hostile}\" }}"));
    folder.write(name, text.replace("en = \"EDSS\"", "en = \"<!--<script>\""));
    std::fs::remove_file(folder.path("data/nmo-tocilizumab-2014.expect.toml")).unwrap();
    let page = report(&folder, &[]);
    let (found, said) =
        Visit { chromium: &chromium, folder: &folder, page: &page, width: 360, arguments: &[] }.findings();
    assert!(said.is_empty() && found["error"].is_null(), "{said:?} {}", found["error"]);
    assert_eq!(found["hacked"], Value::Null);
    assert!(
        found["at_half"]["says"].as_str().unwrap().contains("<script>window.hacked = 1</script>"),
        "{}",
        found["at_half"]
    );
    assert!(found["overflow_open"].as_i64().unwrap() <= 0);
}
