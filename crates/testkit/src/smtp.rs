//! A mail server of our own on loopback: speaks SMTP with whoever comes, keeps every letter, and misbehaves on demand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use storage::mail::MailSettings;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// How the sink is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    #[default]
    None,
    /// TLS from the first byte.
    Tls,
    /// After `STARTTLS`, before which nothing but that is allowed.
    StartTls,
}

/// What the sink does wrong. Replies are whole lines such as `550 no such user`.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    /// Its reply to `MAIL`.
    pub to_sender: Option<String>,
    /// Its reply to `RCPT` of these addresses.
    pub to_recipients: Vec<(String, String)>,
    /// Its reply to a whole letter, which it then does not keep.
    pub to_letter: Option<String>,
    /// Letters that it keeps, and closes the connection without a reply.
    pub silent_after: u32,
    /// Letters that it drops in the middle of their text.
    pub silent_amid: u32,
    /// Letters that it keeps, with a reply that is no text.
    pub mumbles_after: u32,
    /// Its reply to `MAIL` is no text.
    pub mumbles_to_sender: bool,
    /// How long it looks at a letter before it replies.
    pub ponders: std::time::Duration,
}

/// A letter as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// From whom, as the envelope says.
    pub from: String,
    /// To whom, as the envelope says.
    pub to: Vec<String>,
    /// The whole text, headers first.
    pub text: String,
    /// When its end had come, before anything was said to it.
    pub at: std::time::Instant,
    /// Whether its sender was told that it is kept.
    pub is_answered: bool,
}

impl Received {
    /// The value of a header that stands on one line.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default();
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

#[derive(Default)]
struct Kept {
    letters: Vec<Received>,
    manners: Manners,
}

struct Shared {
    kept: Mutex<Kept>,
    protection: Protection,
    login: Option<(String, String)>,
    tls: Option<TlsAcceptor>,
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server. It ends with the test's runtime.
pub struct Sink {
    shared: Arc<Shared>,
    address: SocketAddr,
    root: Option<String>,
}

impl Sink {
    /// One that takes everything from everyone.
    ///
    /// # Panics
    /// When no port can be listened on.
    pub async fn open() -> Self {
        Self::protected(Protection::None, None).await
    }

    /// One that is protected, and asks for a login where one is given.
    ///
    /// # Panics
    /// When no port can be listened on, or no certificate be made.
    pub async fn protected(protection: Protection, login: Option<(&str, &str)>) -> Self {
        let (tls, root) = match protection {
            Protection::None => (None, None),
            Protection::Tls | Protection::StartTls => {
                let (acceptor, root) = certified();
                (Some(acceptor), Some(root))
            }
        };
        let login = login.map(|(name, password)| (name.to_owned(), password.to_owned()));
        let shared = Arc::new(Shared { kept: Mutex::default(), protection, login, tls });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of loopback");
        let address = listener.local_addr().expect("a port has an address");
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move {
                    // A guest that goes away in the middle is no failure of the test.
                    let _ = welcome(&shared, stream).await;
                });
            }
        });
        Self { shared, address, root }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How a shop sends letters to it, unprotected and without a login: to this recipient alone.
    pub fn mail_settings(&self, recipient: &str) -> MailSettings {
        MailSettings {
            host: "localhost".to_owned(),
            port: self.port(),
            security: "plain".to_owned(),
            login: None,
            sender: "desk@shop.example".to_owned(),
            recipients: vec![recipient.to_owned()],
            language: "ru".to_owned(),
            extra_root: None,
        }
    }

    /// The authority of its certificate, PEM.
    pub fn root(&self) -> Option<String> {
        self.root.clone()
    }

    /// All that arrived, also what arrived twice.
    pub fn letters(&self) -> Vec<Received> {
        self.shared.kept().letters.clone()
    }

    /// From now on it behaves like this.
    pub fn behave(&self, manners: Manners) {
        self.shared.kept().manners = manners;
    }
}

fn certified() -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("the key belongs to the certificate");
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

async fn welcome(shared: &Shared, stream: tokio::net::TcpStream) -> std::io::Result<()> {
    match (&shared.tls, shared.protection) {
        (Some(tls), Protection::Tls) => {
            let guest = Guest::new(shared, BufReader::new(tls.accept(stream).await?), true);
            guest.talk(true).await.map(|_| ())
        }
        (Some(tls), Protection::StartTls) => {
            let guest = Guest::new(shared, BufReader::new(stream), false);
            let Some(stream) = guest.talk(true).await? else { return Ok(()) };
            let guest = Guest::new(shared, BufReader::new(tls.accept(stream.into_inner()).await?), true);
            guest.talk(false).await.map(|_| ())
        }
        _ => Guest::new(shared, BufReader::new(stream), true).talk(true).await.map(|_| ()),
    }
}

/// One conversation.
struct Guest<'a, S> {
    shared: &'a Shared,
    stream: BufReader<S>,
    /// What comes may be trusted to nobody else: the way is protected as asked.
    is_safe: bool,
    is_known: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Guest<'a, S> {
    fn new(shared: &'a Shared, stream: BufReader<S>, is_safe: bool) -> Self {
        Self { shared, stream, is_safe, is_known: shared.login.is_none(), from: None, to: Vec::new() }
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn hear(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end().to_owned()))
    }

    /// Talks until the guest leaves; gives the stream back where the guest wants it encrypted.
    async fn talk(mut self, greets: bool) -> std::io::Result<Option<BufReader<S>>> {
        if greets {
            self.say("220 sink ready").await?;
        }
        while let Some(line) = self.hear().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" | "HELO" => self.introduce().await?,
                "STARTTLS" if !self.is_safe => {
                    self.say("220 go ahead").await?;
                    return Ok(Some(self.stream));
                }
                "QUIT" => {
                    self.say("221 bye").await?;
                    break;
                }
                "NOOP" | "RSET" => self.say("250 ok").await?,
                _ if !self.is_safe => self.say("530 5.7.0 Must issue a STARTTLS command first").await?,
                "AUTH" => self.identify(&line).await?,
                _ if !self.is_known => self.say("530 5.7.1 Authentication required").await?,
                "MAIL" => self.sender(&line).await?,
                "RCPT" => self.recipient(&line).await?,
                "DATA" => {
                    if !self.letter().await? {
                        break;
                    }
                }
                _ => self.say("502 5.5.2 unknown command").await?,
            }
        }
        Ok(None)
    }

    async fn introduce(&mut self) -> std::io::Result<()> {
        if !self.is_safe {
            self.say("250-sink").await?;
            return self.say("250 STARTTLS").await;
        }
        self.say("250-sink").await?;
        if self.shared.login.is_some() {
            self.say("250-AUTH PLAIN LOGIN").await?;
        }
        self.say("250 SIZE 50000000").await
    }

    /// `AUTH PLAIN` with its answer on the line.
    async fn identify(&mut self, line: &str) -> std::io::Result<()> {
        let given = line.rsplit(' ').next().unwrap_or_default();
        let expected = self.shared.login.as_ref().map(|(name, password)| plain(name, password));
        self.is_known = expected.as_deref() == Some(given);
        self.say(if self.is_known { "235 2.7.0 accepted" } else { "535 5.7.8 Error: authentication failed" })
            .await
    }

    async fn mumble(&mut self) -> std::io::Result<()> {
        self.stream.write_all(b"250 \xff\xfe\xff\r\n").await?;
        self.stream.flush().await
    }

    async fn sender(&mut self, line: &str) -> std::io::Result<()> {
        if self.shared.kept().manners.mumbles_to_sender {
            return self.mumble().await;
        }
        let reply = self.shared.kept().manners.to_sender.clone();
        if reply.is_none() {
            self.from = Some(address(line));
            self.to.clear();
        }
        self.say(&reply.unwrap_or_else(|| "250 ok".to_owned())).await
    }

    async fn recipient(&mut self, line: &str) -> std::io::Result<()> {
        let asked = address(line);
        let manners = self.shared.kept().manners.clone();
        if let Some((_, reply)) = manners.to_recipients.into_iter().find(|(of, _)| *of == asked) {
            return self.say(&reply).await;
        }
        self.to.push(asked);
        self.say("250 ok").await
    }

    /// Whether the conversation goes on.
    async fn letter(&mut self) -> std::io::Result<bool> {
        self.say("354 go on").await?;
        if self.spend(|manners| &mut manners.silent_amid) {
            self.stream.read_exact(&mut [0; 16]).await?;
            return Ok(false);
        }
        let mut text = String::new();
        while let Some(line) = self.hear().await? {
            if line == "." {
                let reply = self.shared.kept().manners.to_letter.clone();
                if let Some(reply) = reply {
                    self.say(&reply).await?;
                    return Ok(true);
                }
                let from = self.from.take().unwrap_or_default();
                let at = std::time::Instant::now();
                let is_silent = self.spend(|manners| &mut manners.silent_after);
                let mumbles = !is_silent && self.spend(|manners| &mut manners.mumbles_after);
                let (to, is_answered) = (std::mem::take(&mut self.to), !is_silent && !mumbles);
                let letter = Received { from, to, text, at, is_answered };
                self.shared.kept().letters.push(letter);
                if is_silent {
                    return Ok(false);
                }
                if mumbles {
                    self.mumble().await?;
                    return Ok(true);
                }
                let ponders = self.shared.kept().manners.ponders;
                tokio::time::sleep(ponders).await;
                self.say("250 2.0.0 queued as 4F1A2B").await?;
                return Ok(true);
            }
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
            text.push_str("\r\n");
        }
        Ok(false)
    }

    fn spend(&self, of: impl FnOnce(&mut Manners) -> &mut u32) -> bool {
        let mut kept = self.shared.kept();
        let left = of(&mut kept.manners);
        let spent = *left > 0;
        *left = left.saturating_sub(1);
        spent
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    line.split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map(|(at, _)| at.to_owned())
        .unwrap_or_default()
}

/// The answer of `AUTH PLAIN`.
fn plain(name: &str, password: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(format!("\0{name}\0{password}"))
}
