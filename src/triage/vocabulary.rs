//! The shared word groups: `{name}` in a phrase becomes the words of that group in the phrase's language.
//! It does not read files and does not match.

use crate::triage::phrase::{Complaint, Node, complain, parse};
use crate::triage::suggest::did_you_mean;
use std::collections::{BTreeMap, HashMap};

/// Phrases that hold in every language stand under this key.
pub const ANY: &str = "any";

/// Parts one group may grow to; a bigger one is a mistake, or belongs into two.
const LARGEST_GROUP: usize = 2000;

/// Default width of a bare `..`: four words, or as many characters as four words have.
pub fn gap(language: &str) -> usize {
    if matches!(language, "zh" | "ja" | "ko" | "th") { 8 } else { 4 }
}

#[derive(Default)]
pub struct Vocabulary {
    /// Group name, then language, then the parsed members.
    groups: BTreeMap<String, BTreeMap<String, Vec<Node>>>,
    resolved: HashMap<(String, String), Result<Node, Complaint>>,
}

impl Vocabulary {
    /// Adds one member to a group; says what is wrong with it, if anything.
    pub fn add(&mut self, group: &str, language: &str, source: &str) -> Result<(), Complaint> {
        let members = self.groups.entry(group.to_owned()).or_default().entry(language.to_owned()).or_default();
        let phrase = parse(source, gap(language))?;
        if phrase.at_start || phrase.at_end {
            return complain("`<` and `>` are for phrases, not for word groups", "remove the sign");
        }
        members.push(phrase.node);
        Ok(())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// The phrase without group names, in the words of `language`.
    pub fn resolve(&mut self, node: &Node, language: &str) -> Result<Node, Complaint> {
        self.expand(node, language, &mut Vec::new())
    }

    fn expand(&mut self, node: &Node, language: &str, path: &mut Vec<String>) -> Result<Node, Complaint> {
        let mut all = |nodes: &[Node], path: &mut Vec<String>| {
            nodes.iter().map(|n| self.expand(n, language, path)).collect::<Result<Vec<Node>, Complaint>>()
        };
        Ok(match node {
            Node::OneOf(_) | Node::Gap(_) => node.clone(),
            Node::Sequence(parts) => Node::Sequence(all(parts, path)?),
            Node::Either(parts) => join(all(parts, path)?),
            Node::Optional(part) => Node::Optional(Box::new(self.expand(part, language, path)?)),
            Node::Group(name) => return self.group(name, language, path),
        })
    }

    fn group(&mut self, name: &str, language: &str, path: &mut Vec<String>) -> Result<Node, Complaint> {
        if path.iter().any(|on_the_way| on_the_way == name) {
            let mut circle = path.clone();
            circle.push(name.to_owned());
            return complain(
                format!("word groups go round in a circle: {}", circle.join(" > ")),
                "let one of them name its words itself",
            );
        }
        let key = (name.to_owned(), language.to_owned());
        if let Some(done) = self.resolved.get(&key) {
            return done.clone();
        }
        path.push(name.to_owned());
        let result = self.members(name, language).and_then(|members| {
            let words = members.iter().map(|m| self.expand(m, language, path)).collect::<Result<Vec<_>, _>>()?;
            let node = join(words);
            if size(&node) > LARGEST_GROUP {
                return complain(
                    format!("the word group {{{name}}} has more than {LARGEST_GROUP} parts with all that it includes"),
                    "split it into smaller groups",
                );
            }
            Ok(node)
        });
        path.pop();
        self.resolved.insert(key, result.clone());
        result
    }

    fn members(&self, name: &str, language: &str) -> Result<Vec<Node>, Complaint> {
        let Some(by_language) = self.groups.get(name) else {
            return complain(
                format!("there is no word group {{{name}}}"),
                did_you_mean(name, self.names())
                    .unwrap_or_else(|| format!("add [group.{name}] to the vocabulary, or write the words here")),
            );
        };
        let wanted = |l: &str| language == ANY || l == language || l == ANY;
        let members: Vec<Node> = by_language.iter().filter(|(l, _)| wanted(l)).flat_map(|(_, m)| m).cloned().collect();
        if members.is_empty() {
            return complain(
                format!("the word group {{{name}}} has no words in `{language}`"),
                format!("add `{language} = [...]` to [group.{name}], or write the words here"),
            );
        }
        Ok(members)
    }
}

/// Alternatives as one node; single words become one look at a token.
fn join(nodes: Vec<Node>) -> Node {
    let mut words = Vec::new();
    let mut longer = Vec::new();
    for node in nodes {
        match node {
            Node::OneOf(more) => words.extend(more),
            Node::Either(branches) => longer.extend(branches),
            other => longer.push(other),
        }
    }
    // A nested group brings its single words as one branch; they join the others.
    longer.retain(|branch| match branch {
        Node::OneOf(more) => {
            words.extend(more.iter().cloned());
            false
        }
        _ => true,
    });
    words.sort();
    words.dedup();
    if longer.is_empty() {
        return Node::OneOf(words);
    }
    if !words.is_empty() {
        longer.push(Node::OneOf(words));
    }
    Node::Either(longer)
}

/// How many positions a node takes when compiled.
pub fn size(node: &Node) -> usize {
    match node {
        Node::OneOf(_) | Node::Group(_) => 1,
        Node::Gap(width) => *width,
        Node::Sequence(parts) | Node::Either(parts) => parts.iter().map(size).sum(),
        Node::Optional(part) => size(part),
    }
}
