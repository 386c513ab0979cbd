# Everything that a fresh Debian machine with Swift 6.3 needs: `make demo` to see it, `make test` to check it.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DEFAULT_GOAL := help

SWIFT ?= swift
prefix ?= /usr
DESTDIR ?=
program ?= .build/release/leadbell

build_packages := libcurl4-openssl-dev libical-dev libphonenumber-dev libprotobuf-dev libsqlite3-dev pkg-config
test_packages := acl python3-aiosmtpd python3-trustme chromium systemd postfix sasl2-bin strace
bench_packages := gcc prometheus-alertmanager postfix
sources := Sources Tests Package.swift
# Suites of which some tests mount small disks; whoever isn't root has them run as root of a name space of their own.
root_suites := LeadSpoolTests.BadInputTests LeadSpoolTests.EveryFileTests LeadSpoolTests.QuarantineTests \
	LeadSpoolTests.SpoolDirectoryTests LeadStorageTests.StoreFault LeadbellTests.SourcesTests \
	ScenarioTests.StoreTroubleStory
empty :=
root_tests := $(subst $(empty) $(empty),|,$(strip $(root_suites)))

.PHONY: help demo build release test lint bench install deps-build deps-test deps-bench clean

help:
	@echo "make demo     build, and run the demo: an inbox page with every message and its working link"
	@echo "make test     build, check the style, and run all tests"
	@echo "make bench    build in release mode and print the table of speed and memory"
	@echo "make build    build .build/debug/leadbell        make release   build .build/release/leadbell"
	@echo "make install  install into DESTDIR and prefix (/usr), with configuration and systemd units"

demo: build
	@exec .build/debug/leadbell demo $(DEMO)

build: deps-build
	$(SWIFT) build --product leadbell

# With Swift's libraries inside, so that the program runs where Swift isn't installed. Small functions are inlined across
# targets, which takes some 4 % off the processor's time for a lead. That nobody writes to what another is reading is
# proved by the compiler where it can, and watched at run time in the builds that the tests use, not in this one.
release_build := $(SWIFT) build -c release --static-swift-stdlib -Xswiftc -cross-module-optimization \
	-Xswiftc -enforce-exclusivity=unchecked

release: deps-build
	$(release_build) --product leadbell

# Warnings of our own sources count as failures; those of packages are theirs. One test at a time: some change what the
# whole process shares (the umask), some load the machine, and each watched spool takes one of a user's 128 inotify
# instances.
test: deps-build deps-test lint
	@mkdir -p .build
	$(SWIFT) build --build-tests 2>&1 | tee .build/build.log
	@! grep -E '^$(CURDIR)/(Sources|Tests)/.*: warning: ' .build/build.log
	$(SWIFT) test --skip-build --no-parallel
	@[ "$$(id -u)" = 0 ] || ! unshare --user --map-root-user --mount true 2>/dev/null \
		|| unshare --user --map-root-user --mount \
		$(SWIFT) test --skip-build --no-parallel --filter '$(root_tests)'

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(sources)

bench: deps-bench release
	$(release_build) --product RankingBench
	$(release_build) --product EnrichingBench
	$(release_build) --product MatchingBench
	/usr/bin/python3 -B Tests/Benchmarks/check_parts.py .build/bench-parts
	/usr/bin/python3 -B Tests/Benchmarks/bench.py --leadbell .build/release/leadbell $(BENCH)

install: release
	install -D -m 0755 $(program) $(DESTDIR)$(prefix)/bin/leadbell
	install -D -m 0644 systemd/leadbell.service $(DESTDIR)$(prefix)/lib/systemd/system/leadbell.service
	install -D -m 0644 systemd/leadbell.sysusers $(DESTDIR)$(prefix)/lib/sysusers.d/leadbell.conf
	install -D -m 0644 systemd/leadbell.tmpfiles $(DESTDIR)$(prefix)/lib/tmpfiles.d/leadbell.conf
	install -D -m 0644 config/demo.yaml $(DESTDIR)$(prefix)/share/leadbell/demo.yaml
	install -D -m 0644 config/firms.csv $(DESTDIR)$(prefix)/share/leadbell/firms.csv
	install -D -m 0644 config/postal-codes.txt $(DESTDIR)$(prefix)/share/leadbell/postal-codes.txt
	install -D -m 0644 config/leadbell.yaml $(DESTDIR)$(prefix)/share/leadbell/leadbell.yaml
	install -D -m 0644 config/openapi.json $(DESTDIR)$(prefix)/share/leadbell/openapi.json
	install -D -m 0644 config/webhook.schema.json $(DESTDIR)$(prefix)/share/leadbell/webhook.schema.json
	@test -e $(DESTDIR)/etc/leadbell/leadbell.yaml \
		|| install -D -m 0640 config/leadbell.yaml $(DESTDIR)/etc/leadbell/leadbell.yaml
	@test -e $(DESTDIR)/etc/leadbell/firms.csv \
		|| install -D -m 0644 config/firms.csv $(DESTDIR)/etc/leadbell/firms.csv
	@test -e $(DESTDIR)/etc/leadbell/postal-codes.txt \
		|| install -D -m 0644 config/postal-codes.txt $(DESTDIR)/etc/leadbell/postal-codes.txt
	@install -d -m 0700 $(DESTDIR)/etc/leadbell/credentials

deps-build: ; @$(call need,$(build_packages))
deps-test: ; @$(call need,$(test_packages))
deps-bench: ; @$(call need,$(bench_packages))

clean:
	rm -rf .build

# Installs the Debian packages that are missing, and says so first.
define need
missing=""; \
for package in $(1); do \
	dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
	echo "Installing Debian packages:$$missing"; \
	as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	$$as_root apt-get update -qq; \
	case "$$missing" in *postfix*) \
		echo 'postfix postfix/main_mailer_type select No configuration' | $$as_root debconf-set-selections;; \
	esac; \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
fi
endef
