"""One booking product a file: its walk, what its pages say. First to read: `booking`, then `ez_booking`."""
