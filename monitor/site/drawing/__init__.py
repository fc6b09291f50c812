"""Drawings as SVG and tables, made from counts alone. Pure. Every drawing has its table with the same numbers."""
