"""Booking products: how an ordinary visitor walks them, and how their pages are read. Pure: HTML in, reading out."""
