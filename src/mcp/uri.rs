//! `schemacast://PROJECT/…`: how resources are named.
//!
//! Names are percent-encoded but for the unreserved characters (RFC 3986,
//! section 2.3), so a name can hold anything.

use crate::tasks::places;

const SCHEME: &str = "schemacast://";

/// The URI of a project's resource.
pub fn of<'p>(project: &str, path: impl IntoIterator<Item = &'p str>) -> String {
    let mut uri = format!("{SCHEME}{}", encoded(project));
    for part in path.into_iter().flat_map(|part| part.split('/')) {
        uri.push('/');
        uri.push_str(&encoded(part));
    }
    uri
}

/// The project and the parts of a URI.
///
/// # Errors
/// It is none of ours, or a part of it is no name of a file.
pub fn read(uri: &str) -> Result<(String, Vec<String>), String> {
    let rest = uri.strip_prefix(SCHEME).ok_or_else(|| format!("`{uri}` does not begin with {SCHEME}"))?;
    let parts: Option<Vec<String>> = rest.split('/').map(decoded).collect();
    let mut parts = parts.ok_or_else(|| format!("`{uri}` is not percent-encoded UTF-8"))?;
    // A decoded part may hold a slash or be `..`, and would be a path then.
    if parts.iter().any(|part| !places::is_inside(part) || part.contains(['/', '\\'])) {
        return Err(format!("`{uri}` has a part that names no file"));
    }
    let project = parts.remove(0);
    Ok((project, parts))
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        bytes.push(u8::try_from(digit(0)? * 16 + digit(1)?).ok()?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_read_as_it_was_made() {
        for (project, path) in [("shop", "manifest"), ("my shop", "artifacts/models/a b%.rs"), ("lädchen", "x/y")] {
            let (name, parts) = read(&of(project, [path])).unwrap();
            assert_eq!((name.as_str(), parts.join("/").as_str()), (project, path));
        }
        for uri in [
            "file:///etc/passwd",
            "schemacast://shop/artifacts/../x",
            "schemacast://shop/artifacts/%2e%2e/x",
            "schemacast://shop/artifacts/a%2Fb",
            "schemacast://shop//x",
            "schemacast://shop/%zz",
            "schemacast://shop/%ff",
            "schemacast://",
        ] {
            assert!(read(uri).is_err(), "{uri}");
        }
    }
}
