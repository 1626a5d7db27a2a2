SELECT recipient, envelope_sender, message_id, bytes, queued_at, attempts FROM replies WHERE case_id = ?1
