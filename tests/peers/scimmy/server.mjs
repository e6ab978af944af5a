// SCIMMY with its routers behind express, the usual way in Node. The protocol is all theirs; this mounts it on a store
// in memory, checks the key and the uniqueness of a name, and says READY.
//
// usage: node server.mjs PORT AUTHORIZATION    IGNORE_FILTER=1: every filter lists everybody
import { randomUUID } from "node:crypto";

import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [port, authorization] = process.argv.slice(2);
const { Error: ScimError } = SCIMMY.Types;

function handlers(unique) {
  const store = new Map();
  const known = (id) => {
    if (!store.has(id)) throw new ScimError(404, null, `Resource ${id} not found`);
    return store.get(id);
  };
  const folded = (resource) => String(resource[unique]).toLowerCase();
  return {
    egress({ id, filter }) {
      if (id) return known(id);
      const all = [...store.values()];
      return filter && !process.env.IGNORE_FILTER ? filter.match(all) : all;
    },
    ingress({ id }, data) {
      const created = id ? known(id).meta.created : new Date().toISOString();
      const resource = { ...JSON.parse(JSON.stringify(data)), id: id ?? randomUUID() };
      for (const other of store.values()) {
        if (other.id !== resource.id && folded(other) === folded(resource)) {
          throw new ScimError(409, "uniqueness", `${unique} already in use`);
        }
      }
      resource.meta = { created, lastModified: new Date().toISOString() };
      store.set(resource.id, resource);
      return resource;
    },
    degress({ id }) {
      known(id);
      store.delete(id);
    },
  };
}

const { User, Group } = SCIMMY.Resources;
SCIMMY.Resources.declare(User, handlers("userName"));
SCIMMY.Resources.declare(Group, handlers("displayName"));
User.extend(SCIMMY.Schemas.EnterpriseUser, false);

const authentication = {
  type: "bearer",
  docUri: "https://peer.example/",
  handler(request) {
    if (request.header("Authorization") !== authorization) throw new Error("Authorization not detected!");
    return "tests";
  },
};
express()
  .use("/scim/v2", new SCIMMYRouters(authentication))
  .listen(Number(port), "127.0.0.1", () => console.log(`READY http://127.0.0.1:${port}/scim/v2 ${authorization}`));
