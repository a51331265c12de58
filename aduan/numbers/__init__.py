"""Which number is meant: parsing text, the register of numbers, protected numbers.

The only room that imports phonenumbers."""
