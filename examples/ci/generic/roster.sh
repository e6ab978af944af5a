#!/bin/sh
# A roster in any pipeline: `roster.sh check`, `roster.sh plan FILE`, `roster.sh apply FILE`, `roster.sh drift`.
#
# The plan is made where the change is reviewed, kept as FILE by whatever keeps files there, and applied after the merge:
# that one or nothing. Keys come by the variables that the roster names; ROSTER_STATE says where runs are remembered.
set -eu

roster_file=${ROSTER_FILE:-roster.yaml}

case ${1:-} in
  check)
    roster validate "$roster_file"
    ;;
  plan)
    # 0 nothing, 2 changes, 5 losses among them, 3 something is held: each of them is a plan to look at.
    code=0
    roster plan "$roster_file" --state none --expires 30d --detailed-exitcode --out "$2" || code=$?
    case $code in
      0 | 2 | 3 | 5) roster render "$2" --format markdown >"$2.md" ;;
      *) exit "$code" ;;
    esac
    ;;
  apply)
    roster apply "$2" --roster "$roster_file"
    ;;
  drift)
    roster plan "$roster_file" --state none --detailed-exitcode
    ;;
  *)
    echo "usage: $0 check | plan FILE | apply FILE | drift" >&2
    exit 64
    ;;
esac
