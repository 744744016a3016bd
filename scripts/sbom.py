"""The bill of materials, CycloneDX, in dist/: `python -m scripts.sbom`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Write dist/sbom-python.json from the environment and dist/sbom-node.json from the lock file."""
    out = ROOT / "dist"
    out.mkdir(exist_ok=True)
    python = subprocess.run(
        [
            sys.executable,
            "-m",
            "cyclonedx_py",
            "environment",
            sys.prefix,
            "--of",
            "JSON",
            "-o",
            str(out / "sbom-python.json"),
        ],
        check=False,
    )
    node = subprocess.run(
        ["npm", "sbom", "--sbom-format", "cyclonedx"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    (out / "sbom-node.json").write_text(node.stdout, "utf-8")
    return python.returncode or node.returncode


if __name__ == "__main__":
    sys.exit(main())
