"""`python -m tests.readers.hostile [FAMILY…]`: every file through the readers and the typing, what is wrong with each
answer, and a line of figures a family.
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from pathlib import Path

from parvis.engine.connect import processing
from tests.readers.hostile.all import FAMILIES
from tests.readers.hostile.case import wrong

if __name__ == "__main__":
    right = total = 0
    with tempfile.TemporaryDirectory(prefix="parvis-") as folder:
        con = processing(Path(folder))
        for family, cases in FAMILIES.items():
            if sys.argv[1:] and family not in sys.argv[1:]:
                continue
            good = count = 0
            begun = time.process_time()
            for case in cases():
                count += 1
                try:
                    said = wrong(case, con, within_s=5.0)
                except Exception:  # noqa: BLE001
                    said = (
                        "CRASH "
                        + traceback.format_exc().splitlines()[-1]
                        + " | "
                        + " < ".join(x.strip() for x in traceback.format_exc().splitlines()[-7:-1:2])
                    )
                good += not said
                if said:
                    sys.stdout.write(f"  {family} / {case.name}: {said[:600]}\n")
            sys.stdout.write(f"{family}: {good}/{count} ({time.process_time() - begun:.1f} CPU s)\n")
            right, total = right + good, total + count
        con.close()
    sys.stdout.write(f"all: {right}/{total}\n")
