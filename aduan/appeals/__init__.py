"""Objections: anyone who holds a blocked number says that the block is wrong, and gets an answer in time.

Here: the objection, the proof that the number is theirs, the answer. Not here: what an objection does to the
case and its block (cases), what lists are published (blocklists), complaints, which this package cannot see.
"""
