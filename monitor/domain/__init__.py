"""Words and rules of the field: pure, standard library only."""
