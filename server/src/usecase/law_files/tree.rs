//! A file of YAML or JSON as a tree that knows on which line each of its parts stands.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use sync_core::law::faults::At;

/// A part of a file.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    node: Node,
}

#[derive(Clone, Debug)]
enum Node {
    Map(Vec<(String, Tree)>),
    List(Vec<Tree>),
    Value,
}

impl Tree {
    /// Whether it is a list.
    pub(super) const fn is_list(&self) -> bool {
        matches!(self.node, Node::List(_))
    }

    /// The rows of a file: those of its list, or the file itself.
    pub(super) fn rows(&self) -> Vec<&Self> {
        match &self.node {
            Node::List(rows) => rows.iter().collect(),
            _ => vec![self],
        }
    }

    /// What stands under a key.
    pub(super) fn get(&self, wanted: &str) -> Option<&Self> {
        let Node::Map(entries) = &self.node else { return None };
        entries.iter().find(|(key, _)| key == wanted).map(|(_, value)| value)
    }

    /// The line of what is `at` the end of a way, or of the last part of it that is there.
    pub(super) fn line_at(&self, way: &[At]) -> u64 {
        let Some((step, rest)) = way.split_first() else { return self.line };
        let next = match (step, &self.node) {
            (At::Key(key), _) => self.get(key),
            (At::Index(index), Node::List(rows)) => rows.get(*index),
            (At::Index(_), _) => None,
        };
        next.map_or(self.line, |next| next.line_at(rest))
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<Node>::deserialize(deserializer)?;
        Ok(Self { line: referenced.line(), node: value })
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map, a list or a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry::<String, Tree>()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = list.next_element::<Tree>()? {
            rows.push(row);
        }
        Ok(Node::List(rows))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Value)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Value)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Value)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Value)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Value)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Value)
    }
}
