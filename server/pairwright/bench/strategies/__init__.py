"""Which strategy pays, here? Task suites, runs of them, and what their results say."""
