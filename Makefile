# make demo and make test set up all they need, with python3.11 or newer and make alone.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CODE := config tasks worker tests benchmarks
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml

.PHONY: help demo test lint check format docs lock clean

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1  \t/'

demo: $(VENV)/embedded ## One article through a real worker, with nothing set up beforehand
	$(BIN)/depeche-worker demo

test: $(VENV)/dev ## All tests
	$(BIN)/pytest

lint: $(VENV)/dev ## Format, lint, strict types and import layers
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## What must pass before a commit

format: $(VENV)/dev ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

docs: $(VENV)/dev ## Write docs/settings.md and docs/schemas/ from the code
	$(BIN)/python -m tasks.docs docs

lock: $(VENV)/dev ## Take the newest allowed versions into requirements/
	$(BIN)/pip install --quiet uv
	$(UV_COMPILE) --upgrade --extra embedded --extra dev -o requirements/dev.txt
	$(UV_COMPILE) --constraint requirements/dev.txt --extra embedded -o requirements/embedded.txt
	$(UV_COMPILE) --constraint requirements/dev.txt --extra worker -o requirements/worker.txt

clean: ## Forget the environment
	rm -rf $(VENV) *.egg-info build

# One environment for both: each marker file says which locked set it holds.
$(VENV)/embedded $(VENV)/dev: $(VENV)/%: requirements/%.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("Dépêche needs Python 3.11 to 3.13, and $(PYTHON) is " + sys.version.split()[0] + ": run make PYTHON=python3.12, or the like")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
