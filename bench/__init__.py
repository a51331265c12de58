"""The promises of speed, as ratios within one run: absolute times do not carry over to other machines.

One module a promise. Each says `SIZES` (what runs without being asked), `measure(size) -> Outcome`.
"""
