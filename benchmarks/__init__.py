"""Measurements that chose a library or a setting: run by hand, never by the tests."""
