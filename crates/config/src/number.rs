//! Numbers with decimals as they were written. Text from the environment reaches
//! us as an `f32` where it fits one, and 0.8 must not become 0.800000011920929.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// For `#[serde(deserialize_with)]` of an `f64`.
pub(crate) fn exact<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Number::deserialize(from).map(|number| number.0)
}

/// The same for one that need not be there.
pub(crate) fn exact_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Option::<Number>::deserialize(from).map(|number| number.map(|number| number.0))
}

struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_f64(Reader).map(Self)
    }
}

struct Reader;

impl de::Visitor<'_> for Reader {
    type Value = f64;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("f64")
    }

    fn visit_f32<E: de::Error>(self, short: f32) -> Result<f64, E> {
        // Its shortest notation is what somebody wrote.
        short.to_string().parse().map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    #[expect(clippy::cast_precision_loss, reason = "no setting is that large")]
    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<f64, E> {
        Ok(whole as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "no setting is that large")]
    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<f64, E> {
        Ok(whole as f64)
    }
}
