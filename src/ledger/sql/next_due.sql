SELECT min(replies.next_try_at) FROM replies JOIN cases ON cases.id = replies.case_id
WHERE replies.sent_at = 0 AND cases.state = 'queued'
