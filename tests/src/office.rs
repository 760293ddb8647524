//! People at a desk: the JSON interface as an office uses it.

use serde::Serialize;
use serde_json::Value;
use sync_core::wire::api::{Session, SignIn};

use crate::town::Town;

/// Someone signed in at a desk.
#[derive(Clone, Debug)]
pub struct OfficeClient {
    client: reqwest::blocking::Client,
    address: String,
    token: Option<String>,
}

/// An answer: status, body as JSON where it is, body as bytes.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, null where it is not JSON.
    pub json: Value,
    /// The body.
    pub bytes: Vec<u8>,
    /// Header fields, sorted.
    pub headers: Vec<(String, String)>,
}

impl OfficeClient {
    /// A desk where nobody is signed in.
    #[must_use]
    pub fn anonymous(address: &str) -> Self {
        let client = reqwest::blocking::Client::builder().no_proxy();
        // What is answered is what is seen, not what it leads to.
        let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap_or_default();
        Self { client, address: address.to_owned(), token: None }
    }

    /// The same client with another bearer token, or without one.
    #[must_use]
    pub fn with_token(&self, token: Option<&str>) -> Self {
        Self { token: token.map(str::to_owned), ..self.clone() }
    }

    /// Signs a person of the town in.
    #[must_use]
    pub fn of(town: &Town, username: &str) -> Self {
        let password = town.accounts.get(username).map(|it| it.password.clone());
        Self::with_password(&town.address, username, &password.unwrap_or_default())
    }

    /// Signs in with a name and a password.
    #[must_use]
    pub fn with_password(address: &str, username: &str, password: &str) -> Self {
        let mut office = Self::anonymous(address);
        let body = SignIn { username: username.to_owned(), password: password.to_owned() };
        let answer = office.post("/api/v1/session", &body);
        let session: Option<Session> = serde_json::from_value(answer.json).ok();
        office.token = session.map(|session| session.access_token);
        office
    }

    /// The server is at another address now.
    pub fn redirect(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// The bearer token, for clients of their own.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// `GET`
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Vec::new(), None)
    }

    /// `POST` with a JSON body.
    #[must_use]
    pub fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(body).unwrap_or_default();
        self.send("POST", path, body, Some("application/json"))
    }

    /// Any request.
    #[must_use]
    pub fn send(&self, method: &str, path: &str, body: Vec<u8>, kind: Option<&str>) -> Answer {
        self.send_with(
            method,
            path,
            body,
            &kind.map_or(vec![], |kind| vec![("content-type", kind)]),
        )
    }

    /// Any request with header fields of its own.
    #[must_use]
    pub fn send_with(
        &self,
        method: &str,
        path: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let method = method.parse().unwrap_or(reqwest::Method::GET);
        let mut request = self.client.request(method, format!("{}{path}", self.address)).body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let Ok(answer) = request.send() else {
            return Answer { status: 0, json: Value::Null, bytes: Vec::new(), headers: Vec::new() };
        };
        let status = answer.status().as_u16();
        let mut headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect();
        headers.sort();
        let bytes = answer.bytes().map(|bytes| bytes.to_vec()).unwrap_or_default();
        Answer { status, json: serde_json::from_slice(&bytes).unwrap_or_default(), bytes, headers }
    }
}
