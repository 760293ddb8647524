//! Accepts connections: a bounded number, of each address a part of them, each with bounded silence in both directions,
//! all ended in order when the server stops.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use ipnet::IpNet;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::problem::{CONTENT_TYPE, Problem};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::auth::attempts::subscriber;

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at once; further ones wait to be accepted.
    pub connections: usize,
    /// Connections at once from one network address that is no trusted proxy; further ones are turned away.
    pub per_address: usize,
    /// Of these, connections that have not sent the headers of a request yet.
    pub unfinished: usize,
    /// Bytes of the headers of a request.
    pub header_bytes: usize,
    /// How long a connection may take to send its headers, or be silent between requests.
    pub headers: Duration,
    /// How long whoever is answered may read nothing.
    pub reading: Duration,
    /// How long requests in progress may go on after the server was told to stop.
    pub ending: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 16_384,
            per_address: 1_024,
            unfinished: 128,
            header_bytes: 32 * 1024,
            headers: Duration::from_secs(30),
            reading: Duration::from_secs(30),
            ending: Duration::from_secs(20),
        }
    }
}

/// Pause after a connection could not be accepted, as when the process has too many files open.
const BREATH: Duration = Duration::from_millis(100);

/// What a connection is answered that is one too many.
fn turned_away() -> Vec<u8> {
    let problem = Problem::new(Refusal::new(Code::RateLimited), 429);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\ncontent-type: {CONTENT_TYPE}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

/// Serves until `stopping`. Trusted proxies bring the connections of many and have no bound of their own.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    (bounds, trusted): (Bounds, Vec<IpNet>),
    stopping: CancellationToken,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(bounds.headers)
        .max_buf_size(bounds.header_bytes);
    let open = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(bounds.connections));
    let (addresses, turned_away) = (Arc::new(Addresses::default()), turned_away());
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = stopping.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        let own = if trusted.iter().any(|net| net.contains(&address)) {
            None
        } else if let Some(own) = addresses.take(address, bounds) {
            Some(Arc::new(own))
        } else {
            // Nobody waits for whoever does not take even this.
            let _ = stream.try_write(&turned_away);
            continue;
        };
        // Answers are small and waited for.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(bounds.reading));
        let (router, asking) = (router.clone(), own.clone());
        let answer = service_fn(move |request| {
            if let Some(own) = &asking {
                own.asked();
            }
            answer(router.clone(), request, peer)
        });
        let stream = TokioIo::new(Box::pin(stream));
        let connection = open.watch(http.serve_connection(stream, answer));
        tokio::spawn(async move {
            let _place = place;
            let _own = own;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(bounds.ending, open.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

/// Connections by network address: all of them, and those that have not asked anything yet.
#[derive(Debug, Default)]
struct Addresses(Mutex<HashMap<IpAddr, (usize, usize)>>);

impl Addresses {
    /// A place for one more connection of an address; none where it has too many.
    fn take(self: &Arc<Self>, address: IpAddr, bounds: Bounds) -> Option<Connection> {
        let network = subscriber(address);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (open, silent) = all.get(&network).copied().unwrap_or_default();
        if open >= bounds.per_address || silent >= bounds.unfinished {
            return None;
        }
        all.insert(network, (open + 1, silent + 1));
        drop(all);
        Some(Connection { addresses: Arc::clone(self), network, silent: AtomicBool::new(true) })
    }

    fn change(&self, network: IpAddr, change: impl FnOnce(&mut (usize, usize))) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counts) = all.get_mut(&network) {
            change(counts);
            if counts.0 == 0 {
                all.remove(&network);
            }
        }
    }
}

/// The place of a connection, until it is dropped.
#[derive(Debug)]
struct Connection {
    addresses: Arc<Addresses>,
    network: IpAddr,
    silent: AtomicBool,
}

impl Connection {
    /// The headers of a request came.
    fn asked(&self) {
        if self.silent.swap(false, Ordering::SeqCst) {
            self.addresses.change(self.network, |(_, silent)| *silent = silent.saturating_sub(1));
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.asked();
        self.addresses.change(self.network, |(open, _)| *open = open.saturating_sub(1));
    }
}

async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<axum::response::Response, std::convert::Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request.map(Body::new)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    async fn start(bounds: Bounds) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = CancellationToken::new();
        let large = get(async || vec![b'x'; 64 * 1024 * 1024]);
        let router = Router::new().route("/", get(async || "here")).route("/large", large);
        tokio::spawn(serve(listener, router, (bounds, Vec::new()), stopping.clone()));
        (address, stopping)
    }

    #[tokio::test]
    async fn a_connection_that_never_ends_its_headers_is_closed() {
        let bounds = Bounds { headers: Duration::from_millis(50), ..Bounds::default() };
        let (address, _stopping) = start(bounds).await;
        for request in ["", "GET / HTTP/1.1\r\nhost: x\r\nslow: "] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut response = Vec::new();
            stream.read_to_end(&mut response).await.unwrap();
            assert!(!String::from_utf8_lossy(&response).contains("here"));
        }
    }

    #[tokio::test]
    async fn one_connection_too_many_waits_for_its_place() {
        let (address, _stopping) = start(Bounds { connections: 1, ..Bounds::default() }).await;
        let ask = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let mut first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        second.write_all(ask).await.unwrap();
        first.write_all(ask).await.unwrap();
        for stream in [&mut first, &mut second] {
            let mut response = String::new();
            stream.read_to_string(&mut response).await.unwrap();
            assert!(response.ends_with("here"), "{response}");
        }
    }

    /// Whether a connection that asks is answered.
    async fn is_answered(address: SocketAddr) -> bool {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let ask = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let mut response = Vec::new();
        // A connection that is turned away may be reset before it is read.
        let asked = stream.write_all(ask).await.is_ok();
        asked && stream.read_to_end(&mut response).await.is_ok() && response.ends_with(b"here")
    }

    async fn ask_and_stay(address: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 15];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        stream
    }

    #[tokio::test]
    async fn one_address_has_a_part_of_the_connections_and_the_next_one_is_turned_away() {
        let (address, _stopping) = start(Bounds { per_address: 2, ..Bounds::default() }).await;
        let held = [ask_and_stay(address).await, ask_and_stay(address).await];
        let mut third = TcpStream::connect(address).await.unwrap();
        let mut response = String::new();
        third.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 429 ") && response.contains("retry-after: 5"));
        assert!(response.contains("\"code\":\"rate_limited\""), "{response}");
        drop(held);
        // Places are given back when the server sees that the others are gone.
        while !is_answered(address).await {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn connections_that_ask_nothing_take_a_part_of_those_of_their_address() {
        let (address, _stopping) = start(Bounds { unfinished: 2, ..Bounds::default() }).await;
        let asking = [ask_and_stay(address).await, ask_and_stay(address).await];
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
        assert!(is_answered(address).await);
        let _other = TcpStream::connect(address).await.unwrap();
        assert!(!is_answered(address).await);
        silent.write_all(b"x\r\n\r\n").await.unwrap();
        silent.read_exact(&mut [0; 15]).await.unwrap();
        assert!(is_answered(address).await);
        drop(asking);
    }

    #[tokio::test]
    async fn headers_that_are_too_large_are_refused_before_they_end() {
        let (address, _stopping) =
            start(Bounds { header_bytes: 8 * 1024, ..Bounds::default() }).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nlong: ").await.unwrap();
        stream.write_all(&[b'x'; 9 * 1024]).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 431");
    }

    #[tokio::test]
    async fn who_reads_nothing_of_a_large_answer_is_cut() {
        let bounds =
            Bounds { reading: Duration::from_millis(50), per_address: 1, ..Bounds::default() };
        let (address, _stopping) = start(bounds).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        stream.readable().await.unwrap();
        // The only place of this address is free again without a byte having been read.
        while !is_answered(address).await {
            tokio::task::yield_now().await;
        }
    }
}
