//! Rows as the bytes of a file.

use bytes::Bytes;
use csv::{Terminator, WriterBuilder};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{ExportError, ExportFormat, ExportRequest, Row};

/// By which spreadsheets know UTF-8.
const BOM: &str = "\u{feff}";

/// What a spreadsheet takes for the beginning of a formula, or steps over to
/// find one ([OWASP](https://owasp.org/www-community/attacks/CSV_Injection)).
const DANGEROUS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// A file that is being written.
pub struct File {
    format: ExportFormat,
    bom: bool,
    columns: &'static [&'static str],
    rows: u64,
    begun: bool,
}

impl File {
    pub fn new(request: &ExportRequest, columns: &'static [&'static str]) -> Self {
        Self { format: request.format, bom: request.bom, columns, rows: 0, begun: false }
    }

    /// The bytes of these rows, with the head of the file before the first and
    /// its foot behind the last.
    pub fn piece(&mut self, rows: &[Row], is_last: bool) -> Result<Bytes, ExportError> {
        let bytes = match self.format {
            ExportFormat::Csv => self.csv(rows)?,
            ExportFormat::Json => self.json(rows, is_last)?,
        };
        self.begun = true;
        self.rows += rows.len() as u64;
        Ok(bytes.into())
    }

    fn csv(&self, rows: &[Row]) -> Result<Vec<u8>, ExportError> {
        let head = if self.bom && !self.begun { BOM } else { "" };
        let begun = head.as_bytes().to_vec();
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(begun);
        if !self.begun {
            writer.write_record(self.columns)?;
        }
        for row in rows {
            writer.write_record(row.iter().map(cell))?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
    }

    fn json(&self, rows: &[Row], is_last: bool) -> Result<Vec<u8>, ExportError> {
        let mut bytes = if self.begun { Vec::new() } else { b"[".to_vec() };
        for (at, row) in (self.rows..).zip(rows) {
            bytes.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
            serde_json::to_writer(&mut bytes, &Object { columns: self.columns, row })?;
        }
        if is_last {
            bytes.extend_from_slice(b"\n]\n");
        }
        Ok(bytes)
    }
}

/// A row with its names, in the order of the columns.
struct Object<'a> {
    columns: &'static [&'static str],
    row: &'a Row,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().zip(self.row))
    }
}

/// A cell that no spreadsheet computes.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(DANGEROUS) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use anb_domain::jury::JuryWeight;
    use serde_json::json;

    use super::*;
    use crate::export::ExportedKind;

    fn request(format: ExportFormat, bom: bool) -> ExportRequest {
        let kind = ExportedKind::Votes;
        ExportRequest { kind, format, bom, word: None, weight: JuryWeight::default() }
    }

    fn written(format: ExportFormat, bom: bool) -> String {
        let mut file = File::new(&request(format, bom), &["name", "count"]);
        let pages = [
            vec![vec![json!("Ana \"A\", née\nRuiz"), json!(7)]],
            vec![vec![json!("=1+1"), Value::Null]],
        ];
        let first = file.piece(&pages[0], false).unwrap();
        let last = file.piece(&pages[1], true).unwrap();
        String::from_utf8([first, last].concat()).unwrap()
    }

    #[test]
    fn csv_has_one_head_and_a_mark_where_it_is_wanted() {
        let expected = "name,count\r\n\"Ana \"\"A\"\", née\nRuiz\",7\r\n'=1+1,\r\n";
        assert_eq!(written(ExportFormat::Csv, false), expected);
        assert_eq!(written(ExportFormat::Csv, true), format!("\u{feff}{expected}"));
    }

    #[test]
    fn json_is_one_list_and_tells_the_truth() {
        let text = written(ExportFormat::Json, true);
        let list: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(list[0], json!({ "name": "Ana \"A\", née\nRuiz", "count": 7 }));
        assert_eq!(list[1], json!({ "name": "=1+1", "count": null }));
        assert!(text.contains("{\"name\":"), "in the order of the columns: {text}");
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_text() {
        for text in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(cell(&json!(text)), format!("'{text}"));
        }
        for text in ["Ana", "a=1", "'=1", ""] {
            assert_eq!(cell(&json!(text)), text);
        }
        assert_eq!(cell(&json!(-1)), "-1", "a number is one");
    }

    #[test]
    fn a_list_of_nothing_is_one_as_well() {
        let request = request(ExportFormat::Json, false);
        let piece = File::new(&request, &["name"]).piece(&[], true).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&piece).unwrap(), json!([]));
    }
}
