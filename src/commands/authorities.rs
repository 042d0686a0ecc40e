//! Authorities by any of their names, and by their statistical neighbours.

use super::{Context, Refusal, known};
use findings::knowledge::Authorities;

/// The short name, as the records have it, of an authority of which reports are held.
pub(crate) fn held(held: &[String], typed: &str, context: &Context) -> anyhow::Result<String> {
    if let Some(name) = known::find(held, typed) {
        return Ok(name.clone());
    }
    match Authorities::load(&context.config.authorities)?.find(typed) {
        Some(authority) if held.contains(&authority.name) => Ok(authority.name.clone()),
        Some(authority) => {
            let refusal = Refusal::new(format!("no report of `{}` is held", authority.name));
            Err(known::list(refusal, held).into())
        }
        None => {
            let refusal = Refusal::new(format!("no report of an authority `{typed}` is held"));
            Err(known::suggest(refusal, held, typed).into())
        }
    }
}

/// The statistical neighbours of an authority, those of which reports are held.
pub(crate) fn neighbours(
    held: &[String],
    typed: &str,
    context: &Context,
) -> anyhow::Result<Vec<String>> {
    let authorities = Authorities::load(&context.config.authorities)?;
    let Some(authority) = authorities.find(typed) else {
        let refusal = Refusal::new(format!("--neighbours-of: unknown authority `{typed}`"));
        let likely = authorities.names_like(typed);
        return Err(match likely.first() {
            Some(name) => refusal.hint(format!("did you mean `{name}`?")).into(),
            None => refusal.into(),
        });
    };
    let neighbours: Vec<String> =
        authorities.neighbours_of(authority).iter().map(|near| near.name.clone()).collect();
    if neighbours.is_empty() {
        return Err(Refusal::new(format!(
            "--neighbours-of: no statistical neighbours of `{}` are known",
            authority.name
        ))
        .into());
    }
    let found: Vec<String> =
        neighbours.iter().filter(|name| held.contains(name)).cloned().collect();
    if found.is_empty() {
        return Err(Refusal::new(format!(
            "no report of a statistical neighbour of `{}` is held",
            authority.name
        ))
        .hint(format!("its neighbours are {}", neighbours.join("; ")))
        .into());
    }
    Ok(found)
}
