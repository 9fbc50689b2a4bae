"""A drawn school with drawn pupils, for `make demo` and for the tests."""
