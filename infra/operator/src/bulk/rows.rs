//! Reads the rows of a file, one line at a time, in a thread of its own: standard input may wait for a program.

use std::{
    io::{self, BufRead, Read},
    thread,
};

use serde_json::{Map, Value};
use tokio::sync::mpsc;

use crate::{
    arguments::bulk::Format,
    bulk::row::{COLUMNS, Cells, REQUIRED},
    failure::Failure,
};

/// A row of a file.
pub(crate) struct Row {
    /// Its line, from 1.
    pub(crate) line: u64,
    /// How many bytes of the file end with it.
    pub(crate) position: u64,
    /// Its cells, or why they cannot be read.
    pub(crate) cells: Result<Cells, String>,
}

/// No row is as long, in bytes.
const LONGEST: u64 = 64 * 1024;

/// The number of rows that are read before they are needed.
const AHEAD: usize = 16;

/// The rows of `from`. A failure is the last item: the file cannot be read, or it is another file.
pub(crate) fn of(
    from: impl BufRead + Send + 'static,
    format: Option<Format>,
) -> mpsc::Receiver<Result<Row, Failure>> {
    let (sender, rows) = mpsc::channel(AHEAD);
    thread::spawn(move || {
        let send = |row| sender.blocking_send(row).is_ok();
        if let Err(failure) = read(Lines { from, line: 0, position: 0 }, format, |row| send(Ok(row))) {
            send(Err(failure));
        }
    });
    rows
}

/// Passes each row to `each`, until that answers that there is no need of more.
fn read(
    mut lines: Lines<impl BufRead>,
    format: Option<Format>,
    each: impl Fn(Row) -> bool,
) -> Result<(), Failure> {
    let mut columns: Option<Vec<&'static str>> = None;
    let mut is_csv = format.map(|format| format == Format::Csv);
    while let Some((line, position, text)) = lines.next()? {
        let text = match text {
            Ok(text) if text.trim().is_empty() => continue,
            other => other,
        };
        let is_csv = *is_csv
            .get_or_insert_with(|| !text.as_ref().is_ok_and(|text| text.trim_start().starts_with('{')));
        let cells = match (&columns, text) {
            (None, text) if is_csv => {
                columns = Some(header(&text.map_err(|why| not_a_header(&why))?)?);
                continue;
            }
            (Some(columns), Ok(text)) => csv_row(columns, &text),
            (None, Ok(text)) => json_row(&text),
            (_, Err(why)) => Err(why),
        };
        if cells.as_ref().is_ok_and(Cells::is_empty) {
            continue;
        }
        if !each(Row { line, position, cells }) {
            return Ok(());
        }
    }
    Ok(())
}

/// The lines of a file, with what has been read of it.
struct Lines<R> {
    from: R,
    line: u64,
    position: u64,
}

/// A line's number, the bytes to its end, and its text or why there is none.
type Line = (u64, u64, Result<String, String>);

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<Option<Line>, Failure> {
        let unreadable = |error: io::Error| {
            Failure::usage(
                format!("the file cannot be read: {error}"),
                "give a file of rows with `--file FILE`",
            )
        };
        let mut bytes = Vec::new();
        let mut length = (&mut self.from).take(LONGEST).read_until(b'\n', &mut bytes).map_err(unreadable)?;
        if length == 0 {
            return Ok(None);
        }
        let whole = bytes.ends_with(b"\n") || bytes.len() as u64 != LONGEST;
        if !whole {
            bytes.clear();
            length += self.from.skip_until(b'\n').map_err(unreadable)?;
        }
        self.line += 1;
        self.position += length as u64;
        let text = match String::from_utf8(bytes) {
            _ if !whole => Err(format!("the line is longer than {LONGEST} bytes")),
            Ok(text) => Ok(text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']).to_owned()),
            Err(_) => Err("the line is not UTF-8".to_owned()),
        };
        Ok(Some((self.line, self.position, text)))
    }
}

/// The columns that the first line names.
fn header(text: &str) -> Result<Vec<&'static str>, Failure> {
    let names = split(text).map_err(|why| not_a_header(&why))?;
    let mut columns = Vec::new();
    for name in names {
        let Some(column) = COLUMNS.iter().find(|column| **column == name) else {
            return Err(unknown(&name));
        };
        if columns.contains(column) {
            return Err(not_a_header(&format!("the column `{column}` is there twice")));
        }
        columns.push(*column);
    }
    match REQUIRED.iter().find(|required| !columns.contains(required)) {
        Some(missing) => Err(not_a_header(&format!("the column `{missing}` is missing"))),
        None => Ok(columns),
    }
}

fn not_a_header(why: &str) -> Failure {
    let hint = format!("the first line names the columns, with commas between them: {}", COLUMNS.join(", "));
    Failure::usage(format!("the header of the file is not understood: {why}"), hint)
}

fn unknown(name: &str) -> Failure {
    not_a_header(&problem(name))
}

/// What is wrong with a name that is no column. A name that is no plain word may be a token.
fn problem(name: &str) -> String {
    let is_plain = (1..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' ' | b';'));
    match name {
        "label" | "language" => {
            format!("unknown column `{name}`: a grant has no {name}, so it would be lost; remove the column")
        }
        _ if is_plain => format!("unknown column `{name}`"),
        _ => "unknown column, which is not repeated because it may be a secret".to_owned(),
    }
}

fn csv_row(columns: &[&'static str], text: &str) -> Result<Cells, String> {
    let cells = split(text)?;
    if cells.len() != columns.len() {
        return Err(format!("the row has {} cells, and the header has {}", cells.len(), columns.len()));
    }
    Ok(columns.iter().copied().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect())
}

/// The cells of a line of CSV. A cell may be in quotes, in which a quote is doubled.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut cells = Vec::new();
    let mut rest = text;
    loop {
        let cell = rest.trim_start_matches([' ', '\t']);
        let Some(mut quoted) = cell.strip_prefix('"') else {
            let (cell, more) = cell.split_once(',').map_or((cell, None), |(cell, more)| (cell, Some(more)));
            cells.push(cell.trim().to_owned());
            let Some(more) = more else { return Ok(cells) };
            rest = more;
            continue;
        };
        let mut value = String::new();
        loop {
            let Some((part, more)) = quoted.split_once('"') else {
                return Err("a quote is not closed; a row is one line".to_owned());
            };
            value += part;
            let Some(more) = more.strip_prefix('"') else {
                quoted = more.trim_start_matches([' ', '\t']);
                break;
            };
            value.push('"');
            quoted = more;
        }
        cells.push(value.trim().to_owned());
        if quoted.is_empty() {
            return Ok(cells);
        }
        rest = quoted.strip_prefix(',').ok_or("a cell goes on after its closing quote")?;
    }
}

fn json_row(text: &str) -> Result<Cells, String> {
    // The error of the parser may repeat a part of the line.
    let fields: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| "the line is not a JSON object")?;
    let mut cells = Cells::new();
    for (name, value) in fields {
        let column = COLUMNS.iter().find(|column| **column == name).ok_or_else(|| problem(&name))?;
        match value {
            Value::Null => {}
            Value::String(text) if text.trim().is_empty() => {}
            Value::String(text) => {
                cells.insert(column, text.trim().to_owned());
            }
            _ => return Err(format!("`{column}` is not a text")),
        }
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    type Known = (u64, Result<Vec<(&'static str, String)>, String>);

    fn rows(text: &[u8]) -> Result<Vec<Known>, String> {
        let found = RefCell::new(Vec::new());
        let lines = Lines { from: text, line: 0, position: 0 };
        read(lines, None, |row| {
            found.borrow_mut().push((row.line, row.cells.map(|cells| cells.into_iter().collect())));
            true
        })
        .map_err(|failure| failure.to_string())?;
        Ok(found.into_inner())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the reader may fail")]
    fn cells<const N: usize>(
        cells: [(&'static str, &str); N],
    ) -> Result<Vec<(&'static str, String)>, String> {
        Ok(cells.map(|(column, text)| (column, text.to_owned())).into())
    }

    #[test]
    fn columns_are_in_any_order_and_a_bad_row_does_not_hide_the_next() {
        let text = b"\xef\xbb\xbfkind, refreshToken,sellingPartnerId,account\r\n\r\nself,\"Atzr|a,\"\"b\",A1,\r\nself,A2\n\
                     self,\"Atzr|c,A3,\nself,\xff,A4,\n,,,\nself,Atzr|d,A5,t";
        let rows = rows(text).unwrap();
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5, 6, 8]);
        assert_eq!(
            rows[0].1,
            cells([("kind", "self"), ("refreshToken", "Atzr|a,\"b"), ("sellingPartnerId", "A1")])
        );
        for (row, reason) in rows[1..4].iter().zip(["has 2 cells", "not closed", "not UTF-8"]) {
            assert!(row.1.as_ref().is_err_and(|why| why.contains(reason)), "{row:?}");
        }
        assert!(rows[4].1.is_ok());
    }

    #[test]
    fn a_line_without_an_end_costs_no_memory_and_hides_no_other() {
        let mut text = b"kind,refreshToken,sellingPartnerId\nself,".to_vec();
        text.extend(std::iter::repeat_n(b'a', 300_000));
        text.extend(b"\nself,Atzr|b,A2\n");
        let rows = rows(&text).unwrap();
        assert!(rows[0].1.as_ref().is_err_and(|why| why.contains("longer than")), "{:?}", rows[0].1);
        assert_eq!((rows.len(), rows[1].0, rows[1].1.is_ok()), (2, 3, true));
    }

    #[test]
    fn a_header_that_is_not_understood_is_named_unless_it_may_be_a_secret() {
        for (header, said) in [
            ("sellingPartnerId,refreshToken", "`kind` is missing"),
            ("sellingPartnerId,refreshToken,kind,colour", "`colour`"),
            ("sellingPartnerId,refreshToken,kind,label", "a grant has no label"),
            ("sellingPartnerId,refreshToken,kind,kind", "`kind` is there twice"),
            ("A1,Atzr|hunter2,self", "`A1`"),
            ("Atzr|hunter2,A1,self", "may be a secret"),
        ] {
            let error = rows(format!("{header}\n").as_bytes()).unwrap_err();
            assert!(error.contains(said) && !error.contains("hunter2"), "{header}: {error}");
        }
    }

    #[test]
    fn json_lines_are_rows_of_the_same_columns() {
        let text =
            b"{\"sellingPartnerId\": \"A1\", \"account\": null, \"kind\": \" self \"}\n\"Atzr|hunter2\"\n\
                     {\"kind\": 7}\n{\"token\": \"Atzr|hunter2\"}\n{\"kind\": \"self\"";
        let rows = rows(text).unwrap();
        assert_eq!(rows[0].1, cells([("kind", "self"), ("sellingPartnerId", "A1")]));
        for (row, reason) in
            rows[1..].iter().zip(["not a JSON object", "`kind` is not a text", "`token`", "not a JSON"])
        {
            assert!(
                row.1.as_ref().is_err_and(|why| why.contains(reason) && !why.contains("hunter2")),
                "{row:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_rows_or_a_reason_without_a_panic(bytes in proptest::collection::vec(0_u8.., 0..400)) {
            let _ = rows(&bytes);
        }

        #[test]
        fn a_secret_in_any_place_of_a_file_is_in_no_reason(before in "[\"{}:, a-zA-Z\n]{0,60}", after in "[\"{}:, a-z\n]{0,60}") {
            let header = "kind,refreshToken,sellingPartnerId\n";
            for text in [format!("{before}Atzr|hunter2{after}"), format!("{header}{before}Atzr|hunter2{after}")] {
                let reasons = match rows(text.as_bytes()) {
                    Ok(rows) => rows.into_iter().filter_map(|(_, cells)| cells.err()).collect(),
                    Err(reason) => vec![reason],
                };
                proptest::prop_assert!(reasons.iter().all(|reason| !reason.contains("hunter2")), "{reasons:?}");
            }
        }

        #[test]
        fn cells_come_back_as_they_were_written(values in proptest::collection::vec("[^\r\n]{0,20}", 3)) {
            let quoted: Vec<_> = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\""))).collect();
            let text = format!("kind,refreshToken,sellingPartnerId\n{}\n", quoted.join(","));
            let expected: Vec<_> = ["kind", "refreshToken", "sellingPartnerId"]
                .into_iter()
                .zip(values.iter().map(|value| value.trim().to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let rows = rows(text.as_bytes()).unwrap();
            match &rows[..] {
                [] => proptest::prop_assert!(expected.is_empty()),
                [(2, Ok(cells))] => proptest::prop_assert_eq!(cells, &expected),
                other => proptest::prop_assert!(false, "{:?}", other),
            }
        }
    }
}
