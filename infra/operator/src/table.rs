//! Tables that may have no end: pages of rows under one heading, aligned as far as has been seen.

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table as Page, Width, presets::NOTHING};

use crate::terminal;

/// A table that is written a page at a time and remembers nothing but how wide its columns are.
pub(crate) struct Table {
    headings: &'static [&'static str],
    widths: Vec<u16>,
    headed: bool,
}

impl Table {
    /// A table under these headings.
    pub(crate) fn new(headings: &'static [&'static str]) -> Self {
        Self { headings, widths: Vec::new(), headed: false }
    }

    /// A table of two columns: what, and its value.
    pub(crate) fn of_facts(facts: &[(&str, String)]) -> String {
        let rows = facts.iter().map(|(what, value)| vec![(*what).to_owned(), value.clone()]);
        Self { headings: &[], widths: Vec::new(), headed: true }.page(rows)
    }

    /// The next rows as text, each line ended; the heading stands above the first. Cells may hold anything.
    pub(crate) fn page(&mut self, rows: impl IntoIterator<Item = Vec<String>>) -> String {
        let mut page = Page::new();
        page.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if !self.headed {
            page.set_header(self.headings.iter().copied());
        }
        let mut empty = self.headed;
        for row in rows {
            page.add_row(row.iter().map(|cell| Cell::new(shown(cell))));
            empty = false;
        }
        if empty {
            return String::new();
        }
        self.headed = true;
        for column in page.column_iter_mut() {
            column.set_padding((0, GAP));
        }
        for (column, width) in page.column_iter_mut().zip(&self.widths) {
            // The crate counts the padding in.
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width + GAP)));
        }
        let seen = page.column_max_content_widths();
        let before = self.widths.iter().copied().chain(std::iter::repeat(0));
        self.widths = seen.into_iter().zip(before).map(|(seen, before)| seen.max(before)).collect();
        page.trim_fmt() + "\n"
    }
}

/// Between columns.
const GAP: u16 = 2;

fn shown(cell: &str) -> String {
    if cell.is_empty() { "-".to_owned() } else { terminal::harmless(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 2]) -> Vec<String> {
        cells.map(ToOwned::to_owned).to_vec()
    }

    #[test]
    fn pages_stand_under_one_heading_and_keep_their_columns() {
        let mut table = Table::new(&["PARTNER", "STORE"]);

        assert_eq!(
            table.page([row(["A1LONGEXAMPLE", "Shop"])]),
            "PARTNER        STORE\nA1LONGEXAMPLE  Shop\n"
        );
        assert_eq!(table.page([row(["A2", ""])]), "A2             -\n");
        assert_eq!(table.page([]), "");
    }

    #[test]
    fn a_cell_is_one_line_and_gives_no_orders() {
        let text = Table::new(&["PARTNER", "STORE"]).page([row(["A1", "My\nShop\u{1b}[2J"])]);

        assert_eq!(text.lines().count(), 2);
        assert!(!text.contains('\u{1b}'));
    }
}
