//! The object that the worker holds.

use std::path::Path;
use std::sync::Arc;

use device::{
    Conversation, Device, Host, HttpRequest, HttpResponse, Synchronisation, TransportLost,
};
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use sync_core::ledger::suites::SoftSigner;
use sync_core::{Code, Refusal};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::call;
use crate::host::{AskedForStepwise, Crypto, UnlockedKey, WorkerClock};

/// Store, pictures and the journal of each, with room for what SQLite puts aside.
const HANDLES: u32 = 8;

fn thrown(refusal: Refusal) -> JsValue {
    JsValue::from_str(&call::problem_json(refusal))
}

/// The device of a worker.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    device: Device,
}

/// Several requests in a row: a synchronisation, signing in, enrolling.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Requests {
    kind: Kind,
    progress: Vec<String>,
}

#[derive(Debug)]
enum Kind {
    Sync(Box<Synchronisation>),
    Conversation(Conversation),
}

/// A request that the worker sends.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OutgoingRequest(HttpRequest);

#[wasm_bindgen]
impl OutgoingRequest {
    /// `GET`, `POST` or `PUT`.
    #[wasm_bindgen(getter)]
    pub fn method(&self) -> String {
        self.0.method.to_owned()
    }

    /// Path and query below the server's address.
    #[wasm_bindgen(getter)]
    pub fn path(&self) -> String {
        self.0.path.clone()
    }

    /// Header fields as a JSON list of pairs.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> String {
        call::json(&self.0.headers).unwrap_or_default()
    }

    /// The body.
    #[wasm_bindgen(getter)]
    pub fn body(&self) -> Vec<u8> {
        self.0.body.clone()
    }
}

/// Takes the files of the origin in a folder of their own. Once per worker, before [`Core::open`].
///
/// # Errors
/// The text of the browser's error when it gives no files, as while another page holds them.
#[wasm_bindgen(js_name = mount)]
pub async fn mount(folder: String) -> Result<Pool, JsValue> {
    let config = OpfsSAHPoolCfgBuilder::new().directory(&folder).initial_capacity(HANDLES).build();
    let pool = install::<sqlite_wasm_rs::WasmOsCallback>(&config, true).await;
    pool.map(Pool).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// The files of the origin that a worker holds.
#[wasm_bindgen]
pub struct Pool(OpfsSAHPoolUtil);

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pool")
    }
}

#[wasm_bindgen]
impl Pool {
    /// Empties every file. The device has to be closed before.
    ///
    /// # Errors
    /// The text of the browser's error when the files cannot be emptied.
    pub async fn clear(self) -> Result<(), JsValue> {
        self.0.clear_all().await.map_err(|error| JsValue::from_str(&error.to_string()))
    }
}

/// A key for a new device, as the 32 bytes that [`Core::open`] takes.
#[wasm_bindgen(js_name = freshKey)]
pub fn fresh_key() -> Vec<u8> {
    let entropy: &mut dyn device::Entropy = &mut Crypto;
    loop {
        let secret = entropy.bytes::<32>();
        // All but one in four thousand million are keys.
        if SoftSigner::from_secret(&secret).is_ok() {
            return secret.to_vec();
        }
    }
}

/// What the rules say of rows of the shared vectors, all as JSON.
///
/// # Errors
/// The refusal as the JSON of a problem: tables or questions of another form, or what the tables lack.
#[wasm_bindgen(js_name = judge)]
pub fn judge(tables: &str, questions: &str) -> Result<String, JsValue> {
    crate::vectors::judge(tables, questions).map_err(thrown)
}

#[wasm_bindgen]
impl Core {
    /// Opens or makes the device; whatever was saved before is there.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: `key_unavailable` for bytes that are no key, or the reason of a store that
    /// cannot be opened.
    pub fn open(key: &[u8]) -> Result<Self, JsValue> {
        let unavailable = || thrown(Refusal::new(Code::KeyUnavailable));
        let secret: [u8; 32] = key.try_into().map_err(|_| unavailable())?;
        let key = SoftSigner::from_secret(&secret).map_err(|_| unavailable())?;
        let host = Host {
            clock: Box::new(WorkerClock::new()),
            entropy: Box::new(Crypto),
            keys: Box::new(UnlockedKey(key)),
            transport: Box::new(AskedForStepwise),
            writes: Arc::new(|| true),
        };
        Device::open_packed(Path::new("/"), host).map(|device| Self { device }).map_err(thrown)
    }

    /// Answers a call, both as JSON.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: a call of another form, or what the device refuses.
    pub fn ask(&mut self, call: &str) -> Result<String, JsValue> {
        call::read(call).and_then(|call| call::answer(&mut self.device, call)).map_err(thrown)
    }

    /// Keeps a photo; gives its name.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: what [`Device::capture`] refuses.
    pub fn capture(&mut self, stream: &str, meta: &str, bytes: &[u8]) -> Result<String, JsValue> {
        let stored = call::shot(stream, meta)
            .and_then(|(stream, meta)| self.device.capture(stream, meta, bytes));
        stored.map(|hash| hash.to_string()).map_err(thrown)
    }

    /// The bytes of a photo: the original, or else the small picture.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: a name that is none, or a store that cannot be read.
    pub fn photo(&self, hash: &str) -> Result<Option<Vec<u8>>, JsValue> {
        call::hash(hash).and_then(|hash| self.device.photo_bytes(hash)).map_err(thrown)
    }

    /// Begins a synchronisation.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: `not_enrolled`, or a store that cannot be read.
    #[wasm_bindgen(js_name = beginSync)]
    pub fn begin_sync(&mut self) -> Result<Requests, JsValue> {
        let run = self.device.begin_sync().map_err(thrown)?;
        Ok(Requests { kind: Kind::Sync(Box::new(run)), progress: Vec::new() })
    }

    /// Begins to sign in.
    #[wasm_bindgen(js_name = beginSignIn)]
    pub fn begin_sign_in(&self, username: &str, password: &str) -> Requests {
        let conversation = self.device.begin_sign_in(username, password);
        Requests { kind: Kind::Conversation(conversation), progress: Vec::new() }
    }

    /// Begins to enrol.
    #[wasm_bindgen(js_name = beginEnrol)]
    pub fn begin_enrol(&self, label: &str) -> Requests {
        let conversation = self.device.begin_enrol(label);
        Requests { kind: Kind::Conversation(conversation), progress: Vec::new() }
    }

    /// Begins to ask the server for what no device holds.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: a path outside of `/api/v1/`.
    #[wasm_bindgen(js_name = beginAsk)]
    pub fn begin_ask(&self, path: &str, body: Option<String>) -> Result<Requests, JsValue> {
        let conversation =
            self.device.begin_ask(path, body.map(String::into_bytes)).map_err(thrown)?;
        Ok(Requests { kind: Kind::Conversation(conversation), progress: Vec::new() })
    }

    /// Begins to fetch the small picture of a photo.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: a name that is none.
    #[wasm_bindgen(js_name = beginFetch)]
    pub fn begin_fetch(&self, hash: &str) -> Result<Requests, JsValue> {
        let conversation =
            call::hash(hash).map(|hash| self.device.begin_fetch(hash)).map_err(thrown)?;
        Ok(Requests { kind: Kind::Conversation(conversation), progress: Vec::new() })
    }

    /// The next request; none when it is done.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: a key store that does not sign, or a store that cannot be read or written.
    pub fn next(&mut self, requests: &mut Requests) -> Result<Option<OutgoingRequest>, JsValue> {
        let Requests { kind, progress } = requests;
        let request = match kind {
            Kind::Sync(run) => self.device.next_request(run, &mut |step| {
                progress.extend(call::json(step));
            }),
            Kind::Conversation(conversation) => self.device.conversation_request(conversation),
        };
        request.map(|request| request.map(OutgoingRequest)).map_err(thrown)
    }

    /// Takes the answer to the last request.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: what the server refused, `network_foreign`, or a store that cannot be
    /// written.
    pub fn take(
        &mut self,
        requests: &mut Requests,
        status: u16,
        body: Vec<u8>,
    ) -> Result<(), JsValue> {
        self.answered(requests, Ok(HttpResponse { status, body }))
    }

    /// No answer came; the detail is what the browser said.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: `network_lost`, except for a synchronisation, which goes on by itself.
    pub fn lost(&mut self, requests: &mut Requests, detail: String) -> Result<(), JsValue> {
        self.answered(requests, Err(TransportLost { detail: Some(detail) }))
    }

    /// What changed since this was asked last, as a JSON list; none when nothing did.
    pub fn changes(&mut self) -> Option<String> {
        let changes = self.device.take_changes();
        if changes.is_empty() { None } else { call::json(&changes).ok() }
    }

    /// Refuses while something of this person is only in this browser.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: `work_unsent` or `work_refused`.
    #[wasm_bindgen(js_name = mayErase)]
    pub fn may_erase(&self) -> Result<(), JsValue> {
        self.device.may_erase().map_err(thrown)
    }

    /// Whether the device was enrolled under a key that is gone.
    #[wasm_bindgen(js_name = isKeyLost)]
    pub fn is_key_lost(&self) -> bool {
        self.device.is_key_lost()
    }

    /// Notes that the key under which the device was enrolled is gone.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: a store that cannot be written.
    #[wasm_bindgen(js_name = loseKey)]
    pub fn lose_key(&mut self) -> Result<(), JsValue> {
        self.device.lose_key().map_err(thrown)
    }

    fn answered(
        &mut self,
        requests: &mut Requests,
        answer: Result<HttpResponse, TransportLost>,
    ) -> Result<(), JsValue> {
        match &mut requests.kind {
            Kind::Sync(run) => self.device.take_answer(run, answer),
            Kind::Conversation(conversation) => {
                self.device.take_conversation_answer(conversation, answer)
            }
        }
        .map_err(thrown)
    }
}

#[wasm_bindgen]
impl Requests {
    /// The steps since the last time, each as JSON.
    pub fn progress(&mut self) -> Vec<String> {
        std::mem::take(&mut self.progress)
    }

    /// What was done, or what the server said, as JSON.
    ///
    /// # Errors
    /// The refusal as the JSON of a problem: a report that cannot be written as JSON.
    pub fn report(&self) -> Result<String, JsValue> {
        match &self.kind {
            Kind::Sync(run) => call::json(run.report()),
            Kind::Conversation(conversation) => {
                Ok(String::from_utf8_lossy(conversation.answer()).into_owned())
            }
        }
        .map_err(thrown)
    }
}
