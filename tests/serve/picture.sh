#!/usr/bin/env bash
# Takes the picture of a page that the README shows, of the samples' invented authorities. Needs
# chromium, and Python with Pillow to make the file small.
#
#   tests/serve/picture.sh [PROGRAM]      the program; target/debug/findings without it
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-target/debug/findings}")
dir=$(mktemp -d)
"$program" --index "$dir/index" index samples/reports >/dev/null
"$program" --index "$dir/index" serve --listen 127.0.0.1:0 2>"$dir/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 100); do grep -q listening "$dir/log" && break; sleep 0.1; done
url=$(grep -oE 'http://[^ ]*' "$dir/log")
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,900 \
  --screenshot="$dir/page.png" "${url}search?q=return+interview&grade=Inadequate&grade=Requires+improvement" 2>/dev/null
python3 - "$dir/page.png" docs/page.png <<'PYTHON'
import sys
from PIL import Image
picture = Image.open(sys.argv[1]).convert("RGB").quantize(64, dither=Image.Dither.NONE)
picture.save(sys.argv[2], optimize=True)
PYTHON
ls -l docs/page.png
