//! Signing in, enrolling and asking. Everything else works without the network.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::domain::account::{EnrolledDevice, Person};
use sync_core::id::{BlobHash, DeviceId, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::sync::foreign;
use sync_core::wire::api::{
    Challenge, DeviceProof, Enrol, Enrolled, Refresh, Session, SignIn, enrol_message,
    refresh_message,
};
use sync_core::wire::bundle::DeviceCertificate;
use sync_core::wire::problem::Problem;
use sync_core::wire::thumbnail;
use sync_core::{Code, Refusal};

use crate::files::Name;
use crate::host::{HttpRequest, HttpResponse, TransportLost};
use crate::{Changed, Device};

/// The public key with which the device was enrolled; empty once its key is known to be gone.
pub(crate) const DEVICE_KEY: &str = "device_key";

/// Signing in, enrolling or asking, request by request, for a host that sends the requests itself.
#[derive(Debug)]
pub struct Conversation {
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

impl Conversation {
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
    ///
    /// # Errors
    /// The server's refusal, [`Code::AuthorMismatch`] when the device belongs to another person,
    /// [`Code::PasswordChangeNeeded`] after a code for a forgotten password: what is asked then can set a new one
    /// (`POST /api/v1/password`) and nothing else,
    /// `Code::NetworkLost`, `Code::NetworkForeign`, or the code of a store that cannot be written.
    pub fn sign_in(&mut self, username: &str, password: &str) -> Result<Person, Refusal> {
        self.run(self.begin_sign_in(username, password))?;
        self.person().cloned()
    }

    /// Enrols this device with proof that it holds its key.
    ///
    /// # Errors
    /// The server's refusal, `Code::NetworkLost`, `Code::NetworkForeign`, or the code of a key store or store
    /// that fails.
    pub fn enrol(&mut self, label: &str) -> Result<DeviceId, Refusal> {
        self.run(self.begin_enrol(label))?;
        self.id()
    }

    /// Whether this device was enrolled under a key that is gone. Everything can be read, edits of drafts are saved,
    /// nothing can be stated or sent. After the same person has signed in and [`Device::enrol`] it goes on under a new
    /// name: signed facts go to the server as they are, everything else under the new key.
    #[must_use]
    pub const fn is_key_lost(&self) -> bool {
        self.key_lost
    }

    /// Notes that the key under which this device was enrolled is gone. Without effect on one that is not enrolled.
    ///
    /// # Errors
    /// The code of a store that cannot be written.
    pub fn lose_key(&mut self) -> Result<(), Refusal> {
        if self.id.is_some() {
            self.store.put_values(&[(DEVICE_KEY, Vec::new())])?;
            self.id = None;
            self.key_lost = true;
        }
        Ok(())
    }

    fn run(&mut self, mut conversation: Conversation) -> Result<(), Refusal> {
        while let Some(request) = self.conversation_request(&conversation)? {
            let answer = self.host.transport.send(request);
            self.take_conversation_answer(&mut conversation, answer)?;
        }
        Ok(())
    }

    /// Begins to sign in as [`Device::sign_in`] does, in requests that the host sends itself: take
    /// [`Device::conversation_request`] and give [`Device::take_conversation_answer`] in turn.
    #[must_use]
    pub fn begin_sign_in(&self, username: &str, password: &str) -> Conversation {
        let (username, password) = (username.to_owned(), Secret(password.to_owned()));
        Conversation::new(Step::SignIn { username, password })
    }

    /// Begins to enrol as [`Device::enrol`] does, in requests that the host sends itself.
    #[must_use]
    pub fn begin_enrol(&self, label: &str) -> Conversation {
        Conversation::new(Step::Challenge { label: label.to_owned() })
    }

    /// Begins to ask the server for what no device holds, such as lists of the office: JSON out, JSON in
    /// ([`Conversation::answer`]). With a body it is a `POST`, otherwise a `GET`.
    ///
    /// # Errors
    /// [`Code::FieldMalformed`] for a path outside of `/api/v1/`.
    pub fn begin_ask(&self, path: &str, body: Option<Vec<u8>>) -> Result<Conversation, Refusal> {
        if !path.starts_with("/api/v1/") {
            return Err(Refusal::new(Code::FieldMalformed).field("path"));
        }
        let method = if body.is_some() { "POST" } else { "GET" };
        let body = body.unwrap_or_default();
        Ok(Conversation::new(Step::Ask { method, path: path.to_owned(), body }))
    }

    /// Begins to fetch the small picture of a photo that no synchronisation brings here, such as one of an
    /// old case. When the conversation is done the picture is on this device.
    #[must_use]
    pub const fn begin_fetch(&self, hash: BlobHash) -> Conversation {
        Conversation::new(Step::Fetch(hash))
    }

    /// The next request of a conversation; none when it is done.
    ///
    /// # Errors
    /// The code of a key store that does not sign, or of a store that cannot be read.
    pub fn conversation_request(
        &mut self,
        conversation: &Conversation,
    ) -> Result<Option<HttpRequest>, Refusal> {
        if conversation.renewing {
            return self.renewal().map(Some);
        }
        match &conversation.step {
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

    /// Takes the answer to the last request of a conversation, or that none came.
    ///
    /// # Errors
    /// The server's refusal, `Code::NetworkLost` when none came, `Code::NetworkForeign` for an answer that is
    /// not its own, or the code of a store that cannot be written.
    pub fn take_conversation_answer(
        &mut self,
        conversation: &mut Conversation,
        answer: Result<HttpResponse, TransportLost>,
    ) -> Result<(), Refusal> {
        let answer = answer.map_err(Refusal::from)?;
        if conversation.renewing {
            conversation.renewing = false;
            conversation.renewed = true;
            return self.keep_session(&accepted(answer, read)?);
        }
        let signed_in = !matches!(conversation.step, Step::SignIn { .. });
        if answer.status == 401
            && signed_in
            && !conversation.renewed
            && problem(&answer.body).is_some()
        {
            conversation.renewing = true;
            return Ok(());
        }
        let step = std::mem::replace(&mut conversation.step, Step::Done);
        match step {
            Step::SignIn { .. } => self.signed_in(&accepted(answer, read)?),
            Step::Challenge { label } => {
                let Challenge { challenge } = accepted(answer, read)?;
                conversation.step = Step::Prove { label, challenge };
                Ok(())
            }
            Step::Prove { .. } => self.enrolled(&accepted(answer, read)?),
            Step::Ask { .. } => {
                conversation.answer = accepted(answer, |body| {
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
        if other && (self.id.is_some() || self.key_lost) {
            // Unsent work is signed by its author; another person gets a device of their own.
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        self.keep_session(session)?;
        if session.set_password {
            // The session of a code for a forgotten password sets a new one and nothing else.
            return Err(Refusal::new(Code::PasswordChangeNeeded));
        }
        self.person = Some(session.person.clone());
        self.note(&[Changed::Person]);
        Ok(())
    }

    fn enrolled(&mut self, enrolled: &Enrolled) -> Result<(), Refusal> {
        let key = URL_SAFE_NO_PAD
            .decode(&enrolled.server_key)
            .map_err(|_| Refusal::new(Code::Malformed).field("server_key"))?;
        let signature = URL_SAFE_NO_PAD
            .decode(&enrolled.certificate)
            .map_err(|_| Refusal::new(Code::Malformed).field("certificate"))?;
        let EnrolledDevice { id, person, .. } = enrolled.device;
        let own_key = self.host.keys.public_key();
        let (key_of, signature) = (own_key.into(), signature.into());
        let certificate = DeviceCertificate { device: id, person, key: key_of, signature };
        self.store.note_certificate(&certificate)?;
        let again = if self.key_lost { self.open_drafts()? } else { Vec::new() };
        self.store.enrol(id, key, self.host.keys.public_key(), &again)?;
        self.id = Some(id);
        self.key_lost = false;
        self.note(&[Changed::Person]);
        Ok(())
    }

    /// Drafts with changes that were not sent and that no record names yet.
    fn open_drafts(&self) -> Result<Vec<InspectionId>, Refusal> {
        let mut open = Vec::new();
        for inspection in self.store.unsent_drafts()? {
            if self.case(&StreamId::inspection(inspection))?.seal().is_none() {
                open.push(inspection);
            }
        }
        Ok(open)
    }

    /// The request that renews the session, with proof that it comes from this device. While the key store is
    /// locked the token is sent without proof, and only once: sent twice it would end the session.
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

    /// Stores a renewed session. An answer of another form changes nothing here; the engine handles it.
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

/// The content of an accepting answer; otherwise its refusal, or `network_foreign` when it is not the server's.
fn accepted<T>(answer: HttpResponse, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, Refusal> {
    let HttpResponse { status, body } = answer;
    let outcome = match status {
        200 | 201 => read(&body).map(Ok),
        400.. => problem(&body).map(|problem| Err(problem.into())),
        _ => None,
    };
    outcome.unwrap_or_else(|| Err(foreign(status, &body)))
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
