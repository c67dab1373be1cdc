# Each target sets up what it needs first; see .ci/setup. What is there already costs milliseconds.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup synth test check mutation docs lint bench schemas charts lock clean

COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-header --no-emit-index-url $(UPGRADE) pyproject.toml

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: ## set up everything that the other targets need
	@.ci/setup venv node cli kubeconform

synth: ## write dist/ from clusters/ and apps/
	@.ci/setup venv node cli
	@.venv/bin/yagura synth

test: ## run all tests
	@.ci/setup venv node cli kubeconform
	@.venv/bin/pytest

check: ## judge dist/: schemas, policy, references, order, secrets, and whether it is up to date
	@.ci/setup venv node kubeconform
	@.venv/bin/yagura check $(CHECK) --as-of "$$(date -u +%F)"

mutation: ## break the rules' examples field by field, and see what the rules notice
	@.ci/setup venv
	@.venv/bin/python -m tools.mutation

docs: ## write docs/policies.md from the catalogue of rules
	@.ci/setup venv
	@.venv/bin/yagura explain --all > .yagura/policies.md && mv .yagura/policies.md docs/policies.md

lint: ## ruff, mypy, import-linter, shellcheck
	@.ci/setup venv
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/shellcheck .ci/* .github/*.sh

bench: ## compare the speed with a plain cdk8s app
	@.ci/setup venv node
	@.venv/bin/python -m tools.bench

schemas: ## derive schemas/ again from the pinned upstream modules
	@.ci/setup venv go
	@PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m tools.derive_schemas

charts: ## fetch the charts that dist/ installs, for the checks of their values
	@.ci/setup venv helm
	@.venv/bin/python -m tools.charts

lock: ## write the locks again from pyproject.toml and package.json (UPGRADE=--upgrade: indirect ones too)
	@.ci/setup venv node
	$(COMPILE) --group dev --output-file requirements.lock
	$(COMPILE:pyproject.toml=) --group node --output-file requirements-node.lock
	$(COMPILE:pyproject.toml=) --group go --output-file requirements-go.lock
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm install --package-lock-only

clean: ## remove everything that is not in git and can be made again
	rm -rf .venv .yagura node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
