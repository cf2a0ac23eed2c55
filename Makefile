# Needs only Python >= 3.11, pip and make (and apt for what the tests look at: Chromium and Chinese fonts).
# Every target does its own set-up once; stamp files make the second run quick.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
# How many tests run at the same time: three for two processors, for many wait for a socket or for a second to pass.
WORKERS ?= $(shell echo $$(( ($$(nproc 2>/dev/null || echo 2) * 3 + 1) / 2 )))
# The tests begin some hundred processes: where nothing compiled may be kept, each compiles all of ccwall anew, for a second.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMPS := $(VENV)/stamps
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet
SAY := @printf '== %s\n'
# Set-up runs in a make of its own, under a lock: a second `make` in this checkout waits, then finds it done.
SETUP := @+$(if $(shell command -v flock),flock --close .setup.lock) $(MAKE) --no-print-directory --quiet

.PHONY: help
help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

# ---- set-up -------------------------------------------------------------------------------------

# An environment does not survive being moved or copied with its checkout.
ifneq ($(shell cat $(STAMPS)/venv 2>/dev/null),$(CURDIR))
.PHONY: $(STAMPS)/venv
endif

$(STAMPS)/venv:
	@.ci/make-venv "$(PYTHON)" $(VENV)

$(STAMPS)/runtime: $(STAMPS)/venv requirements/runtime.txt requirements/build.txt pyproject.toml
	$(SAY) 'Python packages and the web build tools (about 20 s the first time)'
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(STAMPS)/test: $(STAMPS)/runtime requirements/test.txt
	$(SAY) 'Python packages for checks and tests (about 30 s the first time)'
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

$(STAMPS)/bench: $(STAMPS)/runtime requirements/bench.txt
	$(SAY) 'Python packages to compare with'
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

# Chromium, Chinese fonts, what Playwright's own node is linked with, and real servers to speak with: an MQTT broker, a SIP server
# and a SIP tester; by apt-get, only what is missing.
.PHONY: debian
debian:
	@.ci/debian-packages chromium fonts-noto-cjk libatomic1 mosquitto kamailio kamailio-presence-modules kamailio-tls-modules sip-tester

.PHONY: venv
venv: ## .venv with ccwall (editable), checks and tests
	$(SETUP) $(STAMPS)/test

# ---- the wall -----------------------------------------------------------------------------------

NODE_MODULES := web/wall/node_modules/.installed
WALL := web/ccwall_web/static/index.html
WALL_SOURCES := $(shell find web/wall -type f -not -path '*/node_modules/*' -not -name '*.tsbuildinfo')
NPM := $(PY) web/hatch_build.py npm

$(NODE_MODULES): web/wall/package.json web/wall/package-lock.json | $(STAMPS)/runtime
	$(SAY) 'npm packages of the wall (about 10 s)'
	@$(PY) web/hatch_build.py install
	@touch $@

$(WALL): $(WALL_SOURCES) web/hatch_build.py $(NODE_MODULES)
	$(SAY) 'building the wall (about 5 s)'
	@$(PY) web/hatch_build.py build
	@touch $@

.PHONY: web
web: ## build the wall into web/ccwall_web/static, if it is stale
	$(SETUP) $(WALL)

# ---- use ----------------------------------------------------------------------------------------

.PHONY: demo
demo: ## a call centre in your browser; make demo ARGS="--port 8080 --no-browser"
	$(SETUP) $(STAMPS)/runtime $(WALL)
	$(SAY) 'ccwall demo'
	@exec $(BIN)/ccwall demo $(ARGS)

.PHONY: check
check: ## format, lint, types, import contracts; the same for the wall, and its tests
	$(SETUP) $(STAMPS)/test $(NODE_MODULES)
	$(SAY) 'ruff format'
	@$(BIN)/ruff format --check --quiet . || { echo 'make format mends it'; exit 1; }
	$(SAY) 'ruff'
	@$(BIN)/ruff check --quiet .
	$(SAY) 'mypy --strict (a minute the first time); beside it who may import whom, and the wall: tsc, vitest'
	@$(BIN)/mypy & types=$$!; beside=0; \
	{ $(BIN)/lint-imports && $(NPM) run --silent check && $(NPM) run --silent test; } || beside=$$?; \
	wait $$types; exit $$beside

.PHONY: format
format: venv ## mend format and what ruff can mend by itself
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

.PHONY: test
test: debian web check ## everything: set-up, checks, all tests; make test ARGS="-m 'not slow'"
	$(SAY) 'pytest (some minutes, $(WORKERS) at a time)'
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

.PHONY: soak
soak: debian web ## ten minutes at 20x over real sockets in which everything goes wrong
	$(SETUP) $(STAMPS)/test
	@CCWALL_BAD_DAY_MINUTES=10 $(BIN)/python -m pytest --log-cli-level=INFO tests/integration/test_bad_day_live.py $(ARGS)

.PHONY: soak-wall
soak-wall: debian web ## two hours of a wall in Chromium on a floor at 20x: does the page grow? make soak-wall ARGS="--minutes 30"
	$(SETUP) $(STAMPS)/test
	@$(BIN)/python -m tests.soak $(ARGS)

.PHONY: proof
proof: venv ## thousands of simulated days, engine against oracle; make proof ARGS="--seeds 20000 --from 5000"
	$(SAY) 'the proof (2,000 seeds: some minutes)'
	@$(PY) -m tests.oracle --seeds 2000 $(ARGS)

.PHONY: bench
bench: ## the figures in docs/, made again on this machine
	$(SETUP) $(STAMPS)/bench
	$(SAY) 'benchmarks (some minutes; best with nothing else running)'
	@$(PY) -m benchmarks $(ARGS)

.PHONY: docs
docs: ## the tables in docs/ that are made from the code
	$(SETUP) $(STAMPS)/test
	@$(PY) -m tests.docs.metrics_page

.PHONY: wheel
wheel: venv ## dist/: the source archive, and the wheel with the wall in it
	$(SAY) 'sdist and wheel (about 30 s)'
	@$(BIN)/python -m build

# ---- housekeeping -------------------------------------------------------------------------------

# Hashes and versions, no address of a registry: a mirror serves as well (docs/decisions/0002).
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)
.PHONY: lock
lock: venv ## requirements/*.txt again from pyproject.toml; UPGRADE=--upgrade for the newest
	$(SAY) 'resolving requirements'
	@$(PIP) install 'uv>=0.9'
	@$(LOCK) requirements/bootstrap.in -o requirements/bootstrap.txt
	@$(LOCK) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) pyproject.toml --extra test -c requirements/runtime.txt -o requirements/test.txt
	@$(LOCK) pyproject.toml --extra bench -c requirements/test.txt -o requirements/bench.txt
	@$(LOCK) requirements/build.in -c requirements/test.txt -o requirements/build.txt

.PHONY: clean
clean: ## remove what make made
	@rm -rf $(VENV) .setup.lock dist build web/wall/node_modules web/ccwall_web/static
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
