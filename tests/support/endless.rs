//! PDFs that are hard to draw.

/// A page with these resources and this content, and the objects from number 5 on.
pub(crate) fn made(resources: &str, content: &str, objects: &[String]) -> Vec<u8> {
    let mut all = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
             /Resources<<{resources}>>>>"
        ),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
    ];
    all.extend_from_slice(objects);
    let objects = (1..).zip(all).map(|(number, body)| format!("{number} 0 obj\n{body}\nendobj\n"));
    let trailer = "trailer\n<</Root 1 0 R>>\n%%EOF\n";
    format!("%PDF-1.7\n{}{trailer}", objects.collect::<String>()).into_bytes()
}

const FILL: &str = "/Pattern cs /P scn 0 0 595 842 re f ";

/// A page of these lines over patterns within patterns, each drawn so often that nobody can wait for it.
pub(crate) fn endless(lines: &[&str]) -> Vec<u8> {
    let pattern = |number: usize| {
        let (below, content) = match number {
            8 => (String::new(), "0 0 1 rg 0 0 5 5 re f".to_owned()),
            _ => (format!("/Pattern<</P {} 0 R>>", 5 + number), FILL.repeat(10)),
        };
        format!(
            "<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 30 30]\
             /XStep 1/YStep 1/Resources<<{below}>>/Length {}>>stream\n{content}\nendstream",
            content.len()
        )
    };
    let shown: String = lines.iter().map(|line| format!("({line}) Tj T* ")).collect();
    let content = format!("{FILL}BT /F 12 Tf 14 TL 57 700 Td {shown}ET");
    let font = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
    let resources = format!("/Pattern<</P 5 0 R>>{font}");
    made(&resources, &content, &(1..=8).map(pattern).collect::<Vec<_>>())
}
