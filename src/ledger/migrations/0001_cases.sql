-- One row is one mail and all that became of it. Times are milliseconds since 1970, UTC.
CREATE TABLE cases (
    id               INTEGER PRIMARY KEY,
    -- Where the mail lies: imap:UIDVALIDITY:UID or maildir:NAME.
    mail_id          TEXT    NOT NULL UNIQUE,
    -- SHA-256 of the bytes as fetched; empty where the mail was never fetched.
    content_hash     BLOB    NOT NULL,
    arrived_at       INTEGER NOT NULL,
    decided_at       INTEGER NOT NULL,
    sender           TEXT    NOT NULL,
    sender_domain    TEXT    NOT NULL,
    subject          TEXT    NOT NULL,
    -- Subject without reply prefixes, folded: finds a conversation where threading headers are missing.
    subject_key      TEXT    NOT NULL,
    body             TEXT    NOT NULL,
    language         TEXT    NOT NULL,
    message_id       TEXT    NOT NULL,
    -- SHA-256 of the text after normalisation.
    text_hash        BLOB    NOT NULL,
    -- Id of the first case of the conversation.
    conversation     INTEGER NOT NULL,
    action           TEXT    NOT NULL CHECK (action IN ('reply', 'escalate', 'ignore')),
    cause            TEXT    NOT NULL,
    reason           TEXT    NOT NULL,
    sentence         TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN
        ('observed', 'ignored', 'escalated', 'queued', 'sending', 'sent', 'resolved')),
    -- 1 while the mail still has to be filed in its folder.
    to_file          INTEGER NOT NULL CHECK (to_file IN (0, 1)),
    -- The case whose mail this one repeats; 0 for none.
    duplicate_of     INTEGER NOT NULL,
    -- JSON: scores with evidence, and gates passed and failed.
    verdict          TEXT    NOT NULL,
    gates            TEXT    NOT NULL,
    pattern_set      TEXT    NOT NULL,
    template_version TEXT    NOT NULL
) STRICT;

CREATE INDEX cases_by_content ON cases (content_hash);
CREATE INDEX cases_by_message_id ON cases (message_id) WHERE message_id <> '';
CREATE INDEX cases_by_sender ON cases (sender, decided_at);
CREATE INDEX cases_by_conversation ON cases (conversation);
CREATE INDEX cases_replied ON cases (decided_at, state) WHERE action = 'reply';
CREATE INDEX cases_replied_by_domain ON cases (sender_domain, decided_at) WHERE action = 'reply';
CREATE INDEX cases_replied_by_text ON cases (text_hash, decided_at) WHERE action = 'reply';
CREATE INDEX cases_to_file ON cases (id) WHERE to_file = 1;
CREATE INDEX cases_unsent ON cases (state) WHERE state IN ('queued', 'sending');

-- A reply is stored whole before it is sent, and these bytes are sent at every try.
CREATE TABLE replies (
    case_id         INTEGER PRIMARY KEY REFERENCES cases (id),
    message_id      TEXT    NOT NULL UNIQUE,
    recipient       TEXT    NOT NULL,
    envelope_sender TEXT    NOT NULL,
    bytes           BLOB    NOT NULL,
    queued_at       INTEGER NOT NULL,
    next_try_at     INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    -- 0 until the relay has taken it.
    sent_at         INTEGER NOT NULL,
    last_answer     TEXT    NOT NULL
) STRICT;

CREATE INDEX replies_due ON replies (next_try_at) WHERE sent_at = 0;

-- Every Message-ID seen or chosen, to find the conversation of a later mail.
CREATE TABLE message_ids (
    message_id TEXT    NOT NULL,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    is_ours    INTEGER NOT NULL CHECK (is_ours IN (0, 1)),
    PRIMARY KEY (message_id, case_id, is_ours)
) STRICT, WITHOUT ROWID;

-- Addresses that get no automatic answer; until = 0 is for ever.
CREATE TABLE resting_addresses (
    address TEXT    NOT NULL PRIMARY KEY,
    until   INTEGER NOT NULL,
    reason  TEXT    NOT NULL
) STRICT;

-- The watched folder as it was at the first connect.
CREATE TABLE mailboxes (
    name               TEXT    NOT NULL PRIMARY KEY,
    uid_validity       INTEGER NOT NULL,
    first_connected_at INTEGER NOT NULL
) STRICT;

-- At most one row: the bot has paused itself, or was paused.
CREATE TABLE pauses (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    paused_at INTEGER NOT NULL,
    reason    TEXT    NOT NULL
) STRICT;
