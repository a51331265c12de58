"""Django's backend for PostgreSQL, with a health check of kept connections that asks nothing."""
