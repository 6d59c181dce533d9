/** Headers that the runtime adds to any answer. */
const OWN_HEADERS = new Set([
  "content-length",
  "transfer-encoding",
  "content-encoding",
  "date",
  "connection",
  "keep-alive",
]);

/** The least Worker that answers with the same bytes and headers. */
export async function makeBareWorker(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(url, { headers });
  const body = response.status === 304 ? null : await response.text();
  const copied = Object.fromEntries([...response.headers].filter(([name]) => !OWN_HEADERS.has(name)));
  return `
const body = ${JSON.stringify(body)};
const init = { status: ${response.status}, headers: ${JSON.stringify(copied)} };
export default { fetch: () => new Response(body, init) };
`;
}
