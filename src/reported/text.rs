//! Texts in two languages.

use crate::diagnostic::Refused;
use std::fmt;
use std::str::FromStr;

/// A language of labels, reports and sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// What is said in this language.
    ///
    /// ```
    /// use reffect::reported::Lang;
    /// assert_eq!(Lang::Ja.choose("mean", "平均"), "平均");
    /// ```
    pub fn choose<T>(self, en: T, ja: T) -> T {
        match self {
            Self::En => en,
            Self::Ja => ja,
        }
    }

    /// The code of ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = Refused;

    fn from_str(code: &str) -> Result<Self, Refused> {
        Self::ALL
            .into_iter()
            .find(|lang| lang.code() == code)
            .ok_or_else(|| format!("`{code}` is no language that is known here; write en or ja").into())
    }
}

/// The name of a value in a table of names.
pub(super) fn name_in<T: Copy + PartialEq>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name)
}

/// A label in English and in Japanese; the same text twice where only one was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localized {
    /// The English text.
    pub en: String,
    /// The Japanese text.
    pub ja: String,
}

impl Localized {
    /// One text for both languages.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { ja: en.clone(), en }
    }

    /// A text of each language.
    pub fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: en.into(), ja: ja.into() }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ja => &self.ja,
        }
    }
}
