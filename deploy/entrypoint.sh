#!/bin/sh
# One image, four parts: the same command lines that `make up` runs on a desk.
set -eu
export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-aduan.settings}"
umask 027 # lists and static files: the web server reads them as a member of our group, no other user does
case "${1:-web}" in
  migrate)
    python manage.py migrate --noinput
    python manage.py load_reference
    exec python manage.py collectstatic --noinput
    ;;
  web)
    exec gunicorn aduan.wsgi --config deploy/gunicorn.py --bind 0.0.0.0:8000
    ;;
  worker) # every queue, or those that are named: worker lists=2 evidence
    shift
    exec python -m portal.tasks.workers "$@"
    ;;
  beat) exec celery -A aduan beat --schedule /var/lib/aduan/beat-schedule --loglevel WARNING ;;
  *) exec "$@" ;;
esac
