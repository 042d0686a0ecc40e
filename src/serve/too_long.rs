//! Gives a body to the answers to requests that are too long to be read.
//!
//! The HTTP library makes these itself, without a body, before a page could be made: no handler is
//! ever asked. Everything else passes through as it is.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most bytes of the head of a request: a basket may be in the address.
pub(super) const HEAD_BYTES: usize = 64 * 1_024;

/// How such answers begin: an address that is too long, and a head that is.
const BEGINNINGS: [&str; 2] = ["HTTP/1.1 414 ", "HTTP/1.1 431 "];

/// The header of an answer without a body.
const WITHOUT_BODY: &str = "content-length: 0\r\n";

/// Writes the answer with a body instead, if it is one of these.
fn explained(answer: &[u8]) -> Option<Vec<u8>> {
    let head = std::str::from_utf8(answer).ok()?;
    let is_one = BEGINNINGS.iter().any(|beginning| head.starts_with(beginning));
    if !is_one || !head.ends_with("\r\n\r\n") || !head.contains(WITHOUT_BODY) {
        return None;
    }
    let body = format!(
        "This request is too long\n\
         its address, with the paragraphs that are kept, and its headers are at most {HEAD_BYTES} bytes \
         together\n\
         take paragraphs out of the basket, or save it as a file and begin another\n"
    );
    let of_body =
        format!("content-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n", body.len());
    Some((head.replacen(WITHOUT_BODY, &of_body, 1) + &body).into_bytes())
}

/// A stream whose answers of that kind have a body.
pub(super) struct Explained<S> {
    stream: S,
    /// What is left to be written instead of what was given, while it is.
    left: Option<Vec<u8>>,
}

impl<S> Explained<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, left: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Explained<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Explained<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, left } = &mut *self;
        if left.is_none() {
            *left = explained(bytes);
        }
        let Some(instead) = left else { return Pin::new(stream).poll_write(context, bytes) };
        while !instead.is_empty() {
            let written = ready!(Pin::new(&mut *stream).poll_write(context, instead))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            instead.drain(..written);
        }
        *left = None;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = parts.iter().find(|part| !part.is_empty());
        match first.filter(|first| self.left.is_some() || explained(first).is_some()) {
            Some(first) => self.poll_write(context, first),
            None => Pin::new(&mut self.stream).poll_write_vectored(context, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::explained;

    #[test]
    fn only_an_answer_to_what_is_too_long_is_given_a_body() {
        let end = "connection: close\r\ncontent-length: 0\r\n\r\n";
        for status in ["414 URI Too Long", "431 Request Header Fields Too Large"] {
            let answer = explained(format!("HTTP/1.1 {status}\r\n{end}").as_bytes()).unwrap();
            let answer = String::from_utf8(answer).unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
            assert!(body.starts_with("This request is too long\n"), "{body}");
        }
        for other in [
            format!("HTTP/1.1 400 Bad Request\r\n{end}"),
            "HTTP/1.1 414 URI Too Long\r\ncontent-length: 3\r\n\r\n".to_owned(),
            "<p>HTTP/1.1 414 </p>".to_owned(),
        ] {
            assert_eq!(explained(other.as_bytes()), None, "{other}");
        }
    }
}
