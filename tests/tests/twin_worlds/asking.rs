//! One question to both worlds, and what can be seen of the two answers.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::bench::crowd::Member;
use e2e::office::{Answer, OfficeClient};
use e2e::town::Town;
use server::http::route::Route;
use sync_core::act::Fact;
use sync_core::domain::account::Role;
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::suites::SoftSigner;
use sync_core::wire::api::{Enrol, enrol_message};
use sync_core::wire::codec;
use sync_core::wire::exchange::Response;

/// The route of an exchange.
pub(crate) const EXCHANGE: &str = "/sync/v1/exchange";

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    /// Whoever is not signed in.
    Nobody,
    /// The enterprise, signed in before the worlds parted.
    Enterprise,
    /// The enterprise with a token that it was given since, under this name.
    With(&'static str),
}

/// What a question brings.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Nothing,
    /// JSON, with the names of what is random in both worlds between angle quotes.
    Json(String),
    Bytes(&'static str, Vec<u8>),
    /// The proof for the challenge that each world gave, with the key of this secret.
    Enrolment([u8; 32]),
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub method: &'static str,
    /// The path of the row in the table.
    pub route: &'static str,
    pub path: String,
    pub content: Content,
    pub range: Option<&'static str>,
    pub by: By,
    /// Random values of the answer: the name under which each is known from then on, and where it stands.
    pub learns: &'static [(&'static str, &'static str)],
}

impl Ask {
    pub(crate) fn new(method: &'static str, route: &'static str, path: impl Into<String>) -> Self {
        let (content, by) = (Content::Nothing, By::Enterprise);
        Self { method, route, path: path.into(), content, range: None, by, learns: &[] }
    }

    pub(crate) fn json(self, body: &serde_json::Value) -> Self {
        Self { content: Content::Json(body.to_string()), ..self }
    }

    pub(crate) fn by(self, by: By) -> Self {
        Self { by, ..self }
    }

    pub(crate) fn learns(self, learns: &'static [(&'static str, &'static str)]) -> Self {
        Self { learns, ..self }
    }
}

/// What can be seen of an answer.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
}

impl Seen {
    /// What another answer does not have.
    fn beside(&self, other: &Self) -> String {
        let headers: Vec<_> =
            self.headers.iter().filter(|it| !other.headers.contains(it)).collect();
        let bytes: Vec<u8> = self.text.chars().filter_map(|it| u8::try_from(it).ok()).collect();
        let text = String::from_utf8_lossy(&bytes);
        format!("{} {headers:?} {:.300}", self.status, text.escape_debug())
    }
}

/// One of the two worlds.
struct World {
    enterprise: OfficeClient,
    /// What is random in this world, by its name.
    random: BTreeMap<&'static str, String>,
}

impl World {
    fn new(town: &Town, enterprise: &Member) -> Self {
        let mut office = enterprise.office.clone();
        office.redirect(&town.address);
        Self { enterprise: office, random: BTreeMap::new() }
    }

    fn named(&self, name: &str) -> &str {
        self.random.get(name).map_or("nothing", String::as_str)
    }

    /// A text with what is random in this world in the place of the names.
    fn filled(&self, text: &str) -> String {
        let fill = |text: String, (name, value): (&&str, &String)| {
            text.replace(&format!("«{name}»"), value)
        };
        self.random.iter().fold(text.to_owned(), fill)
    }

    fn enrolment(&self, secret: [u8; 32]) -> Vec<u8> {
        let signer = SoftSigner::from_secret(&secret).expect("a key");
        let challenge = self.named("challenge").to_owned();
        let signature = signer.sign(&enrol_message(&challenge)).expect("a signature");
        let body = Enrol {
            challenge,
            public_key: URL_SAFE_NO_PAD.encode(signer.public_key()),
            signature: URL_SAFE_NO_PAD.encode(signature),
            label: "门卫室的手机".to_owned(),
        };
        serde_json::to_vec(&body).expect("plain data")
    }

    fn ask(&mut self, ask: &Ask) -> Answer {
        let office = match ask.by {
            By::Nobody => self.enterprise.with_token(None),
            By::Enterprise => self.enterprise.clone(),
            By::With(name) => self.enterprise.with_token(Some(self.named(name))),
        };
        let json = |bytes| ("application/json", bytes);
        let (kind, body) = match &ask.content {
            Content::Nothing => ("", Vec::new()),
            Content::Json(text) => json(self.filled(text).into_bytes()),
            Content::Bytes(kind, bytes) => (*kind, bytes.clone()),
            Content::Enrolment(secret) => json(self.enrolment(*secret)),
        };
        let kind = (!kind.is_empty()).then_some(("content-type", kind));
        let range = ask.range.map(|range| ("range", range));
        let headers: Vec<(&str, &str)> = kind.into_iter().chain(range).collect();
        let answer = office.send_with(ask.method, &self.filled(&ask.path), body, &headers);
        for (name, at) in ask.learns {
            let found = answer.json.pointer(at).and_then(serde_json::Value::as_str);
            let found = found.unwrap_or_else(|| panic!("{ask:?} gives no {at}: {answer:?}"));
            self.random.insert(name, found.to_owned());
        }
        answer
    }

    /// Everything that can be seen of an answer. Two things differ whatever the server knows: the date of the machine,
    /// of which hyper writes a header, and what has to be random, tokens, challenges and the names that the server gives
    /// to sessions and devices. Their lengths are compared with everything else.
    fn seen(&self, answer: Answer) -> Seen {
        let Answer { status, mut headers, bytes, .. } = answer;
        headers.retain(|(name, _)| name != "date");
        headers.push(("size".to_owned(), bytes.len().to_string()));
        // One character for each byte, so that nothing is lost in reading.
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let text = self.random.iter().fold(text, |text, (name, value)| text.replace(value, name));
        Seen { status, headers, text }
    }
}

/// Both worlds, what was asked in them and where they differ.
pub(crate) struct Twins {
    quiet: World,
    busy: World,
    asked: usize,
    /// Routes that were asked, with the statuses of their answers.
    answered: BTreeMap<(&'static str, &'static str), BTreeSet<u16>>,
    differences: Vec<String>,
}

impl Twins {
    pub(crate) fn new(quiet: &Town, busy: &Town, enterprise: &Member) -> Self {
        let [quiet, busy] = [quiet, busy].map(|town| World::new(town, enterprise));
        Self { quiet, busy, asked: 0, answered: BTreeMap::new(), differences: Vec::new() }
    }

    /// Asks both worlds; the answer of the quiet one.
    pub(crate) fn ask(&mut self, ask: &Ask) -> Answer {
        let [quiet, busy] = [&mut self.quiet, &mut self.busy].map(|world| {
            let answer = world.ask(ask);
            (world.seen(answer.clone()), answer)
        });
        self.asked += 1;
        self.answered.entry((ask.method, ask.route)).or_default().insert(quiet.0.status);
        if quiet.0 != busy.0 {
            let Ask { method, path, range, by, .. } = ask;
            let name = format!("{method} {path} {range:?} {by:?}");
            self.differences.push(format!(
                "{name}\n  {}\n  {}",
                quiet.0.beside(&busy.0),
                busy.0.beside(&quiet.0)
            ));
        }
        quiet.1
    }

    /// Exchanges in both worlds with the same bytes.
    pub(crate) fn exchange(&mut self, member: &mut Member, facts: &[Fact]) -> Response {
        let packed = member.request(facts, Vec::new());
        let ask = Ask::new("POST", EXCHANGE, EXCHANGE);
        let content = Content::Bytes(codec::CONTENT_TYPE, packed);
        let answer = self.ask(&Ask { content, ..ask });
        member.take_over(&answer.bytes).expect("an exchange")
    }

    /// Reads in both worlds until nothing more is waiting.
    pub(crate) fn read(&mut self, member: &mut Member) {
        while self.exchange(member, &[]).more {}
    }

    /// The worlds were the same.
    pub(crate) fn differences(&self) {
        let Self { asked, differences, .. } = self;
        assert!(
            differences.is_empty(),
            "{} of {asked} answers differ:\n{}",
            differences.len(),
            differences.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
        );
    }

    /// The worlds were the same, and each route of the table was asked: what the enterprise may ask was answered, what it
    /// may not ask was refused. Routes of which nothing can be had here are named with the reason.
    pub(crate) fn finish(self, rows: &[Route], without: &[(&str, &str)]) {
        self.differences();
        let Self { answered, .. } = self;
        for row in rows {
            let statuses = answered.get(&(row.method, row.path)).cloned().unwrap_or_default();
            let done = row.other.iter().map(|(status, _)| *status).chain([row.done]);
            let excused = without.iter().any(|(path, _)| *path == row.path);
            if !row.access.allows(Some(Role::Enterprise)) {
                assert!(statuses == BTreeSet::from([401, 403]), "{row:?} answered {statuses:?}");
            } else if !excused {
                let mut done = done.filter(|status| *status != 503 && *status != 304);
                assert!(
                    done.all(|status| statuses.contains(&status)),
                    "no question has {row:?} answer with all that it gives, only {statuses:?}: ask one"
                );
            }
        }
    }
}
