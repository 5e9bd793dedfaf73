// Speaks the routes that the user interface uses, over plain HTTP on the loopback, and serves the built page with the
// headers of the real server. `node tests/fake/server.mjs [port] [language]`.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { routes } from "./routes.mjs";
import { fill, samples } from "./samples.mjs";
import { World } from "./world.mjs";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
export const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types artel-worker";
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export class Fault extends Error {
  constructor(status, error_code, detail, metadata, headers = {}) {
    super(detail);
    Object.assign(this, { status, error_code, metadata, headers });
  }
}

export function start({ port = 0, language = "en", empty = false } = {}) {
  const world = new World();
  const sample = empty ? null : fill(world, language);
  world.reply = () => samples[language].answer;
  const state = { world, sample, signedIn: false, down: false, delay: 0, broken: null, sockets: new Set() };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (state.down) return request.socket.destroy();
    if (url.pathname.startsWith("/app")) return page(url.pathname, response);
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      if (state.delay) await new Promise((resolve) => setTimeout(resolve, state.delay));
      if (state.broken?.test(url.pathname)) throw new Fault(500, "INTERNAL_ERROR", "Unexpected error");
      const answer = await routes(state, request, url, text ? JSON.parse(text) : {}, response);
      if (answer === undefined) return;
      const { status = 200, body, headers = {} } = answer;
      response.writeHead(status, { "Content-Type": "application/json", "X-Request-ID": "req-1", ...headers });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    } catch (fault) {
      const { status = 500, error_code = "INTERNAL_ERROR", metadata, headers = {} } = fault;
      if (status === 500 && !(fault instanceof Fault)) console.error(fault);
      response.writeHead(status, { "Content-Type": "application/json", "X-Request-ID": "req-1", ...headers });
      response.end(
        JSON.stringify({ detail: fault.message, error_code, metadata, timestamp: new Date().toISOString() }),
      );
    }
  });
  server.on("connection", (socket) => {
    state.sockets.add(socket);
    socket.on("close", () => state.sockets.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      resolve({
        ...state,
        state,
        url: `http://127.0.0.1:${server.address().port}`,
        /** As if somebody pulled the cable. */
        cut: (down) => {
          state.down = down;
          if (down) for (const socket of state.sockets) socket.destroy();
        },
        close: () => {
          for (const socket of state.sockets) socket.destroy();
          return new Promise((closed) => server.close(closed));
        },
      });
    });
  });
}

function page(path, response) {
  const wanted = join(dist, path.replace(/^\/app\/?/, ""));
  const file =
    wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile()
      ? wanted
      : join(dist, "index.html");
  response.writeHead(200, {
    "Content-Type": types[extname(file)] ?? "application/octet-stream",
    "Content-Security-Policy": contentPolicy,
    "Cache-Control": path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
  });
  createReadStream(file).pipe(response);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await start({ port: Number(process.argv[2] ?? 8000), language: process.argv[3] ?? "en" });
  console.log(`${url}/app/#code=${"x".repeat(43)}`);
}
