#!/bin/sh
# Asks the model tensors alone; the options are those of verify.sh.
exec sh "$(dirname -- "$0")/verify.sh" --model tensors "$@"
