"""How well notices are read, measured on labelled pages."""
