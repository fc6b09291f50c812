"""What a verification goes by, without a file or a clock: spelling, places, dates, and what is said of each. Pure.

First to read: `findings`.
"""
