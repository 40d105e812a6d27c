# What the scripts of this directory share. Sourced; starts nothing.
# shellcheck shell=sh disable=SC2034

LC_ALL=C
export LC_ALL

# A directory that stands in for / in tests; not set on a device.
root=${EDGE_ROOT-}
device=$root/usr/lib/edge/device.json
manifests=$root/usr/lib/edge/manifests
state=$root/var/lib/edge

# root's access to MicroShift's API.
KUBECONFIG=${KUBECONFIG:-$root/var/lib/microshift/resources/kubeadmin/kubeconfig}
export KUBECONFIG
poll=${EDGE_POLL_SECONDS:-5}

say() { printf '%s\n' "$*"; }

# In the journal with priority "err": systemd reads the prefix (sd-daemon(3)), a terminal gets none.
error() { printf '%s%s\n' "${JOURNAL_STREAM:+<3>}" "$*"; }

# Text of a file that anybody may have written, fit for one line of a log.
printable() { printf '%s' "$1" | tr -c '[:alnum:]._:/@,=+-' '?' | cut -c 1-80; }

# Bytes for people: 5.3 GB.
human() {
  awk -v bytes="$1" 'BEGIN {
    split("B kB MB GB TB", unit); i = 1
    while (bytes >= 1000 && i < 5) { bytes /= 1000; i++ }
    printf(i == 1 ? "%d %s\n" : "%.1f %s\n", bytes, unit[i])
  }'
}

# Seconds since the boot: the clock of a device without a battery jumps when it finds a time server.
uptime_seconds() { cut -d . -f 1 /proc/uptime; }

# A directory for this run, in memory: keys may pass through it. Goes away with the script.
make_work() {
  mkdir -p "$root/run" || exit 1
  work=$(umask 077 && mktemp -d "$root/run/edge.XXXXXX") || exit 1
  trap 'rm -rf "$work"' EXIT
  trap 'exit 143' HUP INT TERM
}

# The time that MicroShift's checks have: it grows with each attempt to boot. Its functions are written in bash.
wait_timeout() {
  greenboot=$root/usr/share/microshift/functions/greenboot.sh
  seconds=
  if [ -r "$greenboot" ]; then
    # shellcheck disable=SC2016
    seconds=$(bash -c '. "$1" && get_wait_timeout' bash "$greenboot" 2> /dev/null | tail -n 1)
  fi
  case $seconds in '' | *[!0-9]*) seconds=600 ;; esac
  say "$seconds"
}

start_clock() { deadline=$(($(uptime_seconds) + $1)); }

# Seconds until the deadline, never less than 0.
left() {
  remaining=$((deadline - $(uptime_seconds)))
  if [ "$remaining" -gt 0 ]; then say "$remaining"; else say 0; fi
}

# oc answers or gives up: no request outlasts the deadline by much.
ask() { oc --request-timeout=20s "$@"; }

# Without it nobody knows what this bundle holds, and what it lacks. jq 1.6 finds nothing wrong with an empty file.
device_is_readable() {
  if [ -s "$device" ] && jq -e . "$device" > /dev/null 2>&1; then return 0; fi
  error "$device is missing or damaged"
  return 1
}

# A value of device.json as text, nothing where it is not set.
setting() { jq -r "$1 // empty" "$device"; }

# Where pick-site puts the manifests of a device's site, for MicroShift to find.
site_link() { say "$root/etc/microshift/manifests.d/$(setting .directory)"; }

# The site whose overlay is linked; nothing for the base. Status 1: no manifests are linked.
picked_site() {
  target=$(readlink "$(site_link)") || return 1
  case $target in */overlays/*) say "${target##*/overlays/}" ;; esac
}
