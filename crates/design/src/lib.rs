//! How the applications look and speak: style sheets and colours, messages in
//! every language, figures and moments as people read them.

pub mod assets;
pub mod brand;
pub mod figures;
pub mod markdown;
pub mod messages;
pub mod palette;

pub use assets::{Asset, Assets};
pub use messages::{Argument, Count, Messages, Speech};
pub use palette::Palette;
