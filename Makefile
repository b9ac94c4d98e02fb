# calcinet: `make demo` shows what it does, `make test` checks it. Both set up what they need.
PYTHON ?= python3
VENV := .venv
TRAINING_VENV := .venv-train
CORE_VENV := .venv-core
SHIPPED_VENV := .venv-shipped
AUDIT_VENV := .venv-audit
PARTS := calcinet.cdx.json
BIN := $(VENV)/bin
JOBS ?= 2
EXTRAS ?= dev,bench,all
SECONDS ?= 120
ONLY ?=
comma := ,
STAMP := $(VENV)/.installed-$(subst $(comma),-,$(EXTRAS))

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-core test-training coverage fuzz sbom audit lint bench bench-archive catalogue clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 15

setup: $(STAMP)  ## make .venv with calcinet and its tools; nothing to do when it is up to date

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "calcinet needs Python 3.11 or later, found " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

demo: setup  ## examine the patient of the case report with generated films, and say where the report is
	$(BIN)/calcinet demo -o demo-out

serve: setup  ## the page and the interface for programs at http://127.0.0.1:8080, with everything in calcinet-data/
	$(BIN)/python -m tools.page
	$(BIN)/calcinet serve --data calcinet-data

test: setup lint  ## everything that a change must pass; what needs an extra that is not here is skipped by name
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

# Apart from the tests: counting lines makes them slower by a fifth to a third.
coverage: setup  ## the tests again, and the lines that none of them reaches
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term:skip-covered

# Made anew each time, as a user would, without an extra and without the tools.
test-core:  ## the core alone in .venv-core: what it writes, and what it says of each extra that is not there
	rm -rf $(CORE_VENV)
	$(PYTHON) -m venv $(CORE_VENV)
	$(CORE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt .
	$(CORE_VENV)/bin/python -P tools/core_alone.py

# An environment of its own, so that `make test` is tried without torch. Here a missing extra is an error.
test-training:  ## types and tests of the training, in .venv-train with its extra (torch and onnx)
	$(MAKE) setup VENV=$(TRAINING_VENV) EXTRAS=dev,train,all
	$(TRAINING_VENV)/bin/mypy src/calcinet/training
	REQUIRED_EXTRAS=train $(TRAINING_VENV)/bin/python -m pytest -n $(JOBS) --dist loadgroup tests/training

# What fuzzes comes into the same environment, last; the tests are tried without it.
fuzz:  ## give changed bytes to every way into the program, SECONDS=120 in all; says what it found
	$(MAKE) setup EXTRAS=$(EXTRAS),fuzz
	$(BIN)/python -m fuzz --seconds $(SECONDS) --jobs $(JOBS)

# What users get with every extra, apart from the tools that make the list.
sbom:  ## the list of all parts (CycloneDX 1.6, with licences) in calcinet.cdx.json; the same parts give the same bytes
	$(MAKE) setup VENV=$(SHIPPED_VENV) EXTRAS=all
	$(MAKE) setup VENV=$(AUDIT_VENV) EXTRAS=audit
	$(AUDIT_VENV)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o $(PARTS) $(SHIPPED_VENV)/bin/python

# A part that the index does not know, and no answer at all, fail as well: silence is not safety.
audit: sbom  ## known weaknesses of all parts, asked of the index of PyPI; fails where one is known or none could be asked for
	$(SHIPPED_VENV)/bin/python -m pip freeze --exclude-editable > $(SHIPPED_VENV)/parts.txt
	$(AUDIT_VENV)/bin/pip-audit --strict --disable-pip --no-deps --requirement $(SHIPPED_VENV)/parts.txt || \
		{ echo "audit: a part has a known weakness, or its weaknesses could not be asked for; the lines above say which"; exit 1; }

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup  ## accuracy and speed beside the peers, in one run
	$(BIN)/python -m benchmarks

# ONLY="headers index" measures these parts alone; what is done is kept in bench-out/archive, and the rest goes on.
bench-archive: setup  ## headers, films, planted nets and the scheduler of an archive of many patients; parts by ONLY="headers index"
	$(BIN)/python -m benchmarks.archive $(ONLY)

catalogue: setup  ## gather every message into the catalogues of the languages, for translation
	$(BIN)/python -m tools.catalogue

clean:  ## remove what the other targets made
	rm -rf $(VENV) $(TRAINING_VENV) $(CORE_VENV) $(SHIPPED_VENV) $(AUDIT_VENV) $(PARTS) web/node_modules src/calcinet/apps/web/page demo-out bench-out .fuzz .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
