"""The floor of every page: a Django that answers without middleware, database, template or log line."""

SECRET_KEY = "only for measuring"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.empty_urls"
MIDDLEWARE: list[str] = []
USE_TZ = True
