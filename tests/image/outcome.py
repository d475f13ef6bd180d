"""Runs a program's unittest cases and tells how they went in the words that tests/run counts."""
import unittest


def main():
    outcome = unittest.main(exit=False).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"[  PASSED  ] {outcome.testsRun - failed} tests.")
    if failed:
        print(f"[  FAILED  ] {failed} tests.")
    raise SystemExit(1 if failed else 0)
