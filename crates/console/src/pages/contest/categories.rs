//! Categories as people type them, one on each line: `dunk: Clavada | Dunk`.

use anb_config::{Category, LocalText, contest::CategoriesPart};

use super::typed::Typed;

/// What was typed; a line that says too little is a category without a name,
/// and told as such.
pub fn read(typed: &Typed) -> CategoriesPart {
    let text = typed.text("categories").unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    CategoriesPart { categories: lines.map(category).collect() }
}

fn category(line: &str) -> Category {
    let (id, names) = line.split_once(':').unwrap_or((line, ""));
    let (es, en) = names.split_once('|').unwrap_or((names, ""));
    let name = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Category { id: id.trim().to_owned(), name: LocalText { es: name(es), en: name(en) } }
}

/// As it is typed.
#[must_use]
pub fn write(categories: &[Category]) -> String {
    let line = |Category { id, name: LocalText { es, en } }: &Category| {
        let es = es.as_deref().unwrap_or_default();
        match en {
            Some(en) => format!("{id}: {es} | {en}"),
            None => format!("{id}: {es}"),
        }
    };
    categories.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let text = "dunk: Clavada | Dunk\nthree: Triple\n3x3:  | 3x3";
        let categories: Vec<_> = text.lines().map(category).collect();
        assert_eq!(categories[0].name.en.as_deref(), Some("Dunk"));
        assert_eq!(categories[1].name, LocalText { es: Some("Triple".into()), en: None });
        assert_eq!((categories[2].id.as_str(), &categories[2].name.es), ("3x3", &None));
        assert_eq!(write(&categories), text);
        assert_eq!(category("mate"), Category { id: "mate".into(), ..Category::default() });
    }
}
