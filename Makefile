# Vigie Préfectures. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo survey-demo pictures test lint test-long test-mail test-container test-pythons fuzz faults mutants audit bench bench-history accuracy messages verifier verifier-check lock docs dist sbom clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# One stamp file an environment: the lock files decide when it is made anew.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed ($$($(PYTHON) --version) found): apt-get install python3, or make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@echo "1/3 an environment of its own, in $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# What pip fetches is named as it comes: on a first install that is a minute or two which would else pass in silence.
PIP := $(BIN)/python -m pip install --disable-pip-version-check
NAMED = { $(PIP) --require-hashes -r $(1) || touch $(VENV)/.failed; } | awk '/^Collecting/ { print "      " $$2; fflush() }' >&2; \
  ! rm $(VENV)/.failed 2>/dev/null

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/.python
	@echo "2/3 the libraries of requirements.lock, each held against its digest (a minute or two, once):" >&2
	@$(call NAMED,requirements.lock)
	@echo "3/3 vigie itself, from this folder ..." >&2
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "Installed: $(BIN)/vigie" >&2

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "The tools of the tests and of the demonstration, of requirements-dev.lock (a minute or two, once):" >&2
	@$(call NAMED,requirements-dev.lock)
	@touch $@

setup: $(VENV)/.run ## install what `make run` and `make test` share into .venv
setup-dev: $(VENV)/.dev

run: setup ## one polite sweep over the declared préfectures, then a summary (exit 3 = some checks could not be read)
	@$(BIN)/vigie run --summary; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 3 ] || exit $$code

DATA ?= build/demo
demo: setup-dev ## the same against the local simulator, offline [DATA=folder]
	@$(BIN)/python -m tests.simulator.demo --data "$(DATA)"

survey-demo: setup-dev ## a survey of the country against the simulator, offline: the review page, and nothing asked twice
	@$(BIN)/python -m tests.simulator.survey_demo

pictures: setup-dev ## the pictures of README and docs, from simulated sweeps; look at each before it is committed
	$(BIN)/python -m tests.house.pictures

lint: setup-dev ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Lint runs beside the tests: on two cores it costs them little, and what it finds is shown at the end.
test: setup-dev ## lint, types, layers and the tests (minutes)
	@mkdir -p build; $(MAKE) --no-print-directory lint >build/lint.txt 2>&1 & lint=$$!; \
	$(BIN)/pytest -m "not long and not fuzz and not mail" -n auto --dist worksteal; tests=$$?; \
	wait $$lint || { cat build/lint.txt; echo "make lint failed, as above" >&2; exit 1; }; exit $$tests

test-long: setup-dev ## the slower tests
	$(BIN)/pytest -m long -n auto --dist worksteal

test-mail: setup-dev ## alerts through real postfix, dovecot and opendkim (root)
	$(BIN)/pytest -m mail tests/mail

test-container: setup-dev ## build the image and run it (root, buildah and mmdebstrap)
	$(BIN)/pytest -m container tests/container

test-pythons: setup-dev ## the unit tests on every CPython found on this machine (one at least newer than 3.11)
	$(BIN)/python -m tests.house.pythons

EXAMPLES ?= 2000
fuzz: setup-dev ## damaged pages, notices, settings and proof files [EXAMPLES=number]
	EXAMPLES=$(EXAMPLES) $(BIN)/pytest -m fuzz tests/fuzz

faults: setup-dev ## crashes, full disks, turned clocks, forged answers: counts of lost, doubled and corrupt
	$(BIN)/python -m tests.faults

mutants: setup-dev ## small faults planted in a copy of the core: which does no test notice? [ARGS="--sample 150 --seed 7"]
	$(BIN)/python -m tests.mutants $(ARGS)

audit: setup-dev ## known vulnerabilities (pip-audit, where the network allows) and licences of the lock files
	$(BIN)/python -m tests.house.audit

bench: setup-dev ## speed and memory, written to bench/results.json
	$(BIN)/python -m bench

bench-history: setup-dev ## years of history: each command at 10 k, 1 M and 10 M observations (an hour, 5 GB in TMPDIR)
	$(BIN)/python -m bench.history

accuracy: setup-dev ## how well published notices are read: precision, recall, n and every miss
	$(BIN)/python -m tests.accuracy

messages: setup-dev ## the French catalogue: extract, update vigie.po, compile vigie.mo (exit 1 = some French is missing)
	$(BIN)/python -m tests.house.messages

# Node and npm: what the page needs is fixed by the lock file, and no package of it runs a script of its own here.
BROWSER := monitor/browser
$(BROWSER)/node_modules/.made: $(BROWSER)/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: apt-get install nodejs npm" >&2; exit 1; }
	npm ci --prefix $(BROWSER) --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

verifier: $(BROWSER)/node_modules/.made ## monitor/data/verifier.html, from monitor/browser (needs npm)
	npm run --prefix $(BROWSER) --silent build

verifier-check: $(BROWSER)/node_modules/.made ## the same, compared with the page that is there; types and tests of its parts
	npm run --prefix $(BROWSER) --silent check

docs: setup-dev ## prefectures/README.md, from the declarations
	$(BIN)/python -m tests.house.docs

dist: setup-dev ## wheel and sdist of what is committed and nothing else, into dist/
	@rm -rf build/dist; mkdir -p build/dist dist
	git archive HEAD | tar -x -C build/dist
	cd build/dist && $(abspath $(BIN))/python -m hatchling build -d $(abspath dist)

sbom: setup-dev ## what a release is made of, as CycloneDX, into dist/
	@mkdir -p dist
	@$(BIN)/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml \
	  --output-reproducible --validate -o dist/sbom.cdx.json

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --group build pyproject.toml
lock: setup-dev ## make the lock files anew (needs uv)
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra browser -c requirements.lock -o requirements-browser.lock
	$(COMPILE) --extra web -c requirements.lock -o requirements-web.lock
	$(COMPILE) --extra browser --extra sign --extra web --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove what was built (never the data folder)
	rm -rf build .venv monitor/browser/node_modules tests/site/axe/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
