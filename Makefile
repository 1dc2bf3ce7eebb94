# make run      sets up, builds, books a month of sample calls through the socket, shows the reports
# make test     everything that must hold before a change lands: format, arrows, tests
#
# make setup    installs what building needs: Debian packages, Swift 6.3; says so first
# make build    .build/release/tollbook
# make check    the same as test
# make oracle   61,000 calls priced by us, by genai-prices and by LiteLLM from the same tables: each difference has
#               a class that foretells both figures, or the test fails. Half a minute, the first time a download more;
#               ORACLE_CASES=n, ORACLE_SEED=n
# make clients  deploy/clients against the real SDKs, LiteLLM and log forwarders, a provider of this machine and a real
#               daemon. Two minutes, the first time a download more; what is not installed is skipped by name
# make bench    how fast it is; writes .build/bench.json. After make oracle also beside other price libraries
# make neighbours  how long a sender waits for its acknowledgement beside each kind of hostile one; KIND=flood for one
# make watch-bench  how well and how fast spikes are found: on labelled series of the Numenta Anomaly Benchmark, where
#               ../shared/nab or NAB=folder holds them, and on simulated spend; SEED=n for other spend. Writes
#               .build/watch-bench.json
# make soak     1,000 × kill -9 under load, every write broken once, and senders over every door beside kills, hangs and
#               torn lines: nothing acknowledged may be lost, nothing booked twice; SEED=n for other moments
# make fuzz     damaged lines, spans, messages and headers for some minutes, from a new seed: nothing crashes, nothing that is
#               no JSON becomes a call; FUZZ_SEED=n, FUZZ_CASES=n
# make record   rewrites the golden files; then read the diff
# make clean    removes .build
#
# DATA=dir make run    on a ledger of your own

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c
SWIFT = scripts/swift
# Every module imports only what Package.swift says it may.
ARROWS = --explicit-target-dependency-import-check error

.PHONY: help setup build run test check oracle clients bench neighbours watch-bench soak fuzz record clean

help:
	@awk '!/^#/ { exit } { sub(/^# ?/, ""); print }' Makefile

setup:
	@scripts/setup

build: setup
	$(SWIFT) build -c release --product tollbook

run:
	@scripts/run

test: check

check: setup
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	$(SWIFT) build $(ARROWS) --build-tests
	@# Tests run side by side and their words are many: what failed is said again at the end.
	$(SWIFT) test --skip-build 2>&1 | tee .build/test.log \
	  || { echo; echo "What failed:"; grep -aE '✘|error:' .build/test.log; exit 1; }

oracle: setup
	$(SWIFT) build -c release --product tollbook
	@scripts/oracle

clients: setup
	$(SWIFT) build -c release --product tollbook
	@scripts/clients

bench: setup
	$(SWIFT) build -c release
	.build/release/tollbench

neighbours: setup
	$(SWIFT) build -c release --product tollbook
	$(SWIFT) build -c release --product tollbench
	.build/release/tollbench neighbours $(if $(KIND),--kind $(KIND))

watch-bench: setup
	$(SWIFT) build -c release --product tollbench
	.build/release/tollbench watch $(if $(NAB),--nab $(NAB)) $(if $(SEED),--seed $(SEED))

soak: setup
	$(SWIFT) build --build-tests
	SOAK_CYCLES=1000 TOLLBOOK_FAULTS=all $(SWIFT) test --skip-build --filter 'KillTests|FaultTests|DeliveryOracleTests'

fuzz: setup
	$(SWIFT) build --build-tests
	FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)} FUZZ_CASES=$${FUZZ_CASES:-300000} \
	  bash -c 'echo "FUZZ_SEED=$$FUZZ_SEED FUZZ_CASES=$$FUZZ_CASES"; $(SWIFT) test --skip-build --filter "LineFuzzTests|ForwardMessageTests"'

record: setup
	RECORD=1 $(SWIFT) test

clean:
	rm -rf .build
