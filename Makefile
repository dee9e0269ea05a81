# Lexframe. `make demo` and `make test` each set everything up by themselves.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
BIN := .venv/bin
# Where PyTorch comes from, if not from the package index: https://download.pytorch.org/whl/cpu has builds a third of the size
TORCH_INDEX ?=
STAMP := .venv/.installed
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: help install demo test chaos fuzz check gains syntax train bench clean services docs screenshots

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

install: $(STAMP) ## set up .venv with pinned dependencies

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: $(PYTHON) was not found (set PYTHON=…)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "python venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "installing pinned dependencies into .venv"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt $(addprefix --index-url ,$(TORCH_INDEX)) torch
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev,docs,otel,s3,train]'
	@touch $(STAMP)

demo: $(STAMP) ## run the main job on sample instruments, on an embedded default
	@$(BIN)/lexframe demo

services: # the servers that some tests need; without rights to install them, those tests are skipped
	@sh .ci/services || true

test: $(STAMP) services ## run the tests
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not chaos and not fuzz" --numprocesses auto --dist loadfile

chaos: $(STAMP) services ## kill servers and workers while documents come in (minutes)
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m chaos

fuzz: $(STAMP) services ## throw malformed files, texts and requests at readers, pipeline and service (about an hour)
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -s -m fuzz
	@OMP_NUM_THREADS=1 $(BIN)/python -m tests.hostile.fuzz

check: $(STAMP) ## ruff, types, import directions, templates, licences and vulnerabilities of dependencies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.dependencies
	@$(BIN)/j2lint api/templates --extensions html --ignore jinja-statements-indentation single-statement-per-line jinja-variable-lower-case

bench: $(STAMP) ## measure time and memory (ratios within one run)
	@for b in $(filter-out $(addprefix benchmarks/,gains.py baselines.py framing.py serving.py ten_thousand.py),$(wildcard benchmarks/*.py)); do echo "== $$b"; $(BIN)/python $$b || exit 1; done

gains: $(STAMP) ## list what the working tree finds and loses against a commit, over the instruments in SHARED (BASE=HEAD)
	@$(BIN)/python benchmarks/gains.py $${BASE:-HEAD} --texts $${SHARED:-../shared}/instruments

syntax: $(STAMP) ## train the tagger and parser from SHARED/syntax (about half an hour)
	@$(BIN)/python -m models.syntax_training $${SHARED:-../shared}/syntax

train: $(STAMP) ## train the provision model from SHARED/gold into OUT by the shipped recipe (a night; goes on after an interruption)
	@$(BIN)/lexframe train --gold $${SHARED:-../shared}/gold/train --gold corpora/gold/labels --written corpora/gold/written \
		--uncoded corpora/gold/uncoded.txt --teachers $${TEACHERS:-5} --students $${STUDENTS:-2} \
		--dev $${SHARED:-../shared}/gold/dev --texts $${SHARED:-../shared}/instruments --out $${OUT:-out/provisions}

docs: $(STAMP) ## build the documentation as a site in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

screenshots: $(STAMP) services ## pictures of every page with the samples, light, dark, narrow and printed, in screenshots/
	@OMP_NUM_THREADS=1 $(BIN)/python -m tests.journeys.screenshots

clean: ## remove what was built
	rm -rf .venv build dist *.egg-info
