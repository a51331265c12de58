# Everything starts here: `make help`. scripts/bootstrap.py makes .venv, then runs the command in it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
RUN = @test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (apt-get install python3)"; exit 1; }; \
	exec $(PYTHON) scripts/bootstrap.py
PROMISE ?=
SIZE ?=
ARGS ?=
T ?=

.DEFAULT_GOAL := help
.PHONY: up dev down reset test test-long test-production check format shell bench plots help lock messages sbom audit screens

up: ## start the portal with a sample on http://127.0.0.1:8000/ (ADUAN_PORT, ADUAN_HOME); Ctrl-C stops it
	$(RUN) up

dev: ## the same for development on http://127.0.0.1:8001/: own state, reload on change, Django's debug page
	$(RUN) dev

down: ## stop what is left running, the servers of the tests too
	$(RUN) down

reset: ## stop, and forget the state
	$(RUN) reset

test: ## the whole suite except `slow`, with its coverage; a part of it at once: T=tests/aduan/numbers ARGS=-x
	$(RUN) test $(T) $(ARGS)

test-long: ## the slow tests: each bounded; goes on where it was interrupted (ARGS=--anew starts over)
	$(RUN) test-long $(ARGS)

test-production: ## the layout of docker-compose.yml started here, and a journey through nginx (ADUAN_WITHOUT_NGINX=1)
	$(RUN) test-production $(ARGS)

check: ## format, lint, types, contracts, templates, settings, migrations, translations, vendored files
	$(RUN) check

format: ## format the code and sort its imports
	$(RUN) format

shell: ## Django's shell on the state of `make dev`, or of `make up` where there is none (ADUAN_HOME)
	$(RUN) shell $(ARGS)

bench: ## measure the promises (PROMISE=parse SIZE=100000)
	$(RUN) bench $(if $(PROMISE),--promise $(PROMISE)) $(if $(SIZE),--size $(SIZE)) $(if $(CLIENTS),--clients $(CLIENTS))

plots: ## draw docs/performance/*.svg from docs/performance/measured/*.json
	$(RUN) bench --plots

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' Makefile

lock: ## compile requirements*.in into the hashed locks
	$(RUN) lock

sbom: ## the bill of materials (CycloneDX) and the licences of what is shipped, into build/
	$(RUN) sbom

audit: ## ask the package index (network) what is known to be wrong with the locked packages
	$(RUN) audit

pin-images: ## write the digest of each base image into Dockerfile and docker-compose.yml (asks the registries)
	$(RUN) pin-images

messages: ## refresh the translation catalogues from the sources
	$(RUN) messages

screens: ## pictures of the running portal for docs/screens (ARGS=--all: every public page, into build/screens)
	$(RUN) screens $(ARGS)
