//! From bytes to UTF-8: the encoding is settled once, at the first byte that is not ASCII, and stays what it is.
//!
//! Spreadsheet programs write UTF-16 (always with a byte order mark), UTF-8 with or without one, or the code page of Windows in western
//! Europe. A file whose first special character is no UTF-8 was written in the last of these: every byte of it is then a character, so
//! a wrong guess would show in names, never in answers. `--encoding` says what it is where none of this is so.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::source::Hashing;

/// How the characters of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, of which ASCII is a part.
    Utf8,
    /// UTF-16, the low byte first: what Windows calls Unicode.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// The code page of Windows in western Europe.
    Windows1252,
}

impl Encoding {
    /// Every encoding, with its word in options and outputs.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("utf-8", Self::Utf8), ("utf-16le", Self::Utf16Le), ("utf-16be", Self::Utf16Be), ("windows-1252", Self::Windows1252)];

    /// Its word in options and outputs.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, encoding)| *encoding == self).map_or("", |(word, _)| word)
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Self::Utf8 => None,
            Self::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Self::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Self::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        }
    }
}

/// How many bytes are read at a time.
const BLOCK: usize = 1 << 18;
/// The longest character of UTF-8.
const LONGEST_CHARACTER: usize = 4;

/// Decoded text that is read block by block.
pub(super) struct Decoded {
    reader: Hashing,
    /// What was read and not yet decoded.
    raw: Vec<u8>,
    ended: bool,
    started: bool,
    state: State,
}

enum State {
    /// Only ASCII so far.
    Unsettled,
    Utf8,
    Other(Encoding, Box<Decoder>),
}

impl Decoded {
    pub(super) fn new(reader: Hashing, encoding: Option<Encoding>) -> Self {
        let state = match encoding {
            None => State::Unsettled,
            Some(encoding) => Self::settled(encoding),
        };
        Self { reader, raw: Vec::new(), ended: false, started: false, state }
    }

    fn settled(encoding: Encoding) -> State {
        encoding.decoder().map_or(State::Utf8, |decoder| State::Other(encoding, Box::new(decoder)))
    }

    /// The encoding, as far as it is known: a file of ASCII is UTF-8.
    pub(super) fn encoding(&self) -> Encoding {
        match &self.state {
            State::Unsettled | State::Utf8 => Encoding::Utf8,
            State::Other(encoding, _) => *encoding,
        }
    }

    /// The reader, to go on by itself: a workbook is no text.
    pub(super) fn into_parts(self) -> (Vec<u8>, Hashing) {
        (self.raw, self.reader)
    }

    pub(super) fn sha256(&self) -> String {
        self.reader.sha256()
    }

    /// The first bytes as they stand in the file, before anything is decoded.
    pub(super) fn first_bytes(&mut self) -> io::Result<&[u8]> {
        if self.raw.is_empty() && !self.started {
            self.read_raw()?;
        }
        Ok(&self.raw)
    }

    fn read_raw(&mut self) -> io::Result<()> {
        self.ended |= read_block(&mut self.reader, &mut self.raw)? == Ended::Yes;
        Ok(())
    }

    /// Reads a block of UTF-8 to where it is wanted. What is not ASCII, while nothing else is known, stays undecoded.
    fn read_plainly(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        let kept = text.len();
        self.ended |= read_block(&mut self.reader, text)? == Ended::Yes;
        if matches!(self.state, State::Unsettled) && !text[kept..].is_ascii() {
            self.raw = text.split_off(kept);
        }
        Ok(())
    }

    /// Puts more text behind what is there. Says whether it was the last.
    pub(super) fn read_into(&mut self, text: &mut Vec<u8>) -> io::Result<Ended> {
        let is_plain = matches!(self.state, State::Unsettled | State::Utf8);
        if self.started && self.raw.is_empty() && is_plain {
            self.read_plainly(text)?;
        } else if self.started || self.raw.is_empty() {
            self.read_raw()?;
        }
        if !self.started {
            self.started = true;
            self.step_over_mark();
        }
        // Asking whether there is any is many times faster than looking for the first.
        if matches!(self.state, State::Unsettled)
            && !self.raw.is_ascii()
            && let Some(special) = self.raw.iter().position(|byte| !byte.is_ascii())
        {
            // A character that is cut by the end of the block is waited for.
            while self.raw.len() - special < LONGEST_CHARACTER && !self.ended {
                self.read_raw()?;
            }
            let character = &self.raw[special..self.raw.len().min(special + LONGEST_CHARACTER)];
            let is_utf8 = std::str::from_utf8(character).map_or_else(|error| error.valid_up_to() > 0, |_| true);
            self.state = Self::settled(if is_utf8 { Encoding::Utf8 } else { Encoding::Windows1252 });
        }
        match &mut self.state {
            State::Unsettled | State::Utf8 => text.append(&mut self.raw),
            State::Other(_, decoder) => {
                decode(decoder, &self.raw, self.ended, text);
                self.raw.clear();
            }
        }
        Ok(if self.ended { Ended::Yes } else { Ended::No })
    }

    /// A byte order mark settles the encoding, and is no part of the text.
    fn step_over_mark(&mut self) {
        let marks: [(&[u8], Encoding); 3] =
            [(b"\xef\xbb\xbf", Encoding::Utf8), (b"\xff\xfe", Encoding::Utf16Le), (b"\xfe\xff", Encoding::Utf16Be)];
        let Some((mark, encoding)) = marks.into_iter().find(|(mark, _)| self.raw.starts_with(mark)) else { return };
        let agrees = matches!(self.state, State::Unsettled) || self.encoding() == encoding;
        if agrees {
            self.raw.drain(..mark.len());
            self.state = Self::settled(encoding);
        }
    }
}

/// Reads one block behind what is there.
fn read_block(reader: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<Ended> {
    let mut filled = bytes.len();
    bytes.resize(filled + BLOCK, 0);
    while filled < bytes.len() {
        match reader.read(&mut bytes[filled..]) {
            Ok(0) => {
                bytes.truncate(filled);
                return Ok(Ended::Yes);
            }
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                bytes.truncate(filled);
                return Err(error);
            }
        }
    }
    Ok(Ended::No)
}

/// Whether there is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Yes,
    No,
}

/// Half a character at the end of a block stays in the decoder until the next. What is no character becomes the sign for that (U+FFFD),
/// which is none of any form's answers.
fn decode(decoder: &mut Decoder, mut raw: &[u8], is_last: bool, text: &mut Vec<u8>) {
    loop {
        let start = text.len();
        let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 4).max(16);
        text.resize(start + room, 0);
        let (result, read, written, _) = decoder.decode_to_utf8(raw, &mut text[start..], is_last);
        text.truncate(start + written);
        raw = &raw[read..];
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;

    fn decoded(bytes: &[u8], encoding: Option<Encoding>) -> (String, Encoding) {
        let file = tempfile::NamedTempFile::new().and_then(|file| std::fs::write(file.path(), bytes).map(|()| file));
        let mut text = Vec::new();
        let mut found = Encoding::Utf8;
        if let Ok(mut decoded) = file.and_then(|file| Input::new(file.path()).open()).map(|reader| Decoded::new(reader, encoding)) {
            while decoded.read_into(&mut text).ok() == Some(Ended::No) {}
            found = decoded.encoding();
        }
        (String::from_utf8(text).unwrap_or_default(), found)
    }

    #[test]
    fn the_encoding_is_told_by_the_first_special_character() {
        for (bytes, expected, encoding) in [
            (b"Anna,1\n".to_vec(), "Anna,1\n", Encoding::Utf8),
            ("José,1\n".as_bytes().to_vec(), "José,1\n", Encoding::Utf8),
            (b"Jos\xe9,1\n".to_vec(), "José,1\n", Encoding::Windows1252),
            (b"O\x92Connor,1\n".to_vec(), "O\u{2019}Connor,1\n", Encoding::Windows1252),
            (b"\xef\xbb\xbfAnna\n".to_vec(), "Anna\n", Encoding::Utf8),
            (b"\xff\xfeA\0\xe9\0".to_vec(), "Aé", Encoding::Utf16Le),
            (b"\xfe\xff\0A\0\xe9".to_vec(), "Aé", Encoding::Utf16Be),
            (b"Jos\xe9".to_vec(), "José", Encoding::Windows1252),
            ("é".as_bytes().to_vec(), "é", Encoding::Utf8),
        ] {
            assert_eq!(decoded(&bytes, None), (expected.to_owned(), encoding), "{bytes:?}");
        }
    }

    #[test]
    fn a_character_on_the_edge_of_a_block_is_whole() {
        for before in [BLOCK - 3, BLOCK - 2, BLOCK - 1, BLOCK] {
            let text = format!("{}é and ü", "x".repeat(before));
            assert_eq!(decoded(text.as_bytes(), None), (text.clone(), Encoding::Utf8));
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let marked = [b"\xff\xfe".to_vec(), wide.clone()].concat();
            assert_eq!(decoded(&marked, None), (text.clone(), Encoding::Utf16Le));
            assert_eq!(decoded(&wide, Some(Encoding::Utf16Le)), (text, Encoding::Utf16Le));
        }
    }
}
