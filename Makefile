# calcinet: `make demo` shows what it does, `make test` checks it. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
EXTRAS ?= dev,bench
comma := ,
STAMP := $(VENV)/.installed-$(subst $(comma),-,$(EXTRAS))

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench catalogue clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

setup: $(STAMP)  ## make .venv with calcinet and its tools; nothing to do when it is up to date

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "calcinet needs Python 3.11 or later, found " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

demo: setup  ## examine the patient of the case report with generated films, and say where the report is
	$(BIN)/calcinet demo -o demo-out

test: setup lint  ## everything that a change must pass
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term:skip-covered

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup  ## accuracy and speed beside the peers, in one run
	$(BIN)/python -m benchmarks

catalogue: setup  ## gather every message into the catalogues of the languages, for translation
	$(BIN)/python -m tools.catalogue

clean:  ## remove what the other targets made
	rm -rf $(VENV) demo-out bench-out .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
