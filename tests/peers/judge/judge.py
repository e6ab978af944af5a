"""Lets scim2-tester judge a SCIM service: a JSON line for each check that is not a success, then the totals.

usage: judge.py BASE 'Authorization: VALUE'    it writes to the service; exit status 1 where a check fails
"""

import json
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

base, header = sys.argv[1:]
name, value = header.split(": ", 1)
results = check_server(SyncSCIMClient(httpx2.Client(base_url=base, headers={name: value})))
failed = skipped = 0
for result in results:
    if result.status in (Status.ERROR, Status.CRITICAL):
        failed += 1
    elif result.status == Status.SKIPPED:
        skipped += 1
    else:
        continue
    line = {"status": result.status.name, "check": result.title, "resource": result.resource_type}
    print(json.dumps({**line, "reason": str(result.reason)}))
print(f"{len(results) - failed - skipped} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not results else 0)
