//! Red stays red, whatever the numbers in the file meant.

use crate::support::*;

const X264: &str = "-c:v libx264 -preset ultrafast -crf 12";

async fn comes_out_right(size: (u32, u32), options: &str) {
    let studio = Studio::by_default();
    let clip = studio.film_pattern(size, 1.2, options, "clip.mp4");
    studio.process(&clip).await.unwrap().is_as_promised(1.2).shows_pattern_within(0, 0, 1280, 720);
}

#[tokio::test]
async fn standard_definition_follows_bt_601() {
    let filter = "-vf scale=out_color_matrix=bt601:out_range=tv,format=yuv420p";
    comes_out_right((640, 360), &format!("{filter} {X264}")).await;
    comes_out_right((640, 360), &format!("{filter} -colorspace smpte170m {X264}")).await;
    comes_out_right((1280, 720), &format!("{filter} -colorspace bt470bg {X264}")).await;
}

#[tokio::test]
async fn untagged_high_definition_follows_bt_709() {
    let filter = "-vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";
    comes_out_right((1280, 720), &format!("{filter} {X264}")).await;
}

#[tokio::test]
async fn full_range_is_neither_washed_out_nor_crushed() {
    let filter = "-vf scale=out_color_matrix=bt709:out_range=pc,format=yuvj420p";
    comes_out_right((1280, 720), &format!("{filter} -color_range pc -colorspace bt709 {X264}"))
        .await;
}

#[tokio::test]
async fn screen_recordings_in_rgb() {
    comes_out_right((1280, 720), "-c:v libx264rgb -preset ultrafast -crf 12 -pix_fmt rgb24").await;
}

/// An SDR pattern graded as HDR: its white is the paper white of HDR.
fn graded(transfer: &str) -> String {
    format!(
        "-vf format=gbrpf32le,zscale=tin=bt709:min=gbr:pin=bt709:rin=pc:t=linear:m=gbr:p=bt709,\
         zscale=p=bt2020,zscale=t={transfer}:npl=203:m=2020_ncl:r=tv,format=yuv420p10le \
         -colorspace bt2020nc -color_primaries bt2020 -color_trc {transfer} -color_range tv \
         -c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none"
    )
}

#[tokio::test]
async fn hdr10_is_brought_to_standard_range() {
    comes_out_right((1280, 720), &graded("smpte2084")).await;
}

#[tokio::test]
async fn hlg_is_brought_to_standard_range() {
    comes_out_right((1280, 720), &graded("arib-std-b67")).await;
}

#[tokio::test]
async fn a_wide_gamut_without_high_range() {
    let options = "-vf format=gbrpf32le,zscale=tin=bt709:min=gbr:pin=bt709:rin=pc:t=linear:m=gbr:p=bt709,\
         zscale=p=bt2020,zscale=t=bt709:m=2020_ncl:r=tv,format=yuv420p10le \
         -colorspace bt2020nc -color_primaries bt2020 -color_trc bt709 -color_range tv \
         -c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none";
    comes_out_right((1280, 720), options).await;
}
