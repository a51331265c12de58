# The one image of web, worker, beat and monitor; `backup` has PostgreSQL's own programs besides. Built in two steps so that no compiler and no cache reaches production.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm AS app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
# ss, for the part `slow-clients`
RUN apt-get update && apt-get install -y --no-install-recommends iproute2 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 aduan \
    && useradd --system --uid 10001 --gid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin aduan \
    && install -d -o aduan -g aduan -m 0700 /var/lib/aduan /var/lib/aduan/media /var/lib/aduan-keys \
    && install -d -o aduan -g aduan -m 0755 /var/lib/aduan/public-keys /run/aduan-examiner \
    && install -d -o aduan -g aduan -m 0700 /backup/set /backup/journal /backup/keys \
    && install -d -o aduan -g aduan -m 0750 /var/lib/aduan/lists /var/lib/aduan/static
COPY --from=build /venv /venv
COPY --chown=root:root . .
RUN python deploy/compile_catalogues.py
USER aduan
EXPOSE 8000
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
CMD ["web"]

# pg_basebackup and pg_receivewal must not be older than the server, and the drill starts a server of the same major
# version: PostgreSQL's own packages. No cluster is made of them here.
FROM app AS backup
USER root
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
    && sed -i 's/^#create_main_cluster = true/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-18 \
    && rm -rf /var/lib/apt/lists/*
USER aduan

# The worker with scikit-learn, for the shadow ranker: docker-compose.ranker.yml.
FROM build AS build-ranker
COPY requirements-ranker.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-ranker.txt

FROM app AS ranker
COPY --from=build-ranker /venv /venv

FROM app
