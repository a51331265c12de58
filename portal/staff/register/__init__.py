"""Maintenance of the register: operators, number ranges, protected numbers, unrouted numbers."""
