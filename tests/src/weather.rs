//! The network between a phone and the server: away, lossy, repeating, out of order.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use device::{HttpRequest, HttpResponse, Transport, TransportLost};

/// What the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Every request arrives and is answered.
    Fair,
    /// No signal.
    Away,
    /// Requests get lost before or after they arrive, arrive twice, or arrive again much later.
    Storm {
        /// Of a hundred requests, how many meet with something.
        percent: u64,
    },
}

/// The network of one phone; copies share it.
#[derive(Clone, Debug)]
pub struct Network(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    weather: Weather,
    address: String,
    random: u64,
    late: Vec<HttpRequest>,
    requests: usize,
    bytes: usize,
}

/// How many requests may be on their way late.
const LATE: usize = 8;

impl Network {
    /// A fair network to a server. `seed` decides every later mishap.
    #[must_use]
    pub fn new(address: String, seed: u64) -> Self {
        let state = State {
            weather: Weather::Fair,
            address,
            random: seed | 1,
            late: Vec::new(),
            requests: 0,
            bytes: 0,
        };
        Self(Arc::new(Mutex::new(state)))
    }

    fn with<T>(&self, body: impl FnOnce(&mut State) -> T) -> T {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the weather.
    pub fn turn(&self, weather: Weather) {
        self.with(|state| state.weather = weather);
    }

    /// The server is at another address now.
    pub fn redirect(&self, address: String) {
        self.with(|state| state.address = address);
    }

    /// How many requests the phone made.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.with(|state| state.requests)
    }

    /// Bytes of bodies, both ways, since the last time this was asked.
    #[must_use]
    pub fn take_bytes(&self) -> usize {
        self.with(|state| std::mem::take(&mut state.bytes))
    }
}

impl State {
    fn below(&mut self, n: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.random >> 33) % n
    }
}

/// A phone's HTTP client on a network.
#[derive(Debug)]
pub struct Wire {
    client: reqwest::blocking::Client,
    network: Network,
}

impl Wire {
    /// A client on a network.
    #[must_use]
    pub fn new(network: Network) -> Self {
        let client = reqwest::blocking::Client::builder()
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build()
            .unwrap_or_default();
        Self { client, network }
    }

    fn deliver(&self, request: HttpRequest) -> Result<HttpResponse, TransportLost> {
        let url = format!("{}{}", self.network.with(|state| state.address.clone()), request.path);
        let method = match request.method {
            "POST" => reqwest::Method::POST,
            "PUT" => reqwest::Method::PUT,
            _ => reqwest::Method::GET,
        };
        self.network.with(|state| state.bytes += request.body.len());
        let mut sent = self.client.request(method, url).body(request.body);
        for (name, value) in request.headers {
            sent = sent.header(name, value);
        }
        let lost = |error: reqwest::Error| TransportLost { detail: Some(error.to_string()) };
        let answer = sent.send().map_err(lost)?;
        let status = answer.status().as_u16();
        let body = answer.bytes().map_err(lost)?.to_vec();
        self.network.with(|state| state.bytes += body.len());
        Ok(HttpResponse { status, body })
    }
}

impl Transport for Wire {
    fn send(&mut self, request: HttpRequest) -> Result<HttpResponse, TransportLost> {
        let mishap = self.network.with(|state| {
            state.requests += 1;
            match state.weather {
                Weather::Fair => None,
                Weather::Away => Some(0),
                Weather::Storm { percent } => {
                    (state.below(100) < percent).then(|| 1 + state.below(4))
                }
            }
        });
        match mishap {
            None => self.deliver(request),
            // Away, or lost on the way there.
            Some(0 | 1) => Err(TransportLost::default()),
            // It arrives, but the answer is lost.
            Some(2) => {
                let _ = self.deliver(request);
                Err(TransportLost::default())
            }
            // It arrives twice.
            Some(3) => {
                let _ = self.deliver(request.clone());
                self.deliver(request)
            }
            // An old one arrives first, this one is kept to arrive again later.
            Some(_) => {
                let old = self.network.with(|state| {
                    let old = (state.late.len() >= LATE).then(|| state.late.remove(0));
                    state.late.push(request.clone());
                    old
                });
                if let Some(old) = old {
                    let _ = self.deliver(old);
                }
                self.deliver(request)
            }
        }
    }
}
