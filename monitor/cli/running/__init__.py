"""Commands that keep it running."""
