"""Whole journeys through several interfaces."""
