-- For an answer without threading headers: the sender's last conversation with the same subject.
SELECT conversation FROM cases
WHERE sender = ?1 AND subject_key = ?2 AND decided_at > ?3
ORDER BY decided_at DESC LIMIT 1
