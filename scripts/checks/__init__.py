"""Checks that no ready-made tool has: names, words, dead code, decisions. Each module runs as `python -m`."""
