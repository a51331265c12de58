"""Public figures: every figure is defined once, counted from rows below, folded so that it names no person.

Here: counting by day, folding until ten rows stand behind every number, immutable snapshots.
Not here: how a figure is drawn (portal.public), what a reviewer sees of single cases (cases.queries).
"""
