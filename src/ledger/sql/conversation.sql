-- ?1: JSON array of the Message-IDs that the mail refers to. The conversation, and whether a reply of ours is named.
SELECT min(cases.conversation), max(message_ids.is_ours)
FROM message_ids JOIN cases ON cases.id = message_ids.case_id
WHERE message_ids.message_id IN (SELECT value FROM json_each(?1))
