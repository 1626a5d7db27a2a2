UPDATE cases SET state = 'escalated', reason = ?2, sentence = ?3 WHERE id = ?1
