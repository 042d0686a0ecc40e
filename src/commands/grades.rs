//! Conditions on grades as people type them.
//!
//! `good`; `good..outstanding`, `2..1` (any order); `>=3`, `<2`, `3`; `none`. A number is the place
//! on the framework's scale, 1 the best, so `>=3` means the third place and worse.

use super::Refusal;
use findings_index::request::GradeFilter;

/// The grades of the frameworks and their places.
pub(crate) const NAMED: [(&str, u8); 6] = [
    ("outstanding", 1),
    ("good", 2),
    ("adequate", 3),
    ("requires improvement", 3),
    ("requires improvement to be good", 3),
    ("inadequate", 4),
];

/// The worst place.
const WORST: u8 = 4;

/// The condition that `typed` means. Whether any report holds a grade of that name is not asked.
pub(crate) fn parse(option: &str, typed: &str) -> Result<GradeFilter, Refusal> {
    let text = typed.trim();
    if text.eq_ignore_ascii_case("none") {
        return Ok(GradeFilter::None);
    }
    if let Some((one, other)) = text.split_once("..") {
        let one = place(option, typed, one)?;
        let other = place(option, typed, other)?;
        return Ok(GradeFilter::Ranks {
            best: one.min(other),
            worst: one.max(other),
        });
    }
    for (sign, bounds) in COMPARISONS {
        if let Some(number) = text.strip_prefix(sign) {
            let number = number.trim();
            let Ok(at) = number.parse::<u8>() else {
                return Err(Refusal::new(format!(
                    "{option}: `{typed}` compares with `{number}`, which is no place on the scale"
                ))
                .hint("places are numbers, 1 the best: `>=3` is the third place and worse")
                .hint("with names, write a range: `good..outstanding`"));
            };
            let at = on_scale(option, typed, at)?;
            let (best, worst) = bounds(at);
            if best > worst {
                return Err(Refusal::new(format!("{option}: no place is `{typed}`"))
                    .hint("places go from 1, the best, to 4"));
            }
            return Ok(GradeFilter::Ranks { best, worst });
        }
    }
    if let Ok(at) = text.parse::<u8>() {
        let at = on_scale(option, typed, at)?;
        return Ok(GradeFilter::Ranks {
            best: at,
            worst: at,
        });
    }
    if text.is_empty() {
        return Err(Refusal::new(format!("{option}: no grade given")));
    }
    Ok(GradeFilter::Label(text.to_lowercase()))
}

type Bounds = fn(u8) -> (u8, u8);

/// Longer signs first.
const COMPARISONS: [(&str, Bounds); 5] = [
    (">=", |at| (at, WORST)),
    ("<=", |at| (1, at)),
    (">", |at| (at + 1, WORST)),
    ("<", |at| (1, at - 1)),
    ("=", |at| (at, at)),
];

fn on_scale(option: &str, typed: &str, at: u8) -> Result<u8, Refusal> {
    if (1..=WORST).contains(&at) {
        return Ok(at);
    }
    Err(Refusal::new(format!(
        "{option}: there is no place {at} on the scale, in `{typed}`"
    ))
    .hint("places go from 1, the best, to 4"))
}

/// One end of a range: a name or a place.
fn place(option: &str, typed: &str, end: &str) -> Result<u8, Refusal> {
    let end = end.trim().to_lowercase();
    if let Ok(at) = end.parse() {
        return on_scale(option, typed, at);
    }
    NAMED
        .iter()
        .find(|(name, _)| *name == end)
        .map(|(_, at)| *at)
        .ok_or_else(|| {
            let refusal = Refusal::new(if end.is_empty() {
                format!("{option}: the range `{typed}` wants a grade at both ends")
            } else {
                format!("{option}: unknown grade `{end}` in `{typed}`")
            });
            refusal.hint("a range is `good..outstanding` or, by places, `2..1`")
        })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use findings_index::request::GradeFilter;

    fn ranks(best: u8, worst: u8) -> GradeFilter {
        GradeFilter::Ranks { best, worst }
    }

    fn refused(typed: &str) -> String {
        parse("--grade", typed).map_or_else(|refusal| refusal.to_string(), |_| "accepted".into())
    }

    #[test]
    fn a_name_is_compared_without_case() {
        assert_eq!(
            parse("--grade", "Good"),
            Ok(GradeFilter::Label("good".to_owned()))
        );
        assert_eq!(parse("--grade", "None"), Ok(GradeFilter::None));
    }

    #[test]
    fn a_range_may_be_given_in_any_order() {
        for typed in [
            "good..outstanding",
            "outstanding..Good",
            "1..2",
            "2 .. 1",
            "good..1",
        ] {
            assert_eq!(parse("--grade", typed), Ok(ranks(1, 2)), "{typed}");
        }
        assert_eq!(parse("--grade", "adequate..inadequate"), Ok(ranks(3, 4)));
    }

    #[test]
    fn comparisons_count_from_the_best_place() {
        assert_eq!(parse("--grade", ">=3"), Ok(ranks(3, 4)));
        assert_eq!(parse("--grade", ">3"), Ok(ranks(4, 4)));
        assert_eq!(parse("--grade", "<= 2"), Ok(ranks(1, 2)));
        assert_eq!(parse("--grade", "<2"), Ok(ranks(1, 1)));
        assert_eq!(parse("--grade", "=3"), Ok(ranks(3, 3)));
        assert_eq!(parse("--grade", "3"), Ok(ranks(3, 3)));
    }

    #[test]
    fn what_can_match_nothing_is_refused() {
        assert_eq!(refused(">4"), "--grade: no place is `>4`");
        assert_eq!(refused("<1"), "--grade: no place is `<1`");
        assert_eq!(
            refused(">=5"),
            "--grade: there is no place 5 on the scale, in `>=5`"
        );
        assert_eq!(
            refused("0"),
            "--grade: there is no place 0 on the scale, in `0`"
        );
        assert_eq!(
            refused(">=good"),
            "--grade: `>=good` compares with `good`, which is no place on the scale"
        );
        assert_eq!(
            refused("good.."),
            "--grade: the range `good..` wants a grade at both ends"
        );
        assert_eq!(
            refused("good..bad"),
            "--grade: unknown grade `bad` in `good..bad`"
        );
        assert_eq!(refused(""), "--grade: no grade given");
    }
}
