# Reads embedded images: `dir:` layouts whose blobs may be links into a pool. Sourced by what loads and what prunes them.
# shellcheck shell=sh disable=SC2154,SC2034

layout=$root/usr/lib/containers/storage
# What the loader loaded: a line "ID REFERENCE" each.
loaded=$state/loaded-images

# "REFERENCE<tab>DIRECTORY" of every embedded image: the bundle's, and whatever the list of the layout has (MicroShift's own).
embedded_images() {
  {
    if [ -e "$device" ]; then jq -r '.images[]? | [.reference, .directory] | @tsv' "$device" 2> /dev/null; fi
    if [ -e "$layout/image-list.txt" ]; then
      awk -F , 'NF > 1 { directory = $NF; sub(/,[^,]*$/, ""); print $0 "\t" directory }' "$layout/image-list.txt"
    fi
  } | awk -F '\t' '!seen[$1]++'
}

# Letters of a reference, and nothing that containers-storage: reads as something else ("[driver@root]name").
is_reference() {
  case $1 in '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._:/@-]*) return 1 ;; esac
}

is_directory_name() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ "${#1}" -eq 64 ]
}

sha256_of() { sha256sum < "$1" | cut -d ' ' -f 1; }

# The manifest of this machine's image: of an index, the one for its architecture.
manifest_of() {
  case $(uname -m) in x86_64) architecture=amd64 ;; aarch64) architecture=arm64 ;; *) architecture=$(uname -m) ;; esac
  # shellcheck disable=SC2016
  instance=$(jq -r --arg architecture "$architecture" '
    if .manifests then [.manifests[] | select(.platform.architecture == $architecture) | .digest][0] // "none" else "" end
  ' "$1/manifest.json" 2> /dev/null)
  case $instance in
    '') say "$1/manifest.json" ;;
    *) say "$1/${instance#*:}.manifest.json" ;;
  esac
}

# The image's id in the storage: containers/storage names images by the digest of their configuration.
id_of() { jq -r '.config.digest // empty | sub("^[^:]*:"; "")' "$1" 2> /dev/null; }

# What is wrong with an embedded image, a line each; nothing when every blob is what its name says.
damages() {
  for file in "$1"/manifest.json "$(manifest_of "$1")"; do
    if [ ! -e "$file" ]; then
      case $file in
        */none.manifest.json) say "it has no image for $(uname -m)" ;;
        *) say "its manifest is missing: $file" ;;
      esac
      return
    fi
    named=${file##*/}
    named=${named%manifest.json}
    if [ ! -s "$file" ] || ! jq -e . "$file" > /dev/null 2>&1 || { [ -n "$named" ] && [ "$(sha256_of "$file")" != "${named%.}" ]; }; then
      say "its manifest is damaged: $file"
      return
    fi
  done
  jq -r '.config, .layers[] | .digest' "$file" | while read -r digest; do
    blob=$1/${digest#*:}
    if [ ! -e "$blob" ]; then
      say "blob $digest is missing: $blob"
    elif [ "$(sha256_of "$blob" 2> /dev/null)" != "${digest#*:}" ]; then
      say "blob $digest is damaged: $(readlink -f "$blob")"
    fi
  done
}

# "DIGEST BYTES UNPACKED" of each layer of a manifest: its size, and what it will take in the storage.
layers_of() {
  jq -r '.layers[]?.digest' "$1" 2> /dev/null | while read -r digest; do
    blob=${1%/*}/${digest#*:}
    bytes=$(stat -L -c %s "$blob" 2> /dev/null) || continue
    say "$digest $bytes $(unpacked "$blob" "$bytes")"
  done
}

# gzip ends with the size of what it holds, modulo 4 GiB; what cannot be compressed grows by less than 1 %. The size is of the last
# member only, so a factor of 4 is the most that is believed. Of anything else (plain tar, zstd) the size is the least that it takes.
unpacked() {
  bytes=$2
  if [ "$(od -An -tx1 -N2 "$1" | tr -d ' ')" = 1f8b ]; then
    bytes=$(tail -c 4 "$1" | od -An -tu4 | tr -d ' ')
    while [ "$bytes" -lt $(($2 - $2 / 100 - 100)) ]; do bytes=$((bytes + 4294967296)); done
    if [ "$bytes" -gt $(($2 * 4)) ]; then bytes=$(($2 * 4)); fi
  fi
  say "$bytes"
}
