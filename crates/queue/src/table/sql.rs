//! What the queue says to its table: one statement each, the same words for
//! SQLite and PostgreSQL. Times are microseconds since 1970, because both
//! databases compare whole numbers alike.
//!
//! A message is *visible* when `visible_at_us` has come, *on loan* when it is
//! hidden and has a token, *delayed* when it is hidden without one, and *dead*
//! when `dead_at_us` is set.

pub const SEND: &str = "
    INSERT INTO queue_messages (id, body, traceparent, sent_at_us, visible_at_us, receive_count)
    VALUES ($1, $2, $3, $4, $4, 0)";

/// `$1` now, `$2` most receives.
pub const BURY: &str = "
    UPDATE queue_messages SET dead_at_us = $1, token = NULL
    WHERE dead_at_us IS NULL AND visible_at_us <= $1 AND receive_count >= $2";

/// `$1` now, `$2` most receives, `$3` how many, `$4` hidden until, `$5` token.
/// On PostgreSQL a receiver skips what another one is just taking.
pub fn take(row_lock: bool) -> String {
    let lock = if row_lock { "FOR UPDATE SKIP LOCKED" } else { "" };
    format!(
        "WITH picked AS (
            SELECT id FROM queue_messages
            WHERE dead_at_us IS NULL AND visible_at_us <= $1 AND receive_count < $2
            ORDER BY visible_at_us LIMIT $3 {lock}
        )
        UPDATE queue_messages
        SET receive_count = receive_count + 1, visible_at_us = $4, token = $5
        WHERE id IN (SELECT id FROM picked)
        RETURNING id, body, traceparent, receive_count, sent_at_us"
    )
}

/// `$1` token, `$2` now.
pub const GIVE_BACK: &str = "
    UPDATE queue_messages
    SET receive_count = receive_count - 1, visible_at_us = $2, token = NULL
    WHERE token = $1 AND dead_at_us IS NULL";

/// When the next message becomes visible.
pub const NEXT: &str = "
    SELECT MIN(visible_at_us) AS at_us FROM queue_messages WHERE dead_at_us IS NULL";

/// `$1` id, `$2` token, `$3` hidden until.
pub const EXTEND: &str = "
    UPDATE queue_messages SET visible_at_us = $3
    WHERE id = $1 AND token = $2 AND dead_at_us IS NULL";

/// `$1` id, `$2` token, `$3` hidden until.
pub const RELEASE: &str = "
    UPDATE queue_messages SET visible_at_us = $3, token = NULL
    WHERE id = $1 AND token = $2 AND dead_at_us IS NULL";

/// `$1` id, `$2` token.
pub const DELETE: &str = "DELETE FROM queue_messages WHERE id = $1 AND token = $2";

/// `$1` id.
pub const FIND: &str = "SELECT visible_at_us AS at_us FROM queue_messages WHERE id = $1";

/// `$1` now.
pub const STATS: &str = "
    SELECT
        COUNT(*) FILTER (WHERE dead_at_us IS NULL AND visible_at_us <= $1) AS visible,
        COUNT(*) FILTER (WHERE dead_at_us IS NULL AND visible_at_us > $1
                         AND token IS NOT NULL) AS in_flight,
        COUNT(*) FILTER (WHERE dead_at_us IS NULL AND visible_at_us > $1
                         AND token IS NULL) AS delayed,
        COUNT(*) FILTER (WHERE dead_at_us IS NOT NULL) AS dead,
        MIN(sent_at_us) FILTER (WHERE dead_at_us IS NULL) AS oldest_us
    FROM queue_messages";

/// `$1` how many.
pub const PEEK: &str = "
    SELECT id, body, sent_at_us FROM queue_messages
    WHERE dead_at_us IS NOT NULL ORDER BY sent_at_us, id LIMIT $1";

/// `$1` now.
pub const REDRIVE: &str = "
    UPDATE queue_messages
    SET dead_at_us = NULL, receive_count = 0, sent_at_us = $1, visible_at_us = $1
    WHERE dead_at_us IS NOT NULL";

pub const PURGE: &str = "DELETE FROM queue_messages WHERE dead_at_us IS NOT NULL";
