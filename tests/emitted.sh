#!/bin/sh
# Emitted C++, forward, training and steps, in arrays of exactly the sizes asked for. Needs a build in build/.
#   tests/emitted.sh valgrind   [MODEL.rnn…]   AVX2, which Valgrind knows
#   tests/emitted.sh sanitizers [MODEL.rnn…]   addresses and undefined behaviour, by GCC and by Clang, AVX2 and SSE2
# Compilers other than g++ and clang++-19: GCC=… CLANG=…
set -eu
cd "$(dirname "$0")/.."
tool=${1:-nothing}
[ $# -eq 0 ] || shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check MODEL COMPILER FLAGS OPTIONS: emits with the options, compiles with the flags, runs.
check() {
  echo "$1: $2 $4"
  # shellcheck disable=SC2086  # lists of words
  build/rnnc "$1" $4 -o "$work/model.cpp"
  name=$(sed -n 's/^const rnnc_model\* \([A-Za-z0-9_]*\)(void);$/\1/p' "$work/model.h")
  sed "s/MODEL_SYMBOL/$name/" tests/differential/emitted_main.cpp > "$work/main.cpp"
  # shellcheck disable=SC2086
  "$2" -std=c++20 -g $3 -I. -I"$work" "$work/main.cpp" "$work/model.cpp" tests/differential/call.cpp -o "$work/model"
  case $tool in
    valgrind) valgrind --quiet --error-exitcode=1 --leak-check=full "$work/model" ;;
    *) "$work/model" ;;
  esac
}

avx2="-mavx2 -mfma"
case $tool in
  valgrind)
    [ $# -gt 0 ] || set -- examples/classifier.rnn examples/bilstm.rnn examples/charlm.rnn
    for model; do check "$model" "${GCC:-g++}" "-O1 $avx2" "--target=avx2"; done
    ;;
  sanitizers)
    [ $# -gt 0 ] || set -- examples/*.rnn
    # Without optimisation: with it GCC takes minutes for a model.
    sanitize="-O0 -fsanitize=address,undefined -fno-sanitize-recover=all"
    for model; do
      for compiler in "${GCC:-g++}" "${CLANG:-clang++-19}"; do
        check "$model" "$compiler" "$sanitize $avx2" "--target=avx2"
        check "$model" "$compiler" "$sanitize" "--target=sse2 --dtype f64"
      done
    done
    ;;
  *)
    echo "emitted.sh: valgrind or sanitizers, not $tool" >&2
    exit 2
    ;;
esac
echo "no errors"
