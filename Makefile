# Everything a developer does, by name. `make help` prints the list.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The first that really runs: a name on PATH may be a shim without a Python behind it.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
BABEL := $(BIN)/python -m babel.messages.frontend --quiet
POT := service/translations/messages.pot
APT := $(if $(filter 0,$(shell id -u)),,sudo )apt-get

# Keep what Python compiles, whatever the machine says: the test files take seconds each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run flask test faults planted lint bench widget pin translations format system

help: ## Print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run ## Start everything on http://127.0.0.1:8000 (PORT=9000 make run); Ctrl-C ends it
	@exec $(BIN)/flask --app wsgi up

flask: .venv/run ## Run a command on what `make run` keeps: make flask DO="recount"
	@VOXPOP_VAR=$${VOXPOP_VAR:-var} $(BIN)/flask --app wsgi $(DO)

test: .venv/dev system ## Run all tests: SQLite, PostgreSQL, Redis, Chromium
	$(BIN)/pytest -n 2 --dist loadfile

lint: .venv/dev ## Check style, types, layers and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint service/templates
	$(BIN)/djlint --quiet --check service/templates

bench: .venv/dev ## Measure votes, reads, growth and what the proxy spares; writes bench/results/
	@$(call installed,wrk nginx)
	$(BIN)/python -m bench
	$(BIN)/python -m bench.proxy

faults: .venv/dev ## Try every fault for some 20 minutes and print what was lost, doubled or drifted: 0, 0, 0
	@$(BIN)/python -m tests.faults

planted: .venv/dev node_modules system ## Plant ten bugs in copies of the source and show that a test catches each
	@$(BIN)/python -m tests.faults.planted

widget: node_modules ## Make service/widget/dist of the widget's sources, after a change to them
	npm run --silent build

pin: ## Keep the present widget for pages that pin it, whatever comes later: at each release
	@mkdir -p service/widget/released
	@cp service/widget/dist/widget.js service/widget/released/$$(date -u +%Y-%m-%d).js

translations: .venv/dev ## Bring the catalogues in service/translations up to date with the words in the code
	@$(BABEL) extract -F service/translations/babel.cfg -k Phrase --add-location=file --no-wrap --project=Voxpop \
	  --version=0.1.0 -o $(POT) service
	@$(BABEL) update -i $(POT) -d service/translations --no-fuzzy-matching --ignore-obsolete --no-wrap \
	  --ignore-pot-creation-date
	@rm $(POT)

format: .venv/dev ## Put the code into its canonical form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --quiet --reformat service/templates

# Programs of the system, installed only where they are missing.
define installed
missing=""; for name in $(1); do \
  PATH=$$PATH:/usr/sbin command -v $$name >/dev/null || missing="$$missing $${name/%nginx/nginx-light}"; \
done; \
if test -n "$$missing"; then \
  $(APT) update -qq && DEBIAN_FRONTEND=noninteractive $(APT) install -y -qq --no-install-recommends $$missing >/dev/null \
  || { echo "Needed and missing:$$missing. Install with apt-get."; exit 1; }; \
fi
endef

# What the browser and proxy tests need of the system.
system:
	@$(call installed,chromium nginx)

.venv/run: requirements.txt
	@test -n "$(PYTHON)" || { echo "Voxpop needs Python 3.11 or newer."; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@echo "Installing the pinned libraries into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Installing what tests and checks need into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

node_modules: package-lock.json
	@npm ci --silent
	@touch $@
