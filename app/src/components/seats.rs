use leptos::prelude::*;

use crate::texts::group;

/// How many seats are given to somebody, of how many: a bar, and the numbers that it repeats (design guide 6).
#[component]
pub fn SeatsBar(
    /// Those that are given to somebody.
    assigned: u32,
    /// All of them.
    seats: u32,
) -> impl IntoView {
    let (percent, kind) = fill(assigned, seats);
    let width = percent.to_string() + "%";
    view! {
        <span class="seats">
            <svg class="bar" data-kind=kind aria-hidden="true">
                <rect width=width height="100%" rx="3"></rect>
            </svg>
            <span class="seats-text">
                <b>{group(i64::from(assigned))}</b>
                " / "
                {group(i64::from(seats))}
            </span>
        </span>
    }
}

/// How far the bar is filled, in percent, and its color: `short` when at most 3 % are free, `over` when more are
/// given than there are.
fn fill(assigned: u32, seats: u32) -> (u64, Option<&'static str>) {
    let (assigned, seats) = (u64::from(assigned), u64::from(seats));
    let percent = (assigned * 100).checked_div(seats).unwrap_or(0).min(100);
    let kind = match seats.checked_sub(assigned) {
        None => Some("over"),
        Some(free) if assigned > 0 && free * 100 <= seats * 3 => Some("short"),
        Some(_) => None,
    };
    (percent, kind)
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn the_bar_says_when_seats_run_out() {
        for (assigned, seats, expected) in [
            (0, 20, (0, None)),
            (27, 40, (67, None)),
            (96, 100, (96, None)),
            (97, 100, (97, Some("short"))),
            (12, 12, (100, Some("short"))),
            (13, 12, (100, Some("over"))),
            (0, 1, (0, None)),
            (0, 0, (0, None)),
            (999_999, 1_000_000, (99, Some("short"))),
        ] {
            assert_eq!(fill(assigned, seats), expected, "{assigned} / {seats}");
        }
    }
}
