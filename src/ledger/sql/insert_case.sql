INSERT INTO cases (
    mail_id, content_hash, arrived_at, decided_at, sender, sender_domain, subject, subject_key, body, language,
    message_id, text_hash, conversation, action, cause, reason, sentence, state, to_file, duplicate_of,
    verdict, gates, pattern_set, template_version
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (mail_id) DO NOTHING
