"""Whether the product is well: runs of scheduled tasks, incidents, and the figures that are exported.

Here: what counts as an incident, who is told, since when. Not here: how figures are exported (portal.common).
"""
