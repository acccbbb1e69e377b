//! The table: by application, then by path. `docs/access.md` is made from it.

use http::Method;

use super::{Application, Audience, Rule};

const EVERYBODY: Audience = Audience::EVERYBODY;
const SIGNED_IN: Audience = Audience::SIGNED_IN;
const STAFF: Audience = Audience::STAFF;
const OPERATORS: Audience = Audience::OPERATORS;
const ADMINS: Audience = Audience::ADMINS;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

const fn public(method: Method, path: &'static str, who: Audience) -> Rule {
    Rule::new(Application::Public, method, path, who)
}

const fn console(method: Method, path: &'static str, who: Audience) -> Rule {
    Rule::new(Application::Console, method, path, who)
}

pub static TABLE: &[Rule] = &[
    public(GET, "/", EVERYBODY),
    public(POST, "/api/auth/login", EVERYBODY),
    public(GET, "/api/auth/me", SIGNED_IN),
    public(DELETE, "/api/auth/me", SIGNED_IN),
    public(POST, "/api/auth/signup", EVERYBODY),
    public(GET, "/api/public/rankings", EVERYBODY),
    public(GET, "/api/public/videos", EVERYBODY),
    public(GET, "/api/public/videos/{id}", EVERYBODY),
    public(POST, "/api/public/videos/{id}/vote", SIGNED_IN),
    public(DELETE, "/api/public/videos/{id}/vote", SIGNED_IN),
    public(GET, "/api/public/videos/{id}/vote-status", SIGNED_IN),
    public(GET, "/api/uploads", SIGNED_IN),
    public(POST, "/api/uploads", SIGNED_IN),
    public(GET, "/api/uploads/{id}", SIGNED_IN).own(),
    public(DELETE, "/api/uploads/{id}", SIGNED_IN).own(),
    public(POST, "/api/uploads/{id}/complete", SIGNED_IN).own(),
    public(GET, "/api/videos", SIGNED_IN),
    public(GET, "/api/videos/events", SIGNED_IN),
    public(POST, "/api/videos/upload", SIGNED_IN),
    public(GET, "/api/videos/{id}", SIGNED_IN).own(),
    public(DELETE, "/api/videos/{id}", SIGNED_IN).own(),
    public(GET, "/api/videos/{id}/events", SIGNED_IN).own(),
    public(GET, "/assets/{version}/{*path}", EVERYBODY),
    public(GET, "/brand/{version}/{file}", EVERYBODY),
    public(GET, "/docs", EVERYBODY),
    public(GET, "/docs/", EVERYBODY),
    public(GET, "/docs/{file}", EVERYBODY),
    public(GET, "/favicon.ico", EVERYBODY),
    public(GET, "/health", EVERYBODY),
    public(POST, "/language", EVERYBODY),
    public(GET, "/me", SIGNED_IN),
    public(GET, "/me/delete", SIGNED_IN),
    public(POST, "/me/delete", SIGNED_IN),
    public(GET, "/me/videos", SIGNED_IN),
    public(GET, "/me/videos/{id}/delete", SIGNED_IN).own(),
    public(POST, "/me/videos/{id}/delete", SIGNED_IN).own(),
    public(GET, "/me/videos/{id}/original", SIGNED_IN).own(),
    public(GET, "/me/videos/{id}/result", SIGNED_IN).own(),
    // Whoever has a signed link that is still good.
    public(GET, "/media/{*key}", EVERYBODY),
    public(PUT, "/media/{*key}", EVERYBODY),
    public(GET, "/openapi.json", EVERYBODY),
    public(GET, "/players/{id}", EVERYBODY),
    public(GET, "/privacy", EVERYBODY),
    public(GET, "/problems", EVERYBODY),
    public(GET, "/rankings", EVERYBODY),
    public(GET, "/rankings/table", EVERYBODY),
    public(GET, "/ready", EVERYBODY),
    public(GET, "/robots.txt", EVERYBODY),
    public(GET, "/rules", EVERYBODY),
    public(GET, "/sign-in", EVERYBODY),
    public(POST, "/sign-in", EVERYBODY),
    public(POST, "/sign-out", EVERYBODY),
    public(GET, "/sign-up", EVERYBODY),
    public(POST, "/sign-up", EVERYBODY),
    public(GET, "/upload", SIGNED_IN),
    public(POST, "/upload", SIGNED_IN),
    public(GET, "/videos/{id}", EVERYBODY),
    public(GET, "/videos/{id}/poster.jpg", EVERYBODY),
    public(GET, "/videos/{id}/vote", EVERYBODY),
    public(POST, "/videos/{id}/vote", SIGNED_IN),
    // The console.
    console(GET, "/console", OPERATORS),
    console(GET, "/console/account", STAFF),
    console(POST, "/console/account/recovery-codes", STAFF),
    console(POST, "/console/account/second-factor", STAFF),
    console(POST, "/console/account/second-factor/confirm", STAFF),
    console(POST, "/console/account/sessions", STAFF),
    console(POST, "/console/account/sessions/{id}", STAFF).own(),
    console(GET, "/console/assets/{version}/{*path}", EVERYBODY),
    // Addresses and deeds of everybody who works here.
    console(GET, "/console/audit", ADMINS),
    console(GET, "/console/brand/{version}/{file}", EVERYBODY),
    console(GET, "/console/contest", ADMINS),
    console(GET, "/console/contest/brand", ADMINS),
    console(POST, "/console/contest/brand/discard", ADMINS),
    console(POST, "/console/contest/brand/draft", ADMINS),
    console(GET, "/console/contest/brand/preview/{version}/{picture}", ADMINS),
    console(POST, "/console/contest/brand/use", ADMINS),
    console(POST, "/console/contest/parts/{part}", ADMINS),
    console(GET, "/console/contest/versions", ADMINS),
    console(GET, "/console/contest/versions/{number}", ADMINS),
    console(POST, "/console/contest/versions/{number}", ADMINS),
    console(GET, "/console/dead-letters", OPERATORS),
    console(POST, "/console/dead-letters/redrive", OPERATORS),
    console(POST, "/console/language", EVERYBODY),
    console(GET, "/console/overview/events", OPERATORS),
    console(GET, "/console/queue", OPERATORS),
    console(GET, "/console/queue/events", OPERATORS),
    console(POST, "/console/queue/retry", OPERATORS),
    console(POST, "/console/reprocess", OPERATORS),
    console(POST, "/console/reprocess/{run}", OPERATORS),
    console(GET, "/console/sign-in", EVERYBODY),
    console(POST, "/console/sign-in", EVERYBODY),
    // After the password, before the second factor.
    console(GET, "/console/sign-in/code", EVERYBODY),
    console(POST, "/console/sign-in/code", EVERYBODY),
    console(GET, "/console/sign-in/enrol", EVERYBODY),
    console(POST, "/console/sign-in/enrol", EVERYBODY),
    console(POST, "/console/sign-out", EVERYBODY),
    console(GET, "/console/videos", OPERATORS),
    console(GET, "/console/videos/{id}", OPERATORS),
    console(POST, "/console/videos/{id}/cancel", OPERATORS),
    console(GET, "/console/videos/{id}/events", OPERATORS),
    console(POST, "/console/videos/{id}/reprocess", OPERATORS),
    console(POST, "/console/videos/{id}/retry", OPERATORS),
    console(GET, "/console/webhooks", ADMINS),
    console(POST, "/console/webhooks", ADMINS),
    console(GET, "/console/webhooks/new", ADMINS),
    console(GET, "/console/webhooks/{id}", ADMINS),
    console(POST, "/console/webhooks/{id}", ADMINS),
    console(GET, "/console/webhooks/{id}/delete", ADMINS),
    console(POST, "/console/webhooks/{id}/delete", ADMINS),
    console(GET, "/console/webhooks/{id}/deliveries/{delivery}", ADMINS),
    console(POST, "/console/webhooks/{id}/deliveries/{delivery}/again", ADMINS),
    console(POST, "/console/webhooks/{id}/secret", ADMINS),
    console(POST, "/console/webhooks/{id}/test", ADMINS),
    console(GET, "/health", EVERYBODY),
    console(GET, "/ready", EVERYBODY),
];
