//! Text that must not grow past a limit. What does not fit is left out whole, so that what is there stays well-formed.

use crate::render::words::grouped;

/// A page in the making.
pub(super) struct Page {
    text: String,
    room: usize,
    cut: bool,
}

/// A list: what stands before it, its items, each with its line end, and what stands behind it.
pub(super) struct List<'a> {
    pub(super) opening: &'a str,
    pub(super) items: Vec<String>,
    /// What stands before the number of those that are left out.
    pub(super) rest: &'a str,
    pub(super) closing: &'a str,
}

impl Page {
    /// A page with so many bytes of room.
    pub(super) fn with_room(room: usize) -> Self {
        Self { text: String::new(), room, cut: false }
    }

    /// Appends a piece if it fits.
    pub(super) fn piece(&mut self, piece: &str) {
        if self.fits(piece.len()) {
            self.text.push_str(piece);
        } else {
            self.cut = true;
        }
    }

    /// Appends as many of the items as fit, in their order, and says how many are missing. Where not even one fits,
    /// nothing is appended; tells whether anything was.
    pub(super) fn list(&mut self, list: &List<'_>) -> bool {
        let List { opening, items, rest, closing } = list;
        let frame = opening.len() + closing.len();
        let whole = frame + items.iter().map(String::len).sum::<usize>();
        if self.fits(whole) {
            self.text.push_str(opening);
            self.text.extend(items.iter().map(String::as_str));
            self.text.push_str(closing);
            return true;
        }
        self.cut = true;
        let missing = |number: usize| format!("{rest}… and {} more\n", grouped(number));
        let mut room = self.room.saturating_sub(self.text.len() + frame + missing(items.len()).len());
        let fitting = items.iter().take_while(|item| {
            let fits = item.len() <= room;
            room = room.saturating_sub(item.len());
            fits
        });
        let fitting = fitting.count();
        if fitting == 0 {
            return false;
        }
        self.text.push_str(opening);
        self.text.extend(items[..fitting].iter().map(String::as_str));
        self.text.push_str(&missing(items.len() - fitting));
        self.text.push_str(closing);
        true
    }

    /// Makes room that was kept for the end.
    pub(super) fn grow(&mut self, more: usize) {
        self.room = self.room.saturating_add(more);
    }

    /// Whether something was left out.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The text as far as it got.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn fits(&self, more: usize) -> bool {
        self.text.len() + more <= self.room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(room: usize) -> (String, bool) {
        let mut page = Page::with_room(room);
        let items = (1..=9).map(|number| format!("+ {number}\n")).collect();
        page.list(&List { opening: "<\n", items, rest: "# ", closing: ">\n" });
        let cut = page.is_cut();
        (page.finish(), cut)
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let whole: String = (1..=9).map(|number| format!("+ {number}\n")).collect();
        assert_eq!(page(40), (format!("<\n{whole}>\n"), false));
        assert_eq!(page(39), ("<\n+ 1\n+ 2\n+ 3\n+ 4\n# … and 5 more\n>\n".to_owned(), true));
        assert_eq!(page(25), ("<\n+ 1\n# … and 8 more\n>\n".to_owned(), true));
        assert_eq!(page(24), (String::new(), true));
    }
}
