#!/bin/sh
# Installs what is missing, builds in Release, runs every test. The last line is `N passed, N failed`.
set -u
cd "$(dirname "$0")"

fail() {
  echo "test.sh: $1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

./setup.sh --tests || fail "the packages could not be installed"
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DRNNC_TESTS=ON -DRNNC_BENCH=ON || fail "cmake failed"
cmake --build build || fail "the build failed"

log=build/tests.log
ctest --test-dir build --output-on-failure --no-tests=error -j "$(nproc)" 2>&1 | tee "$log"

# "97% tests passed, 3 tests failed out of 100"
summary=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests? failed out of [0-9]+$' "$log" | tail -n 1)
[ -n "$summary" ] || fail "ctest said nothing"
failed=$(echo "$summary" | sed -E 's/.*passed, ([0-9]+) tests? failed.*/\1/')
total=$(echo "$summary" | sed -E 's/.*out of ([0-9]+)$/\1/')
echo "$((total - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
