"""Known flaws of what we depend on, from the registries' own data: `python -m scripts.audit`. A look-up that
fails is a failure, and said.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def python_side() -> int:
    """pip-audit on the pinned constraints."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip_audit",
            "--disable-pip",
            "--no-deps",
            "-r",
            "constraints.txt",
            "--progress-spinner=off",
            "--format=json",
            "--vulnerability-service=pypi",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.strip():
        sys.stdout.write(f"python: the look-up failed:\n{done.stderr[-2000:]}\n")
        return 2
    body = json.loads(done.stdout)
    flawed = [d for d in body["dependencies"] if d.get("vulns")]
    skipped = [d for d in body["dependencies"] if d.get("skip_reason")]
    sys.stdout.write(
        f"python: {len(body['dependencies'])} packages looked up, {len(skipped)} could not be, {len(flawed)} with known flaws\n"
    )
    if skipped:
        names = ", ".join(each["name"] for each in skipped[:5])
        sys.stdout.write(
            f"  not looked up: {names}{', …' if len(skipped) > 5 else ''}: {skipped[0]['skip_reason']}\n"
        )
    for each in flawed:
        sys.stdout.write(f"  {each['name']} {each['version']}: {', '.join(v['id'] for v in each['vulns'])}\n")
    return 1 if flawed else 2 if skipped else 0


def node_side() -> int:
    """npm audit on the lock file."""
    if shutil.which("npm") is None:
        sys.stdout.write("node: npm is not here, nothing was looked up\n")
        return 2
    done = subprocess.run(["npm", "audit", "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    body = json.loads(done.stdout or "{}")
    if "metadata" not in body:
        sys.stdout.write(f"node: the look-up failed: {body.get('message') or done.stderr[-500:]}\n")
        return 2
    found = body["metadata"]["vulnerabilities"]
    sys.stdout.write(
        f"node: {body['metadata']['dependencies']['total']} packages looked up, {found['total']} with known flaws\n"
    )
    return 1 if found["total"] else 0


if __name__ == "__main__":
    sys.exit(max(python_side(), node_side()))
