# Builds paytriage and packs it alone into a small image. It runs as a user without rights and writes only to
# /var/lib/paytriage. A machine without a registry names its own base images by the build arguments.
ARG PAYTRIAGE_RUST_IMAGE=rust:1.95-slim-bookworm
ARG PAYTRIAGE_DEBIAN_IMAGE=debian:bookworm-slim

FROM ${PAYTRIAGE_RUST_IMAGE} AS build
WORKDIR /build
# The bundled SQLite is C.
RUN command -v cc >/dev/null || { apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev; }

# The dependencies alone, in a layer that stays as long as the lock file does.
COPY Cargo.toml Cargo.lock ./
# Cargo wants to see the benchmark that Cargo.toml names, though it does not build it.
RUN mkdir src benches && touch src/lib.rs benches/judge.rs && echo 'fn main() {}' >src/main.rs \
    && cargo build --locked --profile dist --bin paytriage \
    && rm -r src

# Patterns, templates and samples are built in. `touch`, because cargo would take the sources for older than the stub.
COPY build.rs ./
COPY src src
COPY patterns patterns
COPY templates templates
COPY samples samples
RUN touch src/lib.rs src/main.rs build.rs && cargo build --locked --offline --profile dist --bin paytriage

FROM ${PAYTRIAGE_DEBIAN_IMAGE}
RUN test -s /etc/ssl/certs/ca-certificates.crt \
    || { apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*; }
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/paytriage --shell /usr/sbin/nologin paytriage \
    && install -d -o paytriage -g paytriage -m 0750 /var/lib/paytriage \
    && install -d -m 0755 /etc/paytriage
COPY --from=build /build/target/dist/paytriage /usr/local/bin/paytriage
USER paytriage
VOLUME /var/lib/paytriage
ENTRYPOINT ["paytriage"]
CMD ["run", "--config", "/etc/paytriage/paytriage.toml"]
