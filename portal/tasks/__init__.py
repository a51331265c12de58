"""The clock: when things happen, and the Celery tasks that call one service each."""
