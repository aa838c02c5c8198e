# Sourced by a POSIX shell before it starts Node: what the checkout in $LAYERCOST_CHECKOUT brought along must not run.
# PATH keeps absolute folders outside of it ("/repo/node_modules/.bin" and "." go), and nothing makes Node load more.
# Only what the shell itself has is used here, as programs are looked for on the PATH that is not clean yet.
layercost_checkout=$(CDPATH= cd -- "${LAYERCOST_CHECKOUT:-.}" && pwd -P)
layercost_path=
set -f
IFS=:
for layercost_folder in $PATH; do
  case $layercost_folder in
    /*) layercost_folder=$(CDPATH= cd -- "$layercost_folder" 2>&- && pwd -P) || continue ;;
    *) continue ;;
  esac
  case $layercost_folder/ in
    "$layercost_checkout"/*) ;;
    *) layercost_path=$layercost_path${layercost_path:+:}$layercost_folder ;;
  esac
done
unset IFS
set +f
PATH=$layercost_path
export PATH
unset NODE_OPTIONS NODE_PATH NODE_V8_COVERAGE NODE_REPL_EXTERNAL_MODULE OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES
unset LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH BASH_ENV ENV
