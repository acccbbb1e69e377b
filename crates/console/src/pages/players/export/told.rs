//! What the archive tells of somebody, file by file.

use anb_domain::{PlayerId, Subject, vote_review::Footprint};
use anb_store::{
    AuditEntry, ConsoleSession, GivenVote, Player, Report, StoreError, Video, jury::PanelCriterion,
};
use serde_json::{Map, Value, json};

use crate::{pages::players::player::trace, refusal::Refusal, state::AppState};

const README: &str = "\
Todo lo que la plataforma guarda de esta persona.
  profile.json  su cuenta, y de dónde la creó
  videos.json   sus vídeos; los archivos están en originals/ y results/
  votes.json    por qué vídeos votó, cuándo y de dónde
  reports.json  lo que reportó
  audit.json    lo que quienes operan la plataforma hicieron con su cuenta, o ella misma en la consola
  sessions.json sus sesiones abiertas en la consola
  jury.json     lo que puntuó como jurado
De dónde: una huella (hash con clave) de la red y del dispositivo, nunca la dirección misma;
se borra a los {days} días. null: ya se borró, o no se guardó.

All that the platform keeps of this person.
  profile.json  the account, and where it was created from
  videos.json   the videos; their files are in originals/ and results/
  votes.json    for which videos they voted, when, and where from
  reports.json  what they reported
  audit.json    what operators did to the account, or the person did in the console
  sessions.json their open sessions in the console
  jury.json     what they scored as a juror
Where from: a keyed hash of the network and of the device, never the address itself;
it is removed after {days} days. null: it is removed already, or was not kept.
";

pub async fn texts(
    app: &AppState,
    player: &Player,
    videos: &[Video],
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let store = &app.operations.store;
    let votes = store.votes_by(player.id).await.map_err(Refusal::internal)?;
    let reports = store.reports_by(player.id).await.map_err(Refusal::internal)?;
    let from = store.signed_up_from(player.id).await.map_err(Refusal::internal)?;
    let audit = trace(app, player, u64::MAX).await?;
    let sessions = store.console_sessions_of(player.id).await.map_err(Refusal::internal)?;
    let factor = store.second_factor(player.id).await.map_err(Refusal::internal)?;
    let has_factor = factor.is_some_and(|factor| factor.confirmed);
    let days = app.settings.vote_review.keep_hashes_days.to_string();
    Ok(vec![
        ("README.txt", README.replace("{days}", &days)),
        ("profile.json", pretty(&profile(player, &from.unwrap_or_default(), has_factor))),
        ("videos.json", pretty(&videos.iter().map(video).collect())),
        ("votes.json", pretty(&votes.iter().map(vote).collect())),
        ("reports.json", pretty(&reports.iter().map(report).collect())),
        ("audit.json", pretty(&audit.iter().map(|noted| entry(player, noted)).collect())),
        ("sessions.json", pretty(&sessions.iter().map(session).collect())),
        ("jury.json", pretty(&scored(app, player.id).await.map_err(Refusal::internal)?)),
    ])
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn profile(player: &Player, from: &Footprint, has_second_factor: bool) -> Value {
    json!({
        "id": player.id.0,
        "first_name": player.first_name,
        "last_name": player.last_name,
        "email": player.email.as_str(),
        "city": player.city,
        "country": player.country,
        "role": player.role.as_str(),
        "has_second_factor": has_second_factor,
        "created_at": player.created_at,
        "signup_network": from.network,
        "signup_device": from.device,
        "sessions_revoked_at": player.sessions_revoked_at,
    })
}

fn video(video: &Video) -> Value {
    json!({
        "id": video.id.0,
        "title": video.title,
        "status": video.status,
        "visibility": video.visibility,
        "visibility_reason": video.visibility_reason,
        "size_bytes": video.size_bytes,
        "sha256": video.sha256,
        "content_type": video.content_type,
        "duration_s": video.duration_s,
        "votes": video.votes,
        "created_at": video.created_at,
        "uploaded_at": video.uploaded_at,
        "processed_at": video.processed_at,
    })
}

fn vote(vote: &GivenVote) -> Value {
    json!({
        "video_id": vote.video.0,
        "at": vote.cast_at,
        "network": vote.from.network,
        "device": vote.from.device,
        "struck_at": vote.struck_at,
        "struck_reason": vote.struck_reason,
    })
}

fn report(report: &Report) -> Value {
    json!({
        "video_id": report.video.0,
        "reason": report.reason,
        "note": report.note,
        "at": report.created_at,
    })
}

/// What a juror has given, panel by panel.
async fn scored(app: &AppState, juror: PlayerId) -> Result<Value, StoreError> {
    let store = &app.operations.store;
    let mut scored = Vec::new();
    for panel in store.panels_of(juror).await? {
        for line in &panel.sheets {
            let Some(sheet) = store.sheet(&panel, juror, &line.key).await? else { continue };
            if sheet.marks.is_empty() && sheet.comment.is_empty() {
                continue;
            }
            let mark = |criterion: &PanelCriterion| {
                let mark = sheet.marks.get(&criterion.id).map(ToString::to_string);
                (criterion.name.clone(), json!(mark))
            };
            scored.push(json!({
                "panel": panel.panel.name,
                "video_id": sheet.video.0,
                "marks": panel.panel.criteria.iter().map(mark).collect::<Map<_, _>>(),
                "comment": sheet.comment,
            }));
        }
    }
    Ok(scored.into())
}

fn session(session: &ConsoleSession) -> Value {
    json!({
        "created_at": session.created_at,
        "seen_at": session.seen_at,
        "address": session.address,
        "agent": session.agent,
    })
}

/// Without the names and addresses of those who operate the platform, and
/// without what this person, operating it, did to others.
fn entry(player: &Player, entry: &AuditEntry) -> Value {
    let own = entry.actor.id == Some(player.id);
    let mut told = json!({ "at": entry.at, "action": entry.action, "by": entry.actor.role });
    if own {
        told["address"] = json!(entry.actor.address);
        told["agent"] = json!(entry.actor.agent);
    }
    if entry.subject == Subject::player(player.id) {
        told["before"] = json!(entry.before);
        told["after"] = json!(entry.after);
        told["reason"] = json!(entry.reason);
    }
    told
}
