"""Messages to people: the transactional outbox, sent by background jobs."""
