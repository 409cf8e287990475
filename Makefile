# `make` alone lists the commands. Nothing here removes a data folder.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
CONFIGURATION ?= debug
BUILD := swift build --configuration $(CONFIGURATION) $(if $(filter release,$(CONFIGURATION)),--static-swift-stdlib)
TEST := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=16 swift test --configuration $(CONFIGURATION) --skip-build --disable-xctest
OUTLAY := .build/$(CONFIGURATION)/outlay
announce = @printf '\n==> %s\n' '$(1)'

.PHONY: help run demo test check system golden bench format clean packages python build build-tests

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: packages demo ## install what is missing, build, start the demo (CONFIGURATION=release for speed)

demo: build ## start the demo: 90 days of spend and a sandbox provider
	$(call announce,Starting the demo; its data is in outlay-demo. Ctrl-C stops it.)
	@exec $(OUTLAY) demo

test: packages python build-tests ## build and run every test
	$(call announce,Running every test)
	@$(TEST)
	$(call announce,Throwing broken telemetry at its readers)
	@scripts/fuzz 60

check: build-tests ## before every commit: formatting, unit tests, tidy
	$(call announce,Checking the format)
	@swift format lint --strict --recursive Sources Tests Package.swift
	$(call announce,Running everything but the system tests)
	@$(TEST) --skip SystemTests

system: packages python build-tests ## the real binary against make-believe providers
	@$(TEST) --filter SystemTests

golden: build-tests ## record the golden files anew; review them like code
	@OUTLAY_RECORD=1 $(TEST) && git diff --stat -- Tests/Golden

bench: ## direct, nginx and Outlay side by side (release build)
	@scripts/system-packages nginx-light wrk
	@$(MAKE) --no-print-directory build CONFIGURATION=release
	@swift build --configuration release --static-swift-stdlib --product outlay-bench && scripts/bench

format: ## format the sources in place
	@swift format --in-place --recursive Sources Tests Package.swift

clean: ## remove what was built; data folders stay
	@swift package clean

packages:
	@scripts/system-packages libsqlite3-dev zlib1g-dev python3-venv ca-certificates curl tzdata
python:
	@scripts/python-sdks
build:
	$(call announce,Building outlay ($(CONFIGURATION)); the first build takes some minutes)
	@$(BUILD) --product outlay
build-tests:
	$(call announce,Building everything and the tests; the first build takes some minutes)
	@$(BUILD) --build-tests
