INSERT INTO resting_addresses (address, until, reason) VALUES (?1, ?2, ?3)
ON CONFLICT (address) DO UPDATE SET until = CASE WHEN until = 0 THEN 0 ELSE max(until, excluded.until) END
