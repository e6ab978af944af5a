# syntax=docker/dockerfile:1

# A static program in an image with nothing else: no shell, no package manager, no root.
# The build stage compiles the dependencies in a layer of their own, so that a change of the source rebuilds only roster.

FROM rust:1.95-alpine AS build
RUN apk add --no-cache ca-certificates musl-dev
WORKDIR /source

COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src tests/it \
    && echo 'fn main() {}' | tee src/main.rs tests/it/main.rs >/dev/null \
    && touch src/lib.rs \
    && cargo build --locked --release

COPY templates templates
COPY src src
# Newer than the placeholder above, whatever time the checkout gave them.
RUN touch src/main.rs src/lib.rs \
    && cargo build --locked --release \
    && mkdir -p /image/etc/ssl/certs /image/roster /image/tmp \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && cp target/release/roster /image/roster-program \
    && chmod 1777 /image/tmp \
    && chown 65532:65532 /image/roster

FROM scratch
LABEL org.opencontainers.image.title="roster" \
      org.opencontainers.image.description="Users and roles of SaaS accounts as code" \
      org.opencontainers.image.licenses="Apache-2.0 OR MIT"
COPY --from=build /image/ /
# Anybody but root; the number needs no entry in a password file.
USER 65532:65532
# Mount the roster here.
WORKDIR /roster
ENTRYPOINT ["/roster-program"]
