//! How many of the paragraphs that a search finds only deny what it looks for.

use super::Session;
use super::notes::Note;
use super::reading::Understood;
use findings_index::SearchError;
use findings_index::records::Attribute;
use findings_index::records::numerals::thousands as number;
use findings_index::request::SearchRequest;

impl Session<'_> {
    /// Counts the paragraphs that only say that what is looked for did not exist or occur: of the
    /// `total` that match or, where a request leaves them out, in addition to these. `None` where
    /// nothing is looked for that could be denied, or where the question negates it itself.
    pub(super) fn denied(
        &self,
        understood: &Understood,
        request: &SearchRequest,
        total: usize,
    ) -> Result<Option<usize>, SearchError> {
        let (query, filters) = (&request.query, &request.filters);
        let topics = filters.values(Attribute::Topic);
        let is_deniable =
            query.looks_into_text() || !query.topics().is_empty() || !topics.is_empty();
        if !is_deniable || understood.negates() {
            return Ok(None);
        }
        if total == 0 && !filters.without_denials {
            return Ok(Some(0));
        }
        let mut other = filters.clone();
        other.without_denials = !filters.without_denials;
        Ok(Some(total.abs_diff(self.total(query, &other)?)))
    }
}

/// Makes a note on paragraphs that only deny what is looked for.
#[must_use]
pub fn denied(denied: usize, are_left_out: bool) -> Option<Note> {
    let only = match denied {
        0 => return None,
        1 => "1 paragraph only says".to_owned(),
        many => format!("{} paragraphs only say", number(many as u64)),
    };
    let end = if are_left_out { "; left out" } else { "" };
    let text = format!("{only} that it did not exist or occur{end}");
    Some(Note { code: "denied", text })
}

#[cfg(test)]
mod tests {
    use super::denied;

    #[test]
    fn note_says_how_many_and_whether_they_are_left_out() {
        let text = |count, out| denied(count, out).map(|note| note.text);
        assert_eq!(text(0, true), None);
        let one = "1 paragraph only says that it did not exist or occur";
        assert_eq!(text(1, false).as_deref(), Some(one));
        let many = "1,200 paragraphs only say that it did not exist or occur; left out";
        assert_eq!(text(1200, true).as_deref(), Some(many));
    }
}
