// The SCIM receiver of Ory Polis (SAML Jackson), a directory in its store in memory. This hands requests to it as its
// own service does, and says READY with the base and the key that it chose.
//
// usage: node server.cjs PORT
const http = require("node:http");

const jackson = require("@boxyhq/saml-jackson");

// Jackson talks on stdout, which is for READY alone.
console.log = console.info = console.error;

const port = Number(process.argv[2]);
const root = `http://127.0.0.1:${port}`;

async function main() {
  const { directorySyncController: sync } = await jackson.controllers({
    externalUrl: root,
    samlAudience: "https://peer.example",
    samlPath: "/sso/acs",
    scimPath: "/api/scim/v2.0",
    db: { engine: "mem" },
    noAnalytics: true,
    openid: {},
  });
  const wanted = { name: "tests", tenant: "tests", product: "tests", type: "generic-scim-v2" };
  const { data: directory, error } = await sync.directories.create({ ...wanted, webhook_url: "", webhook_secret: "" });
  if (error) throw error;
  const base = `${root}/api/scim/v2.0/${directory.id}`;
  http
    .createServer(async (request, response) => {
      const { status, data } = await answer(sync, request, new URL(request.url, root));
      response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
      response.end(data === undefined ? "" : JSON.stringify(data));
    })
    .listen(port, "127.0.0.1", () => process.stdout.write(`READY ${base} Bearer ${directory.scim.secret}\n`));
}

async function answer(sync, request, url) {
  const [directoryId, resourceType, resourceId] = url.pathname.slice("/api/scim/v2.0/".length).split("/");
  const number = (name) => (url.searchParams.has(name) ? Number(url.searchParams.get(name)) : undefined);
  try {
    return await sync.requests.handle(
      {
        method: request.method,
        body: await json(request),
        directoryId,
        resourceType: decodeURIComponent(resourceType ?? ""),
        resourceId: resourceId && decodeURIComponent(resourceId),
        apiSecret: (request.headers.authorization ?? "").split(" ")[1] ?? null,
        query: {
          count: number("count"),
          startIndex: number("startIndex"),
          filter: url.searchParams.get("filter") ?? undefined,
        },
      },
      async () => {},
    );
  } catch (error) {
    return { status: 500, data: { error: { message: String(error.message ?? error) } } };
  }
}

async function json(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text ? JSON.parse(text) : undefined;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
