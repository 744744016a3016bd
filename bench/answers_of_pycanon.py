"""Runs in the peer's environment: releases as a JSON list of {seed, csv} on standard input; what pycanon
finds in each, in JSON.
"""

import io
import json
import sys

import pandas as pd
from pycanon import anonymity


def main():
    asked = json.load(sys.stdin)
    found = []
    for one in asked["releases"]:
        data = pd.read_csv(io.StringIO(one["csv"]), dtype=str, keep_default_na=False)
        quasi, secret = asked["quasi"], [asked["secret"]]
        found.append(
            {
                "seed": one["seed"],
                "digest": one["digest"],
                "k": int(anonymity.k_anonymity(data, quasi)),
                "l": int(anonymity.l_diversity(data, quasi, secret)),
                "entropy_l": float(anonymity.entropy_l_diversity(data, quasi, secret)),
                "t": round(float(anonymity.t_closeness(data, quasi, secret)), 9),
            }
        )
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
