"""The interfaces: web pages, API, Celery tasks and commands. They hold no domain rules."""
