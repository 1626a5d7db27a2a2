# Runs a server and ends it, with all it started, as soon as this shell's standard input ends: when the test lets
# go of the pipe, or dies, however it dies. The line `gently` on standard input gives the server time to say goodbye.
setsid "$@" &
server=$!
read -r how
tries=0
if [ "$how" = gently ]; then
    kill -s TERM "$server" 2>/dev/null
    while [ "$tries" -lt 250 ]; do
        # A server that has ended is a zombie until it is waited for.
        state=Z
        read -r _ _ state _ 2>/dev/null <"/proc/$server/stat"
        [ "$state" = Z ] && break
        sleep 0.02
        tries=$((tries + 1))
    done
fi
kill -s KILL -- "-$server" 2>/dev/null
wait "$server" 2>/dev/null
# The others of its group are gone a moment later; zombies may stay where nobody waits for orphans.
lives() {
    cat /proc/[0-9]*/stat 2>/dev/null |
        awk -v group="$server" '{ sub(/^.*\) /, "") } $1 != "Z" && $3 == group { found = 1 } END { exit !found }'
}
tries=0
while [ "$tries" -lt 50 ] && lives; do
    sleep 0.02
    tries=$((tries + 1))
done
