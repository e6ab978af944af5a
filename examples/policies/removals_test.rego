# Run by `opa test examples/policies`; roster leaves files that end so aside.
package roster.removals_test

import data.roster.removals
import rego.v1

test_two_may_go if count(removals.deny) == 0 with input as {"accounts": [{"actions": [{"action": "remove"}, {"action": "remove"}]}]}

test_three_may_not if count(removals.deny) == 1 with input as {"accounts": [{"actions": [
	{"action": "remove"},
	{"action": "deactivate"},
	{"action": "remove"},
]}]}
