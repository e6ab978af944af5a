//! Bars, drawn as SVG so that a page needs no program to show them.

use crate::render::words::grouped;

/// Units of its own, in which a chart is drawn.
const WIDTH: usize = 320;
const LABEL: usize = 130;
const NUMBER: usize = 40;
const ROW: usize = 22;

/// Numbers by what they are of.
pub(super) struct Chart {
    pub(super) title: &'static str,
    pub(super) bars: Vec<Bar>,
    pub(super) height: usize,
    /// What a bar's number stands at the right of.
    pub(super) label: usize,
}

/// One number.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) number: String,
    pub(super) class: &'static str,
    pub(super) length: usize,
    pub(super) top: usize,
    pub(super) middle: usize,
    /// Where the number stands.
    pub(super) end: usize,
}

impl Chart {
    /// A chart of these numbers, from the top; `None` where there is none above zero.
    pub(super) fn of(
        title: &'static str,
        numbers: impl IntoIterator<Item = (String, &'static str, usize)>,
    ) -> Option<Self> {
        let numbers: Vec<(String, &'static str, usize)> = numbers.into_iter().collect();
        let most = numbers.iter().map(|(_, _, number)| *number).max().filter(|most| *most > 0)?;
        let room = WIDTH - LABEL - NUMBER;
        let bars = numbers.into_iter().zip(0..).map(|((label, class, number), row)| {
            // What is there can be seen, however little it is beside the most.
            let length = if number == 0 { 0 } else { (number * room / most).max(2) };
            Bar {
                label,
                number: grouped(number),
                class,
                length,
                top: row * ROW + 3,
                middle: row * ROW + 16,
                end: LABEL + length + 6,
            }
        });
        let bars: Vec<Bar> = bars.collect();
        Some(Self { title, height: bars.len() * ROW, bars, label: LABEL })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_fills_the_room_and_nothing_is_nothing() {
        let of = |numbers: &[usize]| {
            Chart::of("x", numbers.iter().map(|number| (number.to_string(), "low", *number)))
                .map(|chart| chart.bars.iter().map(|bar| bar.length).collect::<Vec<_>>())
        };
        assert_eq!(of(&[10_000, 5_000, 1, 0]), Some(vec![150, 75, 2, 0]));
        assert_eq!((of(&[0, 0]), of(&[])), (None, None));
    }
}
