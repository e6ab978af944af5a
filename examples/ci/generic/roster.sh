#!/bin/sh
# A roster in any pipeline: `roster.sh check`, `roster.sh plan FILE`, `roster.sh apply FILE`, `roster.sh drift`, and
# `roster.sh consent DIGEST REASON`.
#
# The plan is made where the change is reviewed, kept as FILE by whatever keeps files there, and applied after the merge:
# that one or nothing. What the guards hold of it ends that with 3 and is shown, with the digest to consent to by hand.
#
# Keys come by the variables that the roster names, and only to branches of people who may have them: a roster from
# outside may name another server for a key, or a command to run for it. ROSTER_STATE says where runs are remembered,
# ROSTER_POLICY where rules are: where a change is planned, in a checkout of the main branch, not in the one of the change.
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
    code=0
    roster apply "$2" --roster "$roster_file" || code=$?
    # What is held is a plan of its own now.
    if [ "$code" = 3 ]; then roster plan "$roster_file"; fi
    exit "$code"
    ;;
  consent)
    APPROVE=$2
    roster apply "$roster_file" --approve "$APPROVE" --reason "$3"
    ;;
  drift)
    roster plan "$roster_file" --state none --detailed-exitcode
    ;;
  *)
    echo "usage: $0 check | plan FILE | apply FILE | consent DIGEST REASON | drift" >&2
    exit 64
    ;;
esac
