# Two commands matter: `make demo` and `make test`. The work is in scripts/; this file is the list.

PYTHON_VENV := .venv/bin/python
PORT ?= 8000
DEBUG ?= 1
export PORT DEBUG

# The tests choose their own database, data and role, whatever the caller's shell is set to.
PYTEST := env -u DATABASE_URL -u DATA_DIR -u SITE_ROLE -u DEBUG $(PYTHON_VENV) -m pytest
ON_POSTGRES := env -u DATA_DIR -u SITE_ROLE -u DEBUG $(PYTHON_VENV) -m tests.postgres -- $(PYTHON_VENV) -m pytest
QUICK := -n 2 -m "not browser"

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo serve test test-sqlite test-postgres test-browser test-demo faults lint format fixtures bench felt screenshots lock clean runtime dev machine

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## A working knowledge base at http://127.0.0.1:8000/ (PORT=, DATA_DIR=)
	@scripts/python scripts/demo.py

serve: runtime ## The development server, which reloads changed code (PORT=, DATA_DIR=)
	@$(PYTHON_VENV) manage.py migrate --verbosity 0
	@$(PYTHON_VENV) manage.py runserver 127.0.0.1:$(PORT)

test: lint machine test-sqlite test-postgres test-browser test-demo ## Everything: checks, both databases, browser, demo (PYTEST_ARGS=)

test-sqlite: dev ## The suite on SQLite
	@echo "== The suite on SQLite"
	@$(PYTEST) $(QUICK) $(PYTEST_ARGS)

test-postgres: dev ## The suite on a PostgreSQL started for it
	@echo "== The suite on PostgreSQL"
	@$(ON_POSTGRES) $(QUICK) $(PYTEST_ARGS)

test-browser: machine ## The pages in a real Chromium
	@echo "== The browser tests"
	@$(PYTEST) -m browser $(PYTEST_ARGS)

test-demo: dev ## `make demo` from nothing, with its mishaps
	@echo "== The demo"
	@$(PYTEST) tests/infra/demo_run.py

faults: dev ## Faults at random moments: kill, cut, fill, set back, damage (MOMENTS=, of each kind)
	@FAULT_MOMENTS=$(MOMENTS) $(PYTEST) tests/infra/moments.py
	@FAULT_MOMENTS=$(MOMENTS) $(ON_POSTGRES) tests/infra/moments.py

lint: dev ## Style, types, layers, templates, migrations
	@echo "== The checks"
	@scripts/lint

format: dev ## Put code and templates into the project's format
	@$(PYTHON_VENV) -m ruff check --fix-only .
	@$(PYTHON_VENV) -m ruff format .
	@find apps deterrence_kb -name '*.html' -exec $(PYTHON_VENV) -m djade --target-version 5.2 {} + || true

fixtures: dev ## Make fixtures/ from the notes in seeds/
	@$(PYTHON_VENV) manage.py make_fixtures

bench: runtime ## Measure speed and size through the shipped server (ARGS=)
	@PYTHONPATH=scripts $(PYTHON_VENV) -m benchmarks $(ARGS)

felt: machine ## Measure how soon pages are there in a browser, on a slow line
	@$(PYTEST) -q tests/browser/felt.py tests/browser/coding_speed.py

screenshots: machine ## Take pictures of every type of page, into docs/screenshots/
	@$(PYTEST) -q tests/browser/screenshots.py

lock: dev ## Lock the requirements anew, with hashes
	@scripts/lock

clean: ## Remove the virtual environment and what tools left; var/ (your data) stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime dev:
	@scripts/python scripts/environment.py $@

machine: dev
	@scripts/python scripts/machine.py
