//! Decodes the bytes of a text file: by byte order mark, as UTF-8, or in the likeliest old
//! encoding.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use std::borrow::Cow;

/// Returns the characters, and whether some bytes could not be decoded.
pub(super) fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _, faulty) = encoding.decode(bytes);
        return (text, faulty);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let (text, _, faulty) = detector.guess(None, Utf8Detection::Deny).decode(bytes);
    (text, faulty)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn old_and_wide_encodings_are_read() {
        assert_eq!(
            decode(b"the children\x92s views \x96 and wishes").0,
            "the children’s views – and wishes"
        );
        assert_eq!(decode(b"\xff\xfeH\0i\0").0, "Hi");
        assert_eq!(decode("\u{feff}plain".as_bytes()).0, "plain");
    }
}
