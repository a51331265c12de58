"""Template helpers shared by all doors."""
