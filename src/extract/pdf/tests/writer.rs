//! Writes small PDFs for tests.

/// A PDF as its objects; object 1 is the catalogue, 2 the page tree, 3 and 4 the fonts.
pub(super) struct Written {
    objects: Vec<(u32, String)>,
    pages: Vec<u32>,
    next: u32,
    catalogue: String,
    trailer: String,
}

impl Written {
    pub(super) fn new() -> Self {
        let font = |name: &str| {
            format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>")
        };
        Self {
            objects: vec![(3, font("Helvetica")), (4, font("Helvetica-Bold"))],
            pages: Vec::new(),
            next: 5,
            catalogue: String::new(),
            trailer: String::new(),
        }
    }

    /// Adds an object and returns its number.
    pub(super) fn object(&mut self, body: &str) -> u32 {
        self.next += 1;
        self.objects.push((self.next, body.to_owned()));
        self.next
    }

    /// Adds an A4 page and returns its object number.
    pub(super) fn page(&mut self, content: &str) -> u32 {
        self.page_with("/MediaBox[0 0 595 842]", content)
    }

    /// Adds a page with these entries and returns its object number.
    pub(super) fn page_with(&mut self, entries: &str, content: &str) -> u32 {
        let stream = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
        let stream = self.object(&stream);
        let page = self.object(&format!(
            "<</Type/Page/Parent 2 0 R{entries}/Contents {stream} 0 R\
             /Resources<</Font<</F 3 0 R/B 4 0 R>>>>>>"
        ));
        self.pages.push(page);
        page
    }

    /// Makes the file tagged, with `kids` as the children of the structure tree's root.
    pub(super) fn structure(&mut self, kids: &str) {
        let root = self.object(&format!(
            "<</Type/StructTreeRoot/RoleMap<</Titel/H1/Standard/P/A/B/B/A>>/K{kids}>>"
        ));
        self.catalogue = format!("/MarkInfo<</Marked true>>/StructTreeRoot {root} 0 R");
    }

    /// Adds entries to the trailer.
    pub(super) fn trailer(&mut self, entries: &str) {
        self.trailer.push_str(entries);
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let kids: Vec<String> = self.pages.iter().map(|page| format!("{page} 0 R")).collect();
        let mut objects = vec![
            (1, format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalogue)),
            (2, format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), kids.join(" "))),
        ];
        objects.extend(self.objects.iter().cloned());
        objects.sort_by_key(|(number, _)| *number);

        let mut file = String::from("%PDF-1.7\n");
        let mut table = String::from("0 1\n0000000000 65535 f \n");
        for (number, body) in &objects {
            table.push_str(&format!("{number} 1\n{:010} 00000 n \n", file.len()));
            file.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
        }
        let start = file.len();
        file.push_str(&format!(
            "xref\n{table}trailer\n<</Size {}/Root 1 0 R{}>>\nstartxref\n{start}\n%%EOF\n",
            self.next + 1,
            self.trailer
        ));
        file.into_bytes()
    }
}

/// A line of text in font `F` or `B`, with its size, left edge and baseline from the bottom.
pub(super) fn line(font: &str, size: f32, x: f32, y: f32, text: &str) -> String {
    let text = text.replace('(', "\\(").replace(')', "\\)");
    format!("BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n")
}

/// Content that belongs to the structure.
pub(super) fn marked(id: u32, content: &str) -> String {
    format!("/P <</MCID {id}>> BDC\n{content}EMC\n")
}

/// Content that belongs to the page.
pub(super) fn artifact(content: &str) -> String {
    format!("/Artifact <</Type/Pagination>> BDC\n{content}EMC\n")
}

/// A structure element on a page.
pub(super) fn element(tag: &str, page: u32, kids: &str) -> String {
    format!("<</Type/StructElem/S/{tag}/Pg {page} 0 R/K[{kids}]>>")
}
