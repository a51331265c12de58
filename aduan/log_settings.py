"""What a process tells about itself and to whom. Part of aduan.settings; imported by no one else."""

from typing import Any

from aduan.environment import env

# Logs: one JSON line an event on stderr, without personal data (portal/common/logs.py).
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.common.logs.formatter"}},
    "filters": {"outages": {"()": "portal.common.logs.OneLineAnOutage"}},
    "loggers": {"celery.beat": {"filters": ["outages"]}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("ADUAN_LOG_LEVEL", default="INFO")},
}
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = DJANGO_STRUCTLOG_CELERY_ENABLED = True
MONITORING: dict[str, int] = env.json("ADUAN_MONITORING", default={})
# Where requests and tasks are counted: the monitor's host:port for datagrams; empty counts nothing.
METRICS_SINK = env.str("ADUAN_METRICS_SINK", default="")
# Where the monitor asks whether the portal answers: http://host:port of the part `web`; empty asks nowhere.
WEB_ADDRESS = env.str("ADUAN_WEB_ADDRESS", default="").rstrip("/")
# Where errors go (Sentry) and spans (an OpenTelemetry collector), without personal data; empty sends nothing.
SENTRY_DSN = env.str("ADUAN_SENTRY_DSN", default="")
OTLP_ENDPOINT = env.str("ADUAN_OTLP_ENDPOINT", default="")
