# What developers run; `.ci/run` runs the same and more.

# Everything a change must pass, in the order in which it fails fastest.
check: format lint test docs

format:
    cargo fmt --all --check

lint:
    cargo clippy --locked --all-targets -- -D warnings

test:
    cargo test --locked

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Write what is generated from the types.
generate:
    cargo run --locked --quiet -- schema roster > schema/roster.schema.json
    cargo run --locked --quiet -- schema output > schema/output.schema.json
    cargo run --locked --quiet -- schema history > schema/history.schema.json
    cargo run --locked --quiet -- schema review > schema/review.schema.json
    cargo run --locked --quiet -- schema notification > schema/notification.schema.json
    cargo run --locked --quiet -- schema status > schema/status.schema.json
    cargo run --locked --quiet -- dialects > docs/dialects.md
    cargo run --locked --quiet -- explain --all > docs/diagnostics.md
    cargo run --locked --quiet -- schema reference > docs/format.md
    cargo run --locked --quiet -- schema commands > docs/commands.md

# The documentation as a book, in target/book (mdBook 0.5 and jq).
book:
    mdbook build docs

# Record the first minutes anew.
recording:
    cargo build --locked
    docs/recording/record target/debug/roster docs/recording/first-minutes.cast
    docs/recording/render docs/recording/first-minutes.cast docs/recording/first-minutes.svg

# Licences, sources, duplicate versions, and advisories where their database can be had.
deny:
    cargo deny check
