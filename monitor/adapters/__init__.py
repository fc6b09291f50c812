"""One kind of input or output a module."""
