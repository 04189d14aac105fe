# What a newcomer types. Everything lives in .venv and .linli; nothing outside this folder is changed.
PYTHON ?= $(shell for v in python3.13 python3.12 python3.11 python3 python; do \
	if $$v -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$v; break; fi; done)
VENV := .venv
# Processes of the tests: one a core, at most six.
JOBS ?= $(shell n=$$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN); [ "$$n" -gt 6 ] && n=6; [ "$$n" -lt 2 ] && n=2; echo $$n)
UV := $(VENV)/bin/python -m uv
SYNC := UV_PYTHON_DOWNLOADS=never $(UV) pip sync --quiet --compile-bytecode --python $(VENV)/bin/python

.PHONY: help setup run demo test unit torture soak mutants bench check lint types weights lock clean

help:
	@echo "make run      set up, then start the assistant (web chat, SQLite, embedded understanding)"
	@echo "make demo     set up, then play a month of the demo community in the terminal"
	@echo "make test     set up, then run the tests"
	@echo "make unit     only the quick ones"
	@echo "make torture  the program killed again and again under 10,000 messages, pace and floods measured, then 100,000 random"
	@echo "              steps that try to make a group read what is personal, then 20,000 cases of a city played to their end"
	@echo "              (hours; SURVIVE=, TORTURE= and CITYLIFE='--cases 500' for other numbers)"
	@echo "make soak     an hour at half load: memory and open files must not grow (SOAK='--minutes 1')"
	@echo "make mutants  puts known faults into a copy of the program: each must turn a test red (minutes)"
	@echo "make bench    speed as ratios within one run, with the machine named (minutes)"
	@echo "make check    lint and types"
	@echo "make weights  train the embedded understanding again from flows/*/nlu.yml"
	@echo "make rasa     set up, train and start a Rasa server beside Linli (needs Python 3.10)"
	@echo "make lock     resolve the dependencies again into requirements*.lock"

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Linli needs Python 3.11 or later: install it, or say make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock

# A stamp a kind of environment: what was installed last, so that `make run` after `make test` changes nothing.
$(VENV)/.runtime: $(VENV)/bin/python requirements-uv.lock requirements.lock pyproject.toml
	@echo "Setting up (about a minute the first time) ..."
	@$(SYNC) requirements-uv.lock requirements.lock
	@$(UV) pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@$(VENV)/bin/python -m compileall -q bot nlu flows storage || true
	@rm -f $(VENV)/.dev $(VENV)/.train; touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements-uv.lock requirements-dev.lock pyproject.toml
	@echo "Setting up for development (about a minute the first time) ..."
	@$(SYNC) requirements-uv.lock requirements-dev.lock
	@$(UV) pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@$(VENV)/bin/python -m compileall -q bot nlu flows storage || true
	@rm -f $(VENV)/.train; touch $(VENV)/.runtime $@

$(VENV)/.train: $(VENV)/.dev requirements-train.lock
	@$(UV) pip install --quiet --python $(VENV)/bin/python --require-hashes -r requirements-train.lock
	@touch $@

setup: $(VENV)/.runtime

run: setup
	@$(VENV)/bin/linli run

demo: setup
	@$(VENV)/bin/linli demo

test: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest -n $(JOBS) --dist worksteal tests

unit: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest -n $(JOBS) --dist worksteal -m "not journey" tests

torture: $(VENV)/.dev
	@$(VENV)/bin/python -m tests.survival $(SURVIVE)
	@$(VENV)/bin/python -m tests.simulator.pace
	@$(VENV)/bin/python -m tests.survival.floods
	@$(VENV)/bin/python -m tests.survival.waits
	@$(VENV)/bin/python -m tests.torture $(TORTURE)
	@$(VENV)/bin/python -m tests.citylife $(CITYLIFE)

soak: $(VENV)/.dev
	@$(VENV)/bin/python -m tests.survival.soak $(SOAK)

bench: $(VENV)/.dev
	@$(VENV)/bin/python -m tests.bench $(BENCH)

mutants: $(VENV)/.dev
	@$(VENV)/bin/python -m tests.mutants $(MUTANTS)

check: lint types

lint: $(VENV)/.dev
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .

types: $(VENV)/.dev
	@$(VENV)/bin/mypy

weights: $(VENV)/.train
	@$(VENV)/bin/python -m tools.train_nlu
	@$(VENV)/bin/python -m tools.train_groups
	@$(VENV)/bin/python -m tools.words
	@$(VENV)/bin/python -m tools.train_danger
	@$(VENV)/bin/python -m tools.train_danger_second

lock: $(VENV)/bin/python
	@sh tools/lock.sh

clean:
	rm -rf $(VENV) .linli .pytest_cache .mypy_cache .ruff_cache build *.egg-info

.PHONY: rasa
# A Rasa server beside Linli, in a Python 3.10 of its own under .linli/rasa: installs, trains, then serves on loopback.
rasa: setup
	@$(VENV)/bin/python -m tools.rasa $(RASA)
