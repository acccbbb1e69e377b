//! How a picture of any shape fills the 16:9 frame.

use anb_config::Fit;

use crate::{colour, origin::Origin, probe::VideoStream};

pub const WIDTH: u32 = 1280;
pub const HEIGHT: u32 = 720;

/// A shape this close to 16:9 loses the odd line instead of getting bars that
/// look like a fault.
const CLOSE: f64 = 0.02;
/// The blurred copy is made this small: fifty times fewer pixels to blur, and
/// enlarging is itself a blur.
const BLUR_WIDTH: u32 = 160;
const BLUR_HEIGHT: u32 = 90;

/// Filters from one picture of `video` to one of [`WIDTH`]×[`HEIGHT`].
#[must_use]
pub fn filters(video: &VideoStream, fit: Fit, origin: Origin) -> String {
    let (width, height) = video.shown_size();
    let shape = f64::from(width.max(1)) / f64::from(height.max(1));
    let frame = f64::from(WIDTH) / f64::from(HEIGHT);
    if fit == Fit::Crop || (shape / frame - 1.0).abs() <= CLOSE {
        return covering(video, origin, shape, frame);
    }
    let (width, height) = if shape > frame {
        (WIDTH, even(f64::from(WIDTH) / shape).min(HEIGHT))
    } else {
        (even(f64::from(HEIGHT) * shape).min(WIDTH), HEIGHT)
    };
    let scaled = format!("{},setsar=1", colour::scale(video, origin, width, height));
    match fit {
        Fit::Pad => format!("{scaled},pad={WIDTH}:{HEIGHT}:(ow-iw)/2:(oh-ih)/2:black"),
        Fit::Blur | Fit::Crop => format!("{scaled},{}", on_blurred_copy(width, height)),
    }
}

fn covering(video: &VideoStream, origin: Origin, shape: f64, frame: f64) -> String {
    let (width, height) = if shape > frame {
        (even(f64::from(HEIGHT) * shape), HEIGHT)
    } else {
        (WIDTH, even(f64::from(WIDTH) / shape))
    };
    let (width, height) = (width.max(WIDTH), height.max(HEIGHT));
    let crop = if (width, height) == (WIDTH, HEIGHT) {
        String::new()
    } else {
        format!(",crop={WIDTH}:{HEIGHT}")
    };
    format!("{}{crop},setsar=1", colour::scale(video, origin, width, height))
}

/// The copy is cut from the middle of the scaled picture, not from the source.
fn on_blurred_copy(width: u32, height: u32) -> String {
    let cut_width = width.min(even(f64::from(height) * 16.0 / 9.0));
    let cut_height = height.min(even(f64::from(width) * 9.0 / 16.0));
    format!(
        "split[whole][copy];\
         [copy]crop={cut_width}:{cut_height},scale={BLUR_WIDTH}:{BLUR_HEIGHT}:flags=area,\
         gblur=sigma=5,lutyuv=y=(val-16)*0.6+16,scale={WIDTH}:{HEIGHT}:flags=bicubic,\
         setsar=1[blurred];\
         [blurred][whole]overlay=(W-w)/2:(H-h)/2"
    )
}

/// The nearest even number, at least 2: chroma has half the resolution.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive size of a few thousand pixels; `as` saturates"
)]
fn even(size: f64) -> u32 {
    ((size / 2.0).round() as u32 * 2).max(2)
}
