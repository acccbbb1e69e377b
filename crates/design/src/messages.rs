//! What the applications say, in every language: messages in
//! [Fluent](https://projectfluent.org), looked up by id.

use std::{borrow::Cow, collections::HashMap};

use anb_domain::Language;
use chrono::{DateTime, SecondsFormat, Utc};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement};
use rust_embed::RustEmbed;
use thiserror::Error;
use unic_langid::LanguageIdentifier;

use crate::{
    assets::{File, embedded},
    figures,
};

type Bundle = FluentBundle<FluentResource>;

/// A file of messages that cannot be used.
#[derive(Debug, Error)]
pub enum MessagesError {
    #[error("messages in {}: {}", .language.tag(), .faults.join("; "))]
    Malformed { language: Language, faults: Vec<String> },
}

/// Every message in every language.
pub struct Messages(HashMap<Language, Bundle>);

impl Messages {
    /// # Errors
    /// When a source is no Fluent, or says an id twice.
    pub fn load(sources: &[(Language, &str)]) -> Result<Self, MessagesError> {
        let mut bundles = HashMap::new();
        for &(language, source) in sources {
            let bundle = bundles.entry(language).or_insert_with(|| empty(language));
            let malformed = |faults| MessagesError::Malformed { language, faults };
            let resource = FluentResource::try_new(source.to_owned())
                .map_err(|(_, faults)| malformed(in_words(&faults)))?;
            bundle.add_resource(resource).map_err(|faults| malformed(in_words(&faults)))?;
        }
        Ok(Self(bundles))
    }

    /// Those of a folder with one folder in it for each language: `es/common.ftl`.
    ///
    /// # Errors
    /// As [`Messages::load`].
    pub fn of_folder<E: RustEmbed>() -> Result<Self, MessagesError> {
        let files: Vec<_> = embedded::<E>().filter_map(in_its_language).collect();
        let sources: Vec<_> = files.iter().map(|(language, text)| (*language, &**text)).collect();
        Self::load(&sources)
    }

    /// The messages in one language.
    ///
    /// # Panics
    /// When no source was in that language.
    #[must_use]
    pub fn speech(&'static self, language: Language) -> Speech {
        let bundle = self.0.get(&language).expect("there are messages in every language");
        Speech { bundle, language }
    }
}

fn in_its_language((path, bytes): File) -> Option<(Language, String)> {
    let (tag, _) = path.split_once('/')?;
    let language = [Language::Es, Language::En].into_iter().find(|one| one.tag() == tag)?;
    Some((language, String::from_utf8(bytes.into_owned()).ok()?))
}

fn empty(language: Language) -> Bundle {
    let locale: LanguageIdentifier = language.tag().parse().expect("a tag of BCP 47");
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Marks around every argument would be copied along with the text.
    bundle.set_use_isolating(false);
    bundle
}

fn in_words(faults: &[impl ToString]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

/// Speaks one language.
#[derive(Clone, Copy)]
pub struct Speech {
    bundle: &'static Bundle,
    language: Language,
}

impl Speech {
    #[must_use]
    pub fn language(self) -> Language {
        self.language
    }

    /// A message without arguments.
    #[must_use]
    pub fn say(self, id: &str) -> Cow<'static, str> {
        self.format(id, None)
    }

    /// A message with one argument.
    #[must_use]
    pub fn with(self, id: &str, name: &str, value: impl Argument) -> String {
        self.with_all(id, &[(name, &value)])
    }

    #[must_use]
    pub fn with_all(self, id: &str, arguments: &[(&str, &dyn Argument)]) -> String {
        let arguments: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (*name, value.value())).collect();
        self.format(id, Some(&arguments)).into_owned()
    }

    /// A message that depends on a number: `$count` selects the form, `$figure`
    /// is the number as it is written.
    #[must_use]
    pub fn counted(self, id: &str, number: impl Count) -> String {
        let number = number.count();
        self.with_all(id, &[("count", &number), ("figure", &self.figure(number))])
    }

    #[must_use]
    pub fn figure(self, number: impl Count) -> String {
        figures::figure(number.count(), self.language)
    }

    /// A moment in words, in UTC: for `<time datetime="…" data-moment>`, which
    /// a script rewrites in the reader's zone.
    #[must_use]
    pub fn moment(self, at: &DateTime<Utc>) -> String {
        figures::moment(*at, self.language)
    }

    /// A moment to the second, in UTC, short enough for a table.
    #[must_use]
    pub fn instant(self, at: &DateTime<Utc>) -> String {
        at.format("%F %T UTC").to_string()
    }

    /// A moment for programs (RFC 3339): the `datetime` of a `<time>`.
    #[must_use]
    pub fn stamp(self, at: &DateTime<Utc>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Messages for a script, as JSON that can stand inside a `<script>`: their
    /// arguments are left as `{name}`.
    #[must_use]
    pub fn words(self, ids: &[&str]) -> String {
        let words: serde_json::Map<_, _> =
            ids.iter().map(|id| ((*id).to_owned(), self.pattern(id).into())).collect();
        serde_json::Value::Object(words).to_string().replace('<', "\\u003c")
    }

    /// A message whose arguments are still to come, each as `{name}`: for
    /// scripts. Where a number selects the form, it is the general one.
    #[must_use]
    pub fn pattern(self, id: &str) -> String {
        let names = self.bundle.get_message(id).and_then(|message| message.value());
        let names = names.map(variables).unwrap_or_default();
        let arguments: FluentArgs<'_> =
            names.into_iter().map(|name| (name, format!("{{{name}}}"))).collect();
        self.format(id, Some(&arguments)).into_owned()
    }

    /// A message that is missing is our fault, and no reason to answer with an
    /// error: in a build that is not for development its id is shown.
    fn format(self, id: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle = self.bundle;
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            debug_assert!(false, "no message {id} in {}", self.language.tag());
            return Cow::Owned(id.to_owned());
        };
        let mut faults = Vec::new();
        let said = bundle.format_pattern(pattern, arguments, &mut faults);
        debug_assert!(faults.is_empty(), "message {id}: {faults:?}");
        said
    }
}

/// The names of the arguments that a message takes.
#[must_use]
pub fn variables<'p>(pattern: &Pattern<&'p str>) -> Vec<&'p str> {
    let placeables = pattern.elements.iter().filter_map(|element| match element {
        PatternElement::Placeable { expression } => Some(expression),
        PatternElement::TextElement { .. } => None,
    });
    placeables.flat_map(of_expression).collect()
}

fn of_expression<'p>(expression: &Expression<&'p str>) -> Vec<&'p str> {
    match expression {
        Expression::Inline(inline) => of_inline(inline),
        Expression::Select { selector, variants } => {
            let within = variants.iter().flat_map(|variant| variables(&variant.value));
            of_inline(selector).into_iter().chain(within).collect()
        }
    }
}

fn of_inline<'p>(inline: &InlineExpression<&'p str>) -> Vec<&'p str> {
    match inline {
        InlineExpression::VariableReference { id } => vec![id.name],
        InlineExpression::Placeable { expression } => of_expression(expression),
        _ => Vec::new(),
    }
}

/// How many there are of something, borrowed or not, as templates pass it.
pub trait Count {
    fn count(&self) -> u64;
}

impl<T: Count + ?Sized> Count for &T {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

macro_rules! counts {
    ($($number:ty),+) => {
        $(impl Count for $number {
            fn count(&self) -> u64 {
                u64::try_from(*self).unwrap_or(u64::MAX)
            }
        })+
    };
}

counts!(u8, u32, u64, usize);

/// What a message can be about: texts, and numbers that select a form.
pub trait Argument {
    fn value(&self) -> FluentValue<'_>;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

impl Argument for str {
    fn value(&self) -> FluentValue<'_> {
        self.into()
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'_> {
        self.as_str().into()
    }
}

impl Argument for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        self.as_ref().into()
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl Argument for $number {
            fn value(&self) -> FluentValue<'_> {
                (*self).into()
            }
        })+
    };
}

numbers!(u8, u32, u64, usize, i32, i64, f64);

#[cfg(test)]
mod tests {
    use super::*;

    const ES: &str = "
greeting = Hola, { $name }
empty = Nada por aquí
votes = { $count ->
    [one] { $figure } voto
   *[other] { $figure } votos
}
";
    const EN: &str = "
greeting = Hello, { $name }
empty = Nothing here
votes = { $count ->
    [one] { $figure } vote
   *[other] { $figure } votes
}
";

    fn messages() -> &'static Messages {
        Box::leak(Box::new(Messages::load(&[(Language::Es, ES), (Language::En, EN)]).unwrap()))
    }

    #[test]
    fn a_message_is_said_in_the_language_of_the_speech() {
        let (es, en) = (messages().speech(Language::Es), messages().speech(Language::En));
        assert_eq!(
            (es.say("empty").as_ref(), en.say("empty").as_ref()),
            ("Nada por aquí", "Nothing here")
        );
        assert_eq!(es.with("greeting", "name", "Ana"), "Hola, Ana", "without isolating marks");
        let as_templates_pass_it: &&str = &"Ana";
        assert_eq!(en.with("greeting", "name", as_templates_pass_it), "Hello, Ana");
    }

    #[test]
    fn a_number_selects_its_form_and_is_written_as_people_do() {
        let (es, en) = (messages().speech(Language::Es), messages().speech(Language::En));
        assert_eq!(es.counted("votes", 1_u64), "1 voto");
        assert_eq!(es.counted("votes", 12_345_u64), "12.345 votos");
        assert_eq!(en.counted("votes", 0_u64), "0 votes");
        assert_eq!(en.counted("votes", 1_u64), "1 vote");
    }

    #[test]
    fn a_script_gets_a_message_with_its_arguments_to_come() {
        let es = messages().speech(Language::Es);
        assert_eq!(es.pattern("greeting"), "Hola, {name}");
        assert_eq!(es.pattern("votes"), "{figure} votos");
        assert_eq!(es.pattern("empty"), "Nada por aquí");
    }

    #[test]
    #[should_panic(expected = "no message missing in es")]
    fn a_missing_message_is_found_in_development() {
        let _ = messages().speech(Language::Es).say("missing");
    }

    #[test]
    #[should_panic(expected = "message greeting")]
    fn a_missing_argument_is_found_in_development() {
        let _ = messages().speech(Language::Es).say("greeting");
    }

    #[test]
    fn nonsense_and_ids_said_twice_are_refused() {
        for source in ["= no id", "one = 1\none = 1"] {
            assert!(Messages::load(&[(Language::Es, source)]).is_err(), "{source}");
        }
    }
}
