#!/bin/sh
# Builds the bootc image of plant:  sh bootc/build.sh [OPTIONS] [-- OPTIONS OF THE BUILDER]
#
#   -t, --tag IMAGE        name of the image (default: localhost/plant:latest, which --push refuses)
#   --pull-secret FILE     registry logins, for the base image, the images that are embedded, and --push (default: $PULL_SECRET)
#   --push                 push the image to its name, when it is built
#   --no-cache             build every layer again
#   --builder PROGRAM      podman or buildah (default: the first that is there)
#
# The same bundle, base image and registries give the same layers: times are clamped to SOURCE_DATE_EPOCH, or 0.
set -eu

fail() {
  printf 'build.sh: %s\n' "$*" >&2
  exit 2
}
value() { [ "$1" -ge 2 ] || fail "$2 needs a value"; }

tag=
secret=${PULL_SECRET:-}
push=no
cache=yes
builder=
while [ $# -gt 0 ]; do
  case $1 in
    -t | --tag) value $# "$1"; tag=$2; shift; [ -n "$tag" ] || fail 'this is no name for an image: nothing' ;;
    --pull-secret) value $# "$1"; secret=$2; shift ;;
    --push) push=yes ;;
    --no-cache) cache=no ;;
    --builder) value $# "$1"; builder=$2; shift ;;
    --) shift; break ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p;}' "$0"; exit 0 ;;
    *) fail "there is no option $1 (options of the builder stand behind --)" ;;
  esac
  shift
done
if [ -z "$tag" ]; then
  [ "$push" = no ] || fail '--push needs -t IMAGE, with the registry that it is pushed to'
  tag=localhost/plant:latest
fi
case $tag in -* | *[!A-Za-z0-9._:/@-]*) fail "this is no name for an image: $tag" ;; esac

if [ -z "$builder" ]; then
  for program in podman buildah; do
    if command -v "$program" > /dev/null 2>&1; then builder=$program; break; fi
  done
fi
[ -n "$builder" ] || { printf 'build.sh: neither podman nor buildah is installed\n' >&2; exit 3; }

# Paths are those of the caller; the context is the bundle.
if [ -n "$secret" ]; then
  [ -r "$secret" ] || { printf 'build.sh: cannot read the pull secret %s\n' "$secret" >&2; exit 3; }
  set -- --secret "id=pullsecret,src=$secret" --authfile "$secret" "$@"
fi
if [ "$cache" = no ]; then set -- --no-cache "$@"; fi
bundle=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)

help=$("$builder" build --help 2>&1)
epoch=${SOURCE_DATE_EPOCH:-0}
case $help in
  *--rewrite-timestamp*) set -- --source-date-epoch "$epoch" --rewrite-timestamp "$@" ;;
  *) set -- --timestamp "$epoch" "$@" ;;
esac

"$builder" build --layers "$@" -t "$tag" -f "$bundle/bootc/Containerfile" "$bundle"
if [ "$push" = yes ]; then
  set -- "$tag"
  if [ -n "$secret" ]; then set -- --authfile "$secret" "$@"; fi
  "$builder" push "$@"
fi
