//! What a process that dies between two steps leaves behind.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is given up after so many polls. Units of work that are on their way to the writer are finished or
/// not, as they would be.
#[derive(Debug)]
pub struct GivenUp<F> {
    inner: Pin<Box<F>>,
    left: u32,
}

impl<F: Future> GivenUp<F> {
    /// Gives a future up after so many polls.
    pub fn after(polls: u32, inner: F) -> Self {
        Self { inner: Box::pin(inner), left: polls }
    }
}

impl<F: Future> Future for GivenUp<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.inner.as_mut().poll(context).map(Some)
    }
}
