#!/bin/sh
# One image, four parts: the same command lines that `make up` runs on a desk.
set -eu
case "${1:-web}" in
  migrate)
    python manage.py migrate --noinput
    python manage.py load_reference
    exec python manage.py collectstatic --noinput
    ;;
  web)
    exec gunicorn aduan.wsgi --bind 0.0.0.0:8000 --worker-class gthread --workers "${WEB_WORKERS:-2}" --threads 4 \
      --no-control-socket --worker-tmp-dir /dev/shm --max-requests 2000 --max-requests-jitter 200 \
      --timeout 60 --graceful-timeout 30 --limit-request-line 4094 --limit-request-fields 60
    ;;
  worker) exec celery -A aduan worker --concurrency "${WORKER_CONCURRENCY:-2}" --loglevel WARNING ;;
  beat) exec celery -A aduan beat --schedule /var/lib/aduan/beat-schedule --loglevel WARNING ;;
  *) exec "$@" ;;
esac
