//! Who may do what: one table for both applications, and the only way to
//! register a route, which is to have a row in it.
//!
//! The console lets in whom the row names, before any handler is asked. In the
//! public service the handlers ask for whom they need, and a test compares each
//! with its row (`crates/cli/tests/cli/applications`).

mod reference;
mod routes;
mod table;

use std::fmt;

use anb_domain::Role;
use http::Method;

pub use reference::reference;
pub use routes::{Routes, or_else, with_short_paths};
pub use table::TABLE;

/// The two services behind the load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Application {
    Public,
    Console,
}

/// As what somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Visitor {
    /// Not signed in; in the console also whoever has not shown the second
    /// factor.
    Anonymous,
    As(Role),
}

impl Visitor {
    pub const ALL: [Self; 5] = [
        Self::Anonymous,
        Self::As(Role::Player),
        Self::As(Role::Jury),
        Self::As(Role::Operator),
        Self::As(Role::Admin),
    ];

    const fn bit(self) -> u8 {
        match self {
            Self::Anonymous => 1,
            Self::As(Role::Player) => 1 << 1,
            Self::As(Role::Jury) => 1 << 2,
            Self::As(Role::Operator) => 1 << 3,
            Self::As(Role::Admin) => 1 << 4,
        }
    }
}

impl fmt::Display for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::As(role) => role.fmt(f),
        }
    }
}

/// A set of visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience(u8);

impl Audience {
    pub const EVERYBODY: Self = Self::of(&Visitor::ALL);
    /// Whoever has an account.
    pub const SIGNED_IN: Self = Self::of(&[
        Visitor::As(Role::Player),
        Visitor::As(Role::Jury),
        Visitor::As(Role::Operator),
        Visitor::As(Role::Admin),
    ]);
    /// Whoever has any business in the console.
    pub const STAFF: Self =
        Self::of(&[Visitor::As(Role::Jury), Visitor::As(Role::Operator), Visitor::As(Role::Admin)]);
    /// Scores.
    pub const JURY: Self = Self::of(&[Visitor::As(Role::Jury)]);
    pub const OPERATORS: Self = Self::of(&[Visitor::As(Role::Operator), Visitor::As(Role::Admin)]);
    pub const ADMINS: Self = Self::of(&[Visitor::As(Role::Admin)]);

    const fn of(visitors: &[Visitor]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < visitors.len() {
            bits |= visitors[at].bit();
            at += 1;
        }
        Self(bits)
    }

    #[must_use]
    pub const fn includes(self, visitor: Visitor) -> bool {
        self.0 & visitor.bit() != 0
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub application: Application,
    pub method: Method,
    /// As the router has it: `/videos/{id}`.
    pub path: &'static str,
    pub who: Audience,
    /// Whether only on what is one's own; what is somebody else's is refused
    /// (403) or not there (404).
    pub own: bool,
}

impl Rule {
    const fn new(
        application: Application,
        method: Method,
        path: &'static str,
        who: Audience,
    ) -> Self {
        Self { application, method, path, who, own: false }
    }

    const fn own(mut self) -> Self {
        self.own = true;
        self
    }
}

/// The row of a request. HEAD is GET without the body.
#[must_use]
pub fn rule(application: Application, method: &Method, path: &str) -> Option<&'static Rule> {
    rule_in(TABLE, application, method, path)
}

fn rule_in<'t>(
    table: &'t [Rule],
    application: Application,
    method: &Method,
    path: &str,
) -> Option<&'t Rule> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    table
        .iter()
        .find(|rule| rule.application == application && rule.method == *method && rule.path == path)
}

/// Whether somebody may do what a row describes; what has no row, nobody may.
#[must_use]
pub fn may(application: Application, visitor: Visitor, method: &Method, path: &str) -> bool {
    rule(application, method, path).is_some_and(|rule| rule.who.includes(visitor))
}

/// The row of a route that is about to be registered.
///
/// # Panics
/// When there is none: whoever adds a route decides who may use it.
pub fn expect_rule(application: Application, method: &Method, path: &str) {
    assert!(
        rule(application, method, path).is_some(),
        "{application:?} has no row for {method} {path}: add it to crates/http/src/access/table.rs"
    );
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_row_contradicts_another_and_each_application_is_in_order() {
        let key = |rule: &Rule| (rule.application, rule.path, rule.method.to_string());
        let keys: BTreeSet<_> = TABLE.iter().map(key).collect();
        assert_eq!(keys.len(), TABLE.len(), "two rows for one route");
        let paths: Vec<_> = TABLE.iter().map(|rule| (rule.application, rule.path)).collect();
        assert!(
            paths.is_sorted(),
            "by application and path: {:?}",
            paths.windows(2).find(|two| two[0] > two[1])
        );
    }

    #[test]
    fn a_head_is_a_get_and_what_has_no_row_is_nobodys() {
        let may = |visitor, method: Method, path| may(Application::Console, visitor, &method, path);
        let (operator, jury) = (Visitor::As(Role::Operator), Visitor::As(Role::Jury));
        assert!(may(operator, Method::GET, "/console") && may(operator, Method::HEAD, "/console"));
        assert!(!may(jury, Method::GET, "/console") && !may(operator, Method::PUT, "/console"));
        assert!(!may(Visitor::As(Role::Admin), Method::GET, "/nowhere"));
    }

    #[test]
    fn an_audience_is_who_it_is_said_to_be() {
        let members = |audience: Audience| {
            Visitor::ALL.into_iter().filter(|who| audience.includes(*who)).collect::<Vec<_>>()
        };
        assert_eq!(members(Audience::EVERYBODY), Visitor::ALL);
        assert_eq!(members(Audience::SIGNED_IN), Visitor::ALL[1..]);
        assert_eq!(members(Audience::STAFF), Visitor::ALL[2..]);
        assert_eq!(members(Audience::OPERATORS), Visitor::ALL[3..]);
        assert_eq!(members(Audience::ADMINS), Visitor::ALL[4..]);
        assert_eq!(members(Audience::JURY), [Visitor::As(Role::Jury)]);
    }
}
