//! The look of a chart from the command line: its theme, and a font of the user's.

use crate::common::cli::{Folder, stderr};

const TABLE: &str = "study,yi,vi\nA ᚠ,0.1,0.02\nB,0.3,0.03\n";

#[test]
fn themes_have_their_paper() {
    let folder = Folder::new("themes");
    folder.write("t.csv", TABLE.replace('ᚠ', ""));
    let drawn = |theme: &str| {
        let output = folder.run(["plot", "forest", "t.csv", "-o", "f.svg", "--theme", theme]);
        assert_eq!(output.status.code(), Some(0), "{theme}: {}", stderr(&output));
        std::fs::read_to_string(folder.path("f.svg")).unwrap()
    };
    let [plain, print, dark] = ["default", "print", "dark"].map(drawn);
    assert!(plain.contains("fill=\"#ffffff\"") && plain.contains("fill=\"#0072b2\""), "{plain}");
    assert!(dark.contains("fill=\"#161a1f\"") && !dark.contains("fill=\"#ffffff\""), "{dark}");
    // Black, white and greys: three times the same two digits.
    let colours = print.split("=\"#").skip(1).map(|rest| &rest[..6]).filter(|of| !of.starts_with("chart"));
    let coloured: Vec<&str> = colours.filter(|of| of[..2] != of[2..4] || of[..2] != of[4..6]).collect();
    assert!(coloured.is_empty(), "{coloured:?}");
    let output = folder.run(["plot", "forest", "t.csv", "-o", "g.svg", "--theme", "drak"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("one of default, print, dark was expected"), "{}", stderr(&output));
}

/// The built-in font with its first character behind U+16A0 under that number, which it lacks.
fn font_with_a_rune() -> Vec<u8> {
    let mut font = include_bytes!("../../src/chart/font/reffect-sans-jp.ttf").to_vec();
    let two = |font: &[u8], at: usize| usize::from(u16::from_be_bytes(font[at..at + 2].try_into().unwrap()));
    let four = |font: &[u8], at: usize| u32::from_be_bytes(font[at..at + 4].try_into().unwrap()) as usize;
    let tables = (0..two(&font, 4)).map(|table| 12 + 16 * table);
    let cmap = tables.map(|at| (at, four(&font, at + 8))).find(|(at, _)| &font[*at..at + 4] == b"cmap").unwrap().1;
    // Format 12 of the character map: groups of first and last character and of the first glyph, in their order.
    let maps = (0..two(&font, cmap + 2)).map(|map| cmap + four(&font, cmap + 4 + 8 * map + 4));
    let map = maps.into_iter().find(|at| two(&font, *at) == 12).unwrap();
    let mut groups = (0..four(&font, map + 12)).map(|group| map + 16 + 12 * group);
    let group = groups.find(|at| four(&font, *at) > 0x16a0).unwrap();
    font[group..group + 8].copy_from_slice(&[0, 0, 0x16, 0xa0, 0, 0, 0x16, 0xa0]);
    font
}

#[test]
fn a_font_gives_what_the_built_in_one_lacks() {
    let folder = Folder::new("own-font");
    folder.write("t.csv", TABLE);
    folder.write("rune.ttf", font_with_a_rune());
    let told = |font: &[&str]| {
        let output = folder.run([&["plot", "forest", "t.csv", "-o", "f.svg"], font].concat());
        (output.status.code(), stderr(&output))
    };
    let (code, lacking) = told(&[]);
    assert!(code == Some(0) && lacking.contains("〓 stands for ᚠ (U+16A0)"), "{lacking}");
    let (code, drawn) = told(&["--font", "rune.ttf"]);
    assert!(code == Some(0) && !drawn.contains('〓'), "{drawn}");
    let (code, none) = told(&["--font", "none.ttf"]);
    assert!(code == Some(2) && none.contains("the font none.ttf could not be read"), "{none}");
    let (code, other) = told(&["--font", "t.csv"]);
    assert!(code == Some(2) && other.contains("t.csv is no font"), "{other}");
}
