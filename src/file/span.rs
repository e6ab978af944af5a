//! Where something stands in the roster.

use std::ops::Range;

/// A piece of one file of a [`Sources`](crate::file::source::Sources), in bytes. Ordered by file, then by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub(super) file: u32,
    start: u32,
    end: u32,
}

impl Span {
    pub(super) fn new(file: u32, bytes: Range<u32>) -> Self {
        Self { file, start: bytes.start, end: bytes.end.max(bytes.start) }
    }

    /// The bytes it covers; an empty range is a point.
    #[must_use]
    pub fn bytes(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
