//! Columns for the terminal.

use std::fmt::Write as _;

/// Lines of cells, each column as wide as its widest cell.
pub fn columns(header: &[&str], rows: &[Vec<String>]) -> String {
    let header: Vec<_> = header.iter().map(|&title| title.to_owned()).collect();
    let lines: Vec<_> = std::iter::once(&header).chain(rows).collect();
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<_> = (0..header.len()).map(|column| width(column).unwrap_or(0)).collect();
    lines.iter().fold(String::new(), |mut text, line| {
        let mut padded = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(padded, "{cell:<width$}  ");
        }
        let _ = writeln!(text, "{}", padded.trim_end());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![vec!["Bogotá".into(), "1".into()], vec!["Lima".into(), "20".into()]];
        assert_eq!(columns(&["CITY", "VOTES"], &rows), "CITY    VOTES\nBogotá  1\nLima    20\n");
    }
}
