#!/bin/sh
# Installs the Debian packages whose programs the tests run. As root; does nothing where they are there.
set -eu
packages='
buildah
busybox
chromium
curl
dash
docker-registry
haproxy
jq
openssl
podman
python3
shellcheck
skopeo
systemd
'
missing=
for package in $packages; do
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # one word a package
apt-get install -y -qq --no-install-recommends $missing
