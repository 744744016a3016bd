"""Us against the peers, side by side, in one run: `python -m bench [throughput|serving|...]`. Results go to
bench/results/.
"""
