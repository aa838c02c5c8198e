#!/bin/sh
# The pre-commit hook: pre-commit starts it from its own clone of this repository, in the checkout that it is to look at.
set -e
case $0 in
  /*) layercost_hook=${0%/*} ;;
  *) echo "layercost: pre-commit is to start this script by its full path" >&2; exit 2 ;;
esac
LAYERCOST_CHECKOUT=$PWD
. "$layercost_hook/outside.sh"
exec node "$layercost_hook/preCommit.mjs" "$@"
