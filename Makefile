# The menu. People and the continuous integration run the same lines. `make demo` and `make test` work on a fresh clone with Python 3.11+, Node 20 and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo test check bench oracles docs audit sbom serve format clean
.DELETE_ON_ERROR:
# `make check test`: types are looked at by one process, so both at once take what the longer takes.
MAKEFLAGS += --jobs=2

setup: $(READY) node_modules/.ready ## the virtual environment, the assets and, where it may, the browser of the tests
	@scripts/browser.sh

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

node_modules/.ready: package.json package-lock.json scripts/assets.py $(READY)
	npm ci --no-audit --no-fund --loglevel=error
	$(BIN)/python scripts/assets.py
	@touch $@

demo: $(READY) node_modules/.ready ## builds the demo city in ./demo and serves it
	$(BIN)/parvis demo demo

# Tests start a hundred processes of Python: each would compile the program anew (0.8 CPU s) where bytecode is not written.
test: export PYTHONDONTWRITEBYTECODE :=
test: setup ## every test, the real browser included
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: $(READY) ## style, types, floors, generated docs, translations
	$(BIN)/ruff check src tests scripts bench
	$(BIN)/ruff format --check --quiet src tests scripts bench
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.docs --check
	$(BIN)/python -m scripts.texts --check
	$(BIN)/pyright --warnings

docs: $(READY) ## writes the reference again from the declarations
	$(BIN)/python -m scripts.docs

bench: $(READY) ## us against the peers, side by side; writes bench/results/
	$(BIN)/python -m bench

oracles: $(READY) ## runs the slow oracles again and records their answers
	$(BIN)/python -m bench.oracles

audit: $(READY) ## known flaws of what we depend on; a look-up that fails is said, not hidden
	$(BIN)/python -m scripts.audit

sbom: $(READY) ## the bill of materials, in dist/
	$(BIN)/python -m scripts.sbom

format: $(READY)
	$(BIN)/ruff check --fix src tests scripts bench
	$(BIN)/ruff format src tests scripts bench

clean:
	rm -rf .venv node_modules demo dist src/parvis/web/static/vendor
