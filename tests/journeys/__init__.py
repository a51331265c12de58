"""Whole journeys through several doors."""
