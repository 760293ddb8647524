# Short names for what people do every day. CI runs .ci/run, which uses the same targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run app test web bindings bench fuzz orders law fmt lint docs native

# What stops a program may stop a test: helpers of tests unwrap, index and print like tests do.
IN_TESTS := $(addprefix -A clippy::,unwrap_used expect_used panic indexing_slicing string_slice print_stdout too_many_lines match_same_arms)

help: ## show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

run: ## build everything and start the demonstration
	@.ci/ready
	@.ci/build
	@"$$(cargo metadata --format-version 1 --no-deps | sed -E 's/.*"target_directory":"([^"]*)".*/\1/')/debug/zhicha" demo

test: native ## every test of the workspace, then the examples in the documentation
	@if cargo nextest --version >/dev/null 2>&1; then \
		echo 'cargo nextest run --workspace'; cargo nextest run --workspace; \
	else \
		echo 'cargo-nextest is missing ("cargo install cargo-nextest --locked" is faster and kills stuck tests); running cargo test'; \
		cargo test --workspace --lib --bins --tests; \
	fi
	cargo test --doc --workspace

web: ## build the core for the browser with its TypeScript package
	@.ci/ready
	cd mobile-bindings/web && npm ci --no-audit --no-fund && npm run build

app: ## build the app for browsers into mobile-bindings/app/dist
	mobile-bindings/app/build.sh

bindings: native ## each language against the real server: what is missing on this machine is said
	@for language in python kotlin swift; do \
		[ ! -x mobile-bindings/$$language/test.sh ] || mobile-bindings/$$language/test.sh; \
	done

bench: native ## measure the exchange and the server against a bare floor
	cargo build --release --package server --package e2e --bins
	cargo run --release --package e2e --bin bench

fuzz: native ## ten minutes of hostile accounts with a changed client; ZHICHA_FUZZ_SEED plays one world alone
	ZHICHA_FUZZ_SECONDS=$${ZHICHA_FUZZ_SECONDS:-600} cargo test --workspace --test fuzz -- --nocapture

orders: native ## a million orders of issuing, retrying and dying against the rules
	ZHICHA_ORDERS=$${ZHICHA_ORDERS:-1000000} cargo test --workspace --test interleavings -- --nocapture

law: native ## import a bureau's texts (TEXTS=file) into the law of this repository and see that each is shown
	@[ -f "$(TEXTS)" ] || { echo 'name the file: make law TEXTS=file'; exit 1; }
	cargo run --package server --example law_texts -- "$(TEXTS)"

fmt: native ## format
	cargo fmt --all

lint: native ## formatting, clippy with warnings denied, dependencies where cargo-deny is present
	cargo fmt --all --check
	cargo clippy --workspace --lib --bins -- -D warnings
	cargo clippy --workspace --tests --examples -- -D warnings $(IN_TESTS)
	@if cargo deny --version >/dev/null 2>&1; then cargo deny check bans licenses sources; \
	else echo 'cargo-deny is missing, dependency rules not checked ("cargo install cargo-deny --locked")'; fi

docs: native ## API documentation with warnings denied
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps

native:
	@.ci/ready server
