# The two commands: `make serve` and `make test`. Both set up a fresh machine by themselves.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1
export LANGGRAPH_STRICT_MSGPACK := true

# llama.cpp is compiled for this machine without AMX: its AMX kernels crash (ggml-org/llama.cpp#20824).
ifeq ($(shell uname -m),x86_64)
  NATIVE := CFLAGS="-mno-amx-tile -mno-amx-int8" CXXFLAGS="-mno-amx-tile -mno-amx-int8"
endif

.PHONY: serve test check bench prove setup lint lock clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=26" "setuptools>=77"
	$(NATIVE) $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

serve: setup  ## the whole service with embedded defaults, on one port
	$(BIN)/tellergate serve $(ARGS)

#: What needs a model, a browser, PostgreSQL, a server process or minutes. What stands in APART shares nothing, so it runs on every core.
LONG := model or browser or postgres or process
APART := tests/matrix tests/unit tests/contract/bank

test: setup  ## every test; what needs a missing system package is skipped by name, unless REQUIRE_ALL=1
	$(BIN)/python -m pytest tests -n auto --dist loadfile -m "not model and not browser and not postgres and not process" $(PYTEST_ARGS)
	$(BIN)/python -m pytest $(APART) -n auto --dist loadfile -m "$(LONG)" $(PYTEST_ARGS)
	$(BIN)/python -m pytest tests $(addprefix --ignore=,$(APART)) -m "$(LONG)" $(PYTEST_ARGS)

check: setup lint  ## minutes: lint, types, import contracts, model-free tests
	$(BIN)/python -m pytest tests -n auto --dist loadfile -m "not model and not browser and not postgres and not process" $(PYTEST_ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup  ## measures, compares with the limits, writes docs/benchmarks.md
	$(BIN)/tellergate bench all --write docs/benchmarks.md

prove: setup  ## the long proofs, resumable; writes docs/proof.md
	$(BIN)/python -m tests.prove $(ARGS)

lock: setup  ## write requirements.lock from what is installed
	$(BIN)/python -m pip freeze --exclude-editable --exclude tellergate | sed 's/+cpu$$//' | LC_ALL=C sort > requirements.lock

clean:
	rm -rf $(VENV) data
