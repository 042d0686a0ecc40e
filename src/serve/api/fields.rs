//! The fields of results that a request chooses.

use super::schemas;
use crate::serve::parameters::{Fault, Parameters};
use findings_index::language::nearest::nearest;
use serde_json::{Map, Value};

/// The fields to keep; empty for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fields(Vec<String>);

/// The lists of an answer that hold results.
const LISTS: [&str; 4] = ["hits", "lines", "items", "recommendations"];

impl Fields {
    /// Takes the names of the fields of results of a kind, which is named by its schema.
    pub(super) fn take(from: &mut Parameters, item: &str) -> Result<Self, Fault> {
        let given = from.take_all("fields");
        let names = given.iter().flat_map(|value| value.split(',')).map(str::trim);
        let names: Vec<String> = names.map(str::to_owned).collect();
        let known = schemas::fields(item);
        for name in &names {
            if !known.contains(name) {
                let message = format!("`fields`: there is no field `{name}`");
                let near = nearest(known.iter().map(String::as_str), name).map(str::to_owned);
                return Err(Fault { suggestion: near, ..Fault::new("fields", message) });
            }
        }
        Ok(Self(names))
    }

    /// Leaves all other fields out of the results in an answer. `None` if it is not JSON.
    pub(super) fn chosen(&self, body: Vec<u8>) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return Some(body);
        }
        let mut answer: Value = serde_json::from_slice(&body).ok()?;
        self.keep_in(&mut answer);
        let groups = answer.get_mut("groups").and_then(Value::as_array_mut);
        groups.into_iter().flatten().for_each(|group| self.keep_in(group));
        let chains = answer.pointer_mut("/repeated/listed").and_then(Value::as_array_mut);
        chains.into_iter().flatten().for_each(|chain| self.keep_in(chain));
        let mut body = serde_json::to_vec(&answer).ok()?;
        body.push(b'\n');
        Some(body)
    }

    fn keep_in(&self, answer: &mut Value) {
        for list in LISTS {
            let results = answer.get_mut(list).and_then(Value::as_array_mut);
            for result in results.into_iter().flatten() {
                if let Value::Object(all) = result {
                    let kept = kept(all, self.0.iter().map(String::as_str));
                    *all = kept;
                }
            }
        }
    }
}

/// The named fields of an object; a field of an object within it is named after a dot.
fn kept<'n>(all: &Map<String, Value>, names: impl Iterator<Item = &'n str>) -> Map<String, Value> {
    let mut kept = Map::new();
    for name in names {
        let (field, within) = match name.split_once('.') {
            Some((field, within)) => (field, Some(within)),
            None => (name, None),
        };
        match (all.get(field), within) {
            (Some(Value::Object(inner)), Some(within)) => {
                let inner = self::kept(inner, std::iter::once(within));
                match kept.get_mut(field) {
                    Some(Value::Object(held)) => held.extend(inner),
                    _ => _ = kept.insert(field.to_owned(), Value::Object(inner)),
                }
            }
            (Some(value), _) => _ = kept.insert(field.to_owned(), value.clone()),
            (None, _) => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn only_the_fields_that_were_chosen_are_left() {
        let fields = Fields(["id", "report.authority", "report.id"].map(str::to_owned).to_vec());
        let hit = r#"{"id":"a/1","text":"x","report":{"id":"a","authority":null,"path":"p"}}"#;
        let body =
            format!(r#"{{"total":1.5,"hits":[{hit}],"groups":[{{"key":"k","hits":[{hit}]}}]}}"#);
        let left = fields.chosen(body.into_bytes()).unwrap();
        let one = r#"{"id":"a/1","report":{"authority":null,"id":"a"}}"#;
        let expected = format!(
            "{{\"groups\":[{{\"hits\":[{one}],\"key\":\"k\"}}],\"hits\":[{one}],\"total\":1.5}}\n"
        );
        assert_eq!(String::from_utf8(left).unwrap(), expected);
    }
}
