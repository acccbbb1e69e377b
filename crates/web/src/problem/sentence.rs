//! A sentence in every language that we speak.

use std::borrow::Cow;

use anb_domain::{
    InvalidText, Language, ShowcaseRules, player::InvalidEmail, report::UnknownReason,
};

/// The same thing said in Spanish and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub es: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Sentence {
    #[must_use]
    pub const fn new(es: &'static str, en: &'static str) -> Self {
        Self { es: Cow::Borrowed(es), en: Cow::Borrowed(en) }
    }

    #[must_use]
    pub fn with_figures(es: String, en: String) -> Self {
        Self { es: Cow::Owned(es), en: Cow::Owned(en) }
    }

    #[must_use]
    pub fn required() -> Self {
        Self::new("es obligatorio", "is required")
    }

    #[must_use]
    pub fn must_be_text() -> Self {
        Self::new("debe ser un texto", "must be a text")
    }

    #[must_use]
    pub fn must_be_whole() -> Self {
        Self::new("debe ser un número entero", "must be a whole number")
    }

    /// Says how many uploads are open.
    #[must_use]
    pub fn too_many_open(open: u64) -> Self {
        Self::with_figures(
            format!("Ya tienes {open} subidas abiertas. Termina o cancela alguna."),
            format!("You have {open} uploads open already. Finish or give up one of them."),
        )
    }

    /// Names the size limit of a clip.
    #[must_use]
    pub fn too_large(rules: &ShowcaseRules) -> Self {
        let megabytes = rules.max_size_bytes as f64 / 1_000_000.0;
        Self::with_figures(
            format!("El vídeo pesa más de {megabytes} MB, el máximo. Recórtalo o comprímelo."),
            format!("The video is larger than the limit of {megabytes} MB. Trim or compress it."),
        )
    }

    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.es, &self.en)
    }
}

impl From<UnknownReason> for Sentence {
    fn from(_: UnknownReason) -> Self {
        Self::new("no es ninguno de los motivos", "is none of the reasons")
    }
}

impl From<InvalidText> for Sentence {
    fn from(error: InvalidText) -> Self {
        match error {
            InvalidText::Blank => Self::new("no puede estar en blanco", "must not be blank"),
            InvalidText::TooLong { max } => Self::with_figures(
                format!("no puede tener más de {max} caracteres"),
                format!("must not be longer than {max} characters"),
            ),
            InvalidText::ControlCharacter => Self::new(
                "no puede contener caracteres de control",
                "must not contain control characters",
            ),
        }
    }
}

impl From<InvalidEmail> for Sentence {
    fn from(_: InvalidEmail) -> Self {
        Self::new("no es una dirección de correo", "is not an e-mail address")
    }
}
