#!/bin/sh
# Asks the model chat alone; the options are those of verify.sh.
exec sh "$(dirname -- "$0")/verify.sh" --model chat "$@"
