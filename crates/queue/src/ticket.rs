//! What a receipt of ours says: which message, which delivery of it.

use uuid::Uuid;

use crate::{QueueError, Receipt};

/// A message and the unguessable token of one delivery of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub id: Uuid,
    pub token: Uuid,
}

impl Ticket {
    pub fn receipt(self) -> Receipt {
        Receipt(format!("{}.{}", self.id, self.token))
    }

    /// Reads a receipt; one that is not of our making stands for nothing.
    pub fn read(receipt: &Receipt) -> Result<Self, QueueError> {
        let (id, token) = receipt.0.split_once('.').ok_or(QueueError::StaleReceipt)?;
        let parse = |text: &str| text.parse().map_err(|_| QueueError::StaleReceipt);
        Ok(Self { id: parse(id)?, token: parse(token)? })
    }
}
