//! The rectangles of a page in which a paragraph is printed.
//!
//! Written as points to people's programs and as small differences to the index, of which they are
//! meant to take next to no room.

use serde::de::Error as _;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A rectangle on a page as it is shown. Distances are in tenths of a point from the page's top
/// left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageBox {
    /// The page, counted from 1.
    pub page: u32,
    /// Left edge.
    pub left: i32,
    /// Upper edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Lower edge.
    pub bottom: i32,
}

/// The rectangles that hold a paragraph's words, in reading order. In JSON,
/// `[[page, left, top, right, bottom], ...]` in points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Boxes(pub Vec<PageBox>);

impl Serialize for Boxes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(&self.packed());
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for PageBox { page, left, top, right, bottom } in &self.0 {
            let points = |tenths: i32| f64::from(tenths) / 10.0;
            let [left, top, right, bottom] = [*left, *top, *right, *bottom].map(points);
            list.serialize_element(&(page, left, top, right, bottom))?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Boxes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            let packed = <Vec<u8>>::deserialize(deserializer)?;
            return Self::unpacked(&packed).ok_or_else(|| D::Error::custom("malformed boxes"));
        }
        let list = <Vec<(u32, f64, f64, f64, f64)>>::deserialize(deserializer)?;
        let tenths = |points: f64| (points * 10.0).round() as i32;
        let boxes = list.into_iter().map(|(page, left, top, right, bottom)| PageBox {
            page,
            left: tenths(left),
            top: tenths(top),
            right: tenths(right),
            bottom: tenths(bottom),
        });
        Ok(Self(boxes.collect()))
    }
}

impl Boxes {
    /// Each number as its difference from the one that it is likely to be near, in as few bytes as
    /// it needs.
    fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(9 * self.0.len());
        let mut before = PageBox { page: 0, left: 0, top: 0, right: 0, bottom: 0 };
        for area in &self.0 {
            let new_page = area.page != before.page;
            write(&mut bytes, i64::from(area.page) - i64::from(before.page));
            write(&mut bytes, i64::from(area.left) - i64::from(before.left));
            let above = if new_page { 0 } else { before.bottom };
            write(&mut bytes, i64::from(area.top) - i64::from(above));
            write(&mut bytes, i64::from(area.right) - i64::from(before.right));
            write(&mut bytes, i64::from(area.bottom) - i64::from(area.top));
            before = *area;
        }
        bytes
    }

    fn unpacked(mut bytes: &[u8]) -> Option<Self> {
        let mut boxes = Vec::new();
        let mut before = PageBox { page: 0, left: 0, top: 0, right: 0, bottom: 0 };
        while !bytes.is_empty() {
            let mut next = |from: i64| from.checked_add(read(&mut bytes)?);
            let page = u32::try_from(next(before.page.into())?).ok()?;
            let left = i32::try_from(next(before.left.into())?).ok()?;
            let above = if page == before.page { before.bottom } else { 0 };
            let top = i32::try_from(next(above.into())?).ok()?;
            let right = i32::try_from(next(before.right.into())?).ok()?;
            let bottom = i32::try_from(next(top.into())?).ok()?;
            before = PageBox { page, left, top, right, bottom };
            boxes.push(before);
        }
        Some(Self(boxes))
    }
}

/// Writes seven bits a byte, the lowest first; the sign is the lowest bit of all.
fn write(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn read(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((number >> 1) as i64 ^ -((number & 1) as i64));
        }
    }
    None
}

/// The schema: a list of a page and four distances.
#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Boxes {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
        let number = ObjectBuilder::new().schema_type(Type::Number);
        let one = ArrayBuilder::new().items(number).min_items(Some(5)).max_items(Some(5));
        let said = "Where the paragraph is printed: page, left, top, right and bottom of each \
                    rectangle, in points from the top left corner of the page.";
        ArrayBuilder::new().items(one).description(Some(said)).into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Boxes {}

#[cfg(test)]
mod tests {
    use super::{Boxes, PageBox};

    fn boxes() -> Boxes {
        Boxes(vec![
            PageBox { page: 3, left: 720, top: 5_104, right: 5_230, bottom: 7_698 },
            PageBox { page: 4, left: 720, top: -5, right: 2_001, bottom: 131 },
            PageBox { page: 4, left: 3_000, top: 90, right: 5_230, bottom: 131 },
        ])
    }

    #[test]
    fn programs_read_points() {
        let json = serde_json::to_string(&boxes()).unwrap();
        assert_eq!(
            json,
            "[[3,72.0,510.4,523.0,769.8],[4,72.0,-0.5,200.1,13.1],[4,300.0,9.0,523.0,13.1]]"
        );
        assert_eq!(serde_json::from_str::<Boxes>(&json).unwrap(), boxes());
    }

    #[test]
    fn the_index_keeps_them_in_few_bytes_and_unchanged() {
        let bytes = postcard::to_allocvec(&boxes()).unwrap();
        assert!(bytes.len() <= 28, "{}", bytes.len());
        assert_eq!(postcard::from_bytes::<Boxes>(&bytes).unwrap(), boxes());
        for end in 0..bytes.len() {
            let _ = postcard::from_bytes::<Boxes>(&bytes[..end]);
        }
        assert!(postcard::from_bytes::<Boxes>(&[2, 0x80, 0x80]).is_err());
    }
}
