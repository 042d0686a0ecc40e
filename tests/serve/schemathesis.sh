#!/usr/bin/env bash
# Asks a server over the samples all that its description allows, and much that it does not, with
# schemathesis: no fault of the server's own, and no answer that is not as described.
#
#   tests/serve/schemathesis.sh PROGRAM [EXAMPLES] [SECONDS]
#
# Needs `schemathesis` (PyPI) on the PATH, or in the variable SCHEMATHESIS.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=$(realpath "${1:?the program is missing}")
examples=${2:-50}
seconds=${3:-300}
schemathesis=${SCHEMATHESIS:-schemathesis}
root=$PWD
work=$(mktemp -d)
server=""
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

cp "$root/findings.toml" "$work"
cp -r "$root/samples" "$work"
cd "$work"
"$program" index samples/reports
"$program" serve --listen 127.0.0.1:0 2>said.txt &
server=$!
for _ in $(seq 100); do
  grep -q 'listening at' said.txt && break
  kill -0 "$server" || { cat said.txt >&2; exit 1; }
  sleep 0.1
done
address=$(sed -n 's|.*listening at http://\([^/]*\)/.*|\1|p' said.txt)

# `positive_data_acceptance` is left out: whether a value such as the name of an authority is held
# cannot be said in a schema, and one that is not held is refused.
"$schemathesis" run "http://$address/api/v1/openapi.json" --url "http://$address/api/v1" \
  --phases examples,coverage,fuzzing --exclude-checks positive_data_acceptance \
  --max-examples "$examples" --max-time "$seconds" --continue-on-failure --seed 1

# What it logged are faults of its own.
if grep -v 'listening at' said.txt; then
  echo "the server logged faults" >&2
  exit 1
fi
