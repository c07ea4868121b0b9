// The HTTP server of a scripted model, for any API.

/** Starts a server on loopback. */
export function serveOnLoopback(answer: (request: Request, path: string) => Promise<Response>) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 120,
    fetch: (request) => answer(request, new URL(request.url).pathname),
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

/** One step per request, the last one for all further requests. */
export function inOrder<Step>(steps: readonly [Step, ...Step[]]): () => Step {
  let next = 0;
  return () => {
    const step = steps[Math.min(next, steps.length - 1)] ?? steps[0];
    next += 1;
    return step;
  };
}

export function eventStream(events: readonly { type: string }[]): Response {
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  return new Response(text, { headers: { "content-type": "text/event-stream" } });
}
