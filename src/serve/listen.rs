//! Accepts connections and answers them until the server is told to end.
//!
//! Slow clients cost a task and little memory: the time to send a request and the time between two
//! parts of an answer that a client takes are limited.

use super::settings::Listen;
use super::too_long::{Explained, HEAD_BYTES};
use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use std::fs;
use std::future::Future;
use std::io::{self, IoSlice};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tower::ServiceExt;

/// The most connections at a time.
const CONNECTIONS: usize = 1_024;

/// How long requests may go on after the server was told to end.
const LAST: Duration = Duration::from_secs(20);

/// How long to wait before connections are accepted again after that failed.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// To send the head of a request, or to begin another.
    head: Duration,
    /// Without taking any part of an answer.
    stalled: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(15), stalled: Duration::from_secs(20) }
    }
}

/// A socket that listens.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener, PathBuf),
}

impl Socket {
    /// Begins to listen. A socket in the file system that nobody listens at any more is replaced.
    pub(super) async fn bind(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Tcp(address) => Ok(Self::Tcp(TcpListener::bind(address).await?)),
            #[cfg(unix)]
            Listen::Unix(path) => {
                use std::os::unix::fs::FileTypeExt;
                let is_socket = fs::symlink_metadata(path)
                    .is_ok_and(|metadata| metadata.file_type().is_socket());
                if is_socket && UnixStream::connect(path).await.is_err() {
                    fs::remove_file(path)?;
                }
                Ok(Self::Unix(UnixListener::bind(path)?, path.clone()))
            }
            #[cfg(not(unix))]
            Listen::Unix(_) => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "sockets in the file system need Unix",
            )),
        }
    }

    /// The address that was bound; `None` for a socket in the file system.
    pub(super) fn address(&self) -> io::Result<Option<SocketAddr>> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Some),
            #[cfg(unix)]
            Self::Unix(..) => Ok(None),
        }
    }
}

/// Answers connections until `end` comes, then lets those finish that are under way.
pub(super) async fn serve(
    socket: &Socket,
    router: Router,
    patience: Patience,
    end: impl Future<Output = ()>,
) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut end = std::pin::pin!(end);
    loop {
        let room = Arc::clone(&connections).acquire_owned();
        let accepted = tokio::select! {
            () = &mut end => break,
            room = room => match room {
                Ok(room) => tokio::select! {
                    () = &mut end => break,
                    accepted = accept(socket) => accepted.map(|(stream, peer)| (room, stream, peer)),
                },
                Err(_) => break,
            },
        };
        match accepted {
            Ok((room, stream, peer)) => {
                let connection = answer(stream, peer, router.clone(), patience);
                let connection = graceful.watch(connection);
                tokio::spawn(async move {
                    // A client that went away is no fault of ours.
                    let _ = connection.await;
                    drop(room);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(PAUSE).await;
            }
        }
    }
    let _ = timeout(LAST, graceful.shutdown()).await;
    #[cfg(unix)]
    if let Socket::Unix(_, path) = socket {
        // Whoever starts the server again replaces it.
        let _ = fs::remove_file(path);
    }
}

/// A stream of either kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn accept(socket: &Socket) -> io::Result<(Box<dyn Stream>, IpAddr)> {
    match socket {
        Socket::Tcp(listener) => {
            let (stream, peer) = listener.accept().await?;
            // Answers are written whole, so waiting for more would only delay them.
            let _ = stream.set_nodelay(true);
            Ok((Box::new(stream), peer.ip().to_canonical()))
        }
        #[cfg(unix)]
        Socket::Unix(listener, _) => {
            let (stream, _) = listener.accept().await?;
            Ok((Box::new(stream), IpAddr::V4(Ipv4Addr::LOCALHOST)))
        }
    }
}

/// Answers the requests of a connection, one after the other.
fn answer(
    stream: Box<dyn Stream>,
    peer: IpAddr,
    router: Router,
    patience: Patience,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let stream = Explained::new(Impatient::new(stream, patience.stalled));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
}

/// A stream that fails if its other end takes nothing for too long.
struct Impatient {
    stream: Box<dyn Stream>,
    /// How long that is.
    patience: Duration,
    /// When the wait ends, while there is one.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Impatient {
    fn new(stream: Box<dyn Stream>, patience: Duration) -> Self {
        Self { stream, patience, stalled: None }
    }

    /// Passes on what is ready, and otherwise looks at the clock.
    fn in_time<T>(
        &mut self,
        polled: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let patience = self.patience;
        let until = || Box::pin(tokio::time::sleep_until(Instant::now() + patience));
        let stalled = self.stalled.get_or_insert_with(until);
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Impatient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(polled, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.in_time(polled, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        self.in_time(polled, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(context);
        self.in_time(polled, context)
    }
}

#[cfg(test)]
mod tests {
    use super::{Patience, Socket, serve};
    use axum::Router;
    use axum::routing::get;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::{Arc, Mutex};
    use std::thread::sleep;
    use std::time::Duration;
    use tokio::sync::oneshot;
    use tokio::task::spawn_blocking;

    const SHORT: Duration = Duration::from_millis(200);

    /// What a server with little patience sends to a client, as long as the client talks to it.
    async fn sent(router: Router, client: fn(&mut TcpStream)) -> Vec<u8> {
        let socket = Socket::bind(&"127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = socket.address().unwrap().unwrap();
        let (told, end) = oneshot::channel::<()>();
        let talking = async {
            let sent = spawn_blocking(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                client(&mut stream);
                let mut sent = Vec::new();
                // A connection that is cut off may end in an error.
                let _ = stream.read_to_end(&mut sent);
                sent
            });
            let sent = sent.await.unwrap();
            drop(told);
            sent
        };
        let patience = Patience { head: SHORT, stalled: SHORT };
        tokio::join!(talking, serve(&socket, router, patience, async { drop(end.await) })).0
    }

    fn ask(stream: &mut TcpStream) {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }

    #[tokio::test]
    async fn a_client_that_sends_half_a_head_is_cut_off() {
        let sent = sent(Router::new(), |stream| {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: local").unwrap();
        });
        let sent = String::from_utf8(sent.await).unwrap();
        assert!(sent.is_empty() || sent.starts_with("HTTP/1.1 408"), "{sent}");
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_of_an_answer_is_cut_off() {
        const LONG: usize = 64 << 20;
        let router = Router::new().route("/", get(async || "x".repeat(LONG)));
        let sent = sent(router, |stream| {
            ask(stream);
            sleep(SHORT * 8);
        });
        assert!(sent.await.len() < LONG);
    }

    #[tokio::test]
    async fn the_work_for_a_client_that_left_is_dropped() {
        /// Tells when it is dropped.
        struct Work(Option<oneshot::Sender<()>>);
        impl Drop for Work {
            fn drop(&mut self) {
                let _ = self.0.take().unwrap().send(());
            }
        }
        let (dropped, is_dropped) = oneshot::channel();
        let work = Arc::new(Mutex::new(Some(Work(Some(dropped)))));
        let (begun, is_begun) = oneshot::channel();
        let begun = Arc::new(Mutex::new(Some(begun)));
        let endless = get(async move || {
            let _work = work.lock().unwrap().take().unwrap();
            let _ = begun.lock().unwrap().take().unwrap().send(());
            std::future::pending::<&str>().await
        });
        let socket = Socket::bind(&"127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = socket.address().unwrap().unwrap();
        let client = async {
            let mut stream =
                spawn_blocking(move || TcpStream::connect(address).unwrap()).await.unwrap();
            ask(&mut stream);
            is_begun.await.unwrap();
            drop(stream);
            tokio::time::timeout(Duration::from_secs(20), is_dropped).await.unwrap().unwrap();
        };
        let router = Router::new().route("/", endless);
        serve(&socket, router, Patience::default(), client).await;
    }

    #[tokio::test]
    async fn a_request_under_way_is_answered_after_the_end_was_told() {
        let socket = Socket::bind(&"127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = socket.address().unwrap().unwrap();
        let (told, end) = oneshot::channel::<()>();
        let told = Arc::new(Mutex::new(Some(told)));
        let slow = get(async move || {
            // The end is told while this request is under way.
            drop(told.lock().unwrap().take());
            tokio::time::sleep(SHORT).await;
            "done"
        });
        let asking = spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            ask(&mut stream);
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let router = Router::new().route("/", slow);
        serve(&socket, router, Patience::default(), async { drop(end.await) }).await;
        let answer = asking.await.unwrap();
        assert!(answer.ends_with("done"), "{answer}");
    }
}
