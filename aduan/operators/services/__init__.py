"""Changes of the register: reference data, ranges, imports. Every change says who and why, and is kept."""
