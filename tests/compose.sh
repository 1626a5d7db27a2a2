#!/usr/bin/env bash
# Proves the containers: brings up the demo of docker-compose.yml, writes to it as a customer, and looks whether one
# mail was answered and one left to a person, with a restart of the service in between. Takes everything down again.
# Says so and does nothing where no Docker engine answers. A machine without a registry names its own base images in
# PAYTRIAGE_RUST_IMAGE and PAYTRIAGE_DEBIAN_IMAGE.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! docker info >/dev/null 2>&1; then
    echo "tests/compose.sh: SKIPPED, no Docker engine answers here"
    exit 0
fi
if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
else
    echo "tests/compose.sh: SKIPPED, Docker is here but docker compose is not"
    exit 0
fi
# The older builder serves everywhere; BuildKit needs a plugin that not every engine has.
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0
# A name of its own: somebody's own demo on this machine goes on undisturbed. The engine picks the port.
compose+=(--project-name "paytriage-test-$$" --profile demo)
export PAYTRIAGE_DEMO_IMAP_PORT=0

readonly customer=customer@example.test
readonly support=support@shop.test
readonly mailbox=/var/mail/demo

end() {
    local status=$?
    if ((status != 0)); then
        "${compose[@]}" logs --tail 60 paytriage-demo mail || true
    fi
    "${compose[@]}" down --volumes --remove-orphans >/dev/null 2>&1 || echo "tests/compose.sh: taking down failed" >&2
    if ((status == 0)); then
        echo "tests/compose.sh: one answered, one left to a person, across a restart: ok"
    else
        echo "tests/compose.sh: FAILED" >&2
    fi
    exit "$status"
}
trap end EXIT
trap 'exit 130' INT TERM

in_mail() {
    "${compose[@]}" exec -T mail "$@"
}

# wait_for WHAT COMMAND...: until the command succeeds, at most a minute.
wait_for() {
    local what=$1 until=$((SECONDS + 60))
    shift
    while ! "$@" >/dev/null 2>&1 </dev/null; do
        if ((SECONDS > until)); then
            echo "tests/compose.sh: waited a minute in vain for $what" >&2
            return 1
        fi
        sleep 0.5
    done
}

# write SUBJECT MESSAGE-ID LINE...: a mail from the customer to the support address.
write() {
    local subject=$1 id=$2
    shift 2
    {
        printf 'From: A Customer <%s>\nTo: %s\nSubject: %s\n' "$customer" "$support" "$subject"
        printf 'Message-ID: <%s@example.test>\nDate: %s\n' "$id" "$(date -R)"
        printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n'
        printf '%s\n' "$@"
    } | in_mail sendmail -i -f "$customer" "$support"
}

is_waiting_for_mail() {
    in_mail bash -c "grep -qsa '$support.*IDLE' /proc/[0-9]*/cmdline"
}

# The answer: in the customer's mailbox, to this very mail, and marked as automatic (RFC 3834).
is_answered() {
    in_mail bash -c "grep -rlF 'In-Reply-To: <$1@example.test>' $mailbox/example.test/customer/Maildir/new |
        xargs grep -l '^Auto-Submitted: auto-replied'"
}

# In the folder for people, flagged and not read: as IMAP shows it.
is_with_a_person() {
    in_mail doveadm search -u "$support" mailbox "Needs a person" header Message-ID "$1@example.test" FLAGGED UNSEEN |
        grep -q .
}

is_in_the_folder_for_answered() {
    in_mail doveadm search -u "$support" mailbox Answered header Message-ID "$1@example.test" | grep -q .
}

"${compose[@]}" build
"${compose[@]}" up -d --no-build
wait_for "paytriage to watch the mailbox" is_waiting_for_mail

write "Payment failed" before-restart \
    "Hello," "my card was declined: insufficient funds. What can I do?" "Ann"
wait_for "the answer in the customer's mailbox" is_answered before-restart
wait_for "the answered mail in its folder" is_in_the_folder_for_answered before-restart

"${compose[@]}" restart paytriage-demo

write "Refund" after-restart \
    "Hello," "I want a refund for my last invoice, please. You charged me twice." "Ann"
wait_for "the other mail in the folder for people" is_with_a_person after-restart

# Neither twice: one answer to the first mail, none to the second.
answers=$(in_mail bash -c "grep -rhF 'In-Reply-To: <' $mailbox/example.test/customer/Maildir/new" | tr -d '\r')
if [[ $answers != "In-Reply-To: <before-restart@example.test>" ]]; then
    echo "tests/compose.sh: the customer has other answers than the one expected:" "$answers" >&2
    exit 1
fi
