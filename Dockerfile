# syntax=docker/dockerfile:1

# A static program in an image with nothing else: no shell, no package manager, no root.

FROM rust:1.95-alpine AS build
RUN apk add --no-cache ca-certificates musl-dev
WORKDIR /source
COPY . .
# Which commit this is of, for `roster --version`: no repository comes along.
ARG REVISION=""
ENV ROSTER_BUILD_REVISION=$REVISION
# What cargo has made before is kept outside of the layers, so a change of the source builds only what depends on it.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --locked --release \
    && packaging/image target/release/roster /etc/ssl/certs/ca-certificates.crt /image

FROM scratch
ARG REVISION=""
ARG VERSION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="roster" \
      org.opencontainers.image.description="Users and roles of SaaS accounts as code" \
      org.opencontainers.image.licenses="Apache-2.0 OR MIT" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /image/ /
# Anybody but root; the number needs no entry in a password file.
USER 65532:65532
# Mount the roster here. The root may be read-only: what is written goes into the state and, for a moment, into /tmp.
WORKDIR /roster
ENV ROSTER_STATE=sqlite:/var/lib/roster/state.db
VOLUME /var/lib/roster
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["/usr/bin/roster", "health"]
ENTRYPOINT ["/usr/bin/roster"]
CMD ["daemon"]
