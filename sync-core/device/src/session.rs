//! Signing in and enrolling. Everything else works without either being renewed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::domain::account::Person;
use sync_core::id::DeviceId;
use sync_core::wire::api::{Challenge, Enrol, Enrolled, Refresh, Session, SignIn, enrol_message};
use sync_core::wire::problem::Problem;
use sync_core::{Code, Refusal};

use crate::Device;
use crate::host::{HttpRequest, HttpResponse};

impl Device {
    /// Signs a person in. The person stays signed in on this device until another one does.
    pub fn sign_in(&mut self, username: &str, password: &str) -> Result<Person, Refusal> {
        let body = SignIn { username: username.to_owned(), password: password.to_owned() };
        let session: Session = self.post("/api/v1/session", &body, false)?;
        let other = self.person.as_ref().is_some_and(|known| known.id != session.person.id);
        if other && self.id.is_some() {
            // Unsent work is signed by its author; another person gets a device of their own.
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        self.keep_session(&session)?;
        self.person = Some(session.person.clone());
        Ok(session.person)
    }

    /// Enrols this device with proof that it holds its key.
    pub fn enrol(&mut self, label: &str) -> Result<DeviceId, Refusal> {
        let challenge: Challenge = self.post("/api/v1/devices/challenge", &(), true)?;
        let signature = self.host.keys.sign(&enrol_message(&challenge.challenge))?;
        let body = Enrol {
            challenge: challenge.challenge,
            public_key: URL_SAFE_NO_PAD.encode(self.host.keys.public_key()),
            signature: URL_SAFE_NO_PAD.encode(signature),
            label: label.to_owned(),
        };
        let enrolled: Enrolled = self.post("/api/v1/devices", &body, true)?;
        let key = URL_SAFE_NO_PAD
            .decode(&enrolled.server_key)
            .map_err(|_| Refusal::new(Code::Malformed).field("server_key"))?;
        let id = enrolled.device.id;
        self.store.put_values(&[("device", id.as_bytes().to_vec()), ("server_key", key)])?;
        self.id = Some(id);
        Ok(id)
    }

    /// The request that renews the session.
    pub(crate) fn renewal(&self) -> Result<HttpRequest, Refusal> {
        let token = self.store.value("refresh_token")?.unwrap_or_default();
        let body = Refresh { refresh_token: String::from_utf8(token).unwrap_or_default() };
        self.request_for("/api/v1/session/refresh", &body, false)
    }

    /// Keeps a renewed session.
    pub(crate) fn renewed(&mut self, answer: &[u8]) -> Result<(), Refusal> {
        self.keep_session(&read(answer)?)
    }

    fn renew(&mut self) -> Result<bool, Refusal> {
        let renewal = self.renewal()?;
        let answer = self.send(renewal)?;
        if answer.status == 200 {
            self.renewed(&answer.body)?;
        }
        Ok(answer.status == 200)
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

    fn post<T: DeserializeOwned>(
        &mut self,
        path: &str,
        body: &impl Serialize,
        signed_in: bool,
    ) -> Result<T, Refusal> {
        let mut answer = self.call(path, body, signed_in)?;
        if answer.status == 401 && signed_in && self.renew()? {
            answer = self.call(path, body, signed_in)?;
        }
        match answer.status {
            200 | 201 => read(&answer.body),
            _ => Err(problem(&answer.body).map_or(Refusal::new(Code::ServerBusy), Refusal::from)),
        }
    }

    fn call(
        &mut self,
        path: &str,
        body: &impl Serialize,
        signed_in: bool,
    ) -> Result<HttpResponse, Refusal> {
        let request = self.request_for(path, body, signed_in)?;
        self.send(request)
    }

    fn send(&mut self, request: HttpRequest) -> Result<HttpResponse, Refusal> {
        self.host.transport.send(request).map_err(|_| Refusal::new(Code::NetworkLost))
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

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::new(Code::Malformed).detail(error.to_string()))
}

pub(crate) fn problem(body: &[u8]) -> Option<Problem> {
    serde_json::from_slice(body).ok()
}
