-- The same bytes under a new UIDVALIDITY: the case follows the mail. ?3: prefix of the ids in force.
UPDATE cases SET mail_id = ?2
WHERE id = (
    SELECT id FROM cases
    WHERE content_hash = ?1 AND substr(mail_id, 1, length(?3)) <> ?3 AND substr(mail_id, 1, 5) = 'imap:'
    ORDER BY id LIMIT 1)
