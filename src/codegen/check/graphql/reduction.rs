//! A schema of many tables says the same again and again: of its fields, most
//! are a scalar, or one of thousands of types that are alike. GraphQL's rules
//! (October 2021, section 3, "Type Validation" of each kind) ask of a field or
//! an argument
//!
//! - its name: that it is the only one in its container, and does not begin
//!   with two underscores;
//! - its type: that it is there, and fit for the place, which its kind decides;
//! - its directives: that they are there, may stand at such a place, and have
//!   the arguments that they ask for.
//!
//! So that, where the names are sound, one field is as good as another of a
//! container of the same kind and directives, whose type is of the same kind in
//! the same lists, and whose directives are written alike but for the text of
//! strings. The reduction has one of each, in the container that it came from,
//! and no container of which none is left. Names are asked here.
//!
//! What does not follow these rules alone is not reduced: interfaces, unions,
//! extensions, definitions of directives and of the schema, defaults,
//! variables, inputs that need each other, and whatever is of another form than
//! types, inputs, enums and scalars have.

use std::collections::{HashMap, HashSet};

use super::tokens::{Token, Tokens};

/// A document that is accepted only if the text is. One that is refused may
/// have other faults than the text, in other places. `None` where the reduction
/// is not sure of itself.
///
/// `defined` are the types that are there beside the text, none of which needs
/// one of the text's.
pub fn reduce<'a>(text: &str, mut defined: impl Iterator<Item = &'a str>) -> Option<String> {
    let types = Types::of(text)?;
    if defined.any(|name| types.kinds.contains_key(name)) {
        return None;
    }
    let mut tokens = Tokens::new(text);
    let token = tokens.next()?;
    let mut reading = Reading {
        types,
        tokens,
        token,
        reduced: String::new(),
        shape: String::new(),
        seen: HashSet::new(),
        headers: HashMap::new(),
        arguments: Vec::new(),
        members: Vec::new(),
    };
    while reading.token != Token::End {
        reading.definition()?;
    }
    Some(reading.reduced)
}

/// What a definition defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Input,
    Enum,
    Scalar,
}

impl Kind {
    fn of(keyword: &str) -> Option<Kind> {
        Some(match keyword {
            "type" => Kind::Object,
            "input" => Kind::Input,
            "enum" => Kind::Enum,
            "scalar" => Kind::Scalar,
            _ => return None,
        })
    }

    fn keyword(self) -> &'static str {
        match self {
            Kind::Object => "type",
            Kind::Input => "input",
            Kind::Enum => "enum",
            Kind::Scalar => "scalar",
        }
    }
}

/// The types that the text defines.
struct Types<'t> {
    kinds: HashMap<&'t str, Kind>,
    /// The first of each kind, which stands for all of them.
    first: [Option<&'t str>; 4],
}

impl<'t> Types<'t> {
    /// What stands outside of all brackets is a keyword and a name in turn, but
    /// for descriptions and the names of directives. `None` where a name is
    /// defined twice. What stands within is told when the definitions are read.
    fn of(text: &'t str) -> Option<Self> {
        let mut types = Types { kinds: HashMap::new(), first: [None; 4] };
        let mut tokens = Tokens::new(text);
        let (mut depth, mut keyword, mut is_directive) = (0_usize, None, false);
        loop {
            if depth > 0 {
                tokens.skip_to_bracket();
            }
            let token = tokens.next()?;
            match token {
                Token::End => return Some(types),
                Token::Mark(b'{' | b'(' | b'[') => depth += 1,
                Token::Mark(b'}' | b')' | b']') => depth = depth.checked_sub(1)?,
                Token::Name(name) if depth == 0 && !is_directive => match keyword.take() {
                    None => keyword = Some(Kind::of(name)?),
                    Some(kind) => {
                        let name = unreserved(name)?;
                        types.first[kind as usize].get_or_insert(name);
                        if types.kinds.insert(name, kind).is_some() {
                            return None;
                        }
                    }
                },
                _ => {}
            }
            is_directive = token == Token::Mark(b'@');
        }
    }

    /// Whether a definition stays whatever it has: the roots, which GraphQL
    /// knows by their names, and what stands for others.
    fn stays(&self, name: &str) -> bool {
        matches!(name, "Query" | "Mutation" | "Subscription") || self.first.contains(&Some(name))
    }
}

/// How deep lists and objects may be: GraphQL's parsers count as well, and
/// nothing that is generated is nearly as deep.
const DEPTH: usize = 32;

struct Reading<'t> {
    types: Types<'t>,
    /// What is behind `token`.
    tokens: Tokens<'t>,
    token: Token<'t>,
    reduced: String,
    /// What is read, as it stands for all that are like it.
    shape: String,
    /// The shapes of fields, values and arguments, each behind a character for
    /// what it is in.
    seen: HashSet<String>,
    /// That character for each way in which a definition begins.
    headers: HashMap<String, char>,
    /// The names of the open field's arguments.
    arguments: Vec<&'t str>,
    /// The names in the open definition.
    members: Vec<&'t str>,
}

impl<'t> Reading<'t> {
    fn advance(&mut self) -> Option<()> {
        self.token = self.tokens.next()?;
        Some(())
    }

    fn expect(&mut self, mark: u8) -> Option<()> {
        (self.token == Token::Mark(mark)).then_some(())?;
        self.advance()
    }

    fn name(&mut self) -> Option<&'t str> {
        let Token::Name(name) = self.token else { return None };
        self.advance()?;
        Some(name)
    }

    fn description(&mut self) -> Option<()> {
        if self.token == Token::String { self.advance() } else { Some(()) }
    }

    fn definition(&mut self) -> Option<()> {
        self.description()?;
        let kind = Kind::of(self.name()?)?;
        let name = self.name()?;
        self.shape.clear();
        self.directives()?;
        let begin = format!("{} {name}{}", kind.keyword(), self.shape);
        // No character below that is the one of arguments.
        let next = char::from_u32(u32::try_from(self.headers.len()).ok()? + 1)?;
        let header = *self.headers.entry(format!("{}{}", kind.keyword(), self.shape)).or_insert(next);
        let mut stays = header == next || self.types.stays(name);
        let start = self.reduced.len();
        self.reduced.push_str(&begin);
        if kind != Kind::Scalar {
            self.reduced.push_str(" {\n");
            self.expect(b'{')?;
            self.members.clear();
            let is_first_kept = stays;
            while self.token != Token::Mark(b'}') {
                stays |= self.member(kind, header, is_first_kept && self.members.is_empty())?;
            }
            self.advance()?;
            are_unique(&mut self.members)?;
            self.reduced.push('}');
        }
        self.reduced.push('\n');
        if !stays {
            self.reduced.truncate(start);
        }
        Some(())
    }

    /// Reads a field or a value, and keeps it if it is the first of its kind or
    /// has to stay: whether it was kept.
    fn member(&mut self, kind: Kind, header: char, stays: bool) -> Option<bool> {
        self.description()?;
        let name = unreserved(self.name()?)?;
        self.members.push(name);
        let start = self.reduced.len();
        self.reduced.push_str(name);
        let mut is_new = false;
        if kind == Kind::Object && self.token == Token::Mark(b'(') {
            is_new = self.argument_definitions()?;
        }
        self.shape.clear();
        self.shape.push(header);
        if kind == Kind::Enum {
            (!matches!(name, "true" | "false" | "null")).then_some(())?;
        } else {
            self.type_ref(kind == Kind::Input)?;
        }
        self.directives()?;
        is_new |= self.is_new();
        if is_new || stays {
            self.reduced.push_str(&self.shape[header.len_utf8()..]);
            self.reduced.push('\n');
        } else {
            self.reduced.truncate(start);
        }
        Some(is_new)
    }

    /// Reads the definitions of a field's arguments, and keeps the first of
    /// each kind: whether there is one. A field is no worse without arguments.
    fn argument_definitions(&mut self) -> Option<bool> {
        self.advance()?;
        self.arguments.clear();
        let start = self.reduced.len();
        while self.token != Token::Mark(b')') {
            self.description()?;
            let name = unreserved(self.name()?)?;
            self.arguments.push(name);
            self.shape.clear();
            self.shape.push('\0');
            self.type_ref(false)?;
            self.directives()?;
            if self.is_new() {
                self.reduced.push(if self.reduced.len() == start { '(' } else { ' ' });
                self.reduced.push_str(name);
                self.reduced.push_str(&self.shape[1..]);
            }
        }
        self.advance()?;
        are_unique(&mut self.arguments)?;
        let is_new = self.reduced.len() > start;
        if is_new {
            self.reduced.push(')');
        }
        Some(is_new)
    }

    /// Whether the shape is the first of its kind.
    fn is_new(&mut self) -> bool {
        !self.seen.contains(&self.shape) && self.seen.insert(self.shape.clone())
    }

    /// Reads a colon and the type behind it. In an input, one that needs
    /// another is not told: the two may need each other.
    fn type_ref(&mut self, is_in_input: bool) -> Option<()> {
        self.expect(b':')?;
        self.shape.push(':');
        let mut depth = 0;
        while self.token == Token::Mark(b'[') {
            self.shape.push('[');
            depth += 1;
            self.advance()?;
        }
        (depth <= DEPTH).then_some(())?;
        let name = self.name()?;
        let kind = self.types.kinds.get(name).copied();
        self.shape.push_str(kind.and_then(|kind| self.types.first[kind as usize]).unwrap_or(name));
        if is_in_input && depth == 0 && kind == Some(Kind::Input) && self.token == Token::Mark(b'!') {
            return None;
        }
        self.required()?;
        for _ in 0..depth {
            self.expect(b']')?;
            self.shape.push(']');
            self.required()?;
        }
        Some(())
    }

    fn required(&mut self) -> Option<()> {
        if self.token == Token::Mark(b'!') {
            self.shape.push('!');
            self.advance()?;
        }
        Some(())
    }

    fn directives(&mut self) -> Option<()> {
        while self.token == Token::Mark(b'@') {
            self.advance()?;
            let name = self.name()?;
            self.shape.push_str(" @");
            self.shape.push_str(name);
            if self.token == Token::Mark(b'(') {
                self.advance()?;
                self.shape.push('(');
                // Empty brackets are not allowed, and stay for the parser.
                while self.token != Token::Mark(b')') {
                    self.argument(0)?;
                }
                self.advance()?;
                self.shape.push(')');
            }
        }
        Some(())
    }

    /// Reads an argument of a directive, or a field of an object.
    fn argument(&mut self, depth: usize) -> Option<()> {
        let name = self.name()?;
        self.expect(b':')?;
        self.shape.push_str(name);
        self.shape.push(':');
        self.value(depth)?;
        Some(())
    }

    /// Reads a value: whether it is a string. A string is as good as another,
    /// and a list of them as the first of them.
    fn value(&mut self, depth: usize) -> Option<bool> {
        (depth <= DEPTH).then_some(())?;
        let token = self.token;
        self.advance()?;
        match token {
            Token::Name(text) | Token::Int(text) => {
                self.shape.push_str(text);
                self.shape.push(' ');
            }
            Token::String => self.shape.push_str("\"\" "),
            Token::Mark(b'[') => {
                self.shape.push('[');
                let mut was_string = false;
                while self.token != Token::Mark(b']') {
                    let start = self.shape.len();
                    let is_string = self.value(depth + 1)?;
                    if is_string && was_string {
                        self.shape.truncate(start);
                    }
                    was_string = is_string;
                }
                self.advance()?;
                self.shape.push(']');
            }
            Token::Mark(b'{') => {
                self.shape.push('{');
                while self.token != Token::Mark(b'}') {
                    self.argument(depth + 1)?;
                }
                self.advance()?;
                self.shape.push('}');
            }
            _ => return None,
        }
        Some(token == Token::String)
    }
}

/// A name that GraphQL does not keep for itself.
fn unreserved(name: &str) -> Option<&str> {
    (!name.starts_with("__")).then_some(name)
}

/// Whether there are names, and each once.
fn are_unique(names: &mut [&str]) -> Option<()> {
    names.sort_unstable();
    let is_twice = names.windows(2).any(|pair| pair[0] == pair[1]);
    (!names.is_empty() && !is_twice).then_some(())
}
