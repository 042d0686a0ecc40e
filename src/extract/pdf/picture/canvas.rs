//! A picture that grows downwards: pieces of pages one below the other, with marks, as a PNG.

use super::super::device::Area;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use png::{
    BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, PixelDimensions, Unit,
};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The colour of the bar.
const BAR: [u8; 3] = [0xf2, 0xa9, 0x00];

/// The colour by which marked words are multiplied.
const MARK: [u8; 3] = [0xff, 0xe5, 0x8a];

/// The colour of the dots between pieces.
const DOTS: [u8; 3] = [0xa0, 0xa0, 0xa0];

/// The height of the space between two pieces, and the distance of the dots in it, in points.
const SPACE: f32 = 12.0;
const DOT_DISTANCE: f32 = 4.0;

/// How far a mark reaches beyond the letters to the left and right, in points.
const BEYOND: f32 = 0.8;

/// The parts of a colour from which on it is taken for white.
const WHITISH: u8 = 0xfa;

/// The most colours of a picture with a palette, and the most that are put together to so many.
const PALETTE: usize = 256;
const COLOURS: usize = 20_000;

/// By how many bits colours are rounded, the fewest first.
const ROUNDINGS: [u8; 3] = [0, 3, 4];

/// Pixels of three bytes, row by row.
pub(super) struct Canvas {
    scale: f32,
    width: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(scale: f32) -> Self {
        Self { scale, width: 0, pixels: Vec::new() }
    }

    pub(super) fn width(&self) -> u32 {
        self.width as u32
    }

    pub(super) fn height(&self) -> u32 {
        self.pixels.len().checked_div(3 * self.width).unwrap_or(0) as u32
    }

    /// The width in points.
    pub(super) fn points(&self) -> f32 {
        self.width as f32 / self.scale
    }

    /// The upper edge of a piece that is added next, in pixels. Adds the space between it and what is
    /// there.
    pub(super) fn next_top(&mut self) -> u32 {
        if self.width > 0 {
            self.divide();
        }
        self.height()
    }

    /// Adds a part of a page, and returns what is shown of it: where its upper or lower edge would
    /// cut something, it is moved inwards to where nothing is printed, but not into the `whole`.
    /// Wider pieces widen what is there with white.
    pub(super) fn render<'a>(
        &mut self,
        page: &'a Page<'a>,
        cache: &RenderCache<'a>,
        area: Area,
        whole: Area,
    ) -> Area {
        let side =
            |from: f32, to: f32| ((to - from) * self.scale).ceil().clamp(1.0, 65_000.0) as u16;
        let (width, height) = (side(area.left, area.right), side(area.top, area.bottom));
        let scale = f64::from(self.scale);
        let transform = Affine::scale(scale)
            * Affine::translate((-f64::from(area.left), -f64::from(area.top)))
            * Affine::new(page.initial_transform(true).as_coeffs());
        let mut context = RenderContext::new(width, height);
        let settings = RenderSettings::default();
        let interpreter = hayro::hayro_interpret::InterpreterSettings::default();
        render_into(page, cache, &interpreter, &settings, &mut context, transform);
        context.flush();
        let mut pixmap = Pixmap::new(width, height);
        context.render_with(
            &mut pixmap,
            &mut Resources::default(),
            RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() },
        );
        let row = 4 * usize::from(width);
        let pixels = pixmap.data_as_u8_slice();
        let rows = |points: f32| (points * self.scale - 2.0).max(0.0) as usize;
        let above = cut(pixels.chunks_exact(row).take(rows(whole.top - area.top)));
        let below = cut(pixels.rchunks_exact(row).take(rows(area.bottom - whole.bottom)));
        let end = pixels.len() - row * below;
        self.add(usize::from(width), &pixels[row * above..end]);
        Area {
            top: area.top + above as f32 / self.scale,
            bottom: area.bottom - below as f32 / self.scale,
            ..area
        }
    }

    /// Adds rows of pixels of four bytes.
    fn add(&mut self, width: usize, rgba: &[u8]) {
        self.widen(width);
        for row in rgba.chunks_exact(4 * width.max(1)) {
            self.pixels
                .extend(row.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]));
            self.pixels.resize(self.pixels.len() + 3 * (self.width - width), 0xff);
        }
    }

    fn widen(&mut self, width: usize) {
        if width <= self.width {
            return;
        }
        let mut wider = Vec::new();
        for row in self.pixels.chunks_exact(3 * self.width.max(1)) {
            wider.extend_from_slice(row);
            wider.resize(wider.len() + 3 * (width - self.width), 0xff);
        }
        self.width = width;
        self.pixels = wider;
    }

    /// Adds the space between two pieces, with a row of dots.
    fn divide(&mut self) {
        let top = self.height() as usize;
        let rows = (SPACE * self.scale).ceil() as usize;
        self.pixels.resize(self.pixels.len() + 3 * self.width * rows, 0xff);
        let dot = self.scale.round().max(1.0) as usize;
        let step = (DOT_DISTANCE * self.scale).max(2.0) as usize;
        let first = top + rows.saturating_sub(dot) / 2;
        for row in first..(first + dot).min(top + rows) {
            for left in (0..self.width).step_by(step) {
                for column in left..(left + dot).min(self.width) {
                    self.pixel(column, row).copy_from_slice(&DOTS);
                }
            }
        }
    }

    /// Marks a rectangle of the page in the piece that begins at `top`.
    pub(super) fn mark(&mut self, area: Area, piece: Area, top: u32) {
        let area = Area { left: area.left - BEYOND, right: area.right + BEYOND, ..area };
        self.each_pixel(area, piece, top, |pixel| {
            for (part, mark) in pixel.iter_mut().zip(MARK) {
                *part = (u16::from(*part) * u16::from(mark) / 0xff) as u8;
            }
        });
    }

    /// Draws a bar in the piece that begins at `top`: at the first of these places where nothing is
    /// printed, else at the last.
    pub(super) fn bar(&mut self, places: &[Area], piece: Area, top: u32) {
        let is_free = |place: &&Area| {
            let around = Area { left: place.left - 0.5, right: place.right + 0.5, ..**place };
            let (columns, rows) = self.span(around, piece, top);
            let mut first = None;
            rows.flat_map(|row| columns.clone().map(move |column| (column, row))).all(
                |(column, row)| {
                    let at = 3 * (row * self.width + column);
                    let pixel = &self.pixels[at..at + 3];
                    *first.get_or_insert(pixel) == pixel
                },
            )
        };
        if let Some(place) = places.iter().find(is_free).or(places.last()).copied() {
            self.each_pixel(place, piece, top, |pixel| pixel.copy_from_slice(&BAR));
        }
    }

    /// The columns and rows of pixels of a rectangle in the piece that begins at `top`.
    fn span(&self, area: Area, piece: Area, top: u32) -> (Range<usize>, Range<usize>) {
        let scale = self.scale;
        let within = |points: f32, most: f32| (points * scale).round().clamp(0.0, most) as usize;
        let width = ((piece.right - piece.left) * scale).floor().min(self.width as f32);
        let height = ((piece.bottom - piece.top) * scale).floor();
        let row = |edge: f32| top as usize + within(edge - piece.top, height);
        let column = |edge: f32| within(edge - piece.left, width);
        (column(area.left)..column(area.right), row(area.top)..row(area.bottom))
    }

    fn each_pixel(&mut self, area: Area, piece: Area, top: u32, change: impl Fn(&mut [u8])) {
        let (columns, rows) = self.span(area, piece, top);
        for row in rows {
            for column in columns.clone() {
                change(self.pixel(column, row));
            }
        }
    }

    fn pixel(&mut self, column: usize, row: usize) -> &mut [u8] {
        let at = 3 * (row * self.width + column);
        &mut self.pixels[at..at + 3]
    }

    /// Writes the picture as a PNG: with a palette if it has few colours, which is a third of the size.
    pub(super) fn png(self) -> Result<Vec<u8>, EncodingError> {
        let mut png = Vec::new();
        let (width, height) = (self.width(), self.height());
        let mut encoder = Encoder::new(&mut png, width, height);
        encoder.set_depth(BitDepth::Eight);
        let per_metre = (f64::from(self.scale) * 72.0 / 0.0254).round() as u32;
        encoder.set_pixel_dims(Some(PixelDimensions {
            xppu: per_metre,
            yppu: per_metre,
            unit: Unit::Meter,
        }));
        encoder.set_compression(Compression::Balanced);
        match palette(&self.pixels) {
            Some((palette, indexed)) => {
                encoder.set_color(ColorType::Indexed);
                encoder.set_palette(palette);
                encoder.set_filter(Filter::NoFilter);
                encoder.write_header()?.write_image_data(&indexed)?;
            }
            None => {
                encoder.set_color(ColorType::Rgb);
                encoder.set_filter(Filter::Adaptive);
                encoder.write_header()?.write_image_data(&self.pixels)?;
            }
        }
        Ok(png)
    }
}

/// How many rows at an edge hold the rest of what the edge cuts: those up to the first row that is
/// white; none if there is no such row, as in the frame of a table.
fn cut<'p>(rows: impl Iterator<Item = &'p [u8]>) -> usize {
    let is_white = |row: &[u8]| row.iter().all(|part| *part >= WHITISH);
    let mut rows = rows.enumerate();
    rows.find(|(_, row)| is_white(row)).map_or(0, |(number, _)| number)
}

/// The colours of a picture, three bytes each, and the place of each pixel's among them. If there are
/// many, the most frequent one takes the place of those next to it, as long as no eye sees it; `None`
/// if there are too many nevertheless, as in a photograph.
fn palette(pixels: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for pixel in pixels.chunks_exact(3) {
        *counts.entry([pixel[0], pixel[1], pixel[2]]).or_default() += 1;
        if counts.len() > COLOURS {
            return None;
        }
    }
    ROUNDINGS.into_iter().find_map(|bits| rounded(pixels, &counts, bits))
}

fn rounded(
    pixels: &[u8],
    counts: &HashMap<[u8; 3], usize>,
    bits: u8,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let rough = |colour: [u8; 3]| colour.map(|part| part >> bits);
    // Sorted, so that the same picture is the same file.
    let mut frequent: BTreeMap<[u8; 3], (usize, [u8; 3])> = BTreeMap::new();
    for (&colour, &count) in counts {
        let kept = frequent.entry(rough(colour)).or_insert((count, colour));
        *kept = (*kept).max((count, colour));
    }
    if frequent.len() > PALETTE {
        return None;
    }
    let palette = frequent.values().flat_map(|(_, colour)| *colour).collect();
    let places: HashMap<[u8; 3], u8> = frequent.into_keys().zip(0..=u8::MAX).collect();
    let place = |pixel: &[u8]| places[&rough([pixel[0], pixel[1], pixel[2]])];
    Some((palette, pixels.chunks_exact(3).map(place).collect()))
}
