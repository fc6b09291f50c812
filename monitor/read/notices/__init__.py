"""What a published page says of PAN, filing channels, contacts and appointments. First to read: `facts`."""
