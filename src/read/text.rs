//! From bytes to text, with the place where they are none.

use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, Place};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// No release file that a person writes comes near this size.
const MAX_BYTES: u64 = 8 << 20;

/// The text of a file without a byte order mark.
pub(super) fn read_file(path: &Path) -> Result<String, Diagnostic> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        whole_file(&name, format!("the file could not be read: {error}"), "check the path and its permissions")
    };
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > MAX_BYTES {
        return Err(too_large(&name));
    }
    read_all(file, &name)
}

/// The text of a stream without a byte order mark.
pub(super) fn read_all(stream: impl Read, name: &str) -> Result<String, Diagnostic> {
    let mut bytes = Vec::new();
    stream
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| whole_file(name, format!("the file could not be read: {error}"), "check the file"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large(name));
    }
    if !is_archive(&bytes) && is_utf16(&bytes) && std::str::from_utf8(&bytes).is_ok() {
        let message = "the file holds zeros, as no text does that is UTF-8";
        return Err(whole_file(name, message, SAVE_UTF16));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error(), name))?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// The text of a source: of a file, or of standard input (`-`).
///
/// # Errors
/// If it cannot be read, or is no UTF-8.
pub fn read_source(path: &Path) -> Result<String, Diagnostics> {
    let read = if path == Path::new("-") { read_all(std::io::stdin().lock(), "<stdin>") } else { read_file(path) };
    read.map_err(|diagnostic| Diagnostics(vec![diagnostic]))
}

/// Whether the name of a file ends so, in capitals or not.
pub(super) fn ends_in(path: &Path, what: &str) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case(what))
}

/// A diagnostic that is about a file as a whole.
pub(super) fn whole_file(name: &str, message: impl Into<String>, hint: &str) -> Diagnostic {
    Diagnostic {
        message: message.into(),
        place: Place { file: name.to_owned(), excerpt: None },
        hint: Some(hint.to_owned()),
    }
}

fn too_large(name: &str) -> Diagnostic {
    let message = format!("the file is larger than {} MiB, and a release file is a few kilobytes", MAX_BYTES >> 20);
    whole_file(name, message, "is this a release file, or a folder of them?")
}

fn not_utf8(bytes: &[u8], error: std::str::Utf8Error, name: &str) -> Diagnostic {
    let good = error.valid_up_to();
    let wrong = bytes.get(good).copied().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    Diagnostic {
        message: format!("the file is not UTF-8: byte 0x{wrong:02X} begins no character"),
        // Up to the wrong byte the two texts are the same. What is no text at all is not shown.
        place: Place { file: name.to_owned(), excerpt: (!is_utf16(bytes)).then(|| Excerpt::of(&text, good..good + 1)) },
        hint: Some(
            match bytes {
                bytes if is_archive(bytes) => {
                    "it is a workbook, a document or another zip archive: save it as CSV or as text (UTF-8)"
                }
                bytes if bytes.starts_with(b"%PDF") => {
                    "it is a PDF: extract its text first, such as with pdftotext, or copy it from a viewer"
                }
                bytes if bytes.starts_with(&GZIP) => "it is compressed with gzip: unpack it first",
                bytes if is_utf16(bytes) => SAVE_UTF16,
                _ => "save the file as UTF-8; old Japanese files are often Shift_JIS or EUC-JP",
            }
            .to_owned(),
        ),
    }
}

/// What to do about UTF-16.
const SAVE_UTF16: &str = "save the file as UTF-8: it seems to be UTF-16, which editors also call Unicode";

/// How everything begins that is compressed with gzip: RFC 1952, section 2.3.1.
pub(super) const GZIP: [u8; 2] = [0x1F, 0x8B];

/// Whether bytes begin a zip archive, as workbooks and documents are.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Whether bytes look like UTF-16, with its mark or without: no other text holds zeros.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    /// So much of a file tells.
    const BEGINNING: usize = 4096;
    bytes.starts_with(&[0xFF, 0xFE])
        || bytes.starts_with(&[0xFE, 0xFF])
        || bytes[..bytes.len().min(BEGINNING)].contains(&0)
}
