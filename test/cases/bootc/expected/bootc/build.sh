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

# Paths are those of the caller.
if [ -n "$secret" ]; then
  [ -r "$secret" ] || { printf 'build.sh: cannot read the pull secret %s\n' "$secret" >&2; exit 3; }
  set -- --secret "id=pullsecret,src=$secret" --authfile "$secret" "$@"
fi
if [ "$cache" = no ]; then set -- --no-cache "$@"; fi
bundle=$(
  CDPATH='' cd "$(dirname "$0")/.." || exit 3
  pwd
) || exit 3

# The context is a copy of the files that SHA256SUMS lists, checked when they are copied: what else lies in the bundle comes into no image.
sums=$bundle/SHA256SUMS
damaged() { fail "the bundle is unfinished or damaged: $* (edge validate lists all, edge generate mends it)"; }
if [ ! -f "$sums" ] || [ -L "$sums" ]; then damaged 'it has no SHA256SUMS'; fi
if grep -Evq '^[0-9a-f]{64}  [^/\\]' "$sums" || grep -Eq '( |/)\.\.?(/|$)' "$sums"; then damaged 'SHA256SUMS lists what is no file of a bundle'; fi
for program in sha256sum shasum none; do
  if command -v "$program" > /dev/null 2>&1; then break; fi
done
[ "$program" != none ] || { printf 'build.sh: neither sha256sum nor shasum is installed\n' >&2; exit 3; }
check() { if [ "$program" = sha256sum ]; then sha256sum -c SHA256SUMS; else shasum -a 256 -c SHA256SUMS; fi 2>&1; }

context=$(mktemp -d) || exit 3
trap 'rm -rf "$context"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir "$context/bundle"
{ printf './SHA256SUMS\n'; sed 's|^.\{66\}|./|' "$sums"; } > "$context/list"
tar -C "$bundle" -cf "$context/files.tar" -T "$context/list" 2> /dev/null || :
tar -C "$context/bundle" -xf "$context/files.tar" || damaged 'its files cannot be copied'
[ -z "$(find "$context/bundle" ! -type d ! -type f)" ] || damaged 'a file of it is a link'
wrong=$(cd "$context/bundle" && check | grep -v ': OK$' | head -n 5 | tr -d '\000-\011\013-\037\177') || :
[ -z "$wrong" ] || damaged "$wrong"
{ if cd "$bundle"; then find bootc/rootfs manifests.d overlays ! -type d 2> /dev/null; fi; } | tr -d '\000-\011\013-\037\177' |
  while IFS= read -r file; do
    [ -f "$context/bundle/$file" ] || printf 'build.sh: left out, it is no part of the bundle: %s\n' "$file" >&2
  done

help=$("$builder" build --help 2>&1)
epoch=${SOURCE_DATE_EPOCH:-0}
case $help in
  *--rewrite-timestamp*) set -- --source-date-epoch "$epoch" --rewrite-timestamp "$@" ;;
  *) set -- --timestamp "$epoch" "$@" ;;
esac

"$builder" build --layers "$@" -t "$tag" -f "$context/bundle/bootc/Containerfile" "$context/bundle"
if [ "$push" = yes ]; then
  set -- "$tag"
  if [ -n "$secret" ]; then set -- --authfile "$secret" "$@"; fi
  "$builder" push "$@"
fi
