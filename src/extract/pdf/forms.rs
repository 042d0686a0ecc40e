//! Reads what is typed into form fields, and counts the comments that no page shows.
//!
//! Most fields and annotations carry their own drawing, which is read with the page. This is for
//! the others: a field's value is put where the field is, and a comment is said to be left out.

use super::compose::{Placed, dominant_size};
use super::device::{Area, Page};
use super::fuse::Fuse;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Rect, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::kurbo::{Affine, Point};

/// Annotations with these flags are not shown: hidden, no view.
const UNSEEN: u32 = 2 | 32;

/// The greatest depth of a field below the field from which it takes its value.
const DEEPEST: usize = 16;

/// The size of a field's text, where its height does not ask for less.
const SIZE: f32 = 11.0;

/// Adds the values of fields to their pages, and returns the number of comments left out.
pub(super) fn read(pdf: &Pdf, pages: &mut [Page], fuse: &Fuse) -> usize {
    let mut left_out = 0;
    for (page, source) in pages.iter_mut().zip(pdf.pages().iter()) {
        let Some(annotations) = source.raw().get::<Array<'_>>(b"Annots") else {
            continue;
        };
        for annotation in annotations.iter::<Dict<'_>>() {
            fuse.burn();
            let is_unseen = annotation.get::<u32>(b"F").unwrap_or(0) & UNSEEN != 0;
            let kind = annotation.get::<Name<'_>>(b"Subtype");
            let (Some(kind), Some(area), false) = (kind, area(&annotation, source), is_unseen)
            else {
                continue;
            };
            match kind.as_ref() {
                b"Widget" => {
                    if let Some(value) = value(&annotation).filter(|_| !page.shows_text(&area)) {
                        write(page, &value, area);
                    }
                }
                b"Link" | b"Popup" => {}
                _ => {
                    let contents = annotation.get::<PdfString<'_>>(b"Contents");
                    let says = contents.is_some_and(|text| !text.as_bytes().is_empty());
                    left_out += usize::from(says && !page.shows_text(&area));
                }
            }
        }
    }
    for page in pages {
        make_plain(page);
    }
    left_out
}

/// Makes typed text no larger than what is printed around it, and not bold: it is no heading.
fn make_plain(page: &mut Page) {
    if !page.runs.iter().any(|run| run.typed) {
        return;
    }
    let pages = std::slice::from_ref(&*page);
    let printed = (0..page.runs.len()).map(|index| Placed::new(pages, 0, index));
    let printed: Vec<_> = printed.filter(|placed| !placed.run.typed).collect();
    let size = dominant_size(&printed);
    if size > 0.0 {
        for run in page.runs.iter_mut().filter(|run| run.typed) {
            run.size = run.size.min(size);
            run.bold = false;
        }
    }
}

/// The room of an annotation on the page as it is shown.
fn area(annotation: &Dict<'_>, page: &PdfPage<'_>) -> Option<Area> {
    let Rect { x0, y0, x1, y1 } = annotation.get::<Rect>(b"Rect")?;
    let shown = Affine::new(page.initial_transform(true).as_coeffs());
    let corner = |x: f64, y: f64| {
        let Point { x, y } = shown * Point::new(x, y);
        Area { left: x as f32, top: y as f32, right: x as f32, bottom: y as f32 }
    };
    Some(corner(x0, y0).with(corner(x1, y1)))
}

/// The text in a field: typed or chosen. Boxes that are ticked have none.
fn value(widget: &Dict<'_>) -> Option<String> {
    let mut field = widget.clone();
    let (mut kind, mut value) = (None, None);
    for _ in 0..DEEPEST {
        kind = kind.or_else(|| field.get::<Name<'_>>(b"FT").map(|name| name.as_ref().to_vec()));
        value = value.or_else(|| texts(&field));
        let Some(parent) = field.get::<Dict<'_>>(b"Parent") else {
            break;
        };
        field = parent;
    }
    value.filter(|_| matches!(kind.as_deref(), Some(b"Tx" | b"Ch")))
}

fn texts(field: &Dict<'_>) -> Option<String> {
    let text = |text: &PdfString<'_>| super::device::text_string(text.as_bytes());
    match field.get::<Object<'_>>(b"V")? {
        Object::String(value) => Some(text(&value)),
        Object::Array(values) => {
            let values: Vec<String> =
                values.iter::<PdfString<'_>>().map(|value| text(&value)).collect();
            Some(values.join(" "))
        }
        _ => None,
    }
}

/// Writes a value into its field, in lines where it has some.
fn write(page: &mut Page, value: &str, area: Area) {
    const LEADING: f32 = 1.2;
    const WIDTH: f32 = 0.5;
    let size = SIZE.min(0.8 * (area.bottom - area.top)).max(1.0);
    let mut top = area.top;
    for line in value.split(['\r', '\n']) {
        let mut left = area.left;
        for word in line.split_whitespace() {
            let right = left + WIDTH * size * word.chars().count() as f32;
            page.write(word, Area { left, top, right, bottom: top + size }, size);
            left = right + WIDTH * size;
        }
        top += LEADING * size;
    }
}
