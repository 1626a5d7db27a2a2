SELECT cases.id, mail_id, sender, subject, action, cause, reason, sentence, state, to_file = 0,
    coalesce(replies.last_answer, '')
FROM cases LEFT JOIN replies ON replies.case_id = cases.id
WHERE cases.id > ?1 ORDER BY cases.id
