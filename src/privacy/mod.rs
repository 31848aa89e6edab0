//! Privacy: keyed codes instead of names, who may read what, and small numbers that are hidden in tables.
//!
//! A plain hash of a pupil number is reversed by trying all numbers of a school; a code keyed with a secret is not. The result is
//! pseudonymised, which is still personal data.

mod audience;
mod pseudonymise;
mod suppress;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use audience::Audience;
pub use pseudonymise::{Birth, CODE_COLUMN, PseudonymOptions, Pseudonymised, WhyDropped};
pub use suppress::{BlockId, CellId, Fate, NotASum, Suppressed, Tables, USUAL_LIMIT, Zero};

use crate::scoring::Pseudonyms;

/// The secret that codes are made with. It is never printed.
pub struct PseudonymKey(Vec<u8>);

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is shorter than 32 hexadecimal digits, or something else.
    #[error("the key file should hold one line of at least 32 hexadecimal digits")]
    Unreadable,
}

impl Pseudonyms for PseudonymKey {
    fn code(&self, id: &str) -> String {
        Self::code(self, id)
    }
}

impl PseudonymKey {
    /// Reads the text of a key file.
    ///
    /// # Errors
    ///
    /// When it is no key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let digits = text.trim();
        let is_key = digits.len() >= 32 && digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_key {
            return Err(KeyError::Unreadable);
        }
        let bytes: Result<Vec<u8>, _> = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16)).collect();
        bytes.map(Self).map_err(|_| KeyError::Unreadable)
    }

    /// The text of a key file for these random bytes.
    pub fn text(random: &[u8; 32]) -> String {
        crate::provenance::hexadecimal(random) + "\n"
    }

    /// The code that stands for an id: the same id has the same code as long as the key is the same.
    pub fn code(&self, id: &str) -> String {
        // Letters and digits that nobody mistakes for one another on paper.
        const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        const LENGTH: usize = 10;
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        // Pupils are paired without regard to case, so their codes must not depend on it either.
        mac.update(id.trim().to_lowercase().as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes.iter().take(LENGTH).map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_has_the_same_code_under_one_key_only() {
        let key = |digit: char| PseudonymKey::parse(&digit.to_string().repeat(64));
        let code = |digit, id: &str| key(digit).map(|key| key.code(id));
        assert_eq!(code('a', "P01"), code('a', " P01 "));
        assert_ne!(code('a', "P01"), code('a', "P02"));
        assert_ne!(code('a', "P01"), code('b', "P01"));
    }

    #[test]
    fn a_code_is_the_hmac_of_the_id() {
        // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?", digest 5bdcc146bf60754e6a04…
        let key = PseudonymKey(b"Jefe".to_vec());
        let digest = [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04];
        let expected: String =
            digest.iter().map(|byte: &u8| char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[usize::from(byte % 32)])).collect();
        assert_eq!(key.code("what do ya want for nothing?"), expected);
    }

    #[test]
    fn short_and_unreadable_keys_are_refused() {
        for text in ["", "abc", &"g".repeat(64), &"a".repeat(33)] {
            assert_eq!(PseudonymKey::parse(text).map(|_| ()), Err(KeyError::Unreadable), "{text}");
        }
    }
}
