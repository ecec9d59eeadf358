"""Trains, exports and checks the French-English adapter of the embedded profile. Not needed to run a worker."""
