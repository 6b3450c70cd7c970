# Anxin. `make` alone says what there is to make.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/tests/node_modules/.bin:$(PATH)
export WASM_BINDGEN_TEST_WEBDRIVER_JSON := $(CURDIR)/.tools/webdriver.json
export WASM_BINDGEN_TEST_TIMEOUT := 120

TARGET := $(or $(CARGO_TARGET_DIR),target)
WASM := wasm32-unknown-unknown
# Where `make run` listens and keeps its sums.
LISTEN ?= 127.0.0.1:8080
DATA ?= data

# What the module is made of: everything but the native edge.
CORE := Cargo.toml Cargo.lock .cargo/config.toml \
	$(filter-out src/main.rs src/collector.rs src/collector/% src/prove.rs src/prove/% src/xlsform.rs src/xlsform/%,$(shell find src -name '*.rs'))
PAGE := .ci/page.mjs $(shell find www -type f -not -path 'www/dist/*' -not -path 'www/pkg/*')

# What the oldest engines have (tests/floor.rs): wasm-opt may use these and no more.
SMALL := -Oz --mvp-features --enable-mutable-globals --enable-sign-ext \
	--enable-nontrapping-float-to-int --enable-bulk-memory --enable-multivalue

# What the page waits for: inlining less than opt-level "z" does makes it 2 % smaller on the wire.
SHORT := --profile wasm --config 'target.$(WASM).rustflags=["-Cllvm-args=-inline-threshold=12"]'

# What seals is quick enough if half of what would be is inlined, and a fortieth smaller on the wire.
QUICK := --profile seal --config 'target.$(WASM).rustflags=["-Cllvm-args=-inline-threshold=100"]'

say = @printf '\n\033[1m%s\033[0m\n' '$(1)'

.PHONY: help tools wasm page build run test soak bench clean \
	format clippy native module types browser deny

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

tools: ## fetch what is missing of the tools (into .tools/ and tests/node_modules/) and the browsers
	@.ci/tools test

wasm: www/pkg/anxin_bg.wasm ## the module and its glue, in www/pkg/

# Five modules of the same code: respondents load the last, and the one that seals while they read the first
# question; volunteers the first instead of the last, and the one that reads posters when they scan one; readers
# of results the one that compares figures. And what the results page draws charts with.
www/pkg/anxin_bg.wasm: $(CORE) .ci/plot.mjs tests/package-lock.json
	@.ci/tools build
	$(call say,Modules: compile and write the glue and make them small)
	cargo build --lib --target $(WASM) $(SHORT) --no-default-features --features shift
	wasm-bindgen --target web --out-dir www/pkg --out-name anxin_shift $(TARGET)/$(WASM)/wasm/anxin.wasm
	cargo build --lib --target $(WASM) $(SHORT) --no-default-features --features place
	wasm-bindgen --target web --out-dir www/pkg --out-name anxin_place $(TARGET)/$(WASM)/wasm/anxin.wasm
	cargo build --lib --target $(WASM) $(SHORT) --no-default-features --features figures
	wasm-bindgen --target web --out-dir www/pkg --out-name anxin_figures $(TARGET)/$(WASM)/wasm/anxin.wasm
	cargo build --lib --target $(WASM) $(QUICK) --no-default-features --features seal
	wasm-bindgen --target web --out-dir www/pkg --out-name anxin_seal $(TARGET)/$(WASM)/seal/anxin.wasm
	cargo build --lib --target $(WASM) $(SHORT) --no-default-features --features survey
	wasm-bindgen --target web --out-dir www/pkg --out-name anxin $(TARGET)/$(WASM)/wasm/anxin.wasm
	wasm-opt $(SMALL) www/pkg/anxin_shift_bg.wasm -o www/pkg/anxin_shift_bg.wasm
	wasm-opt $(SMALL) www/pkg/anxin_place_bg.wasm -o www/pkg/anxin_place_bg.wasm
	wasm-opt $(SMALL) www/pkg/anxin_figures_bg.wasm -o www/pkg/anxin_figures_bg.wasm
	wasm-opt $(SMALL) www/pkg/anxin_seal_bg.wasm -o www/pkg/anxin_seal_bg.wasm
	node .ci/plot.mjs
	wasm-opt $(SMALL) $@ -o $@

page: www/dist/index.html.br ## the page as shipped, with its brotli siblings, in www/dist/

www/dist/index.html.br: www/pkg/anxin_bg.wasm $(PAGE)
	$(call say,Page: gather and compress)
	node .ci/page.mjs

build: page ## the one binary, page inside: target/release/anxin
	$(call say,Binary: compile)
	cargo build --release

run: build ## build, then serve the demonstration on LISTEN, sums in DATA
	$(TARGET)/release/anxin serve --listen $(LISTEN) --data $(DATA)

test: tools format clippy native module types browser deny ## everything below
	$(call say,All checks passed)

format: ## rustfmt
	$(call say,Format)
	cargo fmt --check

clippy: page ## clippy, natively and for the browser, warnings denied
	$(call say,Clippy: native)
	cargo clippy --all-targets -- -D warnings
	$(call say,Clippy: browser)
	cargo clippy --target $(WASM) --lib --bins --tests -- -D warnings
	cargo clippy --target $(WASM) --lib --no-default-features --features survey -- -D warnings
	cargo clippy --target $(WASM) --lib --no-default-features --features seal -- -D warnings
	cargo clippy --target $(WASM) --lib --no-default-features --features place -- -D warnings
	cargo clippy --target $(WASM) --lib --no-default-features --features figures -- -D warnings
	$(call say,Documentation)
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps --quiet

native: page ## laws, vectors, flow, the collector as a process, the floor of the module
	$(call say,Native tests)
	cargo test

# WebKit compiles what is called often when it is called, not on threads beside it: with those, WebKitGTK 2.50.6 computed
# wrong in 3 of 40 runs, each time in another test; without them in none of 12.
module: page ## the shared suite as wasm, in Chromium, Firefox and WebKit
	@.ci/tools test
	$(call say,Module in Chromium)
	wasm-pack test --headless --chrome --mode no-install --test wasm
	$(call say,Module in Firefox)
	wasm-pack test --headless --firefox --mode no-install --test wasm
	$(call say,Module in WebKit)
	SAFARIDRIVER=$$(command -v WebKitWebDriver) WEBKIT_DISABLE_COMPOSITING_MODE=1 WASM_BINDGEN_TEST_ONLY_WEB=1 JSC_useConcurrentJIT=0 \
		CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
		xvfb-run -a cargo test --target $(WASM) --test wasm

types: page ## the page's types, by tsc
	$(call say,Types of the page)
	tsc -p www --noEmit
	tsc -p www/tsconfig.sw.json --noEmit

# With a debug binary that has the page inside, as the optimised one has: optimising would take as long as all these
# tests.
browser: export ANXIN := $(abspath $(TARGET))/debug/anxin
browser: page ## phone and tablet in Chromium, the phone in Firefox and WebKit, axe, the floor of the page
	@.ci/tools test
	$(call say,Page in the browsers)
	cargo build --features embed
	node --test --test-concurrency=1 --test-reporter=spec tests/browser/*.test.mjs

deny: ## licences, sources and advisories of the dependencies
	@.ci/tools test
	$(call say,Dependencies)
	@if git ls-remote --quiet --exit-code https://github.com/RustSec/advisory-db HEAD >/dev/null 2>&1; then \
		cargo deny check; \
	else \
		echo 'The advisory database is out of reach: advisories are NOT checked in this run.'; \
		cargo deny check bans licenses sources; \
	fi

# How many shifts `make soak` takes a tablet through, and the seed of the first.
SEEDS ?= 500
FIRST ?= 1

soak: build ## a tablet killed at every fault point, SEEDS shifts from seed FIRST on; half an hour
	@.ci/tools test
	$(call say,Crash matrix)
	node tests/soak/crash.mjs $(SEEDS) $(FIRST)

bench: build tests/output/shard/shard.js ## report, pair, bytes, first answer, item and views beside what others do, half a million natively
	@.ci/tools test
	$(call say,Native)
	cargo bench --bench native
	cargo bench --bench prove
	cargo build --release --example shard
	$(TARGET)/release/anxin measure --reports 100000 --data tests/output
	$(call say,Browser)
	node tests/bench/bytes_and_first_answer.mjs
	node tests/bench/wasm_item.mjs
	node tests/bench/making.mjs
	node tests/bench/tablet.mjs
	node tests/bench/views.mjs

# Sharding alone as a module, for the bench: made like the module that seals.
tests/output/shard/shard.js: www/pkg/anxin_bg.wasm tests/bench/shard.rs
	$(call say,Bench: sharding alone as a module)
	cargo build --example shard --target $(WASM) $(QUICK) --no-default-features --features seal
	wasm-bindgen --target web --out-dir tests/output/shard $(TARGET)/$(WASM)/seal/examples/shard.wasm
	wasm-opt $(SMALL) tests/output/shard/shard_bg.wasm -o tests/output/shard/shard_bg.wasm

clean: ## remove what was built; .tools/ and the npm packages stay
	cargo clean
	rm -rf www/pkg www/dist tests/output
