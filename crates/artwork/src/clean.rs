//! Cleans an SVG that somebody uploads: it is read, checked, and written anew
//! from what was understood of it: shapes, colours, gradients, masks. Nothing
//! else gets through, whatever it is called.

use std::collections::HashMap;

use resvg::usvg::{
    ImageHrefResolver, Options, Tree, WriteOptions,
    roxmltree::{Document, Node, NodeId, ParsingOptions},
};
use thiserror::Error;

use crate::draw::draw;

/// Of a drawing, before it is cleaned and after.
pub const MAX_BYTES: usize = 512 << 10;

/// Elements, those repeated by `use` each time.
const MAX_ELEMENTS: u64 = 20_000;
/// Elements within elements.
const MAX_DEPTH: u32 = 64;
/// Units on the longer side: what drawing programs count in, however large the
/// picture is drawn.
const MAX_SIDE: f32 = 20_000.0;
/// The longer side to the shorter one: beyond it nothing can be seen at the
/// size of a logo.
const MAX_SHAPE: f32 = 12.0;
/// To see whether there is anything to be seen.
const GLANCE: (u32, u32) = (96, 96);

const SVG: &str = "http://www.w3.org/2000/svg";

/// What is understood. What does something, or refers to something outside, is
/// left out; for what cannot be left out without changing the picture, the
/// drawing is refused.
const DRAWN: [&str; 21] = [
    "svg",
    "g",
    "a",
    "defs",
    "symbol",
    "use",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "style",
    "switch",
    "view",
];
const LEFT_OUT: [&str; 12] = [
    "script",
    "foreignObject",
    "title",
    "desc",
    "metadata",
    "animate",
    "animateMotion",
    "animateTransform",
    "set",
    "iframe",
    "audio",
    "video",
];

/// Why a drawing is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("the drawing is larger than {} kB", MAX_BYTES >> 10)]
    TooLarge,
    #[error("the file is no SVG that can be read")]
    NotSvg,
    #[error("the drawing defines entities")]
    Entities,
    #[error("the drawing has more than {MAX_ELEMENTS} elements")]
    TooManyElements,
    #[error("the drawing's elements lie too deep within each other, or repeat themselves")]
    TooDeep,
    #[error("letters must be outlines: there is a <{0}>")]
    Letters(String),
    #[error("<{0}> is not taken")]
    Element(String),
    #[error("the drawing has no size, or an impossible shape")]
    Size,
    #[error("there is nothing to be seen")]
    Empty,
}

/// The same drawing without anything that could do or fetch something.
///
/// # Errors
/// Why it is not taken.
pub fn clean(bytes: &[u8]) -> Result<String, Refused> {
    if bytes.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Refused::NotSvg)?;
    let text = without_doctype(text.trim_start_matches('\u{feff}'))?;
    let tree = std::panic::catch_unwind(|| parse(&text)).unwrap_or(Err(Refused::NotSvg))?;
    let size = tree.size();
    let (long, short) = (size.width().max(size.height()), size.width().min(size.height()));
    if long > MAX_SIDE || long > short * MAX_SHAPE {
        return Err(Refused::Size);
    }
    let cleaned = tree.to_string(&WriteOptions::default());
    if cleaned.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let seen = draw(&cleaned, GLANCE).map_err(|_| Refused::NotSvg)?;
    let something = seen.pixels().iter().any(|pixel| pixel.alpha() > 0);
    if something { Ok(cleaned) } else { Err(Refused::Empty) }
}

/// Drawing programs name the grammar of SVG 1.1, which is harmless and known;
/// one that is brought along may define anything.
fn without_doctype(text: &str) -> Result<String, Refused> {
    let Some(begin) = text.find("<!DOCTYPE") else { return Ok(text.to_owned()) };
    let end = begin + text[begin..].find('>').ok_or(Refused::NotSvg)?;
    if text[begin..end].contains('[') {
        return Err(Refused::Entities);
    }
    Ok(format!("{}{}", &text[..begin], &text[end + 1..]))
}

fn parse(text: &str) -> Result<Tree, Refused> {
    let nodes_limit = u32::try_from(MAX_ELEMENTS * 4).unwrap_or(u32::MAX);
    let options = ParsingOptions { allow_dtd: false, nodes_limit, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        resvg::usvg::roxmltree::Error::NodesLimitReached => Refused::TooManyElements,
        resvg::usvg::roxmltree::Error::DtdDetected => Refused::Entities,
        _ => Refused::NotSvg,
    })?;
    if !document.root_element().has_tag_name((SVG, "svg")) {
        return Err(Refused::NotSvg);
    }
    check_elements(&document)?;
    Sizes::of(&document).of_element(document.root_element(), 0)?;
    Tree::from_xmltree(&document, &options_without_anything()).map_err(|_| Refused::Size)
}

fn check_elements(document: &Document<'_>) -> Result<(), Refused> {
    let ours = document.descendants().filter(|node| node.tag_name().namespace() == Some(SVG));
    for name in ours.map(|node| node.tag_name().name()) {
        match name {
            name if DRAWN.contains(&name) || LEFT_OUT.contains(&name) => {}
            "text" | "tspan" | "textPath" | "tref" | "font" => {
                return Err(Refused::Letters(name.to_owned()));
            }
            name => return Err(Refused::Element(name.chars().take(40).collect())),
        }
    }
    Ok(())
}

/// Neither files nor pictures nor fonts.
fn options_without_anything() -> Options<'static> {
    Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

/// How many elements an element becomes when it is drawn: `use` of `use` of
/// `use` makes thousands of millions of a few lines.
struct Sizes<'a, 'd> {
    by_id: HashMap<&'a str, Node<'a, 'd>>,
    known: HashMap<NodeId, u64>,
}

impl<'a, 'd> Sizes<'a, 'd> {
    fn of(document: &'a Document<'d>) -> Self {
        let with_id = |node: Node<'a, 'd>| Some((node.attribute("id")?, node));
        Self { by_id: document.descendants().filter_map(with_id).collect(), known: HashMap::new() }
    }

    fn of_element(&mut self, element: Node<'a, 'd>, depth: u32) -> Result<u64, Refused> {
        if depth > MAX_DEPTH {
            return Err(Refused::TooDeep);
        }
        if let Some(size) = self.known.get(&element.id()) {
            return Ok(*size);
        }
        let mut size = 1;
        for child in element.children().filter(Node::is_element) {
            size += self.of_element(child, depth + 1)?;
        }
        for target in self.referred_to(element) {
            size += self.of_element(target, depth + 1)?;
        }
        if size > MAX_ELEMENTS {
            return Err(Refused::TooManyElements);
        }
        self.known.insert(element.id(), size);
        Ok(size)
    }

    /// By `href="#…"`, or by `url(#…)` in whatever attribute.
    fn referred_to(&self, element: Node<'a, 'd>) -> Vec<Node<'a, 'd>> {
        let names = element.attributes().filter_map(|attribute| {
            let value = attribute.value().trim();
            if attribute.name() == "href" {
                return value.strip_prefix('#');
            }
            let (_, name) = value.split_once("url(")?;
            let name = name.trim_start_matches(['\'', '"', ' ']).strip_prefix('#')?;
            name.split(['\'', '"', ' ', ')']).next()
        });
        names.filter_map(|name| self.by_id.get(name).copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inner: &str) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 40">{inner}</svg>"#
        )
    }

    const SQUARE: &str = r##"<rect width="40" height="40" fill="#ff0000"/>"##;

    fn cleaned(inner: &str) -> Result<String, Refused> {
        clean(svg(inner).as_bytes())
    }

    #[test]
    fn a_drawing_stays_what_it_is() {
        let inner = r##"<defs><linearGradient id="g"><stop offset="0" stop-color="#ff0000"/><stop offset="1" stop-color="#0000ff"/></linearGradient></defs><style>.a{fill:url(#g)}</style><g transform="translate(10)"><path class="a" d="M0 0H40V40H0Z"/></g>"##;
        let before = draw(&svg(inner), (100, 40)).unwrap();
        let cleaned = cleaned(inner).unwrap();
        assert_eq!(draw(&cleaned, (100, 40)).unwrap().data(), before.data());
        assert_eq!(clean(cleaned.as_bytes()).unwrap(), cleaned, "cleaned twice is cleaned");
    }

    #[test]
    fn what_a_drawing_program_writes_around_it_is_no_reason_to_refuse_it() {
        let text = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE svg PUBLIC \
             \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">{}",
            svg(&format!("<metadata>x</metadata><title>Logo</title>{SQUARE}"))
        );
        assert!(clean(text.as_bytes()).unwrap().contains("ff0000"));
    }

    #[test]
    fn nothing_that_does_or_fetches_something_gets_through() {
        let inner = format!(
            r##"<script>alert(1)</script><style>@import url(http://evil.example/a.css); rect{{}}</style>
            <foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><img src="http://evil.example/p.png" onerror="alert(1)"/></body></foreignObject>
            <a xlink:href="javascript:alert(1)"><rect width="40" height="40" fill="#ff0000" onclick="alert(1)" style="background:url(http://evil.example/b.png)"/></a>
            <use xlink:href="http://evil.example/c.svg#d"/><animate attributeName="x" values="0"/>{SQUARE}"##
        );
        let cleaned = cleaned(&inner).unwrap().to_lowercase();
        for word in
            ["script", "evil", "foreign", "onclick", "onerror", "import", "animate", "alert"]
        {
            assert!(!cleaned.contains(word), "{word} in {cleaned}");
        }
    }

    #[test]
    fn letters_and_pictures_are_refused_by_name() {
        let of = |inner: &str| cleaned(&format!("{SQUARE}{inner}")).unwrap_err();
        assert_eq!(of("<text>ANB</text>"), Refused::Letters("text".into()));
        for element in ["image", "filter", "pattern", "marker", "feImage", "mesh"] {
            assert_eq!(of(&format!("<{element}/>")), Refused::Element(element.into()));
        }
    }

    #[test]
    fn nobody_is_asked_and_no_file_is_read() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/x.svg", listener.local_addr().unwrap());
        let passwords = std::fs::read_to_string("/etc/passwd").unwrap();
        for target in [url.as_str(), "file:///etc/passwd", "/etc/passwd"] {
            for inner in [
                format!(r#"<use xlink:href="{target}#a"/>{SQUARE}"#),
                format!(r#"<rect width="9" height="9" fill="url({target}#a) red"/>{SQUARE}"#),
                format!(r#"<style>@import "{target}";</style>{SQUARE}"#),
                format!(r#"<image width="9" height="9" xlink:href="{target}"/>{SQUARE}"#),
            ] {
                if let Ok(cleaned) = cleaned(&inner) {
                    assert!(!cleaned.contains(target), "{cleaned}");
                    assert!(!cleaned.contains(passwords.lines().next().unwrap()));
                }
            }
            let external = format!(
                "<!DOCTYPE svg [<!ENTITY x SYSTEM \"{target}\">]>{}",
                svg(&format!("<desc>&x;</desc>{SQUARE}"))
            );
            assert_eq!(clean(external.as_bytes()), Err(Refused::Entities));
            let grammar = format!("<!DOCTYPE svg SYSTEM \"{target}\">{}", svg(SQUARE));
            assert!(!clean(grammar.as_bytes()).unwrap().contains(target));
        }
        let asked = listener.accept().map(|_| ()).map_err(|error| error.kind());
        assert_eq!(asked, Err(std::io::ErrorKind::WouldBlock));
    }

    #[test]
    fn a_few_lines_cannot_become_thousands_of_millions() {
        let entities = "<!DOCTYPE svg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
        let laughs = format!("{entities}{}", svg("<desc>&b;</desc>"));
        assert_eq!(clean(laughs.as_bytes()), Err(Refused::Entities));

        let ten = |name: &str| format!(r##"<use xlink:href="#{name}"/>"##).repeat(10);
        let mut bomb = String::from(r#"<g id="n0"><rect width="9" height="9"/></g>"#);
        for level in 1..12 {
            let below = ten(&format!("n{}", level - 1));
            bomb.extend([&*format!("<g id=\"n{level}\">"), &*below, "</g>"]);
        }
        assert_eq!(cleaned(&bomb), Err(Refused::TooManyElements));
        let masks: String = (1..40).fold(SQUARE.into(), |masks, level| {
            let before = level - 1;
            masks + &format!(
                r#"<mask id="m{level}" mask="url(#m{before})"><rect width="9" height="9" mask="url(#m{before})"/></mask>"#
            )
        });
        assert_eq!(cleaned(&masks), Err(Refused::TooManyElements));
        assert_eq!(cleaned(&"<rect/>".repeat(30_000)), Err(Refused::TooManyElements));
        assert_eq!(cleaned(&("<g>".repeat(2000) + &"</g>".repeat(2000))), Err(Refused::TooDeep));
        let round = r##"<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>"##;
        assert_eq!(cleaned(round), Err(Refused::TooDeep));
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        for (bytes, refused) in [
            (&b"GIF89a"[..], Refused::NotSvg),
            (b"\x1f\x8b\x08\x00", Refused::NotSvg),
            (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", Refused::NotSvg),
            (b"<svg/>", Refused::NotSvg),
            (svg("").as_bytes(), Refused::Empty),
            (svg("<rect width='9' height='9' fill='none'/>").as_bytes(), Refused::Empty),
        ] {
            assert_eq!(clean(bytes), Err(refused), "{}", String::from_utf8_lossy(bytes));
        }
        let wide = SQUARE.replace("40", "9");
        let wide = format!(r#"<svg xmlns="{SVG}" viewBox="0 0 9000 9">{wide}</svg>"#);
        assert_eq!(clean(wide.as_bytes()), Err(Refused::Size));
        let large = svg(&format!("{SQUARE}<!-- {} -->", "x".repeat(MAX_BYTES)));
        assert_eq!(clean(large.as_bytes()), Err(Refused::TooLarge));
    }
}
