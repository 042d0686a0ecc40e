//! Records the glyphs of pages as runs of text with position, size, weight and marking.
//!
//! Draws nothing. Every callback that may be costly burns the [`Fuse`].

use super::fuse::Fuse;
use hayro_interpret::font::{
    FallbackFontQuery, FontQuery, Glyph, GlyphIdentifier, GlyphRun, StandardFont,
};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, interpret_page,
};
use rustc_hash::FxBuildHasher;
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The part of the structure to which a run belongs, as marked on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Not marked at all.
    None,
    /// Page furniture: header, footer, page number.
    Artifact,
    /// Marked-content id, unique within the page.
    Content(u32),
}

/// Characters drawn one after another on one baseline in one font.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) mark: Mark,
    /// Left edge in points from the left of the page.
    pub(super) x: f32,
    /// Right edge.
    pub(super) end: f32,
    /// Baseline in points from the top of the page.
    pub(super) y: f32,
    /// Height of the font in points, after all scaling.
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Whether an annotation shows it: what is typed into a form, mostly.
    pub(super) typed: bool,
    /// The range of its characters in [`Page::text`], in bytes.
    pub(super) start: u32,
    pub(super) stop: u32,
    /// The range of its pieces in [`Page::pieces`].
    pub(super) pieces: (u32, u32),
}

/// Characters without white space, printed one after another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// The range of its characters in the text of its page, in bytes.
    pub(super) start: u32,
    pub(super) stop: u32,
    pub(super) area: Area,
}

/// A rectangle in points from the top left corner of the page as it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Area {
    /// The smallest rectangle that holds both.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A visible character, where it is printed.
#[cfg(feature = "as-printed")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) letter: char,
    pub(super) area: Area,
}

/// The runs of one page in the order in which they are drawn.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) height: f32,
    /// Its characters one by one, where they were asked for.
    #[cfg(feature = "as-printed")]
    pub(super) letters: Vec<Letter>,
    pub(super) runs: Vec<Run>,
    text: String,
    pub(super) pieces: Vec<Piece>,
}

impl Page {
    /// The characters of a run.
    pub(super) fn text(&self, run: &Run) -> &str {
        &self.text[run.start as usize..run.stop as usize]
    }

    /// The pieces of a run, each with its place in the run's text.
    pub(super) fn pieces(&self, run: &Run) -> impl Iterator<Item = (Range<usize>, Area)> {
        let (first, end) = run.pieces;
        self.pieces[first as usize..end as usize].iter().map(|piece| {
            ((piece.start - run.start) as usize..(piece.stop - run.start) as usize, piece.area)
        })
    }

    /// The characters between two places.
    pub(super) fn text_of(&self, start: u32, stop: u32) -> &str {
        &self.text[start as usize..stop as usize]
    }

    /// Gives a run, each of whose letters is a piece, the same letters as words.
    pub(super) fn retype(&mut self, place: usize, words: &[String]) {
        let start = self.text.len() as u32;
        let run = &mut self.runs[place];
        let mut letters = run.pieces.0 as usize;
        for (word, kept) in words.iter().zip(run.pieces.0..) {
            if self.text.len() > start as usize {
                self.text.push(' ');
            }
            let begins = self.text.len() as u32;
            self.text.push_str(word);
            let end = letters + word.chars().count();
            let area = self.pieces[letters..end].iter().map(|piece| piece.area);
            if let Some(area) = area.reduce(Area::with) {
                let stop = self.text.len() as u32;
                self.pieces[kept as usize] = Piece { start: begins, stop, area };
            }
            letters = end;
        }
        run.pieces.1 = run.pieces.0 + words.len() as u32;
        (run.start, run.stop) = (start, self.text.len() as u32);
    }

    /// Whether letters are drawn in that area.
    pub(super) fn shows_text(&self, area: &Area) -> bool {
        self.pieces.iter().any(|piece| {
            let middle = |low: f32, high: f32| f32::midpoint(low, high);
            let (x, y) = (
                middle(piece.area.left, piece.area.right),
                middle(piece.area.top, piece.area.bottom),
            );
            (area.left..=area.right).contains(&x) && (area.top..=area.bottom).contains(&y)
        })
    }

    /// Adds a word that no drawing shows.
    pub(super) fn write(&mut self, word: &str, area: Area, size: f32) {
        let start = self.text.len() as u32;
        self.text.push_str(word);
        let stop = self.text.len() as u32;
        let piece = self.pieces.len() as u32;
        self.pieces.push(Piece { start, stop, area });
        self.runs.push(Run {
            mark: Mark::None,
            x: area.left,
            end: area.right,
            y: area.bottom - 0.2 * size,
            size,
            bold: false,
            typed: true,
            start,
            stop,
            pieces: (piece, piece + 1),
        });
    }
}

/// Reads the runs of all pages. Unwinds when the fuse blows.
pub(super) fn record(pdf: &Pdf, fuse: &Fuse) -> Vec<Page> {
    let pages = pdf.pages();
    let substituted_bold = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&substituted_bold);
    let settings = InterpreterSettings {
        font_resolver: Arc::new(move |query| {
            if is_bold_query(query) {
                seen.store(true, Ordering::Relaxed);
            }
            Some(substitute(query).get_font_data())
        }),
        ..InterpreterSettings::default()
    };
    let mut recorder = Recorder::new(fuse);
    let mut recorded = interpret(pdf, settings, pages, &mut recorder);

    // The name of a font that is not embedded does not reach the device. If bold fonts were asked
    // for, a second pass substitutes another typeface for those: runs whose glyphs then come from
    // another font are the bold ones.
    if substituted_bold.load(Ordering::Relaxed) {
        let settings = InterpreterSettings {
            font_resolver: Arc::new(|query| {
                let font = if is_bold_query(query) {
                    StandardFont::ZapfDingBats
                } else {
                    substitute(query)
                };
                Some(font.get_font_data())
            }),
            ..InterpreterSettings::default()
        };
        let first = std::mem::take(&mut recorder.anonymous);
        let mut second = Recorder::new(fuse);
        interpret(pdf, settings, pages, &mut second);
        for (mine, theirs) in first.iter().zip(&second.anonymous) {
            if mine.key != theirs.key
                && let Some(page) = recorded.get_mut(mine.page as usize)
            {
                for run in &mut page.runs[mine.runs.0 as usize..mine.runs.1 as usize] {
                    run.bold = true;
                }
            }
        }
    }
    recorded
}

/// Reads one page with every character in its place. Unwinds when the fuse blows.
#[cfg(feature = "as-printed")]
pub(super) fn record_letters(pdf: &Pdf, page: &PdfPage<'_>, fuse: &Fuse) -> Page {
    let mut recorder = Recorder { keeps_letters: true, ..Recorder::new(fuse) };
    let settings = InterpreterSettings::default();
    interpret(pdf, settings, std::slice::from_ref(page), &mut recorder).pop().unwrap_or_default()
}

fn interpret<'a>(
    pdf: &'a Pdf,
    settings: InterpreterSettings,
    pages: &[PdfPage<'a>],
    recorder: &mut Recorder<'_>,
) -> Vec<Page> {
    let cache = InterpreterCache::new();
    let mut recorded = Vec::with_capacity(pages.len());
    for (number, page) in pages.iter().enumerate() {
        recorder.fuse.check_time();
        let (width, height) = page.render_dimensions();
        let transform = Affine::new(page.initial_transform(true).as_coeffs());
        let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
        recorder.begin(number as u32, height);
        for part in [RenderContent::PAGE, RenderContent::ANNOTATIONS] {
            recorder.typed = part == RenderContent::ANNOTATIONS;
            let settings = InterpreterSettings { render_content: part, ..settings.clone() };
            let mut context = Context::new(transform, bounds, &cache, pdf.xref(), settings);
            interpret_page(page, &mut context, recorder);
        }
        recorded.push(std::mem::take(&mut recorder.page));
    }
    recorded
}

fn substitute(query: &FontQuery) -> StandardFont {
    match query {
        FontQuery::Standard(font) => *font,
        FontQuery::Fallback(query) => query.pick_standard_font(),
    }
}

fn is_bold_query(query: &FontQuery) -> bool {
    match query {
        FontQuery::Standard(font) => is_bold_name(font.postscript_name()),
        FontQuery::Fallback(FallbackFontQuery {
            is_bold, font_weight, post_script_name, ..
        }) => {
            *is_bold
                || *font_weight >= BOLD_WEIGHT
                || post_script_name.as_deref().is_some_and(is_bold_name)
        }
    }
}

const BOLD_WEIGHT: u32 = 600;

fn is_bold_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["bold", "black", "heavy"].iter().any(|word| name.contains(word))
}

/// Whether a font shows pictures instead of letters.
fn is_pictorial_name(name: &str) -> bool {
    name.contains("Wingdings") || name.contains("Webdings")
}

#[derive(Debug, Clone, Copy, Default)]
struct Typeface {
    bold: bool,
    pictorial: bool,
}

/// Glyphs of a font without a name.
struct Anonymous {
    page: u32,
    runs: (u32, u32),
    key: u128,
}

/// What the codes of one byte stand for in a run of glyphs, which has one font. Looking one up costs more
/// than all else that is done for a letter, and letters recur.
#[derive(Debug)]
struct Codes {
    known: [Option<char>; 256],
}

impl Default for Codes {
    fn default() -> Self {
        Self { known: [None; 256] }
    }
}

impl Codes {
    /// What a glyph stands for; `begins` where it is the first of its run.
    fn of(&mut self, glyph: &Glyph<'_>, begins: bool) -> Option<BfString> {
        if begins {
            self.known = [None; 256];
        }
        let code = usize::try_from(glyph.char_code()).ok();
        let slot = code.and_then(|code| self.known.get_mut(code));
        if let Some(Some(letter)) = slot {
            return Some(BfString::Char(*letter));
        }
        let read = glyph.as_unicode();
        if let (Some(slot), Some(BfString::Char(letter))) = (slot, &read) {
            *slot = Some(*letter);
        }
        read
    }
}

/// An open marked-content sequence.
struct Opened {
    mark: Mark,
    /// The text that replaces its glyphs, such as a soft hyphen for a printed one.
    actual: Option<Replacement>,
}

type Replacement = Rc<Cell<Option<String>>>;

struct Recorder<'f> {
    fuse: &'f Fuse,
    number: u32,
    page: Page,
    marks: Vec<Opened>,
    typefaces: HashMap<GlyphIdentifier, Option<Typeface>, FxBuildHasher>,
    /// What the codes of the current run of glyphs stand for, each once looked up.
    read: Codes,
    anonymous: Vec<Anonymous>,
    /// The number of glyphs and the transform drawn last, to recognise an outline drawn over its
    /// own filling.
    last_drawn: Option<(usize, [f64; 6])>,
    /// Where the text last put begins, in the page's text and on the page.
    last_put: Option<(usize, f32, f32)>,
    /// Whether annotations are being drawn.
    typed: bool,
    /// Whether characters are kept one by one.
    #[cfg(feature = "as-printed")]
    keeps_letters: bool,
    /// The letters that were put last: where they begin, and their room.
    #[cfg(feature = "as-printed")]
    last_letters: Option<(usize, Area)>,
}

impl<'f> Recorder<'f> {
    fn new(fuse: &'f Fuse) -> Self {
        Self {
            fuse,
            number: 0,
            page: Page::default(),
            marks: Vec::new(),
            typefaces: HashMap::default(),
            read: Codes::default(),
            anonymous: Vec::new(),
            last_drawn: None,
            last_put: None,
            typed: false,
            #[cfg(feature = "as-printed")]
            keeps_letters: false,
            #[cfg(feature = "as-printed")]
            last_letters: None,
        }
    }

    fn begin(&mut self, number: u32, height: f32) {
        self.number = number;
        self.page = Page { height, ..Page::default() };
        self.marks.clear();
        self.last_drawn = None;
        self.last_put = None;
        #[cfg(feature = "as-printed")]
        {
            self.last_letters = None;
        }
    }

    /// Keeps the characters of a glyph, each with its share of the room. One of several glyphs that
    /// are read as a whole adds to the room of these characters.
    #[cfg(feature = "as-printed")]
    fn keep_letters(&mut self, text: &str, area: Area) {
        let (start, area) = match self.last_letters {
            Some((start, before)) if text.is_empty() => (start, before.with(area)),
            _ => (self.page.letters.len(), area),
        };
        if start == self.page.letters.len() {
            // Pictures are kept, though no word holds them: bullets are.
            let visible =
                text.chars().filter(|letter| !letter.is_whitespace() && !letter.is_ascii_control());
            self.page.letters.extend(visible.map(|letter| Letter { letter, area }));
        }
        let letters = &mut self.page.letters[start..];
        let share = (area.right - area.left) / letters.len().max(1) as f32;
        let mut left = area.left;
        for letter in letters {
            letter.area = Area { left, right: left + share, ..area };
            left += share;
        }
        self.last_letters = Some((start, area));
    }

    fn mark(&self) -> Mark {
        self.marks.last().map_or(Mark::None, |opened| opened.mark)
    }

    /// The typeface of a glyph and, if the font has no name, the glyph's key.
    fn typeface(&mut self, glyph: &Glyph<'_>) -> (Typeface, Option<u128>) {
        let Glyph::Outline(outline) = glyph else {
            return (Typeface::default(), None);
        };
        // Its own hash of the program is at hand: no other is worth computing for every run.
        let identifier = outline.identifier();
        let typeface = self.typefaces.entry(identifier).or_insert_with(|| {
            let font = outline.font_data()?;
            let name = font.postscript_name.unwrap_or_default();
            Some(Typeface {
                bold: is_bold_name(&name)
                    || font.weight.is_some_and(|weight| weight >= BOLD_WEIGHT),
                pictorial: is_pictorial_name(&name),
            })
        });
        match typeface {
            Some(typeface) => (*typeface, None),
            None => (Typeface::default(), Some(outline.identifier().cache_key())),
        }
    }

    /// Adds characters at a place, and joins them to the run before if they continue it.
    fn put(&mut self, text: &str, place: Place, typeface: Typeface, mark: Mark, fresh: bool) {
        let near = |a: f32, b: f32| (a - b).abs() < STRUCK * place.size;
        let last = self.last_put.replace((self.page.text.len(), place.x, place.y));
        if let Some((start, x, y)) = last
            && near(x, place.x)
            && near(y, place.y)
            && !text.trim().is_empty()
            && self.page.text[start..] == *text
        {
            // Drawn over itself to make it bold.
            self.last_put = last;
            return;
        }
        let continues = !fresh
            && self.page.runs.last().is_some_and(|run| {
                let gap = place.x - run.end;
                run.mark == mark
                    && run.typed == self.typed
                    && run.bold == typeface.bold
                    && (run.size - place.size).abs() < 0.05
                    && (run.y - place.y).abs() < 0.05 * place.size
                    && gap > -0.5 * place.size
                    && gap < WORD_GAP * place.size
            });
        #[cfg(feature = "as-printed")]
        if self.keeps_letters {
            self.keep_letters(text, place.area);
        }
        let start = self.page.text.len() as u32;
        self.page.text.push_str(text);
        let stop = self.page.text.len() as u32;
        let first_piece = self.page.pieces.len() as u32;
        let visible = !text.chars().all(separates);
        match self.page.pieces.last_mut() {
            // One of several glyphs that are read as a whole adds to the room, not to the text.
            Some(piece) if continues && piece.stop == start && (visible || text.is_empty()) => {
                piece.stop = stop;
                piece.area = piece.area.with(place.area);
            }
            _ if visible => self.page.pieces.push(Piece { start, stop, area: place.area }),
            _ => {}
        }
        let end_piece = self.page.pieces.len() as u32;
        match self.page.runs.last_mut() {
            Some(run) if continues => {
                run.stop = stop;
                run.end = place.end;
                run.pieces.1 = end_piece;
            }
            _ => self.page.runs.push(Run {
                mark,
                x: place.x,
                end: place.end,
                y: place.y,
                size: place.size,
                bold: typeface.bold,
                typed: self.typed,
                start,
                stop,
                pieces: (first_piece, end_piece),
            }),
        }
    }
}

/// How far the second drawing of a text may be from the first, as a share of the font's height.
pub(super) const STRUCK: f32 = 0.1;

/// The gap that separates two words, as a share of the font's height.
pub(super) const WORD_GAP: f32 = 0.2;

#[derive(Clone, Copy)]
struct Place {
    x: f32,
    end: f32,
    y: f32,
    size: f32,
    area: Area,
}

/// How far letters reach above and below the baseline, in thousandths of the font's height.
const ASCENT: f64 = 780.0;
const DESCENT: f64 = -220.0;

impl Place {
    fn of(glyph: &Glyph<'_>, transform: Affine) -> Self {
        let [a, b, c, d, x, y] = transform.as_coeffs();
        // Glyphs are designed on a square of 1,000 units.
        let size = 1000.0 * c.hypot(d) as f32;
        let width = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(type3) => type3.advance_width(),
        };
        let advance = match glyph {
            Glyph::Outline(_) => width.map(|width| width / 1000.0 * size),
            Glyph::Type3(_) => width.map(|width| width * a.hypot(b) as f32),
        };
        let area = area(transform, width.unwrap_or(500.0).into());
        // Text that does not run to the right is turned until it does, so that the same rules
        // apply; its position on the page is then unreliable.
        let (x, y) = if b.abs() > 0.1 * a || a <= 0.0 {
            let length = a.hypot(b).max(f64::MIN_POSITIVE);
            let (cos, sin) = (a / length, b / length);
            (x * cos + y * sin, y * cos - x * sin)
        } else {
            (x, y)
        };
        let x = x as f32;
        Self { x, end: x + advance.unwrap_or(0.5 * size), y: y as f32, size, area }
    }
}

/// The room of a glyph on the page, however it is turned.
fn area(transform: Affine, width: f64) -> Area {
    let [a, b, c, d, x, y] = transform.as_coeffs();
    if b.abs() < 0.01 * a && d < 0.0 {
        // Upright. Slanted letters stand on their own room.
        let (left, right) = (x as f32, (x + a * width) as f32);
        return Area {
            left,
            top: (y + d * ASCENT) as f32,
            right,
            bottom: (y + d * DESCENT) as f32,
        };
    }
    let corner = |along: f64, up: f64| {
        let (x, y) = ((x + a * along + c * up) as f32, (y + b * along + d * up) as f32);
        Area { left: x, top: y, right: x, bottom: y }
    };
    let low = corner(0.0, DESCENT).with(corner(width, DESCENT));
    low.with(corner(0.0, ASCENT)).with(corner(width, ASCENT))
}

/// Whether a character is white space, or a picture that separates words like one.
fn separates(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_ascii_control()
        || ('\u{e000}'..='\u{f8ff}').contains(&letter)
}

impl<'a> Device<'a> for Recorder<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let glyphs = run.glyphs();
        let Some(first) = glyphs.first() else {
            return;
        };
        let drawn = (glyphs.len(), (props.transform * first.transform()).as_coeffs());
        if matches!(mode, DrawMode::Stroke(_)) && self.last_drawn == Some(drawn) {
            return;
        }
        self.last_drawn = Some(drawn);

        let (typeface, anonymous) = self.typeface(first);
        let mark = self.mark();
        let replacement = self.marks.last().and_then(|opened| opened.actual.clone());
        let before = self.page.runs.len() as u32;
        let mut letters = [0; 4];
        for (place_in_run, glyph) in glyphs.iter().enumerate() {
            self.fuse.burn();
            let place = Place::of(glyph, props.transform * glyph.transform());
            // Fonts without a name may differ in weight, so such runs are not joined.
            let fresh = place_in_run == 0 && anonymous.is_some();
            if let Some(replacement) = &replacement {
                let text = replacement.take().unwrap_or_default();
                self.put(&text, place, typeface, mark, fresh);
                continue;
            }
            match self.read.of(glyph, place_in_run == 0) {
                Some(BfString::Char(letter)) => {
                    let letter = if typeface.pictorial { pictogram(letter) } else { letter };
                    self.put(letter.encode_utf8(&mut letters), place, typeface, mark, fresh);
                }
                Some(BfString::String(text)) => self.put(&text, place, typeface, mark, fresh),
                None => self.put("\u{fffd}", place, typeface, mark, fresh),
            }
        }
        if let Some(key) = anonymous {
            let runs = (before, self.page.runs.len() as u32);
            self.anonymous.push(Anonymous { page: self.number, runs, key });
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        self.fuse.burn();
        let enclosing = self.mark();
        let mark = if tag == b"Artifact" {
            Mark::Artifact
        } else if let Some(id) = properties.and_then(|dict| dict.get::<u32>(b"MCID")) {
            Mark::Content(id)
        } else {
            enclosing
        };
        let actual = properties
            .and_then(|dict| dict.get::<PdfString<'_>>(b"ActualText"))
            .map(|text| Rc::new(Cell::new(Some(text_string(text.as_bytes())))))
            .or_else(|| self.marks.last().and_then(|opened| opened.actual.clone()));
        self.marks.push(Opened { mark, actual });
    }

    fn end_marked_content(&mut self) {
        self.marks.pop();
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.fuse.burn();
    }

    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {
        self.fuse.burn();
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.fuse.burn();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.fuse.burn();
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.fuse.burn();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.fuse.burn();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// Maps a letter of a pictorial font to the private-use character commonly used for its picture.
fn pictogram(letter: char) -> char {
    match u32::from(letter) {
        code @ 0x21..=0xff => char::from_u32(0xf000 + code).unwrap_or(letter),
        _ => letter,
    }
}

/// Decodes a PDF text string: UTF-16 or UTF-8 with a byte order mark, otherwise one byte per
/// character.
pub(super) fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}
