"""A straight script on scim2-client: lists an account's users, compares them with a roster, and writes what differs.

    script.py BASE ROSTER [write]
"""

import sys

import httpx2
import yaml
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import SearchRequest, User

PAGE = 100

base, roster, *write = sys.argv[1:]
with open(roster, encoding="utf-8") as file:
    wanted = yaml.load(file, Loader=yaml.CSafeLoader)["accounts"]["bench"]["users"]

client = SyncSCIMClient(
    httpx2.Client(base_url=base, headers={"Authorization": "Bearer bench"}, timeout=60)
)
client.discover(service_provider_config=False)
user_model = client.get_resource_model("User")

live, start, total = {}, 1, None
while total is None or start <= total:
    page = client.query(user_model, query_parameters=SearchRequest(start_index=start, count=PAGE))
    total = page.total_results
    for user in page.resources or []:
        live[user.user_name.lower()] = user
    start += PAGE

changes = []
for who, role in wanted.items():
    user = live.pop(who.lower(), None)
    if user is None:
        changes.append(("invite", who, role, None))
    elif role not in [held.value for held in user.roles or []]:
        changes.append(("change role", who, role, user))
print(len(changes), "changes,", len(live), "not listed")
for what, who, role, user in changes if write else []:
    if what == "invite":
        client.create(user_model(user_name=who, roles=[{"value": role, "primary": True}]))
    else:
        user.roles = [{"value": role, "primary": True}]
        client.replace(user)
