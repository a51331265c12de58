"""What we still have to tell people: the transactional outbox, drained by jobs."""
