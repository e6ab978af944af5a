# At most two people are taken out of an account by one plan; above that nothing happens in it at all.
package roster.removals

import rego.v1

most := 2

removals := [action | some action in input.accounts[0].actions; action.action in {"remove", "deactivate"}]

deny contains sprintf("%d people would be taken out, and %d may be", [count(removals), most]) if count(removals) > most
