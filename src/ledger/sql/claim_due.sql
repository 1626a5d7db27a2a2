-- Takes replies that are due and marks them before anything is sent.
UPDATE cases SET state = 'sending'
WHERE id IN (
    SELECT replies.case_id FROM replies JOIN cases ON cases.id = replies.case_id
    WHERE replies.sent_at = 0 AND replies.next_try_at <= ?1 AND cases.state = 'queued'
    ORDER BY replies.next_try_at, replies.case_id LIMIT ?2)
RETURNING id
