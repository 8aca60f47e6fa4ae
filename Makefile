# Everything runs in .venv, made from requirements.lock; no other set-up is needed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

export PREFECT_SERVER_ANALYTICS_ENABLED ?= false
export GX_ANALYTICS_ENABLED ?= false
export MLFLOW_DISABLE_TELEMETRY ?= true
export DO_NOT_TRACK ?= 1

.PHONY: help install lock dataset lint type contracts test test-all bench ci clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

install: $(STAMP) ## set up .venv from the lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "StickGen needs Python 3.11; name it: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

lock: ## freeze .venv into requirements.lock
	echo "# Exact versions of everything, for Python 3.11. Renew with: make lock" > requirements.lock
	$(BIN)/python -m pip freeze --exclude-editable | sed -e 's/+cpu$$//' >> requirements.lock

dataset: install ## build the sample, some procedural scenes and two stories into data/
	$(BIN)/stickgen build --sample --procedural 64 --stories 2 --out data

lint: install ## style, types, direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: install ## the fast tests
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

test-all: install ## all tests
	$(BIN)/pytest -n 2 --dist loadfile

bench: install ## speed and memory of readers, curation, synthesis, the model and pictures
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/curate.py
	$(BIN)/python benchmarks/synthesis.py
	$(BIN)/python -m benchmarks.model --quick
	$(BIN)/python -m benchmarks.render

ci: lint test-all ## what CI runs

clean: ## remove what builds leave behind, not .venv
	rm -rf data .data.work .pytest_cache .mypy_cache .ruff_cache .hypothesis
