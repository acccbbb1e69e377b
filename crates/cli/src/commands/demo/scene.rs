//! Pictures of a game, as ffmpeg filter chains: boxes for court and
//! buildings, round glyphs for players and ball.

use super::cast::Contestant;

/// The font of scoreboards and jerseys (Debian's `fonts-dejavu-core`).
pub const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";

const BALL: &str = "0xE8702A";

/// What is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// The court from above, two teams, a ball passed around.
    Court,
    /// A shot at the hoop, from the side.
    Shot,
    /// Dribbling on a street court at night.
    Street,
}

/// Colours in ffmpeg's notation.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    pub ground: &'static str,
    pub accent: &'static str,
    pub home: &'static str,
    pub away: &'static str,
}

impl Scene {
    /// The filters that draw it on a plain picture of the ground's colour.
    pub fn filters(self, palette: Palette, contestant: &Contestant) -> String {
        let mut layers = match self {
            Self::Court => court(palette, contestant),
            Self::Shot => shot(palette, contestant),
            Self::Street => street(palette, contestant),
        };
        layers.extend(scoreboard(palette, contestant));
        layers.join(",")
    }
}

fn court(palette: Palette, contestant: &Contestant) -> Vec<String> {
    let mut layers = vec![
        "drawgrid=w=iw/24:h=ih*2:t=2:c=black@0.10".to_owned(),
        bar("iw*0.04", "ih*0.32", "iw*0.17", "ih*0.36", &shade(palette.accent, 0.8)),
        bar("iw*0.79", "ih*0.32", "iw*0.17", "ih*0.36", &shade(palette.accent, 0.8)),
        disc(0.40, "white", "w/2", "h/2"),
        disc(0.38, palette.accent, "w/2", "h/2"),
        bar("iw/2-2", "ih*0.06", "4", "ih*0.88", "white"),
    ];
    for (x, width) in [("iw*0.04", "iw*0.92"), ("iw*0.04", "iw*0.17"), ("iw*0.79", "iw*0.17")] {
        let (y, height) =
            if width == "iw*0.92" { ("ih*0.06", "ih*0.88") } else { ("ih*0.32", "ih*0.36") };
        layers.push(format!("drawbox=x={x}:y={y}:w={width}:h={height}:t=5:c=white"));
    }
    let places = [(0.26, 0.35), (0.30, 0.68), (0.45, 0.24), (0.60, 0.72), (0.70, 0.32)];
    for (index, (x, y)) in places.into_iter().enumerate() {
        let i = index as f64;
        let wander = |at: f64, side: &str, speed: f64| {
            format!("{side}*({at:.2}+0.06*sin(t*{:.2}+{:.2}))", speed + 0.13 * i, 1.7 * i)
        };
        let (team, number) = if index % 2 == 0 {
            (palette.home, contestant.number + index)
        } else {
            (palette.away, 4 + 3 * index)
        };
        let (x, y) = (wander(x, "w", 0.9), wander(y, "h", 1.2));
        layers.push(player(0.11, team, &x, &y));
        layers.push(text(&number.to_string(), 0.045, "white", &x, &y));
    }
    let pass = ("w*(0.48+0.2*sin(t*1.9))", "h*(0.5+0.22*sin(t*1.3+0.6))");
    layers.push(player(0.06, BALL, pass.0, pass.1));
    layers
}

fn shot(palette: Palette, contestant: &Contestant) -> Vec<String> {
    let mut layers: Vec<String> = (0..6)
        .map(|row| {
            let (y, alpha) = (0.06 * f64::from(row), 0.30 - 0.05 * f64::from(row));
            bar("0", &format!("ih*{y:.2}"), "iw", "ih*0.06", &shade("black", alpha))
        })
        .collect();
    for row in 0..3 {
        let colour = shade(if row % 2 == 0 { palette.home } else { palette.away }, 0.45);
        let y = format!("h*{:.2}+h*0.008*sin(t*7+{row})", 0.45 + 0.06 * f64::from(row));
        layers.push(text(&"● ".repeat(44), 0.06, &colour, "w/2", &y));
    }
    layers.extend([
        bar("0", "ih*0.68", "iw", "ih*0.32", palette.accent),
        bar("0", "ih*0.68", "iw", "ih*0.008", "white"),
        bar("iw*0.88", "ih*0.24", "iw*0.015", "ih*0.56", "0x333333"),
        bar("iw*0.855", "ih*0.20", "iw*0.018", "ih*0.24", "white"),
    ]);
    layers.extend(figure(0.16, palette.home, contestant));
    // One shot every two seconds: up, over, and through the net.
    let u = "mod(t,2)/1.4";
    let x = format!("w*if(lt({u},1),0.19+0.61*{u},0.80)");
    let fall = format!("0.36+0.9*({u}-1)");
    let y = format!("h*if(lt({u},1),0.56-0.2*{u}-1.3*{u}*(1-{u}),min({fall},0.9))");
    layers.push(player(0.075, BALL, &x, &y));
    layers.extend([
        bar("iw*0.765", "ih*0.385", "iw*0.09", "ih*0.012", BALL),
        "drawgrid=x=iw*0.77:y=ih*0.4:w=iw*0.013:h=ih*0.7:t=1:c=white@0.12".to_owned(),
    ]);
    layers
}

fn street(palette: Palette, contestant: &Contestant) -> Vec<String> {
    let mut layers = vec![disc(0.16, "0xFFF4D6", "w*0.82", "h*0.30")];
    for index in 0..12_u32 {
        let height = 0.18 + f64::from(index * 37 % 23) / 100.0;
        let (x, y) = (f64::from(index) / 12.0, 0.66 - height);
        let (left, top) = (format!("iw*{x:.3}"), format!("ih*{y:.3}"));
        layers.push(bar(&left, &top, "iw*0.075", &format!("ih*{height:.3}"), "black@0.55"));
        let lit = format!("iw*{:.3}", x + 0.012 + 0.02 * f64::from(index % 3));
        layers.push(bar(&lit, &format!("ih*{:.3}", y + 0.04), "iw*0.01", "ih*0.02", "0xFFD166"));
    }
    layers.extend([
        bar("0", "ih*0.66", "iw", "ih*0.34", &shade(palette.accent, 0.9)),
        bar("0", "ih*0.655", "iw", "ih*0.01", "white@0.8"),
        bar("iw*0.1", "ih*0.8", "iw*0.8", "ih*0.006", "white@0.5"),
    ]);
    layers.extend(figure(0.42, palette.home, contestant));
    // The ball leaves a fading trail.
    for (lag, alpha) in [(0.12, 0.25), (0.06, 0.5), (0.0, 1.0)] {
        let t = format!("(t-{lag})");
        let x = format!("w*(0.56+0.05*sin({t}*1.5))");
        let y = format!("h*(0.86-0.24*abs(sin({t}*4.5)))");
        layers.push(player(0.085, &shade(BALL, alpha), &x, &y));
    }
    layers
}

/// Somebody in a jersey with a number, at `x` of the width.
fn figure(x: f64, jersey: &str, contestant: &Contestant) -> Vec<String> {
    // Of the height, less where the picture is narrow: as in `text`.
    let length = |part: f64| format!("'{part:.3}*min(ih,iw*0.7)'");
    let across = |part: f64| format!("'iw*{x:.3}+{part:.3}*min(ih,iw*0.7)'");
    let above_ground = |part: f64| format!("'ih*0.88-{part:.3}*min(ih,iw*0.7)'");
    let part = |left: f64, top: f64, width: f64, height: f64, colour: &str| {
        bar(&across(left), &above_ground(top), &length(width), &length(height), colour)
    };
    let centre = format!("w*{x:.3}");
    let height = |part: f64| format!("h*0.88-{part:.3}*min(h,w*0.7)");
    vec![
        part(-0.05, 0.14, 0.035, 0.14, "0x2B2D42"),
        part(0.015, 0.14, 0.035, 0.14, "0x2B2D42"),
        part(-0.065, 0.32, 0.13, 0.19, jersey),
        part(0.055, 0.31, 0.07, 0.03, "0x8D5524"),
        disc(0.11, "0x8D5524", &centre, &height(0.38)),
        text(&contestant.number.to_string(), 0.09, "white", &centre, &height(0.23)),
    ]
}

/// Teams, score and a running clock on top; the name at the bottom.
fn scoreboard(palette: Palette, contestant: &Contestant) -> Vec<String> {
    let minutes = "%{eif\\:floor((540-t)/60)\\:d}";
    let seconds = "%{eif\\:mod(540-t\\,60)\\:d\\:2}";
    let (home, away) = contestant.score;
    let [us, them] = contestant.teams;
    vec![
        bar("iw*0.26", "ih*0.02", "iw*0.48", "ih*0.08", "0x101418@0.9"),
        bar("iw*0.26", "ih*0.02", "iw*0.012", "ih*0.08", palette.home),
        bar("iw*0.728", "ih*0.02", "iw*0.012", "ih*0.08", palette.away),
        text(&format!("{us} {home}"), 0.042, "white", "w*0.355", "h*0.06"),
        text(&format!("{minutes}\\:{seconds}"), 0.036, "0xFFD166", "w*0.5", "h*0.06"),
        text(&format!("{away} {them}"), 0.042, "white", "w*0.645", "h*0.06"),
        bar("iw*0.03", "ih*0.89", "iw*0.44", "ih*0.075", "0x101418@0.8"),
        bar("iw*0.03", "ih*0.89", "iw*0.012", "ih*0.075", BALL),
        text(&contestant.caption(), 0.030, "white", "w*0.255", "h*0.928"),
    ]
}

fn bar(x: &str, y: &str, width: &str, height: &str, colour: &str) -> String {
    format!("drawbox=x={x}:y={y}:w={width}:h={height}:t=fill:c={colour}")
}

/// A circle of `size` times the height's diameter around (`x`, `y`). The
/// glyph fills two thirds of its em.
fn disc(size: f64, colour: &str, x: &str, y: &str) -> String {
    text("●", 1.28 * size, colour, x, y)
}

/// A disc with a white rim.
fn player(size: f64, colour: &str, x: &str, y: &str) -> String {
    format!("{}:borderw=3:bordercolor=white@0.9", disc(size, colour, x, y))
}

/// Text around (`x`, `y`); `size` is a part of the height, less where the
/// picture is narrow.
fn text(text: &str, size: f64, colour: &str, x: &str, y: &str) -> String {
    format!(
        "drawtext=fontfile={FONT}:text='{text}':fontsize='{size:.4}*min(h,w*0.7)'\
         :fontcolor={colour}:x='{x}-tw/2':y='{y}-th/2'"
    )
}

fn shade(colour: &str, alpha: f64) -> String {
    format!("{colour}@{alpha:.2}")
}
