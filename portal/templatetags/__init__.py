"""Template filters that the interfaces share."""
