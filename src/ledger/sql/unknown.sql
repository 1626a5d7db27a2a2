-- ?1: JSON array of mail ids. Those that the ledger does not know, in the given order.
SELECT value FROM json_each(?1)
WHERE NOT EXISTS (SELECT 1 FROM cases WHERE mail_id = value)
ORDER BY key
