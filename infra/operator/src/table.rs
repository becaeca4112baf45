//! Tables that are printed page by page under one heading. A column is as wide as its widest cell so far.

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table as Page, Width, presets::NOTHING};

use crate::terminal;

/// A table that is printed page by page. It stores the widths of its columns and no rows.
pub(crate) struct Table {
    headings: Vec<String>,
    widths: Vec<u16>,
    headed: bool,
}

impl Table {
    /// A table with these headings.
    pub(crate) fn new(headings: &[impl AsRef<str>]) -> Self {
        let headings = headings.iter().map(|heading| heading.as_ref().to_owned()).collect();
        Self { headings, widths: Vec::new(), headed: false }
    }

    /// A table of names and values, without a heading.
    pub(crate) fn of_facts(facts: &[(&str, String)]) -> String {
        let rows = facts.iter().map(|(name, value)| vec![(*name).to_owned(), value.clone()]);
        Self { headings: Vec::new(), widths: Vec::new(), headed: true }.page(rows)
    }

    /// Formats the next rows, each with a line break at its end; the first ones follow the heading. Cells are escaped.
    pub(crate) fn page(&mut self, rows: impl IntoIterator<Item = Vec<String>>) -> String {
        let mut page = Page::new();
        page.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if !self.headed {
            page.set_header(self.headings.iter());
        }
        for row in rows {
            page.add_row(row.iter().map(|cell| Cell::new(shown(cell))));
        }
        if page.is_empty() {
            return String::new();
        }
        self.headed = true;
        for column in page.column_iter_mut() {
            column.set_padding((0, GAP));
        }
        for (column, width) in page.column_iter_mut().zip(&self.widths) {
            // comfy-table includes the padding in a width.
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width + GAP)));
        }
        let seen = page.column_max_content_widths();
        let before = self.widths.iter().copied().chain(std::iter::repeat(0));
        self.widths = seen.into_iter().zip(before).map(|(seen, before)| seen.max(before)).collect();
        page.trim_fmt() + "\n"
    }

    /// Formats the end of the table: the heading alone if there was no row.
    pub(crate) fn end(&self) -> String {
        if self.headed { String::new() } else { self.headings.join(&" ".repeat(GAP.into())) + "\n" }
    }
}

/// Blanks between two columns.
const GAP: u16 = 2;

fn shown(cell: &str) -> String {
    if cell.is_empty() { "-".to_owned() } else { terminal::escaped(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 2]) -> Vec<String> {
        cells.map(ToOwned::to_owned).to_vec()
    }

    #[test]
    fn pages_have_one_heading_and_the_same_columns() {
        let mut table = Table::new(&["PARTNER", "STORE"]);

        assert_eq!(
            table.page([row(["A1LONGEXAMPLE", "Shop"])]),
            "PARTNER        STORE\nA1LONGEXAMPLE  Shop\n"
        );
        assert_eq!(table.page([row(["A2", ""])]), "A2             -\n");
        assert_eq!((table.page([]), table.end()), (String::new(), String::new()));
    }

    #[test]
    fn a_heading_waits_for_the_first_row_and_stands_alone_if_there_is_none() {
        let mut table = Table::new(&["PARTNER", "STORE"]);

        assert_eq!((table.page([]).as_str(), table.end().as_str()), ("", "PARTNER  STORE\n"));
        assert_eq!(
            table.page([row(["A1LONGEXAMPLE", "Shop"])]),
            "PARTNER        STORE\nA1LONGEXAMPLE  Shop\n"
        );
        assert_eq!(table.end(), "");
    }

    #[test]
    fn a_cell_is_one_line_without_control_characters() {
        let text = Table::new(&["PARTNER", "STORE"]).page([row(["A1", "My\nShop\u{1b}[2J"])]);

        assert_eq!(text.lines().count(), 2);
        assert!(!text.contains('\u{1b}'));
    }
}
