"""Chromium without a network of its own, for pages that need their script. First to read: `browser`."""
