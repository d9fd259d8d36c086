#!/bin/sh
# The main job, start to end: compiles examples/charlm.rnn with its derived backward pass, trains it on real text for
# about a minute, prints text sampled from it before and after, and shows the C++ it could have embedded instead.
#   ./demo.sh [--data FILE] [--seconds N]      default text: the C++ standard library's headers on this machine
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=""
seconds=60
while [ $# -gt 0 ]; do
  case "$1" in
    --data) data=${2:?--data wants a file}; shift 2 ;;
    --seconds) seconds=${2:?--seconds wants a number}; shift 2 ;;
    *) echo "usage: ./demo.sh [--data FILE] [--seconds N]" >&2; exit 2 ;;
  esac
done
if [ -n "$data" ]; then
  [ -r "$data" ] || { echo "demo.sh: cannot read $data" >&2; exit 1; }
  data=$(realpath "$data")
fi
cd "$here"

# The standard library's headers as one text: plain characters only, without the licences at their tops.
collect_headers() {
  folder=$(echo '#include <vector>' | c++ -x c++ -E - | sed -n 's/^# [0-9]* "\(.*\)\/vector".*/\1/p' | head -n 1)
  [ -d "$folder" ] || { echo "demo.sh: the C++ standard library's headers were not found; name a text with --data" >&2; exit 1; }
  find "$folder" -maxdepth 2 -type f \( -path '*/bits/*.h' -o ! -name '*.*' \) | LC_ALL=C sort | while read -r file; do
    sed -n '/^#/,$p' "$file"
  done | LC_ALL=C tr -cd '\11\12\40-\176'
}

heading() { printf '\n==== %s ====\n' "$1"; }

./setup.sh
heading "building rnnc"
out=build/demo
mkdir -p "$out"
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DRNNC_TESTS=OFF -DRNNC_BENCH=OFF > "$out/cmake.log" 2>&1 ||
  { cat "$out/cmake.log"; exit 1; }
cmake --build build --target rnnc
rnnc=build/rnnc
if [ -z "$data" ]; then
  data="$out/headers.txt"
  collect_headers > "$data"
fi

heading "the model: examples/charlm.rnn and the LSTM it imports"
cat examples/charlm.rnn examples/cells/lstm.rnn

heading "its backward pass, derived: rnnc examples/charlm.rnn --emit=gradient"
"$rnnc" examples/charlm.rnn --emit=gradient

"$rnnc" examples/charlm.rnn -o "$out/charlm.cpp"
lines=$(wc -l < "$out/charlm.cpp")
heading "the C++ for it: $out/charlm.cpp ($lines lines) and charlm.h; the second layer's step in it"
awk '/l2\.h = / && !found { found = 1 } found && shown < 45 { print; ++shown }' "$out/charlm.cpp"

heading "training on $data for $seconds seconds"
"$rnnc" train examples/charlm.rnn --data "$data" --seconds "$seconds" --out "$out/charlm.safetensors" --sample 400
printf '\nmore of it: %s sample examples/charlm.rnn --from %s --length 1000\n' "$rnnc" "$out/charlm.safetensors"
