# Nobody becomes Admin on a Friday: whoever could put it right is about to go home.
package roster.fridays

import rego.v1

becomes_admin(action) if {
	"admin" in action.after.roles
	not "admin" in object.get(action, ["before", "roles"], [])
}

is_friday if time.weekday([time.parse_rfc3339_ns(input.plan.created), "Europe/Berlin"]) == "Friday"

deny contains {"msg": sprintf("%s would become Admin on a Friday", [action.email]), "action": place} if {
	is_friday
	some place, action in input.accounts[0].actions
	becomes_admin(action)
}
