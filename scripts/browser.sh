#!/bin/sh
# The browser of the tests is Debian's Chromium: installed here when we may, else said how.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null && exit 0
fi
echo "Chromium is missing: the browser tests will say so. Install it with: sudo apt-get install chromium" >&2
