#!/bin/sh
# Asks the model limited alone; the options are those of verify.sh.
exec sh "$(dirname -- "$0")/verify.sh" --model limited "$@"
