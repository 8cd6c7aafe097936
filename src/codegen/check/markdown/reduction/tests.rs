//! What is accepted reduced is accepted as a whole.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::super::faults_of_whole;
use super::*;
use crate::codegen::check::generated;

#[test]
fn of_what_is_alike_one_is_left() {
    let page = "<!-- @generated -->\n\n# Table `a.b`\n\n[Up](../A.md#x) · Schema [`c`](#col-c)\n\n\
                | Column | Type |\n| --- | ---: |\n| <a id=\"col-a\"></a>`a` | int, 4 |\n\
                | <a id=\"col-b\"></a>`b` | text |\n| <a id=\"col-c\"></a>`größe` |  |\n| \\| | \\\\ |\n\n\
                ## *Drawn*\n\n```mermaid\nerDiagram\n    \"a`b\"\n```\n\n<details>\n<summary>The SQL</summary>\n\n\
                ````sql\n\n````\n\n</details>\n\n- `a.b`: because\n- `a.c`: of its type\n- none\n  - 1. more <br>\n\
                \n`a < b`, `<c>`\n";
    let reduced = "<!-- x -->\n\n# x`x`\n\nxxx`x`x\n\n|x|x|\n| --- | ---: |\n| <a></a>`x` |x|\n| <a></a>`x` | |\n\
                   | \\| | \\\\ |\n\n## *x\n\n```mermaid\n```\n\n<details>\n<summary>x</summary>\n\n````sql\n````\n\n\
                   </details>\n\n- `x`x\n- x\n  - 1. x<br>\n\n`xxx`x`xx`\n";
    assert_eq!(reduce(page).as_deref(), Some(reduced));
    assert!(faults_of_whole(page).is_empty() && faults_of_whole(reduced).is_empty());
}

#[test]
fn what_can_be_read_in_two_ways_is_not_reduced() {
    for text in [
        "a\rb\n",
        "a\tb\n",
        "```sql\nx\n",
        "x\n```sql\nx\n```\n",
        "- ```\n  x\n  ```\n",
        "~~~\nx\n~~~\n",
        "````\n```\n````\n",
        "```\n    ```\n",
        "x\n| a |\n| --- |\n",
        "| a |\n| b |\n",
        "| a |\nx\n",
        "| a |",
        "| a |\n| --- |\n| b\n",
        "| a |\n| --- |\n|\n",
        "[a]: #b\n",
        "[a](#b)\n",
        "[a](<b>)\n",
        "[a](b \"c\")\n",
        "`\n<a id=\"x\"></a>`\n",
        "`x` <a id=\"x\"></a>\n",
        "<a id=\"x\"></a>\n\n<a id=\"x\"></a>\n",
        "<a id=\"x\">\n",
        "<a href=\"#x\">x</a>\n",
        "<b>x</b>\n",
        "<!-- a\nb -->\n",
        "<!-- a --> <b> <!-- -->\n",
        "<!-->\n",
        "`a` <b> `c`\n",
        "`a <b>\n",
        "\\`a <b>`\n",
        "x\n`<b>`\n",
        "| `<b>` |\n| --- |\n",
        "<?x\n",
        "\u{a0}| a |\n",
    ] {
        assert_eq!(reduce(text), None, "{text}");
    }
    let drawn = |lines: usize| format!("```mermaid\nerDiagram\n{}```\n", "    \"a\"\n".repeat(lines));
    assert!(reduce(&drawn(100)).is_some() && reduce(&drawn(7000)).is_none());
}

#[test]
fn what_is_left_out_is_not_let_through() {
    let table = "| a | b |\n| --- | --- |\n";
    for refused in [
        format!("{table}| 1 | 2 |\n| 1 | 2 | 3 |\n"),
        format!("{table}| 1 | 2 |\n| 1 |\n"),
        format!("{table}| `1` | 2 |\n| `1|2` |\n"),
        format!("{table}| `1|2` |\n"),
        "| a | b |\n| --- |\n| 1 | 2 |\n".to_owned(),
        "a\n  | b |\n".to_owned(),
        "<details>\n\nx\n".to_owned(),
        "x\n\n</details>\n".to_owned(),
        "<details>\n```sql\n<b>\n```\n</details>\n".to_owned(),
        "[a](#b)\n".to_owned(),
    ] {
        let reduced = reduce(&refused);
        assert!(reduced.is_none_or(|reduced| !faults_of_whole(&reduced).is_empty()), "{refused}");
        assert!(!faults_of_whole(&refused).is_empty(), "{refused}");
    }
}

#[test]
fn nearly_all_that_is_generated_is_reduced() {
    let texts = generated::texts("md");
    let reduced: Vec<String> = texts.iter().filter_map(|text| reduce(text)).collect();
    assert!(texts.len() > 50 && reduced.len() * 20 > texts.len() * 19, "{} of {}", reduced.len(), texts.len());
    let size = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
    assert!(size(&reduced) * 4 < size(&texts), "{} of {} bytes", size(&reduced), size(&texts));
    for reduced in &reduced {
        assert_eq!(faults_of_whole(reduced), Vec::<String>::new(), "{reduced}");
    }
}

/// What may become of a part of a line, or stand beside it.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "", " ", "  ", "    ", "\n", "\n\n", "\t", "\r", "\u{a0}", "\u{2028}", "\u{feff}", "\0",
    "|", "\\|", "\\", "\\\\", "||", "| ", " |\n", "|\n", "| --- |", "| --- | --- |\n", "|:-:|", "---", "===", "- ", "+ ",
    "* ", "1. ", "12) ", "> ", "#", "## ", "`", "``", "```", "````", "```sql\n", "\n```\n", "~~~", "~", "*", "**", "_", "__",
    "[", "]", "](", "](#a)", "](#col-id)", "](x)", "](<x>)", "][", "]:", "[a]: #b\n", "![", "(", ")", "!", "&", "&lt;",
    "<", ">", "<a id=\"a\"></a>", "<a id=\"col-id\"></a>", "<a>", "</a>", "<a href=\"#a\">", "<br>", "<br/>", "<b>", "</b>",
    "<!--", "-->", "<!-- a -->", "<!-->", "<details>", "</details>", "<summary>a</summary>", "<pre>", "</pre>", "<?", "<!A",
    "<details>\n", "\n</details>\n", "\n\n<details>\n", "<script>", "<p name=\"a\">", "<http://a>", "a", "é", "1", ".", ":", "a b",
    "| a |\n| --- |\n| b |\n", "\n\n| a | b |\n| --- | --- |\n| c | d |\n", "- a\n- a\n", "\n# a\n", "a|b\n-|-\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of pieces that mean something, in any order.
    #[test]
    fn fragments_are_accepted_only_as_a_whole(pieces in vec(select(PIECES), 0..14)) {
        holds(&pieces.concat());
    }

    /// Of pages, with lines and parts of lines changed.
    #[test]
    fn what_is_changed_is_accepted_only_as_a_whole(
        page in any::<Index>(),
        edits in vec((0..5_usize, any::<Index>(), any::<Index>(), select(PIECES)), 1..4),
        by_line in any::<bool>(),
    ) {
        let page = PAGES.with(|pages| page.get(pages).clone());
        let ends_part = |c: char| if by_line { c == '\n' } else { !c.is_alphanumeric() };
        let mut parts: Vec<&str> = page.split_inclusive(ends_part).collect();
        for (what, at, other, piece) in edits {
            let (at, other) = (at.index(parts.len()), other.index(parts.len()));
            match what {
                0 => parts[at] = "",
                1 => parts.insert(at, parts[other]),
                2 => parts.swap(at, other),
                3 => parts.insert(at, piece),
                _ => parts[at] = piece,
            }
        }
        holds(&parts.concat());
    }
}

thread_local! {
    /// The shorter pages, of which an edit changes much.
    static PAGES: Vec<String> = generated::texts("md").into_iter().filter(|text| text.len() < 4000).collect();
}

fn holds(text: &str) {
    let is_accepted = reduce(text).is_some_and(|reduced| faults_of_whole(&reduced).is_empty());
    assert!(!is_accepted || faults_of_whole(text).is_empty(), "{text:?}: {:?}", faults_of_whole(text));
}
