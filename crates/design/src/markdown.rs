//! Texts of a contest, written in Markdown ([CommonMark](https://spec.commonmark.org)).

use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

/// As HTML. What is HTML already is left out: pages are made of what we write
/// ourselves, whoever edits the settings. The page has a heading of its own, so
/// those in the text begin at the second level.
#[must_use]
pub fn to_html(text: &str) -> String {
    let mut page = String::new();
    html::push_html(&mut page, Parser::new(text).filter_map(allowed));
    page
}

fn allowed(event: Event<'_>) -> Option<Event<'_>> {
    Some(match event {
        Event::Html(_) | Event::InlineHtml(_) => return None,
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: harmless(dest_url), title, id })
        }
        event => event,
    })
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

/// A link leads to a page or to a mailbox, and does nothing by itself.
fn harmless(address: CowStr<'_>) -> CowStr<'_> {
    let kinds = ["https://", "http://", "mailto:", "/", "#"];
    let known = kinds.iter().any(|kind| address.to_ascii_lowercase().starts_with(kind));
    if known { address } else { CowStr::Borrowed("#") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_part_of_a_page() {
        let html = to_html("# Reglas\n\nSube **una** jugada.\n\n- corta\n- [tuya](/upload)\n");
        assert_eq!(
            html,
            "<h2>Reglas</h2>\n<p>Sube <strong>una</strong> jugada.</p>\n<ul>\n<li>corta</li>\n\
             <li><a href=\"/upload\">tuya</a></li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_in_a_text_runs() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "[a](javascript:alert(1))",
            "[a](JAVASCRIPT:alert(1))",
            "[a](data:text/html,<script>alert(1)</script>)",
            "<javascript:alert(1)>",
        ] {
            let html = to_html(text).to_lowercase();
            assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
            assert!(!html.contains("href=\"javascript") && !html.contains("href=\"data"), "{html}");
        }
    }
}
