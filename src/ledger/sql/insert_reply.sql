INSERT INTO replies (
    case_id, message_id, recipient, envelope_sender, bytes, queued_at, next_try_at, attempts, sent_at, last_answer
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 0, '')
