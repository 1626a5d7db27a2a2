-- ?1 sender, ?2 domain, ?3 text, ?4 a day ago, ?5 an hour ago, ?6: 1 counts replies that were only observed.
SELECT
    coalesce((SELECT json_group_array(cause) FROM cases
        WHERE sender = ?1 AND action = 'reply' AND decided_at > ?4 AND (?6 OR state <> 'observed')), '[]'),
    (SELECT count(*) FROM cases
        WHERE sender_domain = ?2 AND action = 'reply' AND decided_at > ?5 AND (?6 OR state <> 'observed')),
    (SELECT count(*) FROM cases
        WHERE text_hash = ?3 AND action = 'reply' AND decided_at > ?5 AND (?6 OR state <> 'observed')),
    (SELECT count(*) FROM cases
        WHERE action = 'reply' AND decided_at > ?5 AND (?6 OR state <> 'observed'))
