#!/bin/sh
# Emitted C++ (AVX2, which Valgrind knows) through forward, training and steps under Valgrind. Needs a build in build/.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for model in classifier bilstm charlm; do
  build/rnnc "examples/$model.rnn" -o "$work/$model.cpp"
  name=$(sed -n 's/^const rnnc_model\* \([A-Za-z0-9_]*\)(void);$/\1/p' "$work/$model.h")
  echo "$model"
  sed "s/MODEL_HEADER/$model.h/; s/MODEL_SYMBOL/$name/" tests/differential/valgrind_main.cpp > "$work/main.cpp"
  "${CXX:-c++}" -std=c++20 -g -O1 -mavx2 -mfma -I. -I"$work" "$work/main.cpp" "$work/$model.cpp" tests/differential/call.cpp \
    -o "$work/$model"
  valgrind --quiet --error-exitcode=1 --leak-check=full "$work/$model"
done
echo "no errors"
