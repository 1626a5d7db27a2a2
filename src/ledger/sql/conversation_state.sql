-- ?2: 1 counts replies that were only observed.
SELECT
    coalesce(max(action = 'reply' AND (?2 OR state <> 'observed')), 0),
    coalesce(max(state IN ('escalated', 'resolved')), 0)
FROM cases WHERE conversation = ?1
