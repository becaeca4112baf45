//! Random words, which nobody can guess.

use aws_lc_rs::rand;

/// 32 random bytes in lower-case hexadecimal.
pub(crate) fn random_word() -> String {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).expect("the operating system has random numbers");
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
