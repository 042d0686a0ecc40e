//! Authorities by any of their names, and by their statistical neighbours.

use super::{Context, Refusal, known};
use crate::knowledge::Authorities;

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

/// Authorities that are known by name but of which no report is held, and names of all neighbours:
/// those that a comparison would speak of if it could.
pub(crate) struct Named {
    /// Those named by `--authority` that are known.
    pub(crate) authorities: Vec<String>,
    /// What of `--authority` can be searched for: the names of which reports are held, and those
    /// that are not known at all, which are for the search to refuse.
    pub(crate) searched: Vec<String>,
}

/// Tells the names of authorities that are held from those that are only known.
pub(crate) fn named(held: &[String], typed: &[String], context: &Context) -> anyhow::Result<Named> {
    let table = Authorities::load(&context.config.authorities)?;
    let mut named = Named { authorities: Vec::new(), searched: Vec::new() };
    for name in typed {
        let short = known::find(held, name).map(String::as_str);
        let short = short.or_else(|| table.find(name).map(|authority| authority.name.as_str()));
        named.authorities.extend(short.map(str::to_owned));
        if short.is_none_or(|short| held.iter().any(|held| held == short)) {
            named.searched.push(name.clone());
        }
    }
    Ok(named)
}

/// The statistical neighbours of an authority, whether reports of them are held or not.
pub(crate) fn all_neighbours(typed: &str, context: &Context) -> anyhow::Result<Vec<String>> {
    let table = Authorities::load(&context.config.authorities)?;
    let near = table.find(typed).map(|authority| table.neighbours_of(authority));
    Ok(near.into_iter().flatten().map(|near| near.name.clone()).collect())
}

/// The authorities of the tables, those of some regions if any are given.
pub(crate) fn all(regions: &[String], context: &Context) -> anyhow::Result<Vec<String>> {
    let table = Authorities::load(&context.config.authorities)?;
    let wanted = table.all().filter(|own| regions.is_empty() || regions.contains(&own.region));
    Ok(wanted.map(|authority| authority.name.clone()).collect())
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
