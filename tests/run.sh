#!/usr/bin/env bash
# Runs every test on a Debian or Ubuntu machine that has Rust and git. Installs what the tests need and is missing:
# a C compiler, openssl, and the real mail servers, which are not started for the whole machine. The last line is
# the test runner's. Arguments go to the runner.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() {
    if [[ $EUID -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

is_there() {
    case $1 in
        dovecot-lmtpd) [[ -x /usr/lib/dovecot/lmtp ]] ;;
        dovecot-imapd) [[ -x /usr/lib/dovecot/imap ]] ;;
        postfix) [[ -x /usr/lib/postfix/sbin/master ]] ;;
        openssl) command -v openssl >/dev/null ;;
        build-essential) command -v cc >/dev/null ;;
    esac
}

# Debian starts a server when it is installed, unless this file forbids it.
readonly policy=/usr/sbin/policy-rc.d
made_policy=no
forbid_starting() {
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 0755 "$policy"
        made_policy=yes
    fi
}
allow_starting() {
    if [[ $made_policy == yes ]]; then as_root rm -f "$policy"; fi
}
trap allow_starting EXIT

install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

missing=()
for package in build-essential openssl dovecot-imapd dovecot-lmtpd postfix; do
    is_there "$package" || missing+=("$package")
done
if ((${#missing[@]} > 0)); then
    if ! command -v apt-get >/dev/null; then
        echo "tests/run.sh: please install what is missing here: ${missing[*]}" >&2
        exit 1
    fi
    echo "installing ${missing[*]}"
    forbid_starting
    # Without lists of packages, or with old ones, the first try fails.
    install "${missing[@]}" || { as_root apt-get update && install "${missing[@]}"; }
    allow_starting
    made_policy=no
fi

# Postfix's master wants to be root. Only the test programs run as root then; what they are built from stays yours.
if [[ $EUID -ne 0 ]]; then
    triple=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
    export "CARGO_TARGET_${triple}_RUNNER=sudo -E"
fi

if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --no-fail-fast "$@"
else
    cargo test --no-fail-fast "$@"
fi
