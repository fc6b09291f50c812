"""What is kept ready, so that no question walks through years of observations. None of it is proof."""
