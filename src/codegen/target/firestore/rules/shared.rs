use super::operand::UUID;

/// A function that conditions of any collection may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    pub comment: &'static str,
    pub name: &'static str,
    pub parameters: &'static str,
    pub body: String,
}

/// All of them. Only those that are called stand in the file.
pub fn all() -> [Shared; 5] {
    let shared = |name, parameters, comment, body: &str| Shared { comment, name, parameters, body: body.to_owned() };
    [
        shared(
            "uid",
            "",
            "auth.uid(): the user's id where it is a UUID as Postgres prints one; what else there is, Postgres refuses.",
            &format!("request.auth != null && request.auth.uid.matches('{UUID}') ? request.auth.uid : null"),
        ),
        shared("userId", "", "The user's id as text.", "request.auth != null ? request.auth.uid : null"),
        shared(
            "email",
            "",
            "The user's address, where it is verified.",
            "request.auth != null && request.auth.token.get('email_verified', false) == true \
             ? request.auth.token.get('email', null) : null",
        ),
        shared(
            "role",
            "",
            "auth.role(): what Supabase calls those who are signed in, and those who are not.",
            "request.auth != null ? 'authenticated' : 'anon'",
        ),
        shared(
            "claim",
            "name",
            "A claim of the token.",
            "request.auth != null ? request.auth.token.get(name, null) : null",
        ),
    ]
}
