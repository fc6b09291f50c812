"""Plugins found in packages and folders, validated, and their golden files. First to read: `catalogue`."""
