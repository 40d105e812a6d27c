#!/bin/sh
# greenboot runs this after MicroShift's own check, 40_…; a failure makes the boot red.
set -u
root=${EDGE_ROOT-}
functions=$root/usr/share/microshift/functions/greenboot.sh

# A function of MicroShift's, which are bash; one that this release lacks counts as done.
call() {
  [ -r "$functions" ] || return 0
  # shellcheck disable=SC2016
  SCRIPT_NAME=50_edge.sh bash -c '. "$1" || exit 0; if command -v "$2" > /dev/null; then "$2"; fi' bash "$functions" "$1"
}

call exit_if_fail_marker_exists || exit 1
call print_boot_status || :
"$root/usr/libexec/edge/health-check" && exit 0
# The checks after this one need not wait.
call create_fail_marker_and_exit
exit 1
