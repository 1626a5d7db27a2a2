# Runs a server and ends it, with all it started, as soon as this shell's standard input ends: when the test lets
# go of the pipe, or dies, however it dies.
setsid "$@" &
server=$!
read -r _
kill -s TERM "$server" 2>/dev/null
tries=0
# A stopped server is a zombie until it is waited for. Five seconds are its time to go by itself.
while [ "$tries" -lt 250 ]; do
    state=Z
    read -r _ _ state _ 2>/dev/null <"/proc/$server/stat"
    [ "$state" = Z ] && break
    sleep 0.02
    tries=$((tries + 1))
done
kill -s KILL -- "-$server" 2>/dev/null
wait "$server"
