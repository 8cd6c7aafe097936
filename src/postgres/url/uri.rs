//! The URL form: `postgres://user:password@host:port/dbname?key=value`.

use super::parameters::{Parameters, is_known};
use super::{UrlError, percent_decode};

/// Reads what follows `postgres://`.
///
/// A raw password may hold `@`, `/`, `?` and `#`. So the query is split off
/// first, where it is one beyond doubt, then the user at the last `@`.
pub(super) fn read(rest: &str) -> Result<Parameters, UrlError> {
    let mut parameters = Parameters::default();
    let (head, query) = split_query(rest);
    let (userinfo, location) = match head.rsplit_once('@') {
        Some((userinfo, location)) => (Some(userinfo), location),
        None => (None, head),
    };
    if let Some(userinfo) = userinfo {
        read_userinfo(userinfo, &mut parameters)?;
    }
    read_location(location, &mut parameters)?;
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or(UrlError::Pair)?;
        let key = percent_decode(key, "a parameter's name", false)?;
        let is_password = key == "password";
        let decoded = percent_decode(value, "a parameter", is_password)?;
        if is_password {
            parameters.raw_password = Some(value.to_owned());
        }
        parameters.set(&key, decoded);
    }
    Ok(parameters)
}

/// Splits at the first `?` that begins a query.
///
/// One that belongs to the password is told by what follows: every item of a
/// query is `name=value`, and where an `@` still comes, which is nearly always
/// the end of a password, every name is one that we know.
fn split_query(rest: &str) -> (&str, Option<&str>) {
    for (at, _) in rest.match_indices('?') {
        let query = &rest[at + 1..];
        let knows_all = !query.contains('@');
        let is_query = query.split('&').filter(|item| !item.is_empty()).all(|item| match item.split_once('=') {
            Some((name, _)) => is_name(name) && (knows_all || is_known(name)),
            None => false,
        });
        if is_query {
            return (&rest[..at], Some(query));
        }
    }
    (rest, None)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.%".contains(c))
}

fn read_userinfo(userinfo: &str, parameters: &mut Parameters) -> Result<(), UrlError> {
    let (user, password) = match userinfo.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (userinfo, None),
    };
    if !user.is_empty() {
        parameters.set("user", percent_decode(user, "the user", false)?);
    }
    if let Some(password) = password.filter(|password| !password.is_empty()) {
        parameters.set("password", percent_decode(password, "the password", true)?);
        parameters.raw_password = Some(password.to_owned());
    }
    Ok(())
}

/// Reads `host:port/dbname`, each part of which may be missing.
fn read_location(location: &str, parameters: &mut Parameters) -> Result<(), UrlError> {
    let (authority, dbname) = match location.split_once('/') {
        Some((authority, dbname)) => (authority, dbname),
        None => (location, ""),
    };
    let (host, port) = split_port(authority)?;
    if !host.is_empty() {
        parameters.set("host", read_host(host)?);
    }
    if !port.is_empty() {
        parameters.set("port", port.to_owned());
    }
    if !dbname.is_empty() {
        parameters.set("dbname", percent_decode(dbname, "the database's name", false)?);
    }
    Ok(())
}

fn split_port(authority: &str) -> Result<(&str, &str), UrlError> {
    if authority.contains(',') {
        return Err(UrlError::SeveralHosts);
    }
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or(UrlError::Host)?;
        // An address in brackets is an IPv6 literal, with a zone at most.
        let address = host.split_once('%').map_or(host, |(address, _)| address);
        if address.parse::<std::net::Ipv6Addr>().is_err() {
            return Err(UrlError::Host);
        }
        return match (after, after.strip_prefix(':')) {
            ("", _) => Ok((host, "")),
            (_, Some(port)) => Ok((host, port)),
            _ => Err(UrlError::Host),
        };
    }
    match authority.split_once(':') {
        Some((_, port)) if port.contains(':') => Err(UrlError::Host),
        Some((host, port)) => Ok((host, port)),
        None => Ok((authority, "")),
    }
}

/// A host name, an address, or a socket's folder with its `/` percent-encoded.
fn read_host(host: &str) -> Result<String, UrlError> {
    if host.contains(':') {
        return Ok(host.replacen("%25", "%", 1));
    }
    let decoded = percent_decode(host, "the host", false)?;
    let is_name = !decoded.starts_with('-') && decoded.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    if decoded.starts_with('/') || is_name { Ok(decoded) } else { Err(UrlError::Host) }
}
