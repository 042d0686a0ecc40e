//! The page of matches in their contexts: a form that asks for them, and a line for each match.

use super::chosen::removals;
use super::form::{self, Offered};
use super::problem::told;
use super::remarks::remarks;
use super::same::Same;
use super::similar::each;
use super::{FileFormat, Head, Part, Problem, Site, Skip, To, beyond, fields, page, paging};
use crate::answer::concordance::{Concordance, Line, Order, Typed};
use crate::ask::{Answer, Question, Reading};
use crate::render::{clean, words};
use findings_index::records::Attribute;
use maud::{Markup, html};

/// The attributes whose values the form offers.
pub const KWIC_NARROWED: [Attribute; 4] =
    [Attribute::Framework, Attribute::Region, Attribute::Grade, Attribute::Authority];

/// Matches in their contexts, as they are shown.
#[derive(Debug, Clone, Copy)]
pub struct KwicPage<'a> {
    /// The concordance as typed, with the part of its lines that is shown.
    pub typed: &'a Typed,
    /// The number of the page, counted from 1.
    pub page: usize,
    /// The answer; a problem where there is none; neither where nothing was asked.
    pub outcome: Option<Result<&'a Answer<Concordance>, &'a Problem>>,
    /// The values held of the attributes that the form offers.
    pub values: &'a Offered,
}

/// Writes the page.
#[must_use]
pub fn kwic(site: &Site<'_>, view: &KwicPage<'_>) -> String {
    let typed = view.typed;
    let answer = view.outcome.and_then(Result::ok);
    let file = |format| site.addresses.to(To::KwicFile(typed, format));
    let head = Head {
        title: match view.outcome {
            None => "Every match in its context".to_owned(),
            Some(Ok(answer)) => title(site, view, &answer.response),
            Some(Err(problem)) => problem.title.to_owned(),
        },
        json: answer.map(|_| file(FileFormat::Json)),
        csv: answer.map(|_| file(FileFormat::Csv)),
        ..Head::default()
    };
    let main = html! {
        @match view.outcome {
            None => { h1 { "Every match in its context" } }
            Some(Err(problem)) => (told(site, problem, instead(site, typed, problem).as_deref(), true)),
            Some(Ok(_)) => {}
        }
        (asking(site, view))
        @match view.outcome {
            None => (welcome(site)),
            Some(Ok(answer)) => (answered(site, view, answer)),
            Some(Err(_)) => (chosen(site, typed)),
        }
    };
    let results = [Skip { to: "results", label: "Skip to the lines" }];
    let skips = if answer.is_some() { &results[..] } else { &[Skip::MAIN][..] };
    page(site, Part::Search, &head, skips, &main)
}

/// The address of the question with the suggestion of a problem in it.
fn instead(site: &Site<'_>, typed: &Typed, problem: &Problem) -> Option<String> {
    let text = problem.mended()?;
    let mended = Typed { text, offset: 0, ..typed.clone() };
    Some(format!("{}#results", site.addresses.to(To::Kwic(&mended, 1))))
}

/// Whether the phrases of topics are the matches, and no words.
fn is_of_topics(typed: &Typed) -> bool {
    typed.text.trim().is_empty()
}

/// Says what was looked for.
fn subject(site: &Site<'_>, typed: &Typed) -> String {
    if !is_of_topics(typed) {
        return words::quoted(&typed.text);
    }
    let name = |id: &String| site.topics.get(id).map_or(id.clone(), |topic| topic.name.clone());
    let names: Vec<String> = typed.conditions.of(Attribute::Topic).iter().map(name).collect();
    format!("the topic {}", names.join(" or "))
}

/// Says which page of the lines is shown, where there are several.
fn place(view: &KwicPage<'_>, found: &Concordance) -> String {
    let pages = pages(view, found);
    match pages > 1 && view.page <= pages {
        true => format!(" – page {} of {}", words::number(view.page), words::number(pages)),
        false => String::new(),
    }
}

fn pages(view: &KwicPage<'_>, found: &Concordance) -> usize {
    found.available.div_ceil(view.typed.limit.max(1))
}

fn title(site: &Site<'_>, view: &KwicPage<'_>, found: &Concordance) -> String {
    let [of, that] = words::matches_of(found.match_of);
    let said = match found.total {
        0 => "Nothing found".to_owned(),
        total => format!(
            "{}{of} in {}{that} of {}",
            words::count(total, "match"),
            words::count(found.paragraphs, "paragraph"),
            words::count(found.reports, "report")
        ),
    };
    clean::line(&format!("{said} for {}{}", subject(site, view.typed), place(view, found)))
}

/// Writes the heading, in which the paragraphs and reports lead to the search for them.
fn heading(site: &Site<'_>, view: &KwicPage<'_>, found: &Concordance) -> Markup {
    let same = Same::of_kwic(view.typed);
    let [of, that] = words::matches_of(found.match_of);
    let paragraphs = words::count(found.paragraphs, "paragraph");
    let reports = words::count(found.reports, "report");
    html! {
        h1 id="results" tabindex="-1" {
            @if found.total == 0 {
                "Nothing found"
            } @else {
                (words::count(found.total, "match")) (of) " in "
                a href=(same.search(site, None)) { (paragraphs) } (that) " of "
                a href=(same.search(site, Some(Attribute::Report))) { (reports) }
            }
            " for " (clean::line(&subject(site, view.typed))) (place(view, found))
        }
    }
}

fn answered(site: &Site<'_>, view: &KwicPage<'_>, answer: &Answer<Concordance>) -> Markup {
    let (typed, found) = (view.typed, &answer.response);
    let file = |format| site.addresses.to(To::KwicFile(typed, format));
    html! {
        div.found {
            (heading(site, view, found))
            @if found.total > 0 {
                p.soft { (said(typed, found.sort)) }
                ul.tools {
                    li { a href=(file(FileFormat::Csv)) { "CSV" } }
                    li { a href=(file(FileFormat::Json)) { "JSON" } }
                }
            }
        }
        (chosen(site, typed))
        (remarks(&answer.notes, &answer.otherwise, |query| {
            let other = Typed { text: query.to_owned(), offset: 0, ..typed.clone() };
            format!("{}#results", site.addresses.to(To::Kwic(&other, 1)))
        }))
        @if let (Some(sample), true) = (found.sample, found.total > 0) {
            p.also {
                "A sample of " (words::count(found.available, "match")) ", drawn at random as number "
                (sample.seed) ": the same question draws the same ones. The totals count all. "
                @let all = Typed { sample: None, offset: 0, ..typed.clone() };
                a href={ (site.addresses.to(To::Kwic(&all, 1))) "#results" } { "Show all" }
            }
        }
        @if found.total == 0 {
            p {
                "Nothing was found in " (words::count(found.corpus.paragraphs, "paragraph")) " of "
                (words::count(found.corpus.reports, "report")) ". "
                a href=(Same::of_kwic(typed).search(site, None)) { "The search for it" }
                " says what is close to it, and which conditions could be left out."
            }
        } @else if found.lines.is_empty() {
            @let last = pages(view, found);
            (beyond(view.page, last, &format!("{}#results", site.addresses.to(To::Kwic(typed, last)))))
        } @else {
            (lines(site, typed, &found.lines))
        }
        (leaves(site, view, found))
    }
}

/// Says in which order lines are. Without words nothing is more relevant than anything else.
fn said(typed: &Typed, order: Order) -> &'static str {
    match order {
        Order::Relevance if typed.text.trim().is_empty() => "by authority",
        Order::Relevance => "most relevant first",
        Order::Date => "newest first",
        Order::Authority => "by authority",
        Order::Changed => "last to come or change first",
        Order::Left => "by the word before",
        Order::Match => "by the matched words",
        Order::Right => "by the word after",
    }
}

/// Writes a line for each match. Where the window is narrow, a line is a paragraph.
fn lines(site: &Site<'_>, typed: &Typed, lines: &[Line]) -> Markup {
    html! {
        table.kwic {
            thead { tr {
                th.number scope="col" { "Before" }
                th scope="col" { "Match, and after" }
                th scope="col" { "In the report" }
            } }
            tbody {
                @for line in lines {
                    tr {
                        td.number { (clean::line(&line.left)) }
                        td { mark { (clean::line(&line.matched)) } (clean::line(&line.right)) }
                        th scope="row" {
                            a href=(site.addresses.to(To::Paragraph {
                                id: &line.id,
                                marks: Some(&marks(typed, line)),
                            })) { (name(site, line)) }
                        }
                    }
                }
            }
        }
    }
}

/// The question whose matches are marked where a line leads: of topics, the words of the line.
fn marks(typed: &Typed, line: &Line) -> Question {
    if !is_of_topics(typed) {
        let (text, reading) = (typed.text.clone(), typed.reading);
        return Question { text, reading, ..Question::default() };
    }
    let words = line.matched.replace(['"', '“', '”'], " ");
    let reading = Reading { any: false, exact: true };
    Question { text: format!("\"{}\"", words.trim()), reading, ..Question::default() }
}

/// Names the report of a line.
fn name(site: &Site<'_>, line: &Line) -> String {
    let whose = match &line.authority {
        Some(authority) => authority.as_str(),
        None => words::framework(site.names, &line.framework),
    };
    let month = line.date.map(|day| format!(", {}", words::month(day)));
    clean::line(&format!("{whose}{}", month.unwrap_or_default()))
}

fn leaves(site: &Site<'_>, view: &KwicPage<'_>, found: &Concordance) -> Markup {
    let to = |page| format!("{}#results", site.addresses.to(To::Kwic(view.typed, page)));
    let pages = pages(view, found);
    let before = (view.page > 1).then(|| to((view.page - 1).min(pages.max(1))));
    let after = (view.page < pages).then(|| to(view.page + 1));
    let here = html! { "Page " (words::number(view.page)) " of " (words::number(pages.max(1))) };
    paging("Pages of lines", before, &here, after)
}

/// Writes the conditions, each as a link that removes it. A topic whose phrases are the matches is none
/// of them.
fn chosen(site: &Site<'_>, typed: &Typed) -> Markup {
    let mut conditions = typed.conditions.clone();
    let topics = match is_of_topics(typed) {
        true => conditions.take(Attribute::Topic),
        false => Vec::new(),
    };
    removals(&each(site, &conditions), |mut left| {
        if !topics.is_empty() {
            left.values.insert(Attribute::Topic, topics.clone());
        }
        let other = Typed { conditions: left, offset: 0, ..typed.clone() };
        format!("{}#results", site.addresses.to(To::Kwic(&other, 1)))
    })
}

/// Writes what is shown before anything was asked.
fn welcome(site: &Site<'_>) -> Markup {
    let example = |text: &str, sort, said: &str| {
        let typed = Typed { text: text.to_owned(), sort, ..Typed::default() };
        html! { li {
            a href={ (site.addresses.to(To::Kwic(&typed, 1))) "#results" } { (text) } " " (said)
        } }
    };
    html! {
        div.welcome {
            p {
                "Shows each match on a line of its own, one below the other, with the words before and "
                "after it: how something is said, and by whom. A line leads to its paragraph."
            }
            p { "Try, for example:" }
            ul {
                (example("return interview", Order::Left, "by the word before: who offers it, and who does not"))
                (example("\"caseloads\"", Order::Right, "by the word after: what is said of them"))
                (example("drift AND delay", Order::Authority, "by authority"))
            }
        }
    }
}

/// The sizes of context that the form offers, in characters.
const CONTEXTS: [(&str, &str); 4] =
    [("40", "Little"), ("60", "As usual"), ("120", "Much"), ("250", "A few sentences")];

fn asking(site: &Site<'_>, view: &KwicPage<'_>) -> Markup {
    let typed = view.typed;
    let conditions = &typed.conditions;
    let field =
        |attribute| form::choice(site, conditions, attribute, form::held(view.values, attribute));
    let orders = Order::ALL.map(|order| (order.name(), words::capital(said(typed, order))));
    let context = typed.context.to_string();
    let is_offered = CONTEXTS.iter().any(|(size, _)| *size == context);
    let mut contexts = CONTEXTS.map(|(size, said)| (size, said.to_owned())).to_vec();
    if !is_offered {
        contexts.push((&context, format!("{context} characters")));
    }
    let sample = typed.sample;
    html! {
        search {
            form.narrow method="get" action={ (fields::action(site, To::Kwic(&Typed::default(), 1))) "#results" } {
                fieldset {
                    legend.unseen { "What to look for" }
                    (form::subject(site, &typed.text, conditions.of(Attribute::Topic)))
                    (form::select("sort", "Order", &orders, Some(typed.sort.name())))
                    (form::select("context", "Context", &contexts, Some(&context)))
                    (form::span(conditions))
                    button type="submit" { "Show" }
                }
                details.more open[has_more(typed)] {
                    summary { "More options" }
                    fieldset {
                        legend.unseen { "More options" }
                        @for attribute in KWIC_NARROWED { (field(attribute)) }
                        (form::number("sample", "Only a sample of", sample.map(|own| own.size as u64)))
                        (form::number("seed", "drawn as number", sample.map(|own| own.seed).filter(|seed| *seed > 0)))
                        @if conditions.as_at.is_none() {
                            (form::flag("latest", "1", "Only each authority’s newest full inspection", conditions.latest))
                        }
                        (form::flag("without_denials", "1",
                            "Leave out what only says that it did not exist or occur", conditions.without_denials))
                        (form::reading(typed.reading))
                    }
                }
                (fields::hidden(site, &fields::kwic_fields(typed), |name| IN_FORM.contains(&name)))
            }
        }
    }
}

/// The parameters that the form has fields for.
const IN_FORM: [&str; 16] = [
    "q",
    "topic",
    "sort",
    "context",
    "from",
    "to",
    "framework",
    "region",
    "grade",
    "authority",
    "sample",
    "seed",
    "latest",
    "without_denials",
    "any",
    "exact",
];

/// Whether anything is set that is among the further options.
fn has_more(typed: &Typed) -> bool {
    let conditions = &typed.conditions;
    KWIC_NARROWED.iter().any(|attribute| !conditions.of(*attribute).is_empty())
        || typed.sample.is_some()
        || conditions.latest
        || conditions.without_denials
        || typed.reading != Reading::default()
}

#[cfg(test)]
mod tests {
    use super::{KwicPage, kwic};
    use crate::answer::concordance::{Concordance, Line, MatchOf, Order, Typed};
    use crate::ask::{Answer, Sample};
    use crate::render::html::page::fake::{Fake, Read, corpus, site};
    use crate::render::html::page::problem::Problem;
    use findings_index::records::Attribute;
    use jiff::civil::date;

    fn line(authority: Option<&str>) -> Line {
        Line {
            rank: 1,
            left: "each child has a ".to_owned(),
            matched: "return interview".to_owned(),
            right: ", <b>in time".to_owned(),
            span: [17, 33],
            id: "wealdshire-sif-2015-10-19/45".to_owned(),
            report: "wealdshire-sif-2015-10-19".to_owned(),
            authority: authority.map(str::to_owned),
            framework: "sif".to_owned(),
            date: Some(date(2015, 10, 19)),
            section: Vec::new(),
            grade: None,
            page: Some(11),
            citation: String::new(),
        }
    }

    fn found(total: usize, lines: Vec<Line>) -> Answer<Concordance> {
        Answer {
            response: Concordance {
                query: "return interview".to_owned(),
                total,
                match_of: MatchOf::Whole,
                paragraphs: 80.min(total),
                reports: 41.min(total),
                sort: Order::Left,
                sample: None,
                available: total,
                offset: 0,
                lines,
                expansions: Vec::new(),
                index_version: 1,
                generation: "1".to_owned(),
                corpus: corpus(),
            },
            read_as: None,
            vectors: None,
            sample: None,
            passed_over: Vec::new(),
            repairs: Vec::new(),
            unheld: Vec::new(),
            otherwise: Vec::new(),
            uncounted: Vec::new(),
            called: Vec::new(),
            denied: None,
            relaxed: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn shown(
        typed: &Typed,
        page: usize,
        outcome: Option<Result<&Answer<Concordance>, &Problem>>,
    ) -> Read {
        let values = [(Attribute::Framework, vec!["ilacs".to_owned(), "sif".to_owned()])];
        let view = KwicPage { typed, page, outcome, values: &values };
        let page = Read::new(&kwic(&site(&Fake::default(), &corpus()), &view));
        page.is_sound();
        page
    }

    fn typed() -> Typed {
        let text = "return interview".to_owned();
        Typed { text, sort: Order::Left, limit: 50, ..Typed::default() }
    }

    #[test]
    fn a_line_is_a_match_between_its_contexts_and_leads_to_its_paragraph() {
        let answer = found(96, vec![line(Some("Wealdshire")), line(None)]);
        let page = shown(&typed(), 1, Some(Ok(&answer)));
        let said = "96 matches in 80 paragraphs of 41 reports for “return interview” – page 1 of 2";
        assert_eq!(page.texts("h1"), [said]);
        assert_eq!(page.texts("title"), [format!("{said} – Findings")]);
        assert_eq!(
            page.values("h1 a", "href"),
            ["/search?q=return interview&page=1#results"; 2],
            "paragraphs and reports lead to the search"
        );
        assert_eq!(page.texts("tbody td.number")[0], "each child has a");
        assert_eq!(page.texts("tbody td:nth-child(2)")[0], "return interview, <b>in time");
        assert_eq!(page.texts("tbody mark")[0], "return interview");
        let reports = page.texts("tbody th");
        assert_eq!(reports, ["Wealdshire, October 2015", "Single inspection (SIF), October 2015"]);
        let to = "/paragraphs/wealdshire-sif-2015-10-19/45?q=return interview#here";
        assert_eq!(page.values("tbody th a", "href")[0], to);
        assert_eq!(page.texts(".paging a"), ["Next page"]);
        assert_eq!(page.texts(".found .soft"), ["by the word before"]);
    }

    #[test]
    fn the_phrases_of_a_topic_are_marked_where_its_lines_lead() {
        let mut typed = Typed { text: String::new(), ..typed() };
        let both = vec!["missing".to_owned(), "neglect".to_owned()];
        typed.conditions.values.insert(Attribute::Topic, both);
        let mut one = line(Some("Wealdshire"));
        one.matched = "“return” interview".to_owned();
        let page = shown(&typed, 1, Some(Ok(&found(1, vec![one]))));
        let said = "1 match in 1 paragraph of 1 report for the topic missing or neglect";
        assert_eq!(page.texts("h1"), [said]);
        assert!(page.values("tbody th a", "href")[0].contains("?q=\"return  interview\"#here"));
        assert!(page.texts(".chosen").is_empty(), "what is looked for is no condition");
        assert_eq!(page.values("input[type=hidden][name=topic]", "value"), ["missing", "neglect"]);
    }

    #[test]
    fn conditions_can_be_removed_and_a_sample_shown_whole() {
        let mut typed = Typed { sample: Some(Sample { size: 20, seed: 7 }), ..typed() };
        typed.conditions.values.insert(Attribute::Framework, vec!["sif".to_owned()]);
        typed.conditions.values.insert(Attribute::Theme, vec!["leadership".to_owned()]);
        let mut answer = found(96, vec![line(Some("Wealdshire"))]);
        answer.response.sample = typed.sample;
        answer.response.available = 20;
        let page = shown(&typed, 1, Some(Ok(&answer)));
        let removals = page.texts(".chosen a").join(" | ");
        assert!(removals.contains("Remove: framework Single inspection (SIF)"), "{removals}");
        assert!(page.texts(".also")[0].starts_with("A sample of 20 matches, drawn at random"));
        assert_eq!(page.values("option[selected]", "value"), ["left", "60", "sif"]);
        assert_eq!(page.values("input[name=sample]", "value"), ["20"]);
        assert_eq!(page.values("input[type=hidden]", "name"), ["theme"]);
        assert!(page.texts(".paging").is_empty(), "20 lines are one page");
    }

    #[test]
    fn nothing_found_leads_to_what_is_close() {
        let page = shown(&typed(), 1, Some(Ok(&found(0, Vec::new()))));
        assert_eq!(page.texts("h1"), ["Nothing found for “return interview”"]);
        assert!(page.texts("main p").concat().contains("The search for it"));
        assert!(page.texts("table").is_empty());
        let after = shown(&typed(), 3, Some(Ok(&found(60, Vec::new()))));
        assert!(after.texts("main p").concat().contains("There is no page 3: the last is page"));
        assert_eq!(after.texts(".paging a"), ["Previous page"]);
        let form = shown(&Typed::default(), 1, None);
        assert_eq!(form.texts("h1"), ["Every match in its context"]);
    }
}
