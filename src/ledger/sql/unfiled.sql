-- Mails that have come to an end and still lie in the watched folder; a repeated mail goes where the first one went.
SELECT cases.id, cases.mail_id, coalesce(first.state, cases.state)
FROM cases LEFT JOIN cases AS first ON first.id = cases.duplicate_of
WHERE cases.to_file = 1 AND coalesce(first.state, cases.state) NOT IN ('queued', 'sending', 'observed')
ORDER BY cases.id LIMIT ?1
