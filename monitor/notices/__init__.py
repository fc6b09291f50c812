"""French administrative prose in, published facts out. Pure."""
