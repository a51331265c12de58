"""Who carries a number: operators, brands, dated number ranges, access keys, legal references.

Not here: single numbers (numbers).
"""
