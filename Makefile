# Adlib.  Every target sets up what it needs; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
PORT ?= 8501
TESTS ?=
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --disable-pip-version-check
TYPED := $(wildcard app.py) $(sort $(dir \
    $(wildcard pages/*.py storage/*.py creative/*.py benchmarks/*.py models/*/*.py)))

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/.runtime ## Create .venv and install what the app needs
	@echo "Adlib is set up: make run"

.PHONY: run
run: $(VENV)/.runtime ## Start the app on http://127.0.0.1:8501 (PORT=8600 for another port)
	@if (: < "/dev/tcp/127.0.0.1/$(PORT)") 2>/dev/null; then \
	    echo "Port $(PORT) is taken, perhaps by another Adlib. Take another one:" >&2; \
	    echo "    PORT=$$(( $(PORT) + 1 )) make run" >&2; \
	    exit 1; \
	fi
	@$(PY) -m streamlit run app.py --server.port "$(PORT)"

.PHONY: test
test: $(VENV)/.dev ## Run the whole suite (TESTS="tests/creative -k export" for a part of it)
	@chromium=$$(.ci/chromium "$(PY)") && ADLIB_CHROMIUM="$$chromium" $(PY) -m pytest $(TESTS)

.PHONY: lint
lint: $(VENV)/.dev ## Check format, lint, types and import rules
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy $(TYPED)
	$(VENV)/bin/lint-imports

.PHONY: check
check: lint test ## Everything a change must pass: lint, then test

.PHONY: format
format: $(VENV)/.dev ## Rewrite the code in the project's format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

.PHONY: clean
clean: ## Remove .venv and every cache; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Each stamp is as new as the last install, so a second call is instant and a changed
# requirements file installs again.

$(VENV)/.runtime: requirements.txt $(VENV)/.python
	$(PIP) "$$(grep '^torch==' requirements.txt)"
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/.python:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	    if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	        2>/dev/null; then \
	        "$$python" -m venv $(VENV) && touch $@ && exit 0; \
	    fi; \
	done; \
	echo "Adlib needs Python 3.11 or newer with its venv module, and found none." >&2; \
	echo "Install it (Debian: apt-get install python3 python3-venv), or name one:" >&2; \
	echo "    make setup PYTHON=/path/to/python3" >&2; \
	exit 1
