//! What players film with: all of it comes out the same.

use anb_domain::keys::ResultFile;

use crate::support::*;

const X264: &str = "-c:v libx264 -preset ultrafast";
const AS_709: &str = "-vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p \
-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv";

fn moving(size: &str, rate: &str, seconds: f64) -> String {
    format!("-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds} {X264} -pix_fmt yuv420p")
}

const TONE: &str = "-f lavfi -t 2 -i sine=frequency=440";

#[tokio::test]
async fn a_landscape_clip_with_sound() {
    let studio = Studio::by_default();
    let options = format!("{TONE} {AS_709} {X264} -c:a aac -shortest");
    let clip = studio.film_pattern((1920, 1080), 2.0, &options, "clip.mp4");
    let made = studio.process(&clip).await.unwrap();

    made.is_as_promised(2.0).shows_pattern_within(0, 0, 1280, 720);
    assert_eq!((made.produced.source.width, made.produced.source.height), (1920, 1080));
    let names: Vec<&str> = made.produced.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, ["probe", "transcode", "join", "check"]);
    assert!(made.produced.steps[1].cpu_ms.unwrap() > 0);
}

#[tokio::test]
async fn only_results_stay_in_the_work_folder_and_progress_never_falls() {
    let studio = Studio::by_default();
    let clip = studio.film(&moving("640x360", "30", 3.0), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();

    let mut left: Vec<String> = std::fs::read_dir(&made.dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut wanted = ResultFile::ALL.map(ResultFile::file_name);
    left.sort();
    wanted.sort_unstable();
    assert_eq!(left, wanted);
    assert!(made.percents.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", made.percents);
    assert_eq!(made.percents.last(), Some(&100));
}

#[tokio::test]
async fn four_k_at_30_pictures_a_second() {
    let studio = Studio::by_default();
    let clip = studio.film(&moving("3840x2160", "30", 1.0), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.0);
    assert!((made.rate() - 30.0).abs() < 0.01);
}

#[tokio::test]
async fn sixty_pictures_a_second_are_halved() {
    let studio = Studio::new();
    let clip = studio.film(&moving("1920x1080", "60", 1.5), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.5);
    assert!((made.rate() - 30.0).abs() < 0.01);
}

#[tokio::test]
async fn slower_rates_are_kept() {
    let studio = Studio::new();
    for (rate, wanted) in [("24", 24.0), ("30000/1001", 30_000.0 / 1001.0), ("15", 15.0)] {
        let clip = studio.film(&moving("320x180", rate, 1.5), "clip.mp4");
        let made = studio.process(&clip).await.unwrap();
        made.is_as_promised(1.5);
        assert!((made.rate() - wanted).abs() < 0.01, "{rate}");
    }
}

#[tokio::test]
async fn a_turned_phone_is_turned_back() {
    let studio = Studio::new();
    // Stored lying on its side, with the note to turn it: 90, 180 and 270°.
    for (turn, degrees, (width, height), left, shown) in [
        ("transpose=clock,", 90, (360, 640), 437, 405),
        ("hflip,vflip,", 180, (640, 360), 0, 1280),
        ("transpose=cclock,", 270, (360, 640), 437, 405),
    ] {
        let filter = AS_709.replace("-vf ", &format!("-vf {turn}"));
        studio.film_pattern((width, height), 1.2, &format!("{filter} {X264}"), "stored.mp4");
        let note = format!("-i stored.mp4 -c copy -metadata:s:v rotate={degrees}");
        let clip = studio.film(&note, "clip.mp4");
        let made = studio.process(&clip).await.unwrap();
        made.is_as_promised(1.2).shows_pattern_within(left, 0, shown, 720);
        let source = &made.produced.source;
        assert_eq!((source.width, source.height), (width, height));
    }
}

#[tokio::test]
async fn a_vertical_clip_sits_on_a_blurred_copy_of_itself() {
    let studio = Studio::by_default();
    let clip = studio.film_pattern((540, 960), 1.2, &format!("{AS_709} {X264}"), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.2).shows_pattern_within(437, 0, 405, 720);

    let side = mean(&made.clip_frame(0.3), 200, 360);
    assert!(side.0.iter().all(|value| (30..100).contains(value)), "darker, not black: {side:?}");
}

#[tokio::test]
async fn a_square_clip() {
    let studio = Studio::new();
    let clip = studio.film_pattern((480, 480), 1.2, &format!("{AS_709} {X264}"), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.2).shows_pattern_within(280, 0, 720, 720);
}

#[tokio::test]
async fn odd_dimensions() {
    let studio = Studio::new();
    let options = AS_709.replace("yuv420p", "yuv444p");
    let clip = studio.film_pattern((853, 481), 1.2, &format!("{options} {X264}"), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.2).shows_pattern_within(0, 0, 1280, 720);
}

#[tokio::test]
async fn anamorphic_pixels_become_square() {
    let studio = Studio::new();
    let options = format!("{},setsar=64/45 {X264}", AS_709.split(" -colorspace").next().unwrap());
    let options = options.replace("bt709", "bt601");
    let clip = studio.film_pattern((720, 576), 1.2, &options, "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.2).shows_pattern_within(0, 0, 1280, 720);
    assert_eq!(made.produced.source.width, 1024);
}

#[tokio::test]
async fn half_pictures_are_merged_without_combs() {
    let studio = Studio::new();
    // A bar so fast that two half pictures show it at different places.
    let clip = studio.film(
        &format!(
            "-f lavfi -i color=c=gray:s=1280x720:r=50:d=1.2 \
             -f lavfi -i color=c=white:s=160x720:r=50:d=1.2 \
             -filter_complex [0][1]overlay=x=n*20:y=0,tinterlace=interleave_top,fieldorder=tff \
             {X264} -flags +ildct+ilme -x264opts tff=1 -pix_fmt yuv420p -crf 10"
        ),
        "clip.mp4",
    );
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.2);
    let comb = |picture: &image::RgbImage| {
        let value = |x, y| i32::from(picture.get_pixel(x, y)[0]);
        let bend = |x, y| (2 * value(x, y) - value(x, y - 1) - value(x, y + 1)).abs();
        let points = (400..700).flat_map(|y| (0..1280).map(move |x| (x, y)));
        points.filter(|(x, y)| bend(*x, *y) > 60).count()
    };
    assert!(comb(&frame(&clip, 0.4)) > 3000, "the source has combs");
    assert!(comb(&made.clip_frame(0.4)) < 100, "the result has none");
}

#[tokio::test]
async fn a_variable_rate_becomes_constant() {
    let studio = Studio::new();
    let clip = studio.film(
        &format!(
            "-f lavfi -i testsrc2=s=640x360:r=30:d=3 -vf select='not(between(mod(n\\,20)\\,10\\,16))' \
             -vsync vfr {X264} -pix_fmt yuv420p"
        ),
        "clip.mp4",
    );
    studio.process(&clip).await.unwrap().is_as_promised(3.0);
}

#[tokio::test]
async fn ten_bit_hevc() {
    let studio = Studio::by_default();
    let options = AS_709.replace("yuv420p", "yuv420p10le");
    let options = format!("{options} -c:v libx265 -preset ultrafast -x265-params log-level=none");
    let clip = studio.film_pattern((1280, 720), 1.2, &options, "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.2).shows_pattern_within(0, 0, 1280, 720);
}

#[tokio::test]
async fn web_and_editor_formats() {
    let studio = Studio::new();
    let vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8";
    let av1 = "-c:v libaom-av1 -cpu-used 8 -usage realtime";
    // The last two cannot say which matrix they use.
    let as_601 = "-vf scale=out_color_matrix=bt601:out_range=tv,format=yuv420p";
    for (colours, codec, name) in [
        (AS_709, vp9, "clip.webm"),
        (AS_709, X264, "clip.mov"),
        (AS_709, X264, "clip.mkv"),
        (AS_709, X264, "clip.ts"),
        (AS_709, av1, "av1.mp4"),
        (as_601, "-c:v mpeg4 -q:v 3", "clip.avi"),
        (as_601, "-c:v mpeg2video -q:v 3 -r 25", "clip.mpg"),
    ] {
        let clip = studio.film_pattern((640, 360), 1.2, &format!("{colours} {codec}"), name);
        let made = studio.process(&clip).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        made.is_as_promised(1.2).shows_pattern_within(0, 0, 1280, 720);
    }
}

#[tokio::test]
async fn a_live_recording_without_a_stated_length() {
    let studio = Studio::new();
    let clip = studio.film(
        "-f lavfi -i testsrc2=s=320x180:r=30:d=2 -c:v libvpx -deadline realtime -f webm -live 1",
        "clip.webm",
    );
    assert_eq!(ffprobe(&clip, "-show_format")["format"].get("duration"), None);
    studio.process(&clip).await.unwrap().is_as_promised(2.0);
}

#[tokio::test]
async fn no_sound_two_sounds_and_a_cover() {
    let studio = Studio::new();
    pattern(64, 64).save(studio.path("cover.jpg")).unwrap();
    let picture = "-f lavfi -i testsrc2=s=320x180:r=30:d=2";
    for options in [
        String::new(),
        format!("{TONE} {TONE} -map 0 -map 1 -map 2 -c:a aac"),
        "-i cover.jpg -map 1 -map 0 -c:v:0 copy -disposition:v:0 attached_pic".to_owned(),
    ] {
        let codec = if options.contains("cover") { "-c:v:1" } else { "-c:v" };
        let clip = studio.film(
            &format!("{picture} {options} {codec} libx264 -preset ultrafast -pix_fmt yuv420p"),
            "clip.mp4",
        );
        studio.process(&clip).await.unwrap().is_as_promised(2.0);
    }
}

#[tokio::test]
async fn the_index_may_be_at_the_end_or_at_the_beginning() {
    let studio = Studio::new();
    for (flags, last) in [("", "moov"), ("-movflags +faststart", "mdat")] {
        let clip = studio.film(&format!("{} {flags}", moving("320x180", "30", 1.2)), "clip.mp4");
        assert_eq!(mp4_boxes(&std::fs::read(&clip).unwrap()).last().unwrap(), last);
        studio.process(&clip).await.unwrap().is_as_promised(1.2);
    }
}

#[tokio::test]
async fn one_picture_and_half_a_second_when_the_rules_allow() {
    let studio = Studio::without_minimum();
    let one = studio.film(&format!("{} -frames:v 1", moving("640x360", "30", 1.0)), "one.mp4");
    studio.process(&one).await.unwrap().is_as_promised(1.0 / 30.0);
    let half = studio.film(&moving("640x360", "30", 0.5), "half.mp4");
    studio.process(&half).await.unwrap().is_as_promised(0.5);
}

#[tokio::test]
async fn thirty_seconds_of_ten_minutes() {
    let studio = Studio::new();
    let clip = studio.film(&moving("64x48", "5", 600.0), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(30.0);
    assert!((made.produced.source.duration_s - 600.0).abs() < 0.5);
}

#[tokio::test]
async fn nothing_of_the_source_is_told_on() {
    let studio = Studio::new();
    studio.write(
        "chapters.txt",
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=SecretChapter\n",
    );
    let clip = studio.film(
        &format!(
            "-f lavfi -i testsrc2=s=320x180:r=30:d=1.5 -i chapters.txt -map_metadata 1 {X264} \
             -pix_fmt yuv420p -metadata title=SecretTitle -metadata comment=SecretComment \
             -metadata location=+19.4326-099.1332/ -metadata:s:v handler_name=SecretCamera \
             -metadata creation_time=2024-03-01T12:00:00Z"
        ),
        "clip.mp4",
    );
    let made = studio.process(&clip).await.unwrap();
    made.is_as_promised(1.5);
    for file in ResultFile::ALL {
        let content = std::fs::read(made.file(file)).unwrap();
        let content = String::from_utf8_lossy(&content);
        for trace in ["Secret", "+19.4326", "2024-03-01", "x264 - core", "Lavc59", "Lavf59"] {
            assert!(!content.contains(trace), "{trace} in {file:?}");
        }
    }
    let probe = ffprobe(&made.video(), "-show_format -show_chapters");
    assert_eq!(probe["chapters"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn the_watermark_is_where_it_should_be_and_nowhere_else() {
    let studio = Studio::by_default();
    let clip = studio.film_pattern((1280, 720), 1.2, &format!("{AS_709} {X264}"), "clip.mp4");
    let branded = studio.process(&clip).await.unwrap().clip_frame(0.3);
    let mut plain = Studio::by_default();
    plain.settings.watermark_opacity = 0.0;
    let bare = plain.process(&clip).await.unwrap().clip_frame(0.3);

    let (mut inside, mut outside) = (0, 0);
    for (x, y, pixel) in branded.enumerate_pixels() {
        let other = bare.get_pixel(x, y);
        let differs = pixel.0.iter().zip(other.0).any(|(a, b)| a.abs_diff(b) > 24);
        let in_corner = (1012..1252).contains(&x) && (28..102).contains(&y);
        if differs && in_corner {
            inside += 1;
        } else if differs {
            outside += 1;
        }
    }
    assert!(inside > 9000, "{inside} pixels of the watermark");
    assert_eq!(outside, 0);
    // The ball is at its left, 85 % opaque over grey.
    let ball = mean(&branded, 1038, 56);
    assert!(ball[0] > 190 && ball[0] > ball[2] + 80, "{ball:?}");
}

#[tokio::test]
async fn cards_open_and_close() {
    let studio = Studio::new();
    let clip = studio.film_pattern((1280, 720), 1.2, &format!("{AS_709} {X264}"), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    for at_s in [1.2, OPENING_S + 1.2 + 1.0] {
        let card = frame(&made.video(), at_s);
        let ball = mean(&card, 600, 170);
        assert!(ball[0] > 200 && ball[2] < 110, "the ball is orange: {ball:?}");
        let corner = mean(&card, 40, 40);
        assert!(corner.0.iter().all(|value| *value < 80), "the arena is dark: {corner:?}");
    }
    assert!(is_like(mean(&made.clip_frame(0.0), 160, 90), RED), "the clip begins where it should");
}

#[tokio::test]
async fn the_poster_is_not_the_black_beginning() {
    let studio = Studio::new();
    let fade = AS_709.replace("-vf ", "-vf fade=in:d=0.6,");
    let clip = studio.film_pattern((640, 360), 3.0, &format!("{fade} {X264}"), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    for (file, scale) in [(ResultFile::PosterLargeJpeg, 1), (ResultFile::PosterLargeWebp, 1)] {
        let poster = image::open(made.file(file)).unwrap().to_rgb8();
        let found = mean(&poster, 160 / scale, 90 / scale);
        assert!(is_like(found, RED), "{file:?}: {found:?}");
    }
}
