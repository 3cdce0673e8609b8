//! The typeface of a chart: one font or a chain of fonts, by their bytes.
//!
//! `reffect-sans-jp.ttf` is a subset of Noto Sans JP and Source Sans under the SIL Open Font License (`OFL.txt`),
//! renamed and cut by `subset.py`. No font of the machine is ever looked for, so a chart comes out
//! the same everywhere.

mod face;
#[cfg(feature = "html")]
mod subset;
pub(super) use face::Face;
#[cfg(feature = "html")]
pub use subset::embedded_subset;

use std::borrow::Cow;

use super::ChartError;
use super::text::Fonts;

/// The bytes of the font inside the library, a TrueType file.
#[cfg(feature = "font-ja")]
#[must_use]
pub fn embedded_font() -> &'static [u8] {
    include_bytes!("reffect-sans-jp.ttf")
}

/// Fonts in the order in which they are asked for a character.
#[derive(Clone)]
pub struct Typeface {
    fonts: Vec<Cow<'static, [u8]>>,
    has_stand_in: bool,
}

impl Typeface {
    /// The font inside the library, “reffect Sans JP”: Latin with the letters of Europe and Vietnam, Greek, Cyrillic,
    /// kana, the kanji of JIS X 0213
    /// levels 1 to 3, and rarer ones of medicine and of names.
    #[cfg(feature = "font-ja")]
    #[must_use]
    pub fn embedded() -> Self {
        Typeface { fonts: vec![Cow::Borrowed(embedded_font())], has_stand_in: false }
    }

    /// A TrueType or OpenType font (of a collection, the first).
    ///
    /// # Errors
    /// [`ChartError::Font`] if the bytes cannot be read as a font.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, ChartError> {
        Face::open(&bytes)?;
        Ok(Typeface { fonts: vec![Cow::Owned(bytes)], has_stand_in: false })
    }

    /// This typeface, and `next` for the characters it lacks.
    #[must_use]
    pub fn or(mut self, next: Typeface) -> Self {
        self.fonts.extend(next.fonts);
        self
    }

    /// The same typeface with 〓, the mark of Japanese printers for a missing character, in place of what it has no
    /// outline for, and of scripts written from right to left: such a text is drawn instead of refused.
    /// [`LaidOut::stood_in`](super::LaidOut::stood_in) names the characters. Programs that read the text of an SVG or a PDF
    /// still find them. Without effect where no font has 〓.
    ///
    /// ```
    /// # #[cfg(feature = "font-ja")] {
    /// use reffect::chart::Typeface;
    /// let typeface = Typeface::embedded().with_stand_in();
    /// assert_eq!(typeface.missing("再発 😀"), Ok(Some('😀')));
    /// # }
    /// ```
    #[must_use]
    pub fn with_stand_in(mut self) -> Self {
        self.has_stand_in = true;
        self
    }

    /// The first character of `text` that could not be drawn, if there is one.
    ///
    /// # Errors
    /// [`ChartError::Font`] if a font cannot be read.
    pub fn missing(&self, text: &str) -> Result<Option<char>, ChartError> {
        let fonts = self.open()?;
        Ok(text.chars().find(|&c| !fonts.has(c)))
    }

    /// The fonts, ready for measuring and drawing.
    pub(super) fn open(&self) -> Result<Fonts<'_>, ChartError> {
        let fonts = self.fonts.iter().map(|bytes| Face::open(bytes)).collect::<Result<_, _>>().map(Fonts::new)?;
        Ok(if self.has_stand_in { fonts.with_stand_in() } else { fonts })
    }
}

impl std::fmt::Debug for Typeface {
    /// Names the sizes, not a million bytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sizes: Vec<usize> = self.fonts.iter().map(|font| font.len()).collect();
        f.debug_struct("Typeface").field("bytes", &sizes).finish()
    }
}

#[cfg(all(test, feature = "font-ja"))]
mod tests {
    use super::*;
    use skrifa::MetadataProvider;

    #[test]
    fn embedded_font_covers_the_words_of_releases() {
        let words = "年間再発率 2.9 ± 1.1 → 0.4 ± 0.8（n = 7）麻痺 疼痛 嚥下 痙攣 腫瘍 動脈瘤 膵臓 喘息 喀痰 \
                     罹患 嘔吐 掻痒 脊髄 萎縮 硬化症 倦怠感 癌 腎 蕁麻疹 譫妄 褥瘡 τ² √ − – — × ÷ ≤ ≥ ≠ ≈ ∞ \
                     ← → ↑ ↓ ▲ ▼ ● ○ ■ □ ◆ ◇ ‰ ※ … “” ‘’ « » † ‡ • · Å ß é ū œ α β μ ㎎ ① ℃ ｱ Ａ ％";
        assert_eq!(Typeface::embedded().missing(words), Ok(None));
    }

    /// Words of Japanese medicine beyond JIS level 1, the characters of the Jōyō set of 2010 that JIS X 0208 lacks, and
    /// names.
    #[test]
    fn embedded_font_covers_medicine_and_names_in_japanese() {
        let words = "骨粗鬆症 処方箋 貪食 剝離 充塡 頰 痤瘡 蜘蛛膜下出血 睾丸 鍼灸 芍薬甘草湯 猩紅熱 黴菌 篩骨 膣 癰 胼胝 搔痒 茯苓                      川芎 薏苡仁 枳実 瀉心湯 麝香 黄耆 梔子 繃帯 鹼 𠮟 瘦 囊 嚙 蠟 𠮷 髙 﨑 濵 彅 俠 塡 鄧 癤 瘰癧 骶 憂鬱 語彙                      拉致 瓦 彙 璧 瓶 頓 遡 謎 餅 餌 箸 淫 咽 怨 艶 旺 畏 萎 苛 牙 崖 蓋 骸 葛 釜 鎌 瓦 玩 伎 畿 臼 嗅 巾 錦 窟";
        assert_eq!(Typeface::embedded().missing(words), Ok(None));
    }

    /// Names of authors from Poland, Turkey, Croatia, Vietnam, Romania, Hungary, Latvia, Russia and Greece.
    #[test]
    fn embedded_font_covers_the_names_of_studies() {
        let names = "Łukasz Çelik-Žižek Doğan Nguyễn Thị Huệ Țurcanu Őry Ķēniņš Иванов Ґалаґан Παπαδόπουλος";
        assert_eq!(Typeface::embedded().missing(names), Ok(None));
    }

    #[test]
    fn what_is_no_font_is_an_error() {
        let error = Typeface::from_bytes(b"not a font".to_vec()).err();
        assert!(matches!(error, Some(ChartError::Font(_))));
    }

    #[test]
    fn a_font_given_by_bytes_serves_as_fallback() {
        let bytes = include_bytes!("reffect-sans-jp.ttf").to_vec();
        let chain = Typeface::from_bytes(bytes).map(|font| font.or(Typeface::embedded()));
        assert_eq!(chain.and_then(|font| font.missing("脊髄 Å")), Ok(None));
    }

    #[test]
    fn family_is_renamed() {
        let font = Typeface::embedded();
        let face = skrifa::FontRef::new(&font.fonts[0]).unwrap();
        let family = face.localized_strings(skrifa::string::StringId::FAMILY_NAME).english_or_first();
        assert_eq!(family.map(|name| name.to_string()).as_deref(), Some("reffect Sans JP"));
    }
}
