//! A logo: the bytes of a small PNG or WebP image that an operator gives. Nothing is fetched, and nothing here decodes pixels.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

use crate::ids::Malformed;

/// The largest logo, in bytes before Base64. A page carries it inline.
const LARGEST: usize = 16 * 1024;

/// The largest width and height, in pixels. A small file can describe an image that fills a browser's memory.
const LONGEST_SIDE: u32 = 1024;

const EXPECTED: Malformed = Malformed(
    "a PNG or WebP image of at most 16384 bytes and 1 to 1024 pixels a side, complete, not animated, in Base64",
);

/// An image whose signature and header were checked.
#[derive(Clone, Eq, PartialEq)]
pub struct Logo {
    base64: String,
    format: Format,
    width: u32,
    height: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Format {
    Png,
    WebP,
}

impl Logo {
    /// Returns the address under which a page carries the image itself.
    pub fn data_uri(&self) -> String {
        let format = match self.format {
            Format::Png => "png",
            Format::WebP => "webp",
        };
        format!("data:image/{format};base64,{}", self.base64)
    }

    /// Returns width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
}

impl FromStr for Logo {
    type Err = Malformed;

    fn from_str(base64: &str) -> Result<Self, Malformed> {
        // Base64 has four characters for three bytes. Longer text is not decoded at all.
        let image = Some(base64).filter(|text| text.len() <= LARGEST.div_ceil(3) * 4);
        let image = image.and_then(|text| STANDARD.decode(text).ok()).ok_or(EXPECTED)?;
        let png = png_size(&image).map(|size| (Format::Png, size));
        let (format, (width, height)) =
            png.or_else(|| webp_size(&image).map(|size| (Format::WebP, size))).ok_or(EXPECTED)?;
        let is_side = |side| (1..=LONGEST_SIDE).contains(&side);
        let accepted = image.len() <= LARGEST && is_side(width) && is_side(height);
        accepted.then(|| Self { base64: base64.to_owned(), format, width, height }).ok_or(EXPECTED)
    }
}

impl Serialize for Logo {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.base64)
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Logo({:?}, {} x {})", self.format, self.width, self.height)
    }
}

/// Returns width and height of a PNG whose chunks follow one another from the header to the end (PNG third edition, section 5).
/// An animated PNG has a chunk `acTL`.
fn png_size(image: &[u8]) -> Option<(u32, u32)> {
    let chunks = image.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let header = chunks.strip_prefix(b"\0\0\0\x0dIHDR")?;
    let mut rest = chunks;
    loop {
        let length = usize::try_from(big_endian(rest)?).ok()?;
        let kind = rest.get(4..8)?;
        rest = rest.get(length.checked_add(12)?..)?;
        match kind {
            b"IEND" if rest.is_empty() => return Some((big_endian(header)?, big_endian(&header[4..])?)),
            b"IEND" | b"acTL" => return None,
            _ => {}
        }
    }
}

/// Returns width and height of a WebP image (RFC 9649 sections 2.4 to 2.7) whose file size is the one that its header says.
fn webp_size(image: &[u8]) -> Option<(u32, u32)> {
    let rest = image.strip_prefix(b"RIFF")?;
    let length = usize::try_from(u32::from_le_bytes(*rest.first_chunk()?)).ok()?;
    if length.checked_add(8)? != image.len() || rest.get(4..8)? != b"WEBP" {
        return None;
    }
    let (kind, header) = (rest.get(8..12)?, rest.get(16..)?);
    let byte = |at: usize| header.get(at).copied().map(u32::from);
    match kind {
        // A key frame's signature, then two numbers of 14 bits.
        b"VP8 " if header.get(3..6)? == [0x9d, 0x01, 0x2a] => {
            let side = |at| Some((byte(at)? | byte(at + 1)? << 8) & 0x3fff);
            Some((side(6)?, side(8)?))
        }
        // A signature, then two numbers of 14 bits, each less one.
        b"VP8L" if byte(0)? == 0x2f => {
            let bits = u32::from_le_bytes(*header.get(1..)?.first_chunk()?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        // Flags, of which one is animation, then two numbers of 24 bits, each less one.
        b"VP8X" if byte(0)? & 2 == 0 => {
            let side = |at| Some((byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16) + 1);
            Some((side(4)?, side(7)?))
        }
        _ => None,
    }
}

fn big_endian(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().copied().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[..], kind, content, &[0; 4]].concat()
    }

    fn png(width: u32, height: u32, between: &[u8]) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        let chunks = [&chunk(b"IHDR", &header)[..], between, &chunk(b"IEND", &[])].concat();
        [b"\x89PNG\r\n\x1a\n", &chunks[..]].concat()
    }

    fn webp(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 12).unwrap().to_le_bytes();
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [b"RIFF", &size[..], b"WEBP", kind, &length, content].concat()
    }

    fn parsed(image: &[u8]) -> Result<Logo, Malformed> {
        STANDARD.encode(image).parse()
    }

    #[test]
    fn the_size_of_each_form_is_read_from_its_header() {
        for (image, kind, size) in [
            (png(96, 1024, &chunk(b"IDAT", &[0; 40])), "png", (96, 1024)),
            (webp(b"VP8 ", &[0, 0, 0, 0x9d, 1, 0x2a, 64, 0x40, 0, 1]), "webp", (64, 256)),
            (webp(b"VP8L", &[0x2f, 63, 0, 8, 0, 0]), "webp", (64, 33)),
            (webp(b"VP8X", &[0x10, 0, 0, 0, 63, 0, 0, 255, 3, 0]), "webp", (64, 1024)),
        ] {
            let logo = parsed(&image).unwrap();

            assert_eq!(logo.size(), size, "{logo:?}");
            assert!(logo.data_uri().starts_with(&format!("data:image/{kind};base64,")));
        }
    }

    #[test]
    fn what_is_no_small_complete_still_image_is_refused() {
        let good = png(96, 96, &chunk(b"IDAT", &[0; 40]));
        let with = |more: &[u8]| [&good[..], more].concat();
        for (what, image) in [
            ("empty", Vec::new()),
            ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
            ("GIF", b"GIF89a\x01\0\x01\0".to_vec()),
            ("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec()),
            ("cut off", good[..good.len() - 1].to_vec()),
            ("markup behind it", with(b"<script>")),
            ("animated", png(96, 96, &chunk(b"acTL", &[0; 8]))),
            ("no width", png(0, 96, &[])),
            ("too high", png(96, 1025, &[])),
            ("a chunk beyond the end", png(96, 96, &[0xff, 0xff, 0xff, 0xff, b'I', b'D', b'A', b'T'])),
            ("too large", png(96, 96, &chunk(b"IDAT", &vec![0; LARGEST]))),
            ("WebP of another length", [&webp(b"VP8L", &[0x2f, 63, 0, 8, 0, 0])[..], b"x"].concat()),
            ("animated WebP", webp(b"VP8X", &[2, 0, 0, 0, 63, 0, 0, 63, 0, 0])),
            ("WebP without its start code", webp(b"VP8 ", &[0; 10])),
        ] {
            assert!(parsed(&image).is_err(), "{what}");
        }
        let text = STANDARD.encode(&good);
        for wrong in [format!("data:image/png;base64,{text}"), format!("{text}\n"), "A".repeat(1 << 20)] {
            assert!(wrong.parse::<Logo>().is_err());
        }
    }
}
