//! The check letter of a Unique Pupil Number (govtalk data standard 2.0: UPN).

/// The letters that a UPN uses, in the order of their numbers: I, O and S are left out because they look like digits.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// What is the matter with a UPN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpnFault {
    /// It is not a letter, eleven digits, and a digit or letter.
    Form,
    /// The rest of it asks for this check letter.
    CheckLetter(char),
}

/// Checks a UPN: thirteen characters, the first of them the check letter of the rest. A temporary one ends in a letter.
///
/// The check letter is that of the sum, over the places 2 to 13, of place times digit, modulo 23; a letter at the end counts as its
/// place in the alphabet, A being 0.
///
/// # Errors
///
/// What is the matter with it.
pub fn check_upn(upn: &str) -> Result<(), UpnFault> {
    let upn = upn.trim().to_ascii_uppercase();
    let [check, body @ ..] = upn.as_bytes() else { return Err(UpnFault::Form) };
    if body.len() != 12 || !LETTERS.contains(check) {
        return Err(UpnFault::Form);
    }
    let mut sum = 0;
    for (index, byte) in body.iter().enumerate() {
        let letter = LETTERS.iter().position(|letter| letter == byte).filter(|_| index + 1 == body.len());
        let digit = byte.is_ascii_digit().then(|| usize::from(byte - b'0'));
        sum += (index + 2) * digit.or(letter).ok_or(UpnFault::Form)?;
    }
    match LETTERS.get(sum % LETTERS.len()) {
        Some(expected) if expected != check => Err(UpnFault::CheckLetter(char::from(*expected))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand from the data standard; the third is a temporary number.
    #[test]
    fn the_check_letter_is_that_of_the_standard() {
        for (upn, expected) in [
            ("B801200005001", Ok(())),
            ("A801200005001", Err(UpnFault::CheckLetter('B'))),
            ("M80120000500A", Ok(())),
            ("P207000016049", Ok(())),
            ("Q207000016049", Err(UpnFault::CheckLetter('P'))),
            (" b801200005001 ", Ok(())),
            ("I801200005001", Err(UpnFault::Form)),
            ("B80120000500", Err(UpnFault::Form)),
            ("B8012000O5001", Err(UpnFault::Form)),
            ("B80120000500S", Err(UpnFault::Form)),
            ("UN1", Err(UpnFault::Form)),
            ("T01", Err(UpnFault::Form)),
            ("é801200005001", Err(UpnFault::Form)),
            ("", Err(UpnFault::Form)),
        ] {
            assert_eq!(check_upn(upn), expected, "{upn:?}");
        }
    }
}
