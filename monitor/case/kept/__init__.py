"""What a person's own browser or telephone kept, brought to their case in one file. First to read: `parcel`."""
