"""Runs rules: functions that yield what breaks them. Prints each breach and the counts; returns the exit code."""


def run(rules):
    failed = 0
    for rule in rules:
        broken = list(rule())
        for line in broken[:25]:
            print(f"rule {rule.__name__}: {line}")
        failed += bool(broken)
    print(f"[  PASSED  ] {len(rules) - failed} tests.")
    if failed:
        print(f"[  FAILED  ] {failed} tests.")
    return 1 if failed else 0
