"""What messages say, in each language. First to read: `compose`."""
