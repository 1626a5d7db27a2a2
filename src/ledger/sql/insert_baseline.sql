-- ?1: JSON array of mail ids, ?2: now, ?3: state, ?4: to_file, ?5: action, ?6: sentence.
INSERT INTO cases (
    mail_id, content_hash, arrived_at, decided_at, sender, sender_domain, subject, subject_key, body, language,
    message_id, text_hash, conversation, action, cause, reason, sentence, state, to_file, duplicate_of,
    verdict, gates, pattern_set, template_version
)
SELECT value, x'', ?2, ?2, '', '', '', '', '', '', '', x'', 0, ?5, '', 'before-first-connect', ?6, ?3, ?4, 0,
    '{}', '[]', '', ''
FROM json_each(?1) WHERE true
ON CONFLICT (mail_id) DO NOTHING
