"""Copy what pages load in the browser from `node_modules` (after `npm ci`) into the package: no bundler, no
network.

    python scripts/assets.py

The interactive charts come from vl-convert itself, so that browser and server draw with the same version.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import vl_convert

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "parvis" / "web" / "static" / "vendor"

COPIES = {
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
    "maplibre-gl/LICENSE.txt": "maplibre-gl.LICENSE.txt",
    "@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-700-normal.woff2": "bricolage-grotesque-700.woff2",
    "@fontsource/bricolage-grotesque/LICENSE": "bricolage-grotesque.LICENSE.txt",
}


def main() -> int:
    modules = ROOT / "node_modules"
    missing = [source for source in COPIES if not (modules / source).is_file()]
    if missing:
        sys.stderr.write(f"not in node_modules (run `npm ci` first): {', '.join(missing)}\n")
        return 1
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in COPIES.items():
        shutil.copyfile(modules / source, VENDOR / name)
    (VENDOR / "vega.mjs").write_text(vl_convert.javascript_bundle(), "utf-8")
    sys.stderr.write(f"{len(COPIES) + 1} assets in {VENDOR.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
