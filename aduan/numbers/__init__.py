"""Which number is meant: parsing text, the register of numbers, protected numbers.

The only package that imports phonenumbers.
"""
