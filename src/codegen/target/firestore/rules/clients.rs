use super::formula::Formula;
use crate::codegen::manifest::Grant;

/// The roles that a client of Firestore can have, as Supabase means them:
/// `anon` has nobody signed in, `authenticated` is whoever is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clients {
    pub anonymous: bool,
    pub authenticated: bool,
}

impl Clients {
    pub const ALL: Clients = Clients { anonymous: true, authenticated: true };

    /// The clients among the roles of a policy; no roles: PUBLIC, everybody.
    pub fn of(roles: &[String]) -> Clients {
        if roles.is_empty() {
            return Clients::ALL;
        }
        let named = |role: &str| roles.iter().any(|name| name == role || name == "public");
        Clients { anonymous: named("anon"), authenticated: named("authenticated") }
    }

    /// Whom an object's grants give a privilege.
    pub fn granted(grants: &[Grant], privilege: &str) -> Clients {
        let has = |grant: &&Grant| {
            let listed = |list: &[String]| list.iter().any(|given| given == privilege || given == "all");
            listed(&grant.privileges) || listed(&grant.grantable)
        };
        let roles: Vec<String> = grants.iter().filter(has).map(|grant| grant.role.clone()).collect();
        if roles.is_empty() { Clients::default() } else { Clients::of(&roles) }
    }

    /// Whom an object's grants give a privilege that everybody has unless it
    /// was revoked: EXECUTE, and USAGE of the schema `public`.
    pub fn granted_by_default(grants: &[Grant], privilege: &str) -> Clients {
        let revoked = grants.iter().any(|g| g.role == "public" && g.revoked.iter().any(|taken| taken == privilege));
        if revoked { Clients::granted(grants, privilege) } else { Clients::ALL }
    }

    pub fn and(self, other: Clients) -> Clients {
        Clients {
            anonymous: self.anonymous && other.anonymous,
            authenticated: self.authenticated && other.authenticated,
        }
    }

    pub fn is_nobody(self) -> bool {
        self == Clients::default()
    }

    /// The test that a request comes from one of them.
    pub fn formula(self) -> Formula {
        match (self.anonymous, self.authenticated) {
            (true, true) => Formula::Always,
            (false, true) => Formula::test("request.auth != null"),
            (true, false) => Formula::test("request.auth == null"),
            (false, false) => Formula::Never,
        }
    }
}

/// A condition for those who are not signed in and one for those who are.
pub fn split(anonymous: Formula, authenticated: Formula) -> Formula {
    if anonymous == authenticated {
        return anonymous;
    }
    let signed_out = Clients { anonymous: true, authenticated: false }.formula();
    let signed_in = Clients { anonymous: false, authenticated: true }.formula();
    Formula::any([Formula::all([signed_out, anonymous]), Formula::all([signed_in, authenticated])])
}
