//! A TCP proxy between a phone and the server that cuts connections and answers in the server's place, as
//! gateways, firewalls and hotel networks do.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What the proxy does to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tamper {
    /// Passes it on.
    Pass,
    /// Passes so many bytes of it on, then ends the connection.
    CutAfter(usize),
    /// Passes it on and throws the answer away.
    LoseAnswer,
    /// Answers in the server's place.
    Answer(u16, Vec<u8>),
}

/// Decides by method and path, such as `PUT /sync/v1/blobs/…`, and the size of the body.
pub type Rule = Box<dyn FnMut(&str, usize) -> Tamper + Send>;

/// A proxy; copies share it.
#[derive(Clone)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    server: String,
    rule: Rule,
    bytes_up: usize,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proxy").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Proxy {
    /// A proxy before a server, such as `http://127.0.0.1:1234`, that passes everything on.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn before(server: &str) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let server = server.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let rule: Rule = Box::new(|_, _| Tamper::Pass);
        let shared = Arc::new(Mutex::new(Shared { server, rule, bytes_up: 0 }));
        let proxy = Self { address: listener.local_addr()?, shared };
        let serving = proxy.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let proxy = serving.clone();
                // A connection that breaks is what this is for.
                std::thread::spawn(move || drop(proxy.carry(stream)));
            }
        });
        Ok(proxy)
    }

    /// Its address, as phones use it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on requests go by this rule.
    pub fn rule(&self, rule: impl FnMut(&str, usize) -> Tamper + Send + 'static) {
        self.with(|shared| shared.rule = Box::new(rule));
    }

    /// Bytes of bodies that came from phones since the last time this was asked.
    #[must_use]
    pub fn take_bytes_up(&self) -> usize {
        self.with(|shared| std::mem::take(&mut shared.bytes_up))
    }

    fn with<T>(&self, body: impl FnOnce(&mut Shared) -> T) -> T {
        body(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One request and its answer; each has a connection of its own.
    fn carry(&self, mut phone: TcpStream) -> io::Result<()> {
        let (head, mut body) = head(&mut phone)?;
        let length = length(&head);
        let line = head.lines().next().unwrap_or_default();
        let asked = line.rsplit_once(' ').map_or(line, |(asked, _)| asked);
        let (tamper, server) = self.with(|it| ((it.rule)(asked, length), it.server.clone()));
        let limit = if let Tamper::CutAfter(bytes) = tamper { bytes.min(length) } else { length };
        let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        if let Tamper::Answer(status, reply) = tamper {
            rest(&mut phone, &mut body, length, &mut io::sink())?;
            self.with(|it| it.bytes_up += length);
            let head = format!(
                "HTTP/1.1 {status} Said\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                reply.len()
            );
            phone.write_all(head.as_bytes())?;
            phone.write_all(&reply)?;
            return phone.shutdown(Shutdown::Write);
        }
        let mut server = TcpStream::connect(server)?;
        server.write_all(head.as_bytes())?;
        rest(&mut phone, &mut body, limit, &mut server)?;
        self.with(|it| it.bytes_up += limit);
        if let Tamper::CutAfter(_) = tamper {
            // The server hears of it first, so that what came is written before the phone asks again.
            server.shutdown(Shutdown::Write)?;
            io::copy(&mut server, &mut io::sink())?;
            return phone.shutdown(Shutdown::Both);
        }
        if tamper == Tamper::LoseAnswer {
            io::copy(&mut server, &mut io::sink())?;
            return phone.shutdown(Shutdown::Both);
        }
        io::copy(&mut server, &mut phone)?;
        phone.shutdown(Shutdown::Write)
    }
}

/// The head of a request, and what came of the body with it.
fn head(stream: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = read.windows(4).position(|it| it == b"\r\n\r\n") {
            let body = read.split_off(end + 4);
            let head = String::from_utf8(read).map_err(io::Error::other)?;
            return Ok((head, body));
        }
        match stream.read(&mut buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => read.extend_from_slice(buffer.get(..n).unwrap_or_default()),
        }
    }
}

fn length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or_default()
}

/// So many bytes of a body, the first of which came with the head.
fn rest(
    from: &mut TcpStream,
    came: &mut Vec<u8>,
    length: usize,
    to: &mut impl Write,
) -> io::Result<()> {
    came.truncate(length);
    to.write_all(came)?;
    let left = length.saturating_sub(came.len());
    io::copy(&mut from.take(left as u64), to).map(drop)
}
