"""The web pages for members of operators and OTT platforms."""
