"""Writes a configuration with which scim2-server speaks another dialect, made from the defaults that it ships.

usage: dialect.py DIALECT FOLDER    prints the arguments for scim2-server, one a line
"""

import json
import pathlib
import sys

import scim2_server

EXTENSION = "urn:example:params:scim:schemas:extension:acme:2.0:User"
SHIPPED = pathlib.Path(scim2_server.__file__).parent / "resources"


def main(dialect, folder):
    folder.mkdir(parents=True)
    config = shipped("service-provider-config")
    arguments = []
    match dialect:
        case "plain":
            pass
        case "small-page":  # asked for 100, it gives 3
            config["filter"]["maxResults"] = 3
        case "no-filter":  # ?filter= answers 501
            config["filter"]["supported"] = False
        case "no-patch":  # PATCH answers 501: only PUT is left
            config["patch"]["supported"] = False
        case "no-etag-sort-bulk":
            for feature in ("etag", "sort", "bulk"):
                config[feature]["supported"] = False
        case "cursor-only":  # RFC 9865; startIndex answers 501
            config["pagination"] = {
                "cursor": True,
                "index": False,
                "defaultPaginationMethod": "cursor",
                "defaultPageSize": 3,
                "maxPageSize": 3,
                "cursorTimeout": 3600,
            }
        case "extension-role":  # the role is a string in an extension
            schemas, types = with_extension()
            arguments += written(folder, "--schema", schemas) + written(folder, "--resource-type", types)
        case _:
            sys.exit(f"scim2-server speaks no dialect {dialect} here")
    print("\n".join(arguments + written(folder, "--service-provider-config", config)))


def with_extension():
    role = {
        "name": "role",
        "type": "string",
        "description": "What the user may do.",
        "multiValued": False,
        "required": False,
        "caseExact": True,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }
    schemas, types = shipped("schemas"), shipped("resource-types")
    schemas.append({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": EXTENSION,
        "name": "AcmeUser",
        "attributes": [role],
    })
    user = next(resource_type for resource_type in types if resource_type["id"] == "User")
    user["schemaExtensions"].append({"schema": EXTENSION, "required": False})
    return schemas, types


def shipped(name):
    return json.loads((SHIPPED / f"default-{name}.json").read_text())


def written(folder, flag, content):
    path = folder / f"{flag.removeprefix('--')}.json"
    path.write_text(json.dumps(content))
    return [flag, str(path)]


main(sys.argv[1], pathlib.Path(sys.argv[2]))
