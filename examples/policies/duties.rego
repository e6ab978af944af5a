# Separation of duties over two accounts: whoever is let into the shop by the team `buyers` may look at payouts, and no more.
package roster.duties

import rego.v1

may_look := {"analyst", "support"}

deny contains {"msg": sprintf("%s buys, and may not pay", [action.email]), "action": place} if {
	input.accounts[0].name == "payouts"
	some place, action in input.accounts[0].actions
	action.team == "buyers"
	some role in action.after.roles
	not role in may_look
}
