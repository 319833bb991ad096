# Two commands do everything: `make ask` answers a question, `make test` passes the tests.
Q ?= How can one model properties such as magnetic resistivity and electronic bands, which depend on a material's atomic structure as well as on mesoscopic configuration like phase domains, in one description that generalises between scales?
# Two hypotheses: the embedded model takes some five minutes for them on two cores, and nine for three.
ask: ARGS ?= --perspectives 2
PYTHON ?= python3
BIN := .venv/bin
# As it was typed: make would take $T_c for a variable of its own.
override Q := $(value Q)
export Q
# Some containers forbid compiled modules to be kept: each start of the program would compile all of them again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help ask serve test test-fast coverage lint fix docs lock figures-check mutants clean

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

ask: $(BIN)/.installed  ## answer a physics question: make ask Q="..."
	@$(BIN)/hypofind ask $(ARGS) -- "$$Q"

serve: $(BIN)/.installed-service  ## a page with a question box, and the REST API
	@$(BIN)/hypofind serve $(ARGS)

test: $(BIN)/.installed-test  ## run the tests; ARGS=--all runs the slow ones, too
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

# What starts no service, no browser and no model, and trains nothing: minutes instead of half an hour.
FAST := tests/agents tests/physh tests/prompts tests/retrieval tests/tools
SLOW := tests/tools/defects tests/tools/generation tests/tools/laws
test-fast: $(BIN)/.installed-test  ## the tests of the core alone, while one works on it
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(FAST) $(SLOW:%=--ignore=%) $(ARGS)

coverage: $(BIN)/.installed-test  ## run the tests and say which lines and branches no test reaches
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --all --cov --cov-report term --cov-report html $(ARGS)

lint: $(BIN)/.installed-test  ## style, types, one-way imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(BIN)/.installed-test  ## mend what ruff can mend: style, order of imports, format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(BIN)/.installed-test  ## write the generated pages anew and build the site into site/
	$(BIN)/python -m app.documents
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

lock: $(BIN)/.installed-test  ## choose anew the versions that the container installs, with their hashes
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra service --extra defects --python-version 3.11 \
		--python-platform linux --no-annotate --no-header --generate-hashes --output-file container.lock

figures-check: $(BIN)/.installed-test  ## list the figures whose code changed since they were measured
	@$(BIN)/python -m bench.figures

mutants: $(BIN)/.installed-test  ## change the core at random and see whether tests notice: ARGS="rank --count 20"
	@$(BIN)/python -m bench.mutants $(ARGS)

clean:  ## remove the environment; models and runs stay where they are
	rm -rf .venv

# uv installs in seconds what takes pip minutes. It may be refused where pip is set up by hand: pip does it then.
define install
	@echo "Installing $(1) (once) ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --editable "$(1)" \
		|| $(BIN)/python -m pip install --quiet --editable "$(1)"
	@touch $@
endef

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make ask PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "No environment could be made: on Debian, apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet uv || echo "uv cannot be had here; pip will be slower"

$(BIN)/.installed: pyproject.toml | $(BIN)/python
	$(call install,.)

$(BIN)/.installed-service: pyproject.toml $(BIN)/.installed | $(BIN)/python
	$(call install,.[service])

$(BIN)/.installed-test: pyproject.toml $(BIN)/.installed | $(BIN)/python
	$(call install,.[test])
