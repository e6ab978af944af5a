"""The expressions of a Grafana board as rules, for promtool to check: prints a file of rules."""

import json
import sys


def main(board: str) -> None:
    with open(board, encoding="utf-8") as file:
        read = json.load(file)
    targets = [target for panel in read["panels"] for target in panel["targets"]]
    targets += read["annotations"]["list"]
    expressions = [target["expr"] for target in targets]
    assert len(expressions) > 10, "a board without expressions"
    # What Grafana fills in.
    known = {"$account": ".*", "$__rate_interval": "5m"}
    for variable, value in known.items():
        expressions = [expression.replace(variable, value) for expression in expressions]
    rules = [{"record": f"board:{number}", "expr": expression} for number, expression in enumerate(expressions)]
    print(json.dumps({"groups": [{"name": "board", "rules": rules}]}))


if __name__ == "__main__":
    main(sys.argv[1])
