#!/bin/sh
# The browser of the tests is Debian's Chromium, best its shell without windows (a third less work): installed here when we may, else said how.
command -v chromium-headless-shell >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  quick="-qq -o Acquire::Retries=0 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10"
  export DEBIAN_FRONTEND=noninteractive
  apt-get $quick install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core >/dev/null 2>&1 && exit 0
  apt-get $quick update && apt-get $quick install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core >/dev/null && exit 0
fi
command -v chromium >/dev/null 2>&1 && exit 0
echo "Chromium is missing: the browser tests will say so. Install it with: sudo apt-get install chromium-headless-shell" >&2
