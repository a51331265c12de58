"""`gunicorn bench.empty_wsgi`: see bench/empty_settings.py."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
