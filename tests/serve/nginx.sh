#!/usr/bin/env bash
# Runs Findings behind nginx as docs/serving.md shows it: at a socket, under a path, with TLS and a
# login; with another user than the owner of the index, if root runs it. Needs nginx, openssl and curl.
#
#   tests/serve/nginx.sh [PROGRAM]        the program; target/debug/findings without it
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-target/debug/findings}")
PATH="$PATH:/usr/sbin"
for needed in nginx openssl curl; do
  command -v "$needed" >/dev/null || { echo "SKIPPED: $needed is missing" >&2; exit 0; }
done

dir=$(mktemp -d)
server='' proxy=''
finish() {
  [ -z "$proxy" ] || kill "$proxy" 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT
chmod 755 "$dir"
fail() { echo "FAILED: $*" >&2; tail -n 5 "$dir"/*.log >&2 || true; exit 1; }

# The index belongs to whoever runs this, and the service only reads it.
cp -r samples findings.toml "$dir"
(cd "$dir" && "$program" --index index index samples/reports >/dev/null)
chmod -R a+rX,go-w "$dir"
as=()
mkdir "$dir/run"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 "$dir/run"
fi
cp "$program" "$dir/findings"
find "$dir/index" "$dir/samples" -type f -printf '%p %s %T@\n' | sort >"$dir/before"
socket="$dir/run/http.sock"
(cd "$dir" && exec "${as[@]}" ./findings --index index serve --listen "unix:$socket" \
  --public-url https://reports.example.org/findings --trust-proxy 127.0.0.1 --log requests) \
  2>"$dir/findings.log" &
server=$!
for _ in $(seq 100); do [ -S "$socket" ] && break; sleep 0.1; done
[ -S "$socket" ] || fail "it does not listen"
chmod a+rwx "$dir/run" "$socket"

# The lines of the documentation, with the files and ports of this test.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=reports.example.org \
  -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
printf 'reader:%s\n' "$(openssl passwd -apr1 secret)" >"$dir/users"
chmod a+r "$dir/users"
port=$((20000 + RANDOM % 20000))
sed -n '/^```nginx$/,/^```$/p' docs/serving.md | sed '/^```/d' >"$dir/site"
for line in /etc/ssl/certs/reports.pem /etc/ssl/private/reports.key /etc/nginx/findings.users \
  /run/findings/http.sock 'listen 443 ssl' 'listen 80;'; do
  grep -qF "$line" "$dir/site" || fail "docs/serving.md no longer has: $line"
done
sed -i -e "s|/etc/ssl/certs/reports.pem|$dir/cert.pem|" -e "s|/etc/ssl/private/reports.key|$dir/key.pem|" \
  -e "s|/etc/nginx/findings.users|$dir/users|" -e "s|/run/findings/http.sock|$socket|" \
  -e "s|listen 443 ssl|listen 127.0.0.1:$port ssl|" -e "s|listen 80;|listen 127.0.0.1:$((port + 1));|" "$dir/site"
cat >"$dir/nginx.conf" <<CONF
daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log;
events {}
http {
  access_log off;
  client_body_temp_path $dir/t1; proxy_temp_path $dir/t2; fastcgi_temp_path $dir/t3;
  uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
  include $dir/site;
}
CONF
nginx -e "$dir/nginx.log" -c "$dir/nginx.conf" &
proxy=$!
base="https://reports.example.org:$port/findings"
ask() { curl -sS --cacert "$dir/cert.pem" --resolve "reports.example.org:$port:127.0.0.1" "$@"; }
status() { ask -o /dev/null -w '%{http_code}' "$@"; }
for _ in $(seq 50); do ask -o /dev/null "$base/" 2>/dev/null && break; sleep 0.1; done

is() { [ "$2" = "$3" ] || fail "$1: $2 instead of $3"; echo "ok: $1"; }
reader=(-u reader:secret)
is "without a login nothing is told" "$(status "$base/")" 401
is "with a wrong one neither" "$(status -u reader:wrong "$base/help")" 401
is "with it pages are" "$(status "${reader[@]}" "$base/search?q=return+interview")" 200
page=$(ask "${reader[@]}" "$base/search?q=return+interview")
grep -q 'href="/findings/topics"' <<<"$page" || fail "links lack the path"
grep -oE '(href|src|action)="/[^"]*"' <<<"$page" | grep -vqE '"/findings/' && fail "a link without the path"
echo "ok: every link carries the path"
style=$(grep -oE '/findings/assets/[^"]*site.css' <<<"$page" | head -1)
is "the style is found" "$(status "${reader[@]}" "https://reports.example.org:$port$style")" 200
ask "${reader[@]}" "$base/opensearch.xml" | grep -qF 'https://reports.example.org/findings/search?q={searchTerms}' ||
  fail "the search engine has another address"
echo "ok: whole addresses are the public ones"
is "a redirect stays below the path" \
  "$(ask "${reader[@]}" -o /dev/null -w '%header{location}' "$base/advanced?all=neglect")" "/findings/search?q=neglect#results"
is "answers are packed" \
  "$(ask "${reader[@]}" -H 'Accept-Encoding: gzip' -o /dev/null -w '%header{content-encoding}' "$base/help")" gzip
pdf=$(ask "${reader[@]}" -r 0-4 "$base/originals/stonewick-sif-2014-09-09")
is "a PDF comes in pieces" "$pdf" "%PDF-"
is "metrics stay on the machine" "$(status "${reader[@]}" "$base/metrics")" 404
is "plain HTTP leads to TLS" \
  "$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: reports.example.org' "http://127.0.0.1:$((port + 1))/")" 301
is "another host is not answered" \
  "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$socket" http://evil.example/)" 421
is "metrics are read at the socket" \
  "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$socket" http://localhost/metrics)" 200
ask "${reader[@]}" --interface 127.0.0.2 -H 'X-Forwarded-For: 198.51.100.7' -o /dev/null "$base/help"
grep -q 'client=127.0.0.2 .*help' "$dir/findings.log" || fail "the client is not the one that nginx names"
grep -q '198.51.100.7' "$dir/findings.log" && fail "the client is the one that it claims to be"
echo "ok: the client is the one that nginx names"
grep -q 'return' "$dir/findings.log" && fail "the log has a question"
echo "ok: the log has no question"

kill -TERM "$server"
code=0
wait "$server" || code=$?
server=''
is "it ends when it is told to" "$code" 0
[ ! -e "$socket" ] || fail "the socket is still there"
find "$dir/index" "$dir/samples" -type f -printf '%p %s %T@\n' | sort | diff - "$dir/before" || fail "a file was written"
echo "ok: no file was written"
