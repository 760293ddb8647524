//! The object that the worker holds.

use std::path::Path;
use std::sync::Arc;

use device::{Device, Errand, Host, HttpRequest, HttpResponse, SyncRun, TransportLost};
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
    JsValue::from_str(&call::said(refusal))
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
pub struct Talk {
    kind: Kind,
    progress: Vec<String>,
}

#[derive(Debug)]
enum Kind {
    Sync(Box<SyncRun>),
    Errand(Errand),
}

/// A request that the worker sends.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Request(HttpRequest);

#[wasm_bindgen]
impl Request {
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
#[wasm_bindgen(js_name = judge)]
pub fn judge(tables: &str, questions: &str) -> Result<String, JsValue> {
    crate::vectors::judge(tables, questions).map_err(thrown)
}

#[wasm_bindgen]
impl Core {
    /// Opens or makes the device; whatever was saved before is there.
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
    pub fn ask(&mut self, call: &str) -> Result<String, JsValue> {
        call::read(call).and_then(|call| call::answer(&mut self.device, call)).map_err(thrown)
    }

    /// Keeps a photo; gives its name.
    pub fn capture(&mut self, stream: &str, meta: &str, bytes: &[u8]) -> Result<String, JsValue> {
        let kept = call::shot(stream, meta)
            .and_then(|(stream, meta)| self.device.capture(stream, meta, bytes));
        kept.map(|hash| hash.to_string()).map_err(thrown)
    }

    /// The bytes of a photo: the original, or else the small picture.
    pub fn photo(&self, hash: &str) -> Result<Option<Vec<u8>>, JsValue> {
        call::hash(hash).and_then(|hash| self.device.photo_bytes(hash)).map_err(thrown)
    }

    /// Begins a synchronisation.
    #[wasm_bindgen(js_name = beginSync)]
    pub fn begin_sync(&mut self) -> Result<Talk, JsValue> {
        let run = self.device.begin_sync().map_err(thrown)?;
        Ok(Talk { kind: Kind::Sync(Box::new(run)), progress: Vec::new() })
    }

    /// Begins to sign in.
    #[wasm_bindgen(js_name = beginSignIn)]
    pub fn begin_sign_in(&self, username: &str, password: &str) -> Talk {
        let errand = self.device.begin_sign_in(username, password);
        Talk { kind: Kind::Errand(errand), progress: Vec::new() }
    }

    /// Begins to enrol.
    #[wasm_bindgen(js_name = beginEnrol)]
    pub fn begin_enrol(&self, label: &str) -> Talk {
        let errand = self.device.begin_enrol(label);
        Talk { kind: Kind::Errand(errand), progress: Vec::new() }
    }

    /// Begins to ask the server for what no device holds.
    #[wasm_bindgen(js_name = beginAsk)]
    pub fn begin_ask(&self, path: &str, body: Option<String>) -> Result<Talk, JsValue> {
        let errand = self.device.begin_ask(path, body.map(String::into_bytes)).map_err(thrown)?;
        Ok(Talk { kind: Kind::Errand(errand), progress: Vec::new() })
    }

    /// Begins to fetch the small picture of a photo.
    #[wasm_bindgen(js_name = beginFetch)]
    pub fn begin_fetch(&self, hash: &str) -> Result<Talk, JsValue> {
        let errand = call::hash(hash).map(|hash| self.device.begin_fetch(hash)).map_err(thrown)?;
        Ok(Talk { kind: Kind::Errand(errand), progress: Vec::new() })
    }

    /// The next request; none when it is done.
    pub fn next(&mut self, talk: &mut Talk) -> Result<Option<Request>, JsValue> {
        let Talk { kind, progress } = talk;
        let request = match kind {
            Kind::Sync(run) => self.device.next_request(run, &mut |step| {
                progress.extend(call::json(step));
            }),
            Kind::Errand(errand) => self.device.errand_request(errand),
        };
        request.map(|request| request.map(Request)).map_err(thrown)
    }

    /// Takes the answer to the last request.
    pub fn take(&mut self, talk: &mut Talk, status: u16, body: Vec<u8>) -> Result<(), JsValue> {
        self.answered(talk, Ok(HttpResponse { status, body }))
    }

    /// No answer came; the detail is what the browser said.
    pub fn lost(&mut self, talk: &mut Talk, detail: String) -> Result<(), JsValue> {
        self.answered(talk, Err(TransportLost { detail: Some(detail) }))
    }

    /// What changed since this was asked last, as a JSON list; none when nothing did.
    pub fn changes(&mut self) -> Option<String> {
        let changes = self.device.take_changes();
        if changes.is_empty() { None } else { call::json(&changes).ok() }
    }

    /// Refuses while something of this person is only in this browser.
    #[wasm_bindgen(js_name = mayErase)]
    pub fn may_erase(&self) -> Result<(), JsValue> {
        self.device.may_erase().map_err(thrown)
    }

    fn answered(
        &mut self,
        talk: &mut Talk,
        answer: Result<HttpResponse, TransportLost>,
    ) -> Result<(), JsValue> {
        match &mut talk.kind {
            Kind::Sync(run) => self.device.take_answer(run, answer),
            Kind::Errand(errand) => self.device.take_errand_answer(errand, answer),
        }
        .map_err(thrown)
    }
}

#[wasm_bindgen]
impl Talk {
    /// The steps since the last time, each as JSON.
    pub fn progress(&mut self) -> Vec<String> {
        std::mem::take(&mut self.progress)
    }

    /// What was done, or what the server said, as JSON.
    pub fn report(&self) -> Result<String, JsValue> {
        match &self.kind {
            Kind::Sync(run) => call::json(run.report()),
            Kind::Errand(errand) => Ok(String::from_utf8_lossy(errand.answer()).into_owned()),
        }
        .map_err(thrown)
    }
}
