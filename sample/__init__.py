"""An invented portal in full swing: people, complaints, decisions, lists and answers of the last ninety days.

Everything is drawn from one seed and acted out through the same services as in real life; only the mass for
measuring (`mass`) is written set by set. Numbers are real prefixes with subscriber digits 0000xxxx.
"""
