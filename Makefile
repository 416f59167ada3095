# Two commands do everything on a fresh machine with Python 3.11–3.13 and make:
#   make demo    the main job, end to end, on the embedded ledger
#   make test    all tests that this machine can run
# The rest is for those who change the code.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PATH := $(abspath $(BIN)):$(PATH)
SOCKETLESS := tests/unit tests/vectors tests/behaviours tests/fuzz  # several at once: nothing of the machine is shared
NEWER_PYTHONS := 3.12 3.13  # promised beside 3.11, which CI runs everything on
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: demo up devnet network-test test lint bench bench-ledger artifacts lock setup contracts-test test-pythons clean
.DEFAULT_GOAL := demo

demo: setup
	$(BIN)/goodstanding demo

# A node of your own on this machine, with its own ledger; it stays until you stop it.
up: setup
	$(BIN)/goodstanding serve

# Three organisations' nodes on a network of their own, until you stop it: on geth if it is there or can be built.
devnet: setup
	$(BIN)/python -m scripts.devnet

test: setup tests/interop/node_modules/.installed contracts-test
	$(BIN)/python -m pytest -q -n auto $(SOCKETLESS) $(PYTEST_ARGS)
	$(BIN)/python -m pytest -q tests/integration tests/e2e $(PYTEST_ARGS)

# The unit tests on the newer Pythons, each with the locked packages, where this machine has it (on PATH or by pyenv).
test-pythons: $(NEWER_PYTHONS:%=test-on-%)

$(NEWER_PYTHONS:%=test-on-%): test-on-%: setup
	@python=$$(PATH="$$(pyenv prefix $* 2>/dev/null)/bin:$$PATH" python$* -c 'import sys; print(sys.executable)' 2>/dev/null); \
	if [ -z "$$python" ]; then echo "Python $*: skipped, neither on PATH nor with pyenv"; exit 0; fi; \
	set -ex; venv=$(VENV)/python$*; \
	$(MAKE) --no-print-directory PYTHON="$$python" VENV=$$venv $$venv/.installed; \
	$$venv/bin/python -m pytest -q -n auto tests/unit $(PYTEST_ARGS)

# Several validators, killed, parted and lied for. Builds geth (once, some minutes); without Go it skips, saying so.
network-test: setup
	-$(BIN)/python -m scripts.devnet.geth
	$(BIN)/python -m pytest -q tests/network $(PYTEST_ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd contracts && node_modules/.bin/forge fmt --check
	$(BIN)/python -m scripts.build_artifacts --check
	$(BIN)/python -m scripts.build_openapi --check
	$(BIN)/python -m scripts.build_cli_reference --check

# What the replica costs: cold start, memory, questions; and what a receipt weighs.
bench-ledger: setup
	$(BIN)/python -m scripts.bench_ledger
	$(BIN)/python -m scripts.bench_receipts

bench: setup tests/interop/node_modules/.installed scripts/bench/peers/node_modules/.installed
	$(BIN)/python -m scripts.bench

# Compiles the contracts again and writes what the node ships of them.
artifacts: setup
	$(BIN)/python -m scripts.build_artifacts

# After a change of dependencies in pyproject.toml; one file serves every platform.
lock: setup
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --all-extras \
		--python-version 3.11 pyproject.toml -o requirements.lock

contracts-test: setup
	cd contracts && node_modules/.bin/forge test

# --- what the targets above stand on

setup: $(VENV)/.installed contracts/node_modules/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Python 3.11, 3.12 or 3.13 is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

contracts/node_modules/.installed: contracts/package-lock.json $(VENV)/.installed
	cd contracts && $(NPM_CI)
	touch $@

tests/interop/node_modules/.installed: tests/interop/package-lock.json $(VENV)/.installed
	cd tests/interop && $(NPM_CI)
	touch $@

scripts/bench/peers/node_modules/.installed: scripts/bench/peers/package-lock.json $(VENV)/.installed
	cd scripts/bench/peers && $(NPM_CI)
	touch $@

clean:
	rm -rf $(VENV) contracts/node_modules tests/interop/node_modules scripts/bench/peers/node_modules build .demo data
