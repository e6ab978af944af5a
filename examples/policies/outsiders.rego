# Nobody from outside is Admin, and whoever comes from outside comes with a reason.
package roster.outsiders

import rego.v1

home := {"acme.example"}

is_outside(email) if not split(email, "@")[1] in home

deny contains {"msg": sprintf("%s is from outside, and would become Admin", [action.email]), "action": place} if {
	some place, action in input.accounts[0].actions
	is_outside(action.email)
	"admin" in action.after.roles
}

warn contains {"msg": sprintf("%s comes from outside, and the roster says no reason", [action.email]), "action": place} if {
	some place, action in input.accounts[0].actions
	action.action == "invite"
	is_outside(action.email)
	not action.reason
}
