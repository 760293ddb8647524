//! Signing in, enrolling and asking. Everything else works without the network.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::domain::account::Person;
use sync_core::id::{BlobHash, DeviceId};
use sync_core::ledger::suites::SoftVerifier;
use sync_core::sync::foreign;
use sync_core::wire::api::{
    Challenge, DeviceProof, Enrol, Enrolled, Refresh, Session, SignIn, enrol_message,
    refresh_message,
};
use sync_core::wire::problem::Problem;
use sync_core::wire::thumbnail;
use sync_core::{Code, Refusal};

use crate::files::Name;
use crate::host::{HttpRequest, HttpResponse, TransportLost};
use crate::{Changed, Device};

/// Signing in, enrolling or asking, request by request, for a host that sends the requests itself.
#[derive(Debug)]
pub struct Errand {
    step: Step,
    /// Whether the session is being renewed before the step is tried again.
    renewing: bool,
    renewed: bool,
    answer: Vec<u8>,
}

#[derive(Debug)]
enum Step {
    SignIn { username: String, password: Secret },
    Challenge { label: String },
    Prove { label: String, challenge: String },
    Ask { method: &'static str, path: String, body: Vec<u8> },
    Fetch(BlobHash),
    Done,
}

/// A password: never printed.
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Errand {
    const fn new(step: Step) -> Self {
        Self { step, renewing: false, renewed: false, answer: Vec::new() }
    }

    /// What the server said to [`Device::begin_ask`]; empty before.
    #[must_use]
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }
}

impl Device {
    /// Signs a person in. The person stays signed in on this device until another one does.
    pub fn sign_in(&mut self, username: &str, password: &str) -> Result<Person, Refusal> {
        self.run(self.begin_sign_in(username, password))?;
        self.person().cloned()
    }

    /// Enrols this device with proof that it holds its key.
    pub fn enrol(&mut self, label: &str) -> Result<DeviceId, Refusal> {
        self.run(self.begin_enrol(label))?;
        self.id()
    }

    fn run(&mut self, mut errand: Errand) -> Result<(), Refusal> {
        while let Some(request) = self.errand_request(&errand)? {
            let answer = self.host.transport.send(request);
            self.take_errand_answer(&mut errand, answer)?;
        }
        Ok(())
    }

    /// Begins to sign in as [`Device::sign_in`] does, in requests that the host sends itself: take
    /// [`Device::errand_request`] and give [`Device::take_errand_answer`] in turn.
    #[must_use]
    pub fn begin_sign_in(&self, username: &str, password: &str) -> Errand {
        let (username, password) = (username.to_owned(), Secret(password.to_owned()));
        Errand::new(Step::SignIn { username, password })
    }

    /// Begins to enrol as [`Device::enrol`] does, in requests that the host sends itself.
    #[must_use]
    pub fn begin_enrol(&self, label: &str) -> Errand {
        Errand::new(Step::Challenge { label: label.to_owned() })
    }

    /// Begins to ask the server for what no device holds, such as lists of the office: JSON out, JSON in
    /// ([`Errand::answer`]). With a body it is a `POST`, otherwise a `GET`.
    pub fn begin_ask(&self, path: &str, body: Option<Vec<u8>>) -> Result<Errand, Refusal> {
        if !path.starts_with("/api/v1/") {
            return Err(Refusal::new(Code::FieldMalformed).field("path"));
        }
        let method = if body.is_some() { "POST" } else { "GET" };
        let body = body.unwrap_or_default();
        Ok(Errand::new(Step::Ask { method, path: path.to_owned(), body }))
    }

    /// Begins to fetch the small picture of a photo that no synchronisation brings here, such as one of an
    /// old case. When the errand is done the picture is on this device.
    #[must_use]
    pub const fn begin_fetch(&self, hash: BlobHash) -> Errand {
        Errand::new(Step::Fetch(hash))
    }

    /// The next request of an errand; none when it is done.
    pub fn errand_request(&mut self, errand: &Errand) -> Result<Option<HttpRequest>, Refusal> {
        if errand.renewing {
            return self.renewal().map(Some);
        }
        match &errand.step {
            Step::SignIn { username, password } => {
                let body = SignIn { username: username.clone(), password: password.0.clone() };
                self.request_for("/api/v1/session", &body, false).map(Some)
            }
            Step::Challenge { .. } => {
                self.request_for("/api/v1/devices/challenge", &(), true).map(Some)
            }
            Step::Prove { label, challenge } => {
                let signature = self.host.keys.sign(&enrol_message(challenge))?;
                let body = Enrol {
                    challenge: challenge.clone(),
                    public_key: URL_SAFE_NO_PAD.encode(self.host.keys.public_key()),
                    signature: URL_SAFE_NO_PAD.encode(signature),
                    label: label.clone(),
                };
                self.request_for("/api/v1/devices", &body, true).map(Some)
            }
            Step::Ask { method, path, body } => {
                let json = ("content-type", "application/json".to_owned());
                let headers = vec![json, self.bearer()?];
                Ok(Some(HttpRequest { method, path: path.clone(), headers, body: body.clone() }))
            }
            Step::Fetch(hash) => Ok(Some(HttpRequest {
                method: "GET",
                path: format!("/sync/v1/blobs/{hash}/thumbnail"),
                headers: vec![self.bearer()?],
                body: Vec::new(),
            })),
            Step::Done => Ok(None),
        }
    }

    /// Takes the answer to the last request of an errand, or that none came.
    pub fn take_errand_answer(
        &mut self,
        errand: &mut Errand,
        answer: Result<HttpResponse, TransportLost>,
    ) -> Result<(), Refusal> {
        let answer = answer.map_err(Refusal::from)?;
        if errand.renewing {
            errand.renewing = false;
            errand.renewed = true;
            return self.keep_session(&accepted(answer, read)?);
        }
        let signed_in = !matches!(errand.step, Step::SignIn { .. });
        if answer.status == 401 && signed_in && !errand.renewed && problem(&answer.body).is_some() {
            errand.renewing = true;
            return Ok(());
        }
        let step = std::mem::replace(&mut errand.step, Step::Done);
        match step {
            Step::SignIn { .. } => self.signed_in(&accepted(answer, read)?),
            Step::Challenge { label } => {
                let Challenge { challenge } = accepted(answer, read)?;
                errand.step = Step::Prove { label, challenge };
                Ok(())
            }
            Step::Prove { .. } => self.enrolled(&accepted(answer, read)?),
            Step::Ask { .. } => {
                errand.answer = accepted(answer, |body| {
                    read::<serde::de::IgnoredAny>(body).map(|_| body.to_vec())
                })?;
                Ok(())
            }
            Step::Fetch(hash) => {
                let key = self.store.value("server_key")?.unwrap_or_default();
                let picture = accepted(answer, |body| {
                    thumbnail::open(&SoftVerifier, &key, hash, body).ok().map(<[u8]>::to_vec)
                })?;
                self.files.keep(Name { hash, thumbnail: true }, &picture, &self.host.writes)?;
                self.note(&[Changed::Photos]);
                Ok(())
            }
            Step::Done => Ok(()),
        }
    }

    fn signed_in(&mut self, session: &Session) -> Result<(), Refusal> {
        let other = self.person.as_ref().is_some_and(|known| known.id != session.person.id);
        if other && self.id.is_some() {
            // Unsent work is signed by its author; another person gets a device of their own.
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        self.keep_session(session)?;
        self.person = Some(session.person.clone());
        self.note(&[Changed::Person]);
        Ok(())
    }

    fn enrolled(&mut self, enrolled: &Enrolled) -> Result<(), Refusal> {
        let key = URL_SAFE_NO_PAD
            .decode(&enrolled.server_key)
            .map_err(|_| Refusal::new(Code::Malformed).field("server_key"))?;
        let id = enrolled.device.id;
        self.store.put_values(&[("device", id.as_bytes().to_vec()), ("server_key", key)])?;
        self.id = Some(id);
        self.note(&[Changed::Person]);
        Ok(())
    }

    /// The request that renews the session, with proof that it comes from this device. A locked key store
    /// proves nothing: then the token goes alone, and only once, since sent twice it would end the session.
    pub(crate) fn renewal(&mut self) -> Result<HttpRequest, Refusal> {
        const SENT: &str = "refresh_token_sent";
        let token = self.store.value("refresh_token")?.unwrap_or_default();
        let refresh_token = String::from_utf8(token.clone()).unwrap_or_default();
        let proof = match self.id {
            None => None,
            Some(device) => match self.host.keys.sign(&refresh_message(&refresh_token)) {
                Ok(signature) => {
                    Some(DeviceProof { device, signature: URL_SAFE_NO_PAD.encode(signature) })
                }
                Err(refusal) if self.store.value(SENT)?.as_ref() == Some(&token) => {
                    return Err(refusal);
                }
                Err(_) => None,
            },
        };
        if self.id.is_some() && self.store.value(SENT)?.as_ref() != Some(&token) {
            self.store.put_values(&[(SENT, token)])?;
        }
        let body = Refresh { refresh_token, proof };
        self.request_for("/api/v1/session/refresh", &body, false)
    }

    /// Keeps a renewed session. What is none changes nothing: the engine sees it, too.
    pub(crate) fn renewed(&mut self, answer: &[u8]) -> Result<(), Refusal> {
        read(answer).map_or(Ok(()), |session| self.keep_session(&session))
    }

    fn keep_session(&mut self, session: &Session) -> Result<(), Refusal> {
        let person = serde_json::to_vec(&session.person)
            .map_err(|error| Refusal::new(Code::DeviceStore).detail(error.to_string()))?;
        self.store.put_values(&[
            ("access_token", session.access_token.clone().into_bytes()),
            ("refresh_token", session.refresh_token.clone().into_bytes()),
            ("person", person),
        ])
    }

    pub(crate) fn bearer(&self) -> Result<(&'static str, String), Refusal> {
        let token = self.store.value("access_token")?.unwrap_or_default();
        Ok(("authorization", format!("Bearer {}", String::from_utf8(token).unwrap_or_default())))
    }

    fn request_for(
        &self,
        path: &str,
        body: &impl Serialize,
        signed_in: bool,
    ) -> Result<HttpRequest, Refusal> {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if signed_in {
            headers.push(self.bearer()?);
        }
        let body = serde_json::to_vec(body)
            .map_err(|error| Refusal::new(Code::Malformed).detail(error.to_string()))?;
        Ok(HttpRequest { method: "POST", path: path.to_owned(), headers, body })
    }
}

/// What an answer that accepts says; otherwise why it does not, or that it is not the server's.
fn accepted<T>(answer: HttpResponse, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, Refusal> {
    let HttpResponse { status, body } = answer;
    let said = match status {
        200 | 201 => read(&body).map(Ok),
        400.. => problem(&body).map(|problem| Err(problem.into())),
        _ => None,
    };
    said.unwrap_or_else(|| Err(foreign(status, &body)))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// A refusal of the server. One with a code that only a newer server knows asks for a newer app.
pub(crate) fn problem(body: &[u8]) -> Option<Problem> {
    #[derive(serde::Deserialize)]
    struct Newer {
        code: String,
        number: u16,
        status: u16,
        title: String,
        action: String,
    }
    read(body).or_else(|| {
        let Newer { code, number, status, title, action } = read(body)?;
        let known = Refusal::new(Code::VersionUnsupported).detail(code);
        Some(Problem { number, title, action, ..Problem::new(known, status) })
    })
}
