"""Commands that look, and that show what was seen. Arguments stand beside them."""
