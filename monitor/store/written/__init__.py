"""What a check leaves, written before anybody is told: its bytes as one entry of a pack, its line in a journal."""
