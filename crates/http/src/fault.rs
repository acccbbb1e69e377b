//! Faults of ours, in words for the log.

use std::{any::Any, error::Error};

/// An error and every cause beneath it, on one line.
#[must_use]
pub fn causes(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| (*error).source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// What a handler said when it panicked.
#[must_use]
pub fn of_panic(payload: &(dyn Any + Send)) -> std::io::Error {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    std::io::Error::other(format!("the handler panicked: {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the play failed")]
    struct Failed(#[source] std::io::Error);

    #[test]
    fn a_fault_is_told_with_its_causes() {
        let fault = Failed(std::io::Error::other("the ball is flat"));
        assert_eq!(causes(&fault), "the play failed: the ball is flat");
    }

    #[test]
    fn a_panic_is_told_whatever_it_was_given() {
        let panics: [Box<dyn Any + Send>; 3] =
            [Box::new("a literal"), Box::new(String::from("a text")), Box::new(7)];
        let told = panics.map(|panic| of_panic(panic.as_ref()).to_string());
        assert!(told[0].ends_with("a literal") && told[1].ends_with("a text"), "{told:?}");
        assert!(told[2].ends_with("no message"), "{told:?}");
    }
}
