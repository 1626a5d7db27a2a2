-- The earlier case of the same mail: the same bytes, or the same Message-ID, sender and text.
SELECT id FROM cases
WHERE (content_hash = ?1 OR (?2 <> '' AND message_id = ?2 AND sender = ?3 AND text_hash = ?4)) AND mail_id <> ?5
ORDER BY id LIMIT 1
