"""Whether the product is well: runs of scheduled tasks, incidents, and the figures that are exported.

Here: what counts as an incident, who is notified. Not here: how figures are served (portal.tasks.monitor).
"""
