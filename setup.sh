#!/bin/sh
# Installs what the build needs, without asking (Debian 12: apt). Quick when everything is there.
#   ./setup.sh          what rnnc itself needs
#   ./setup.sh --tests  and what its tests need
set -eu

packages="g++ cmake ninja-build libantlr4-runtime-dev llvm-19-dev libzstd-dev libxsimd-dev libcli11-dev nlohmann-json3-dev"
if [ "${1:-}" = "--tests" ]; then
  packages="$packages clang-19 libgtest-dev libbenchmark-dev libopenblas-dev libdnnl-dev libmpfr-dev"
fi

missing=""
for package in $packages; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = "installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup.sh: missing packages, and neither root nor sudo to install them:$missing" >&2
    exit 1
  fi
  as_root="sudo"
fi

echo "installing:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
# shellcheck disable=SC2086  # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
