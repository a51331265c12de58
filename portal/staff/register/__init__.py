"""Upkeep of the register: operators, number ranges, protected numbers, numbers whose operator is unclear."""
