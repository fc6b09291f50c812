"""Tests of the monitor, and the simulator they run against."""
