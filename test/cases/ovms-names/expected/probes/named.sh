#!/bin/sh
# Asks the model named alone; the options are those of verify.sh.
exec sh "$(dirname -- "$(readlink -f -- "$0" 2>/dev/null || printf '%s' "$0")")/verify.sh" --model named "$@"
