# `make help` tells what can be made. VENV is where the packages go, PYTHON the interpreter that makes it.
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
PREVIEWS ?= docs/previews
STEPS ?= 100000
KILLS ?= 200
LOCKED := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --group build

.DEFAULT_GOAL := help
.PHONY: help run test lint bench walk faults previews pictures docs lock clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 12

run: $(VENV)/.ready-to-run ## Set up what is missing and start everything; Ctrl+C stops it
	@$(BIN)/medkarta run

test: $(VENV)/.ready-to-test ## Set up what is missing and run every check and every test
	@failed=0; $(MAKE) --no-print-directory lint || failed=1; $(BIN)/pytest -n 2 --dist loadfile || failed=1; exit $$failed

lint: $(VENV)/.ready-to-test ## The checks alone: ruff, mypy, import-linter
	@failed=0; \
	echo "ruff check"; $(BIN)/ruff check --quiet || failed=1; \
	echo "ruff format --check"; $(BIN)/ruff format --check --quiet || failed=1; \
	echo "mypy"; $(BIN)/mypy || failed=1; \
	echo "lint-imports"; $(BIN)/lint-imports --no-logo || failed=1; \
	test $$failed = 0 || echo "Some checks found faults: see above."; exit $$failed

bench: $(VENV)/.ready-to-test ## Measure against the peer on this machine; PARTS="turns calls" for some, QUICK=1 for small sizes
	@$(BIN)/python -m bench $(PARTS) $(if $(QUICK),--quick)

walk: $(VENV)/.ready-to-test ## A long random walk through the bot: STEPS=100000
	@WALK_STEPS=$(STEPS) $(BIN)/pytest tests/journeys/test_walk.py

faults: $(VENV)/.ready-to-test ## People and pushes in a storm of kills and outages: KILLS=200, SEED= replays one
	@$(BIN)/python -m tests.faults --kills "$(KILLS)" --seed "$(SEED)"

previews: $(VENV)/.ready-to-test ## Pictures of every window of the bot, into PREVIEWS=docs/previews
	@$(BIN)/python -m bot.preview $(PREVIEWS)

pictures: $(VENV)/.ready-to-test ## The pictures of README.md, taken in a browser while everything runs
	@$(BIN)/python -m ops.commands.pictures

docs: $(VENV)/.ready-to-test ## The diagrams and tables of docs/architecture.md, from the code
	@$(BIN)/python -m ops.commands.docs

lock: ## Choose the newest versions that pyproject.toml allows and lock them (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv, which is not found."; exit 1; }
	@$(LOCKED) --upgrade --output-file requirements.lock
	@$(LOCKED) --upgrade --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## Remove the packages and everything that can be made again; what people entered stays
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The locks decide every version; the project itself comes last, without looking for anything.
ifeq ($(UV),uv)
INSTALL = uv pip install --quiet --python $(BIN)/python
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

$(VENV)/.ready-to-run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what is needed to run; once, a minute or two."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-to-test: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing what is needed to test; once, a minute or two."
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready-to-run

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is not found: install it, or say where it is with PYTHON=..."; exit 1; }
ifeq ($(UV),uv)
	@uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
else
	@$(PYTHON) -m venv $(VENV)
endif
	@echo "Made $(VENV) with $$($(BIN)/python --version)."
