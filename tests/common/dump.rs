//! What pg_dump says, without what says nothing of a schema.

/// Lines of a dump, in one order where their order says nothing: that of an
/// object's privileges, and of the storage options of one line, which are
/// printed as they were set.
pub fn in_order<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let mut lines: Vec<String> = lines.map(with_sorted_options).collect();
    let is_privilege = |line: &String| line.starts_with("GRANT ") || line.starts_with("REVOKE ");
    for run in lines.chunk_by_mut(|a, b| is_privilege(a) && is_privilege(b)) {
        run.sort();
    }
    lines.join("\n")
}

fn with_sorted_options(line: &str) -> String {
    let Some((before, rest)) =
        line.split_once(" WITH (").or_else(|| line.strip_prefix("WITH (").map(|rest| ("", rest)))
    else {
        return line.to_owned();
    };
    let Some((list, after)) = rest.split_once(')') else { return line.to_owned() };
    let mut options: Vec<&str> = list.split(", ").collect();
    options.sort_unstable();
    format!("{before} WITH ({}){after}", options.join(", "))
}
