#!/bin/sh
# One image, several parts; the same command lines in compose, under systemd and (workers, beat) in `make up`.
set -eu
export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-aduan.settings}"
umask 027 # lists and static files: the web server reads them as a member of our group, no other user does
case "${1:-web}" in # which keys it has: aduan/environment.py
  migrate | web | worker | lists | beat | monitor | backup) export ADUAN_PART="${1:-web}" ;;
esac
case "${1:-web}" in
  migrate | web | worker | lists | beat | backup) python deploy/preflight.py "${1:-web}" ;;
esac
case "${1:-web}" in
  roles) exec python deploy/make_roles.py ;;
  migrate)
    python manage.py migrate --noinput
    python manage.py load_reference
    exec python manage.py collectstatic --noinput
    ;;
  web)
    exec gunicorn aduan.wsgi --config deploy/gunicorn.py --bind "${ADUAN_WEB_BIND:-0.0.0.0:8000}"
    ;;
  worker) # every queue but that of lists, or those that are named: worker mail evidence=2
    shift
    [ $# -gt 0 ] || set -- --without=lists
    exec python -m portal.tasks.workers "$@"
    ;;
  lists) exec python -m portal.tasks.workers --only=lists ;; # builds, signs and publishes: the only part with private keys
  examiner) # decodes evidence, without settings and keys: examiner SOCKET [GROUP]
    shift
    exec python -m aduan.complaints.evidence.examiner "$@"
    ;;
  monitor) exec python -m portal.tasks.monitor ;; # /metrics on ADUAN_METRICS_PORT, and incidents without beat
  backup) exec python manage.py backup service ;; # WAL all the time, files every five minutes, a base each night
  beat) exec celery -A aduan --quiet beat --schedule "${ADUAN_HOME:-/var/lib/aduan}/beat-schedule" --pidfile "" --loglevel WARNING ;;
  slow-clients) # beside nginx: closes connections that trickle
    shift
    exec python deploy/slow_clients.py "$@"
    ;;
  *) exec "$@" ;;
esac
