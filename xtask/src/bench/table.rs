//! The figures on paper: the table in `docs/performance.md`, between two comments.

use super::{Figure, Measured, host};
use crate::{arguments::Measure, machine::Machine};
use anyhow::{Context, Result};
use std::fs;

/// The file, from the root.
const FILE: &str = "docs/performance.md";
const BEGIN: &str = "<!-- cargo xtask bench: begin -->";
const END: &str = "<!-- cargo xtask bench: end -->";
const HEAD: &str =
    "| figure | measured | direction | reached | how | when and where |\n|---|---|---|---|---|---|\n";

/// A row of the table.
#[derive(Debug)]
struct Row {
    figure: Figure,
    text: String,
}

/// Prints a figure and puts it into the table, with today's day, this machine and the command.
pub(super) fn keep(machine: &Machine, options: &Measure, measured: &Measured) -> Result<()> {
    println!("{}", measured.json());
    let at = format!("{}; {}; `{}`", host::today(machine)?, host::describe(), command(options));
    let row = Row { figure: measured.figure, text: line(measured, &at) };
    let file = machine.root.join(FILE);
    let text = fs::read_to_string(&file).with_context(|| format!("{FILE} cannot be read"))?;
    fs::write(&file, rewrite(&text, &row)?).with_context(|| format!("{FILE} cannot be written"))
}

/// The command as it was typed, or would have been.
fn command(options: &Measure) -> String {
    let mut words = "cargo xtask bench".to_owned();
    for figure in &options.figures {
        words = format!("{words} {}", figure.name());
    }
    let usual = Measure::DEFAULT;
    let options = [
        ("seconds", options.seconds, usual.seconds),
        ("count", options.count, usual.count),
        ("worker-share", options.worker_share, usual.worker_share),
    ];
    for (name, value, _) in options.into_iter().filter(|(_, value, usual)| value != usual) {
        words = format!("{words} --{name} {value}");
    }
    words
}

fn line(measured: &Measured, at: &str) -> String {
    let Measured { figure, value, note, .. } = measured;
    let reached = if figure.is_reached_by(*value) { "yes" } else { "no" };
    let value = format!("{} {}", plain(*value), figure.unit());
    format!("{} {value} | {} | {reached} | {note} | {at} |", begin(*figure), direction(*figure))
}

/// A figure that nobody has measured yet.
fn blank(figure: Figure) -> String {
    format!("{} not yet | {} | | | |", begin(figure), direction(figure))
}

/// What the row of a figure begins with.
fn begin(figure: Figure) -> String {
    format!("| `{}` |", figure.name())
}

fn direction(figure: Figure) -> String {
    let bound = if figure.more_is_better() { "at least" } else { "at most" };
    format!("{bound} {} {}", plain(figure.direction()), figure.unit())
}

/// The document with this row; the rows of other figures stay as they are.
fn rewrite(text: &str, row: &Row) -> Result<String> {
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (table, after) = rest.split_once(END)?;
        Some((before, table, after))
    });
    let (before, table, after) = parts
        .with_context(|| format!("{FILE} has no place for the figures: put `{BEGIN}` and `{END}` into it"))?;
    let lines = Figure::ALL.map(|figure| {
        if figure == row.figure {
            return row.text.clone();
        }
        let start = begin(figure);
        let kept = table.lines().find(|line| line.starts_with(&start));
        kept.map_or_else(|| blank(figure), str::to_owned)
    });
    Ok(format!("{before}{BEGIN}\n\n{HEAD}{}\n\n{END}{after}", lines.join("\n")))
}

/// A number for people: 1,612 and 98.6 and 0.31 and 1.
fn plain(value: f64) -> String {
    if value < 10.0 {
        return without_zeros(&format!("{value:.2}"));
    }
    if value < 1_000.0 {
        return without_zeros(&format!("{value:.1}"));
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn without_zeros(number: &str) -> String {
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(figure: Figure, value: f64) -> Measured {
        Measured { figure, value, details: vec![], note: "p99 20.0 ms".to_owned() }
    }

    fn row(figure: Figure, value: f64, at: &str) -> Row {
        Row { figure, text: line(&measured(figure, value), at) }
    }

    #[test]
    fn a_measured_figure_gets_its_row_and_the_others_stay() {
        let text = format!("before\n{BEGIN}\nwhatever\n{END}\nafter\n");
        let first = rewrite(&text, &row(Figure::Products, 1_612.3, "2026-12-01; here")).unwrap();
        assert!(first.starts_with(&format!("before\n{BEGIN}\n\n| figure |")), "{first}");
        assert!(first.ends_with(&format!("|\n\n{END}\nafter\n")), "{first}");
        assert!(!first.contains("whatever"));
        let products = "\n| `products` | 1,612 requests/s | at least 1,500 requests/s | yes | p99 20.0 ms | \
                        2026-12-01; here |\n";
        assert!(first.contains(products), "{first}");
        assert!(first.contains("\n| `start` | not yet | at most 1 s | | | |\n"), "{first}");

        let second = rewrite(&first, &row(Figure::Start, 1.26, "2026-12-02; there")).unwrap();
        assert!(second.contains(products), "{second}");
        assert!(
            second.contains("\n| `start` | 1.26 s | at most 1 s | no | p99 20.0 ms | 2026-12-02; there |\n")
        );
        let third = rewrite(&second, &row(Figure::Products, 900.0, "2026-12-03; here")).unwrap();
        assert!(
            !third.contains("1,612") && third.contains("| 900 requests/s | at least 1,500 requests/s | no |")
        );
        assert_eq!(rewrite(&third, &row(Figure::Products, 900.0, "2026-12-03; here")).unwrap(), third);
    }

    #[test]
    fn a_document_without_a_place_is_left_alone() {
        for text in ["", BEGIN, &format!("{END}{BEGIN}")] {
            let message = rewrite(text, &row(Figure::Bytes, 1.0, "x")).unwrap_err().to_string();
            assert!(message.contains(FILE) && !message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn the_document_has_a_place_and_a_row_for_every_figure() {
        let text = include_str!("../../../docs/performance.md");
        for figure in Figure::ALL {
            let start = begin(figure);
            let kept = text.lines().find(|line| line.starts_with(&start));
            let kept =
                Row { figure, text: kept.unwrap_or_else(|| panic!("no row for {figure:?}")).to_owned() };
            assert_eq!(rewrite(text, &kept).unwrap(), text);
        }
    }

    #[test]
    fn the_command_is_the_one_that_was_typed() {
        assert_eq!(command(&Measure::DEFAULT), "cargo xtask bench");
        let figures = vec![Figure::Products, Figure::DueMillion];
        let some = Measure { figures, seconds: 30, count: 1_000, ..Measure::DEFAULT };
        assert_eq!(command(&some), "cargo xtask bench products due-million --seconds 30 --count 1000");
    }

    #[test]
    fn numbers_are_written_for_people() {
        for (value, text) in [
            (1.0, "1"),
            (0.309, "0.31"),
            (98.64, "98.6"),
            (200.0, "200"),
            (1_500.0, "1,500"),
            (1_234_567.8, "1,234,568"),
        ] {
            assert_eq!(plain(value), text);
        }
    }
}
